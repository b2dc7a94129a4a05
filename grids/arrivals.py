"""When incidents came: counts by local day and hour of the last weeks, and of today up to now."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from geo.time_zone import time_zone

Counts = npt.NDArray[np.int64]
WallClock = np.ndarray[tuple[int], np.dtype[np.datetime64]]
_HOURS = 24


class History(NamedTuple):
    """Incidents of the days before and of today, by local time.

    by_hour: (days, 24) counts; before: (days,) by this time of the clock; weekday: (days,), 0 = Monday. today:
    count so far; today_by_hour: (24,); hour: of the clock now; same: the weekday of today.
    """

    by_hour: Counts
    before: Counts
    weekday: Counts
    today: int
    today_by_hour: Counts
    hour: int
    same: int


def history(
    times: pd.Series, now: datetime, zone: str, weeks: int = 8, skip: Collection[date] = (), since: date | None = None
) -> History:
    """The last `weeks` weeks of `times` (aware; missing ones left out) as `grids.expected` needs them.

    `skip`: local days that are no comparison (festivals); `since`: first day of which there is data. Raises
    InputError for naive times, an unknown zone, or weeks outside 4 to 53.
    """
    check(times, now, weeks)
    today, days = now.astimezone(time_zone(zone)), 7 * weeks
    first = np.datetime64(today.date()) - days
    by_hour, by_now = _counts(wall_clock(times, now, time_zone(zone), first)[0], first, days, today)
    usable, weekday = comparable(first, days, skip, since)
    past = by_hour[:-1][usable], by_now[:-1][usable], weekday[usable]
    return History(*past, int(by_now[-1]), by_hour[-1], today.hour, today.weekday())


def check(times: pd.Series, now: datetime, weeks: int) -> None:
    """Raise InputError for naive times or weeks outside 4 to 53."""
    if not 4 <= weeks <= 53:
        raise InputError(f"There are {weeks} weeks to compare with: give 4 to 53, best 8 to 13.")
    if now.utcoffset() is None or not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise InputError("The times have no time zone: give aware ones.")


def comparable(
    first: np.datetime64, days: int, skip: Collection[date], since: date | None
) -> tuple[npt.NDArray[np.bool_], Counts]:
    """Which of the days from `first` on may be compared with, and the weekday of each (0 = Monday)."""
    dates = first + np.arange(days)
    usable = ~np.isin(dates, np.array(list(skip), dtype="datetime64[D]"))
    if since is not None:
        usable &= dates >= np.datetime64(since)
    return usable, (dates.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday


def _counts(wall: WallClock, first: np.datetime64, days: int, now: datetime) -> tuple[Counts, Counts]:
    """(days + 1, 24) counts by day and hour, and (days + 1,) counts of each day by the time of the clock `now`."""
    midnight = wall.astype("datetime64[D]")
    day, passed = (midnight - first).astype(np.int64), (wall - midnight).astype(np.int64)
    by_hour = np.bincount(day * _HOURS + passed // 3_600_000_000, minlength=(days + 1) * _HOURS)
    by_now = np.bincount(day[passed < microseconds_of_day(now)], minlength=days + 1)
    return by_hour.reshape(days + 1, _HOURS), by_now


def microseconds_of_day(local: datetime) -> int:
    """How much of a local day has passed."""
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def wall_clock(times: pd.Series, now: datetime, here: ZoneInfo, first: np.datetime64) -> tuple[WallClock, pd.Index]:
    """Local times (datetime64[us], no zone) of the instants before `now` on `first` or later, and their labels."""
    past = times[(times < now) & (times >= pd.Timestamp(first).tz_localize("UTC") - pd.Timedelta(days=1))]
    wall = past.dt.tz_convert(here).dt.tz_localize(None).dt.as_unit("us").to_numpy(dtype="datetime64[us]")
    late = wall >= first
    return wall[late], past.index[late]
