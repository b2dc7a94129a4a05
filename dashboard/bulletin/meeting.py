"""The list for a beat's joint meeting: each matter once, under the first heading that fits, with room to write."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.bulletin.html import coloured, common, environment
from dashboard.bulletin.pdf import write_pdf
from dashboard.bulletin.words import Words, words
from dashboard.bulletin.workbook import FONT
from dashboard.components.severity import word
from dashboard.design.tokens import LIGHT
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from db.meetings import Agenda, agenda
from geo.errors import InputError
from geo.time_zone import time_zone

Row = dict[str, Any]
LISTS = ("overdue", "repeated", "revisit", "open")
COLUMNS = (
    "list",
    "no",
    "category",
    "severity",
    "cell",
    "opened",
    "due",
    "reports",
    "lead",
    "spoken",
    "decision",
)
TITLES = {
    "list": "m_list",
    "no": "c_no",
    "category": "c_category",
    "severity": "c_severity",
    "cell": "c_cell",
    "opened": "m_opened",
    "due": "c_due",
    "reports": "m_reports",
    "lead": "m_lead",
    "spoken": "m_spoken",
    "decision": "m_decision",
}
WIDTHS = (14, 22, 18, 10, 22, 12, 12, 12, 10, 12, 50)


@dataclass(frozen=True)
class MeetingList:
    """rows: one a matter, with `list` (of LISTS) and COLUMNS as texts; nothing personal. at: the city's time."""

    beat: str
    name: str
    city: str
    synthetic: bool
    at: datetime
    lang: str
    rows: list[Row]

    def of(self, name: str) -> list[Row]:
        """The rows under one heading."""
        return [row for row in self.rows if row["list"] == name]

    def table(self) -> pd.DataFrame:
        """COLUMNS under their titles, the headings in words."""
        say = words(self.lang)
        told = [
            {name: say(f"m_{row['list']}") if name == "list" else row[name] for name in COLUMNS} for row in self.rows
        ]
        return pd.DataFrame(told, columns=list(COLUMNS)).rename(columns={name: say(TITLES[name]) for name in COLUMNS})


def meeting_list(desk: Desk, beat: str, at: datetime, lang: str = "zh") -> MeetingList:
    """The list of a beat (code) at an instant. Raises NotFound for an unknown beat, InputError for the language."""
    say, facts = words(lang), desk.facts()
    with desk.connection() as conn:
        found = agenda(conn, beat, at)
    local = at.astimezone(time_zone(facts.city.zone))
    name = facts.name(f"beat:{beat}")
    return MeetingList(beat, name, facts.city.name, facts.city.synthetic, local, lang, _rows(found, say, local))


def _rows(found: Agenda, say: Words, at: datetime) -> list[Row]:
    told: dict[str, Row] = {}
    for name in LISTS:
        for row in plain(found.lists()[name]):
            told.setdefault(row["no"], _row(row, name, say, at))
    return sorted(told.values(), key=lambda row: LISTS.index(row["list"]))


def _row(row: Row, name: str, say: Words, at: datetime) -> Row:
    zone = str(at.tzinfo)
    marks = [say("m_supervised")] if row["supervised_at"] else []
    due = row["revisit_due_at"] if name == "revisit" else row["due_at"]
    return {
        "list": name,
        "no": row["no"],
        "category": say("comma").join([row["category"], *marks]),
        "grade": row["severity"],
        "severity": word(int(row["severity"]), say.lang),
        "cell": row["cell_name"] or row["cell"],
        "opened": say.minute(row["opened_at"], zone)[:10],
        "due": say.minute(due, zone)[:10],
        "late": _days_late(due, at),
        "reports": f"{row['reports']} ({row['recent']})",
        "lead": say(row["lead_level"]) if row["lead_level"] else "–",
        "spoken": say.minute(row["spoken_at"], zone)[:10],
        "decision": "",
    }


def _days_late(due: str | None, at: datetime) -> int:
    return max((at - datetime.fromisoformat(due)).days, 0) if due else 0


def write_meeting(told: MeetingList, out: Path) -> None:
    """Write the list as its suffix says: .html, .pdf, .xlsx or .csv; InputError for others, else as write_pdf."""
    writers = {".html": _html, ".pdf": _pdf, ".xlsx": _xlsx, ".csv": _csv}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise InputError(f"A meeting's list is written as .html, .pdf, .xlsx or .csv, not {out.name}.")
    out.parent.mkdir(parents=True, exist_ok=True)
    writer(told, out)


def meeting_html(told: MeetingList) -> str:
    """The list as an A4 page that fetches nothing."""
    say = words(told.lang)
    return coloured(environment().get_template("meeting.html").render(**common(say), told=told, lists=LISTS))


def _html(told: MeetingList, out: Path) -> None:
    out.write_text(meeting_html(told), encoding="utf-8")


def _pdf(told: MeetingList, out: Path) -> None:
    write_pdf(meeting_html(told), out)


def _csv(told: MeetingList, out: Path) -> None:
    """With the mark by which spreadsheets know UTF-8; a text that looks like a formula stays a text."""
    frame = told.table().map(lambda value: f"'{value}" if str(value)[:1] in tuple("=+-@\t") else value)
    frame.to_csv(out, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL)


def _xlsx(told: MeetingList, out: Path) -> None:
    frame, say = told.table(), words(told.lang)
    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": LIGHT.soft, "font_name": FONT, "text_wrap": True})
    body = book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top", "border": 4})
    page = book.add_worksheet(say("m_list"))
    for place, (name, width) in enumerate(zip(frame.columns, WIDTHS, strict=True)):
        page.write_string(0, place, name, head)
        page.set_column(place, place, width)
    for line, row in enumerate(frame.itertuples(index=False), start=1):
        page.set_row(line, 32)
        for place, value in enumerate(row):
            page.write_string(line, place, str(value), body)
    page.freeze_panes(1, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(f"&L{told.name} {say('m_title')}&R{say('m_at', at=f'{told.at:%Y-%m-%d %H:%M}')}".replace("&&", "&"))
    book.close()
