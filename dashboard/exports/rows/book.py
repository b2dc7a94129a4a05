"""Rows as XLSX: a first sheet that says what they are, then the rows with real dates and numbers."""

from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.exports.rows.table import worded
from dashboard.language import speaker
from dashboard.reading.desk import Desk
from dashboard.reading.rows import Found
from dashboard.reading.rows_about import about
from dashboard.reading.rows_words import headings
from geo.errors import InputError

MOST = 1_048_575  # rows of a sheet, one less for the head
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
TEXT_WIDE, TIME_WIDE, NUMBER_WIDE = 16, 18, 10


def write_book(found: Found, desk: Desk, out: Path) -> None:
    """Write the workbook. InputError for more rows than a sheet holds."""
    if len(found) > MOST:
        raise InputError(f"A sheet holds {MOST:,} rows and these are {len(found):,}: take CSV, or choose fewer.")
    lang = found.wanted.view.lang
    say = speaker(lang)
    book = xlsxwriter.Workbook(str(out), INERT)
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    page = book.add_worksheet(say("说明"))
    page.set_column(0, 0, TEXT_WIDE)
    page.set_column(1, 1, 60)
    for line, (what, value) in enumerate(about(found, desk, say, lang)):
        page.write_string(line, 0, what, bold)
        page.write_string(line, 1, value)
    page = book.add_worksheet(say("明细"))
    _head(page, found.frame(0, 0), headings(found.columns, say), bold)
    line = 1
    for frame in worded(found, desk):
        for row in frame.itertuples(index=False, name=None):
            for place, value in enumerate(row):
                _write(page, line, place, value, plain)
            line += 1
    page.autofilter(0, 0, max(len(found), 1), len(found.columns) - 1)
    book.close()


def _head(page: Any, empty: pd.DataFrame, names: list[str], bold: Any) -> None:
    for place, (name, words) in enumerate(zip(empty, names, strict=True)):
        time = isinstance(empty[name].dtype, pd.DatetimeTZDtype)
        number = pd.api.types.is_numeric_dtype(empty[name])
        page.set_column(place, place, TIME_WIDE if time else NUMBER_WIDE if number else TEXT_WIDE)
        page.write_string(0, place, words, bold)
    page.freeze_panes(1, 1)


def _write(page: Any, line: int, place: int, value: Any, plain: Any) -> None:
    if value is None or pd.isna(value):
        return
    if isinstance(value, pd.Timestamp):
        page.write_datetime(line, place, value.to_pydatetime(), plain)
    elif isinstance(value, str):
        page.write_string(line, place, value)
    else:
        page.write_number(line, place, value)
