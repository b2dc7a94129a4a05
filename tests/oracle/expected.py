"""What to expect by now: counts day by day with the standard library, and the verdict about one place alone."""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from grids.expected import LEAST_DAYS, dispersion, limits


class Expected(NamedTuple):
    """Today's count by now beside what it should be; the limits are still within."""

    observed: int
    expected: float
    low: float
    high: float
    verdict: str
    days: int
    excess: float


def expected_by_now(told, level=0.95):
    """What the same weekdays before (grids.arrivals.History) lead one to expect of one place."""
    same, excess = told.before[told.weekday == told.same], dispersion(told.by_hour.sum(axis=1), told.weekday)
    if len(same) < LEAST_DAYS:
        return Expected(told.today, np.nan, np.nan, np.nan, "unknown", len(same), excess)
    low, high = limits(same, excess, level)
    verdict = "above" if told.today > high else "below" if told.today < low else "within"
    return Expected(told.today, float(same.mean()), low, high, verdict, len(same), excess)


def by_now(times, now, zone, weeks, skip=()):
    """(today's count by now, [counts by the same time of the clock on the same weekdays, latest first])."""
    here = ZoneInfo(zone)
    today, clock = now.astimezone(here).date(), now.astimezone(here).time()

    def count(day):
        local = [at.astimezone(here) for at in times if at < now]
        return sum(each.date() == day and each.time() < clock for each in local)

    days = [today - timedelta(weeks=week) for week in range(1, weeks + 1)]
    return count(today), [count(day) for day in days if day not in skip]
