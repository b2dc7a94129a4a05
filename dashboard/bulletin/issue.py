"""A bulletin from asking to files: the period, a draft's figures, issuing them, and an issued one as it was."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dashboard.bulletin.figures import Figures
from dashboard.bulletin.gathering import Wanted, gather
from dashboard.bulletin.html import Issue, bulletin_html
from dashboard.bulletin.pdf import write_pdf
from dashboard.bulletin.workbook import write_workbook
from dashboard.reading.desk import Desk
from dashboard.reading.periods import next_minute
from db import bulletins
from db.facts import Filter
from db.measures.periods import midnight
from db.readmodel import View
from geo.errors import InputError, NotFound, Refused
from geo.time_zone import time_zone
from grids.policies import policy

FORMATS = ("html", "pdf", "xlsx")
KINDS = ("station", "district", "street", "community", "beat")


@dataclass(frozen=True)
class Period:
    """Local days, both included, and whether they are a month, a week or just days."""

    kind: str
    first: date
    last: date


def period_of(month: str | None, week: str | None) -> Period:
    """The period of --month 2026-05 or --week 2026-W20, exactly one of them. InputError says how to write it."""
    if (month is None) == (week is None):
        raise InputError("Give either --month 2026-05 or --week 2026-W20.")
    try:
        if month is not None:
            first = date.fromisoformat(f"{month}-01")
            return Period("month", first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))
        found = re.fullmatch(r"(\d{4})-W(\d{1,2})", week or "")
        if found is None:
            raise ValueError
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period("week", first, first + timedelta(days=6))
    except ValueError as error:
        raise InputError(f"{month or week!r} is no month such as 2026-05 and no week such as 2026-W20.") from error


def draft(desk: Desk, view: View, place: str, period: Period, policy_code: str = "QD", small: int = 5) -> Figures:
    """The figures of a place ("kind:code") and period as they are now. A period that runs still ends with this minute.

    Raises NotFound for an unknown place, InputError for one that has no bulletin or a period yet to come.
    """
    facts, now = desk.facts(), desk.now()
    if place.partition(":")[0] not in KINDS:
        raise InputError(f"A bulletin is of one of {', '.join(KINDS)}: write --place KIND:CODE, not {place!r}.")
    if not facts.knows(place):
        raise NotFound(f"There is no place {place}: give KIND:CODE of one that is in force today.")
    zone = facts.city.zone
    start, end = midnight(period.first, zone), min(midnight(period.last + timedelta(days=1), zone), next_minute(now))
    if start >= end:
        raise InputError(f"The period from {period.first} on has not begun yet.")
    today = now.astimezone(time_zone(zone)).date()
    flt = Filter(start, end, place)
    with desk.connection() as conn:
        chosen = policy(policy_code)
        return gather(Wanted(conn, view, flt, chosen, facts, desk.geometry(), period.kind, small, today))


def issue(desk: Desk, figures: Figures) -> tuple[Figures, Issue]:
    """Freeze a draft's figures under the next number of its place and year. Refused while its period runs."""
    about, now = figures.about, desk.now()
    last = date.fromisoformat(about["last"])
    if now < midnight(last + timedelta(days=1), about["zone"]):
        raise Refused(f"The period ends with {last}: issue its bulletin when it is over.")
    period = (date.fromisoformat(about["first"]), last)
    with desk.connection() as conn:
        done = bulletins.issue(
            conn, desk.keys, desk.who(), about["place"], period, about["policy"], figures.text(), now
        )
    return _opened(done)


def issued(desk: Desk, place: str, number: str) -> tuple[Figures, Issue]:
    """An issued bulletin from its frozen figures; number: YEAR-NO. Raises NotFound, InputError, Refused."""
    found = re.fullmatch(r"(\d{4})-(\d+)", number)
    if found is None:
        raise InputError(f"Write --number as YEAR-NO such as 2026-3, not {number!r}.")
    with desk.connection() as conn:
        done = bulletins.bulletin(conn, place, int(found[1]), int(found[2]))
    return _opened(done)


def _opened(done: bulletins.Issued) -> tuple[Figures, Issue]:
    figures = Figures.read(done.figures)
    at = done.issued_at.astimezone(time_zone(figures.about["zone"])).isoformat()
    return figures, Issue(done.year, done.no, done.issued_by, at, done.digest, done.replaces)


def formats_of(told: str) -> tuple[str, ...]:
    """The formats of a text such as "html,pdf". InputError for what is none."""
    found = tuple(form.strip() for form in told.split(","))
    if not set(found) <= set(FORMATS):
        raise InputError(f"--formats takes {', '.join(FORMATS)} with commas between, not {told!r}.")
    return found


def write(
    figures: Figures, issued: Issue | None, out: Path, formats: Sequence[str] = FORMATS, lang: str = "zh"
) -> list[tuple[Path, int]]:
    """Write the files and return each with its number of bytes. Unavailable where a PDF cannot be set, after the
    others were written.
    """
    out.mkdir(parents=True, exist_ok=True)
    html = bulletin_html(figures, lang, issued)
    found = []
    for form in sorted(formats, key=("html", "xlsx", "pdf").index):
        path = out / f"{name_of(figures, issued, lang)}.{form}"
        if form == "html":
            path.write_text(html, encoding="utf-8")
        elif form == "xlsx":
            write_workbook(figures, path, lang, issued)
        else:
            write_pdf(html, path)
        found.append((path, path.stat().st_size))
    return found


def name_of(figures: Figures, issued: Issue | None, lang: str) -> str:
    """bulletin-PS01-2026-05-draft, bulletin-PS01-2026-no3; English ones end with -en."""
    about = figures.about
    year, week, _ = date.fromisoformat(about["first"]).isocalendar()
    period = f"{year}-W{week:02}" if about["kind"] == "week" else about["first"][:7]
    told = f"{period}-draft" if issued is None else f"{issued.year}-no{issued.no}"
    code = re.sub(r"[^\w-]", "_", about["place"].partition(":")[2])
    return f"bulletin-{code}-{told}{'' if lang == 'zh' else f'-{lang}'}"
