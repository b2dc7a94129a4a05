"""The compiled scans of the read model's rows.

A row counts when it is alive, when its spot or the matter itself lies in the reader's scope, and when its place,
category and channel are wanted. Its key is (place key, word key, bucket of time), laid out as one number.
Loops hand no array to a function: counting references to it costs more than ten rows (measured: 85 ns instead of 5).
"""

from typing import Any

from numba import boolean, int8, int16, int32, int64
from numba.core.types import Array, Type

from geo.compiling import Compiled, inlined

WORDS = ("", "category", "channel", "severity")


@inlined
def _word(word: int, category: int, channel: int, severity: int) -> int:
    if word == 1:
        return category
    if word == 2:
        return channel
    return severity if word == 3 else 0


@inlined
def _severity(grades: int, severity_at: int, at: int) -> int:
    return grades & 3 if severity_at > at else (grades >> 2) & 3


def _hold(cell: Any, instants: Any, starts: Any, since: Any, out: Any) -> None:
    """The last spot of each cell (1 + its place, 0 for none) that begins by an instant."""
    for i in range(cell.size):
        out[i] = 0
        if cell[i] > 0:
            low, high = starts[cell[i] - 1], starts[cell[i]]
            while high - low > 1:
                middle = (low + high) // 2
                if since[middle] <= instants[i]:
                    low = middle
                else:
                    high = middle
            out[i] = low


def _count(
    low: int, high: int, opened: Any, spot: Any, place: Any, category: Any, channel: Any, grades: Any, alive: Any,
    extra: Any, scope: Any, places: Any, categories: Any, channels: Any, place_key: Any, word: int, words: int,
    edges: Any, out: Any,
) -> None:  # fmt: skip
    """Count the rows low … high by key."""
    bucket, last_bucket, has_dead, has_extra = 0, edges.size - 1, alive.size > 0, extra.size > 0
    for i in range(low, high):
        if not (places[place[i]] and categories[category[i]] and channels[channel[i]]):
            continue
        if has_dead and not alive[i]:
            continue
        if not scope[spot[i]] and not (has_extra and extra[i]):
            continue
        while bucket > 0 and opened[i] < edges[bucket]:
            bucket -= 1
        while bucket < last_bucket and opened[i] >= edges[bucket + 1]:
            bucket += 1
        key = place_key[place[i]] * words + _word(word, category[i], channel[i], (grades[i] >> 2) & 3)
        out[key * (last_bucket + 1) + bucket] += 1


def _decide(
    low: int, high: int, opened: Any, spot: Any, place: Any, category: Any, channel: Any, grades: Any, alive: Any,
    extra: Any, scope: Any, places: Any, categories: Any, channels: Any, place_key: Any, word: int, words: int,
    edges: Any, severity_at: Any, reached: Any, closed: Any, reopened: Any, more_row: Any, more_closed: Any,
    more_reopened: Any, start: int, end: int, at: int, station: Any, ladder_station: Any, ladder_since: Any,
    ladder_until: Any, beyond: Any, never: int, out: Any,
) -> None:  # fmt: skip
    """Contained, escaped and pending rows of low … high by key: as `at` saw them, decided in start … end.

    beyond[ladder, grade, 0 …]: the levels above that grade's ceiling, -1 behind the last.
    """
    bucket, last_bucket, has_dead, has_extra = 0, edges.size - 1, alive.size > 0, extra.size > 0
    for i in range(low, high):
        if not (places[place[i]] and categories[category[i]] and channels[channel[i]]):
            continue
        if has_dead and not alive[i]:
            continue
        if not scope[spot[i]] and not (has_extra and extra[i]):
            continue
        severity = _severity(grades[i], severity_at[i], at)
        crossed = never
        for ladder in range(ladder_station.size):
            own = ladder_station[ladder] == -1 or ladder_station[ladder] == station[place[i]]
            if own and ladder_since[ladder] <= opened[i] < ladder_until[ladder]:
                for k in range(6):
                    level = beyond[ladder, severity, k]
                    if level < 0:
                        break
                    if reached[level, i] < crossed:
                        crossed = reached[level, i]
                break
        state, decided = 2, crossed
        if crossed <= at:
            state = 1
        elif closed[i] <= at:
            if reopened[i] > at:
                state, decided = 0, closed[i]
            elif more_row.size:
                first, last = 0, more_row.size
                while first < last:
                    middle = (first + last) // 2
                    if more_row[middle] < i:
                        first = middle + 1
                    else:
                        last = middle
                while first < more_row.size and more_row[first] == i:
                    if more_closed[first] <= at and more_reopened[first] > at:
                        state, decided = 0, more_closed[first]
                    first += 1
        if state == 2 or start <= decided < end:
            while bucket > 0 and opened[i] < edges[bucket]:
                bucket -= 1
            while bucket < last_bucket and opened[i] >= edges[bucket + 1]:
                bucket += 1
            key = place_key[place[i]] * words + _word(word, category[i], channel[i], severity)
            out[key * (last_bucket + 1) + bucket, state] += 1


def _column(kind: Type, dimensions: int = 1) -> Array:
    """Read-only, because what is memory-mapped is; what can be written may be read too."""
    return Array(kind, dimensions, "C", readonly=True)


def _common(tick: Type) -> tuple[Type, ...]:
    flags = _column(boolean)
    columns = (_column(tick), *([_column(int32)] * 2), _column(int16), _column(int8), _column(int8))
    return (int64, int64, *columns, *([flags] * 6), _column(int64), int64, int64, _column(int64))


def _deciding(tick: Type) -> tuple[Type, ...]:
    row = _column(tick)
    times = (row, _column(tick, 2), row, row, _column(int64), row, row)
    ladders = (*([_column(int64)] * 4), _column(int64, 3), int64)
    return (*_common(tick), *times, int64, int64, int64, *ladders, int64[:, ::1])


hold = Compiled(_hold, (_column(int32), *([_column(int64)] * 3), int32[::1]))
count = {size: Compiled(_count, (*_common(tick), int64[::1])) for size, tick in ((4, int32), (8, int64))}
decide = {size: Compiled(_decide, _deciding(tick)) for size, tick in ((4, int32), (8, int64))}


def prepare() -> None:
    """Compile and keep every scan."""
    for loop in (hold, *count.values(), *decide.values()):
        loop.load()
