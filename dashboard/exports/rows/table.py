"""Rows as CSV, piece by piece, and what every form of file shares: words over columns, texts that no sheet runs."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.language import speaker
from dashboard.reading.desk import Desk
from dashboard.reading.rows import Found
from dashboard.reading.rows_about import about
from dashboard.reading.rows_words import headings, in_words

PIECE = 5_000
RUN = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet take a text for a formula


def csv_pieces(found: Found, desk: Desk) -> Iterator[bytes]:
    """UTF-8 with its mark. The first line is one cell that says what the rows are, the second the columns' names."""
    lang = found.wanted.view.lang
    say = speaker(lang)
    told = "　".join(f"{what}：{value}" for what, value in about(found, desk, say, lang))
    columns = headings(found.columns, say)
    yield _lines([[f"# {told}"], columns]).encode("utf-8-sig")
    for frame in worded(found, desk):
        yield _lines(guarded(frame)).encode()


def worded(found: Found, desk: Desk) -> Iterator[pd.DataFrame]:
    """The rows in words, so many at a time."""
    view, zone = found.wanted.view, ZoneInfo(desk.facts().city.zone)
    for first, end in found.pieces(PIECE):
        yield in_words(found.frame(first, end), speaker(view.lang), view.lang, zone)


def guarded(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Cells of a CSV: nothing for what is missing, times to the second, and no text that a spreadsheet would run."""
    return list(zip(*(_cells(frame[name]) for name in frame), strict=True))


def _cells(column: pd.Series) -> Any:
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d %H:%M:%S")
    values = column.to_numpy(object, copy=True)
    values[pd.isna(values)] = ""
    return [f"'{each}" if isinstance(each, str) and each.startswith(RUN) else each for each in values]


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
