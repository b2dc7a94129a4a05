"""Periods beside a period: the one before it, the same a year earlier, the months inside it; in the city's zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args

from db.facts import Filter
from db.readmodel import View
from db.readmodel.columns import EPOCH
from geo.errors import InputError
from geo.time_zone import time_zone
from grids.trends import Days, last_year, previous

Against = Literal["previous", "last_year"]
AGAINST: tuple[Against, ...] = get_args(Against)


def days_of(flt: Filter, zone: str) -> Days:
    """The local days that the filter's period touches."""
    here = time_zone(zone)
    last = (flt.end - timedelta(microseconds=1)).astimezone(here).date()
    return Days(flt.start.astimezone(here).date(), last + timedelta(days=1))


def other(flt: Filter, zone: str, against: str) -> Filter:
    """The filter of the period before (环比) or of the same dates a year earlier (同比).

    A period that ends within a day, because it runs still, is compared with as much of the other one. InputError
    for another comparison.
    """
    if against not in AGAINST:
        raise InputError(f"A period is held against {' or '.join(AGAINST)}, not {against!r}.")
    days = days_of(flt, zone)
    then = previous(days) if against == "previous" else last_year(days)
    start, end = midnight(then.first, zone), midnight(then.end, zone)
    missing = midnight(days.end, zone) - flt.end
    late = flt.start - midnight(days.first, zone)
    start, end = start + late, end - missing
    return replace(flt, start=start, end=max(end, start + timedelta(microseconds=1)))


def length(flt: Filter) -> float:
    """Days of the filter's period, fractions included."""
    return (flt.end - flt.start) / timedelta(days=1)


def months(flt: Filter, zone: str) -> list[tuple[date, Filter]]:
    """First day of each local month that the period touches, and the filter of what it has of that month."""
    days = days_of(flt, zone)
    found, first = [], days.first.replace(day=1)
    while first < days.end:
        following = (first + timedelta(days=32)).replace(day=1)
        start, end = max(flt.start, midnight(first, zone)), min(flt.end, midnight(following, zone))
        found.append((first, replace(flt, start=start, end=end)))
        first = following
    return found


def steps(flt: Filter, zone: str, grain: str) -> list[tuple[date, Filter]]:
    """First day of each local month, week (from Monday) or day that the period touches, with what it has of that.

    InputError for another grain.
    """
    if grain == "month":
        return months(flt, zone)
    if grain not in ("week", "day"):
        raise InputError(f"A period is cut into months, weeks or days, not by {grain!r}.")
    days, found = days_of(flt, zone), []
    first = days.first - timedelta(days=days.first.weekday() if grain == "week" else 0)
    while first < days.end:
        following = first + timedelta(days=7 if grain == "week" else 1)
        start, end = max(flt.start, midnight(first, zone)), min(flt.end, midnight(following, zone))
        found.append((first, replace(flt, start=start, end=end)))
        first = following
    return found


def reaches_back_to(view: View) -> datetime:
    """The beginning of the local day of the first report in the record: of earlier times it says nothing."""
    reports, zone = view.rows("report"), view.about.zone
    if not len(reports):
        return datetime.max.replace(tzinfo=UTC)
    first = EPOCH + timedelta(microseconds=int(reports["at"][0]) * view.about.ticks.us)
    return midnight(first.astimezone(time_zone(zone)).date(), zone)


def reaches_on_to(view: View) -> datetime:
    """The instant of the last report in the record, the earliest there is without any: later it says nothing."""
    reports = view.rows("report")
    if not len(reports):
        return datetime.min.replace(tzinfo=UTC)
    return EPOCH + timedelta(microseconds=int(reports["at"][-1]) * view.about.ticks.us)


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a local day begins, in UTC."""
    return datetime.combine(day, time(), time_zone(zone)).astimezone(UTC)
