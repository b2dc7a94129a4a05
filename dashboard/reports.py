"""Reports for the command line: the same figures as the pages, as a table, CSV or JSON."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from rich.console import Console
from rich.table import Table

from dashboard.components.severity import word
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from dashboard.reading.view import View
from db.record import open_record
from db.settings import Settings
from geo.errors import InputError
from grids.policies import policy as known_policy

FORMS = ("table", "csv", "json")
CONTAINMENT = ["key", "label", "contained", "decided", "share", "low", "high", "escaped", "pending"]
WORKLOAD = ["key", "label", "matters", "minutes", "available", "staff", "load", "flag"]
MATTERS = ("contained", "decided", "escaped", "pending", "matters")
DAYS = timedelta(days=29)
IN_SHARES = "In shares: a matter in doubt between cells counts in each of them by its probability."


def desk_of(settings: Settings | None = None) -> Desk:
    """A desk on the record that the environment names."""
    settings = settings or Settings.from_env()
    return Desk(settings, open_record(settings).engine)


def asked(
    first: datetime | None,
    last: datetime | None,
    place: str | None,
    categories: list[str] | None,
    channels: list[str] | None,
    policy: str,
    shares: bool = False,
) -> View:
    """The view of a command's options; one day alone means thirty days from or up to it, none the last thirty."""
    view = View(
        place=View.parse(f"place={place}").place if place else None,
        categories=tuple(categories or ()),
        channels=tuple(channels or ()),
        policy=known_policy(policy).code,
        shares=shares,
    )
    if first is None and last is None:
        return view
    start, end = _both(first.date() if first else None, last.date() if last else None)
    if start > end:
        raise InputError(f"--from {start} lies after --to {end}: give the earlier day first.")
    return View(**{**vars(view), "period": "custom", "first": start, "last": end})


def _both(first: date | None, last: date | None) -> tuple[date, date]:
    if first is None and last is not None:
        return last - DAYS, last
    assert first is not None
    return first, last or first + DAYS


def containment_report(desk: Desk, view: View, by: str | None, as_of: str | None) -> pd.DataFrame:
    """[key, label, contained, decided, share, low, high, escaped, pending], one row a `by`."""
    return named(desk.containment(view, by, instant(as_of, desk)), by)[CONTAINMENT]


def workload_report(desk: Desk, view: View, by: str) -> pd.DataFrame:
    """[key, label, matters, minutes, available, staff, load, flag], one row a `by`."""
    return named(desk.workload(view, by), by)[WORKLOAD]


def named(frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Grades under their names; what lies in no cell says so."""
    label = frame["key"].map(lambda grade: word(int(grade), "zh")) if by == "severity" else frame["label"]
    nowhere = frame["key"].isna()
    return frame.assign(label=label.astype(object).mask(nowhere, "未落格" if by else "全部"))


def instant(text: str | None, desk: Desk) -> datetime | None:
    """An ISO instant (local to the city when it names no zone), "now", or None. InputError says what to type."""
    if text is None or text == "now":
        return desk.now() if text else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--as-of {text!r} is no instant: type one such as 2026-01-31T08:00, or now.") from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(desk.facts().city.zone))


def show(frame: pd.DataFrame, form: str, *, shares: bool = False) -> None:
    """Print a frame as `form`, a table with a line that says so when matters count in `shares`.

    InputError lists the forms.
    """
    if form not in FORMS:
        raise InputError(f"--format must be one of {', '.join(FORMS)}, not {form!r}.")
    if form == "csv":
        print(frame.to_csv(index=False), end="")
    elif form == "json":
        print(json.dumps(plain(frame), ensure_ascii=False, indent=1))
    else:
        Console().print(table(frame), *([IN_SHARES] if shares else []), sep="\n")


def table(frame: pd.DataFrame) -> Table:
    """The frame for a person: shares as percentages, counts with separators (parts of matters with two digits),
    unknown as a dash."""
    found = Table(show_lines=False, pad_edge=False)
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name]) and name != "key"
        found.add_column(name, justify="right" if numeric else "left", no_wrap=numeric)
    for row in frame.itertuples(index=False, name=None):
        found.add_row(*[_cell(name, value) for name, value in zip(frame.columns, row, strict=True)])
    return found


def _cell(name: str, value: object) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if name in ("share", "low", "high", "load"):
        return f"{value:.1%}"
    if isinstance(value, float) and name in MATTERS:
        return f"{value:,.2f}"
    return f"{value:,.0f}" if isinstance(value, int | float) and name != "key" else str(value)
