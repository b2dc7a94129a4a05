"""What a report's options ask for: the desk, the view of the period and places, the instant of judging."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from db.record import open_record
from db.settings import Settings
from geo.errors import InputError
from grids.policies import policy as known_policy

DAYS = timedelta(days=29)


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
    policy: str = "QD",
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


def instant(text: str | None, desk: Desk) -> datetime | None:
    """An ISO instant (local to the city when it names no zone), "now", or None. InputError says what to type."""
    if text is None or text == "now":
        return desk.now() if text else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--as-of {text!r} is no instant: type one such as 2026-01-31T08:00, or now.") from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(desk.facts().city.zone))
