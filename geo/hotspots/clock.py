"""The clock of the week: how many incidents come in each of its 168 hours, in the city's own time."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.datums import FloatArray
from geo.edges import Longs
from geo.errors import InputError
from geo.time_zone import time_zone

_QUARTER_S = 900
_HOUR_S = 3600


class WeekClock(NamedTuple):
    """Row 0 is Monday, column 0 midnight to one; each of shape (7, 24).

    counts; hours: how long that hour of the week lasted within the period, all its weeks together; rate: counts
    per hour, NaN for an hour that never came.
    """

    counts: Longs
    hours: FloatArray
    rate: FloatArray


def week_clock(times: pd.Series, start: datetime, end: datetime, zone: str) -> WeekClock:
    """Incidents in [start, end) by weekday and hour of the city's clock.

    `times` aware, missing ones are left out. On the days when clocks change an hour is missing or comes twice: the
    count of a repeated hour holds both, and `hours` says so, so that rates stay comparable. Raises InputError for
    naive times, an unknown zone, or an end before its start.
    """
    here = time_zone(zone)
    if start.utcoffset() is None or end.utcoffset() is None or not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise InputError("The times have no time zone: give aware ones.")
    if end < start:
        raise InputError(f"The period ends at {end}, before it starts: give the earlier instant first.")
    inside = times[(times >= start) & (times < end)]
    counts = np.bincount(_hour_of_week(pd.DatetimeIndex(inside), here), minlength=168)
    hours = _hours(start, end, here)
    rate = np.divide(counts, hours, out=np.full(168, np.nan), where=hours > 0)
    return WeekClock(counts.astype(np.int64).reshape(7, 24), hours.reshape(7, 24), rate.reshape(7, 24))


def _hours(start: datetime, end: datetime, here: ZoneInfo) -> FloatArray:
    """Length in hours of each hour of the week inside the period: quarters of an hour, the first and last in part.

    Every zone's offset since 1972 is a multiple of a quarter of an hour, so no quarter lies in two local hours.
    """
    low, high = start.timestamp(), end.timestamp()
    quarter = np.arange(low // _QUARTER_S, np.ceil(high / _QUARTER_S)) * _QUARTER_S
    seconds = np.minimum(quarter + _QUARTER_S, high) - np.maximum(quarter, low)
    moments = pd.DatetimeIndex(pd.to_datetime(quarter, unit="s", utc=True))
    hours = np.bincount(_hour_of_week(moments, here), weights=seconds / _HOUR_S, minlength=168)
    return hours.astype(np.float64)


def _hour_of_week(moments: pd.DatetimeIndex, here: ZoneInfo) -> Longs:
    local = moments.tz_convert(here)
    return np.asarray(local.day_of_week * 24 + local.hour, dtype=np.int64)
