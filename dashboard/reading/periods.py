"""From a view's period to two instants: [start, end) in the city's time zone, never past the present minute."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard.reading.view import View

DAYS_BACK = {"today": 0, "7d": 6, "30d": 29, "year": 364}


def days(view: View, today: date) -> tuple[date, date]:
    """First and last local day of the view, both included."""
    if view.period == "custom" and view.first and view.last:
        return view.first, view.last
    if view.period == "month":
        return today.replace(day=1), today
    return today - timedelta(days=DAYS_BACK[view.period]), today


def bounds(view: View, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """[start, end) of the view, aware, in UTC.

    A period that holds the present ends with the running minute: matters due tonight are not late yet, and every
    panel drawn within one minute sees the same period.
    """
    here = ZoneInfo(zone)
    first, last = days(view, now.astimezone(here).date())
    start = datetime.combine(first, time(), here)
    midnight = datetime.combine(last + timedelta(days=1), time(), here)
    named = datetime.combine(last, view.until, here) if view.until else midnight
    end = max(start + timedelta(minutes=1), min(named, midnight, next_minute(now)))
    return start.astimezone(UTC), end.astimezone(UTC)


def fixed(view: View, now: datetime, zone: str) -> View:
    """The same period in days and, where the last of them still ran, the minute at which it was looked at.

    Its address gives the same period whenever it is opened; a relative period moves on with the day.
    """
    here = ZoneInfo(zone)
    first, _last = days(view, now.astimezone(here).date())
    _start, end = bounds(view, now, zone)
    return custom(view, first, end.astimezone(here))


def custom(view: View, first: date, end: datetime) -> View:
    """`view` over the days from `first` to the local instant `end`, which it does not hold."""
    until = None if end.time() == time() else end.time().replace(tzinfo=None)
    last = end.date() if until else end.date() - timedelta(days=1)
    return replace(view, period="custom", first=min(first, last), last=last, until=until)


def next_minute(now: datetime) -> datetime:
    """The end of the running minute."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
