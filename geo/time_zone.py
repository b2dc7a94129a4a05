"""The city's time zone by its name, and its offsets from UTC as numbers."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from geo.edges import Longs
from geo.errors import InputError

_DAY_S = 86_400


def time_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name; InputError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"There is no time zone {name!r}: give a name such as Asia/Shanghai.") from error


def offsets(low: int, high: int, here: ZoneInfo) -> tuple[Longs, Longs]:
    """Seconds east of UTC in [low, high] (whole seconds since 1970): instants from which each holds, and the offsets.

    The first instant is `low`. A zone that changes its offset twice within a day is taken to change once.
    """
    marks = [*range(low, high, _DAY_S), max(low, high)]
    found = [(low, _offset(low, here))]
    for before, after in pairwise(marks):
        if _offset(after, here) != found[-1][1]:
            turn = _turn(before, after, here)
            found.append((turn, _offset(turn, here)))
    edges, seconds = np.array(found, dtype=np.int64).T
    return np.ascontiguousarray(edges), np.ascontiguousarray(seconds)


def _turn(low: int, high: int, here: ZoneInfo) -> int:
    """The first second after `low` with the offset of `high`."""
    old = _offset(low, here)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, here) == old else (low, middle)
    return high


def _offset(seconds: int, here: ZoneInfo) -> int:
    told = datetime.fromtimestamp(seconds, UTC).astimezone(here).utcoffset()
    assert told is not None
    return int(told.total_seconds())
