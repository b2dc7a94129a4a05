"""What to expect by now, counted day by day with the standard library: slow, plain, without grids."""

from datetime import timedelta
from zoneinfo import ZoneInfo


def by_now(times, now, zone, weeks, skip=()):
    """(today's count by now, [counts by the same time of the clock on the same weekdays, latest first])."""
    here = ZoneInfo(zone)
    today, clock = now.astimezone(here).date(), now.astimezone(here).time()

    def count(day):
        local = [at.astimezone(here) for at in times if at < now]
        return sum(each.date() == day and each.time() < clock for each in local)

    days = [today - timedelta(weeks=week) for week in range(1, weeks + 1)]
    return count(today), [count(day) for day in days if day not in skip]
