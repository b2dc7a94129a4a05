"""The bulletin as an XLSX: one sheet a subject, real numbers with formats, numerators and denominators in columns."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from dashboard.bulletin import sections
from dashboard.bulletin.figures import Figures
from dashboard.bulletin.html import Issue, head
from dashboard.bulletin.notes import notes
from dashboard.bulletin.sheets import SHEETS, Column, Sheet
from dashboard.bulletin.summary import summary
from dashboard.bulletin.words import Words, words
from dashboard.design.tokens import LIGHT

Row = dict[str, Any]
FORMATS = {
    "text": "@",
    "count": "#,##0",
    "number": "#,##0.00",
    "share": "0.0%",
    "z": "+0.0;-0.0;0.0",
    "day": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
FONT = "Noto Sans CJK SC"
CHARACTERS = 90  # of a line of notes


def write_workbook(figures: Figures, out: Path, lang: str = "zh", issue: Issue | None = None) -> int:
    """Write the workbook and return its number of sheets. InputError for an unknown language."""
    say = words(lang)
    book = xlsxwriter.Workbook(
        str(out), {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    )
    book.set_properties(
        {"title": f"{figures.about['place_name']} {say('title')}", "author": issue.issued_by if issue else ""}
    )
    told = head(figures, say, issue)
    if issue is not None:
        book.set_properties(
            {"title": f"{figures.about['place_name']} {say('title')} {told['number']}", "author": issue.issued_by}
        )
    styles = {
        name: book.add_format({"num_format": form, "font_name": FONT, "font_size": 10})
        for name, form in FORMATS.items()
    }
    styles |= {
        "head": book.add_format(
            {
                "bold": True,
                "font_name": FONT,
                "font_size": 10,
                "bottom": 1,
                "bg_color": LIGHT.soft,
                "text_wrap": True,
                "valign": "vcenter",
            }
        ),
        "title": book.add_format({"bold": True, "font_name": FONT, "font_size": 14}),
        "prose": book.add_format({"font_name": FONT, "font_size": 10, "text_wrap": True, "valign": "top"}),
    }
    _about(book, styles, figures, say, told, lang)
    for sheet in SHEETS:
        _sheet(book, styles, sheet, figures, say)
    book.close()
    return len(SHEETS) + 1


def _about(book: Any, styles: Row, figures: Figures, say: Words, told: dict[str, str], lang: str) -> None:
    page = book.add_worksheet(say("x_about"))
    page.set_column(0, 0, CHARACTERS)
    page.write_string(0, 0, f"{figures.about['place_name']} {say('title')}", styles["title"])
    lines = [
        f"{told['number']}  {told['date']}  {say('signature')}{told['signature']}",
        told["period"],
        told["replaces"],
    ]
    lines += [say("synthetic")] * figures.about["synthetic"] + ([] if told["code"] else [say("draft")])
    lines += [summary(figures, lang), sections.judged_by(figures, say), sections.third_clause(figures, say)]
    lines += [sections.gaps(figures, say), *notes(figures, say, told["code"])]
    for row, line in enumerate(filter(None, lines), start=1):
        page.write_string(row, 0, line, styles["prose"])
        wide = sum(2 if ord(letter) > 255 else 1 for letter in line)
        page.set_row(row, 15.5 * (1 + wide // CHARACTERS))


def _sheet(book: Any, styles: Row, sheet: Sheet, figures: Figures, say: Words) -> None:
    """One subject: a frozen head, typed columns wide enough for their words, a filter."""
    page = book.add_worksheet(say(f"x_{sheet.table}"))
    columns = sheet.columns
    rows = figures.key_rows() if sheet.table == "key" else figures[sheet.table]
    page.set_row(0, 30)
    for place, column in enumerate(columns):
        page.write_string(0, place, _title(column, say, figures), styles["head"])
        page.set_column(place, place, column.width)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write(page, line, place, column.value(row, figures, say), column.form, styles)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _title(column: Column, say: Words, figures: Figures) -> str:
    names = [figures.about["by"] if name == "unit" else name for name in column.words]
    return " ".join(say(name if "_" in name else f"c_{name}") for name in names)


def _write(page: Any, line: int, place: int, value: Any, form: str, styles: Row) -> None:
    if value is None:
        page.write_blank(line, place, None, styles[form])
    elif form == "text":
        page.write_string(line, place, str(value), styles[form])
    elif form == "day":
        page.write_datetime(
            line, place, datetime.combine(date.fromisoformat(str(value)[:10]), datetime.min.time()), styles[form]
        )
    elif form == "month":
        page.write_datetime(line, place, datetime.fromisoformat(f"{value}-01"), styles[form])
    else:
        page.write_number(line, place, float(value), styles[form])


def local(iso: str, zone: str) -> datetime:
    """An instant on the city's clock, as a workbook knows it: without a zone."""
    return datetime.fromisoformat(iso).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
