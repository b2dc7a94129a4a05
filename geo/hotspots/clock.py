"""The clock of the week: how many incidents come in each of its 168 hours, in the city's own time."""

from datetime import datetime
from typing import NamedTuple

import numpy as np

from geo.datums import FloatArray
from geo.edges import Longs
from geo.errors import InputError
from geo.time_zone import offsets, time_zone

_HOUR_S = 3600
_WEEK_S = 7 * 24 * _HOUR_S
_THURSDAY = 72  # 1970 began on a Thursday, the 73rd hour of the week


class WeekClock(NamedTuple):
    """Row 0 is Monday, column 0 midnight to one; each of shape (7, 24).

    counts; hours: how long that hour of the week lasted within the period, all its weeks together; rate: counts
    per hour, NaN for an hour that never came.
    """

    counts: Longs
    hours: FloatArray
    rate: FloatArray


def clock_of_seconds(seconds: Longs, start: datetime, end: datetime, zone: str) -> WeekClock:
    """Incidents by weekday and hour of the city's clock.

    seconds: instants that all lie in [start, end), whole seconds since 1970, fractions cut off. On the days when clocks
    change an hour is missing or comes twice: the count of a repeated hour holds both, and `hours` says so, so that
    rates stay comparable. Raises InputError for an unknown zone, or an end before its start.
    """
    if end < start:
        raise InputError(f"The period ends at {end}, before it starts: give the earlier instant first.")
    low, high = start.timestamp(), end.timestamp()
    edges, east = _offsets(start, end, zone)
    counts = np.bincount(_hour_of_week(seconds, edges, east), minlength=168).astype(np.int64)
    hours = _hours(low, high, edges, east)
    rate = np.divide(counts, hours, out=np.full(168, np.nan), where=hours > 0)
    return WeekClock(counts.reshape(7, 24), hours.reshape(7, 24), rate.reshape(7, 24))


def hours_of_week(seconds: Longs, start: datetime, end: datetime, zone: str) -> Longs:
    """The hour of the week, 0 (Monday midnight) … 167, of each of these instants as in `clock_of_seconds`."""
    return _hour_of_week(seconds, *_offsets(start, end, zone))


def _offsets(start: datetime, end: datetime, zone: str) -> tuple[Longs, Longs]:
    low, high = int(np.floor(start.timestamp())), int(np.ceil(end.timestamp()))
    return offsets(low, high, time_zone(zone))


def _hour_of_week(seconds: Longs, edges: Longs, east: Longs) -> Longs:
    shift = east[0] if len(edges) == 1 else east[np.searchsorted(edges, seconds, "right") - 1]
    return np.asarray(((seconds + shift) // _HOUR_S + _THURSDAY) % 168, dtype=np.int64)


def _hours(low: float, high: float, edges: Longs, east: Longs) -> FloatArray:
    """Length in hours of each hour of the week inside [low, high): whole weeks at once, what is left hour by hour."""
    total = np.zeros(168)
    for since, until, shift in zip(edges, [*edges[1:], high], east, strict=True):
        first, last = max(float(since), low) + shift, min(float(until), high) + shift
        weeks = max(0.0, (last - first) // _WEEK_S)
        first += weeks * _WEEK_S
        hour = np.arange(first // _HOUR_S, np.ceil(last / _HOUR_S))
        lasted = np.minimum((hour + 1) * _HOUR_S, last) - np.maximum(hour * _HOUR_S, first)
        total += weeks + np.bincount((hour.astype(np.int64) + _THURSDAY) % 168, lasted / _HOUR_S, 168)
    return total
