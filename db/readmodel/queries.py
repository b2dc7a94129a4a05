"""Counts and containment from a view: what db.metrics and db.containment answer in SQL, equal to the last matter."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from db.facts import Filter
from db.ladders import DatedLadder
from db.readmodel import scans
from db.readmodel.asking import Draft, places_of
from db.readmodel.columns import Array, Part, Ticks
from db.readmodel.keys import Chosen, Grouping, bounds, chosen, containable, grouping, pieces
from db.readmodel.scope import View
from db.readmodel.spots import Places
from geo.compiling import cores
from grids.levels import LEVELS
from grids.policies import Policy

Boundaries = str | Draft
# Below so many rows a second thread costs more than it brings.
WORTH_A_THREAD = 200_000


def counts(
    view: View, flt: Filter, by: str | tuple[str, ...] | None = None, boundaries: Boundaries = "then",
    redrawn: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Matters opened in the filter's period: key, label, matters; for several groupings a column each instead.

    by: a place, category, channel, severity, day or month of opening (the city's zone), or one of each sort.
    boundaries: "then", the beat that held the matter's cell at its opening; "now", the cell that holds its point
    today and the beat that holds that one at `redrawn` (default: the filter's end); or a draft, cell code → beat code,
    laid over those of now.
    """
    places, where = places_of(view, flt, boundaries, redrawn)
    groups, wanted = _grouped(view, by, places, flt.start, flt.end), chosen(view.about, flt, places)
    out = np.zeros((groups.size, 1), np.int64)
    ticks = view.about.ticks
    for part, *bound in view.parts():
        low, high = bounds(part.opened, ticks, flt.start, flt.end)
        common = _common(part, getattr(part, where), bound, wanted, groups)
        out[:, 0] += _summed(scans.count[ticks.dtype.itemsize], low, high, common, (groups.size,))
    return _told(groups, out, ["matters"], by)


def containment(
    view: View, flt: Filter, policy: Policy, by: str | tuple[str, ...] | None, dated: list[DatedLadder],
    as_of: datetime | None = None, boundaries: Boundaries = "then", redrawn: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Counts by key: key, label, contained, escaped, pending, as db.containment.containment defines them.

    dated: db.ladders.ladders of the record. by and boundaries as in `counts` (day, month: of the opening; a ladder is
    that of the station of the place asked for).
    """
    places, where = places_of(view, flt, boundaries, redrawn)
    groups, wanted = _grouped(view, by, places, None, flt.end), chosen(view.about, flt, places)
    wanted = Chosen(wanted.places, wanted.categories & containable(view.about), wanted.channels)
    ticks, out = view.about.ticks, np.zeros((groups.size, 3), np.int64)
    times = (ticks.first_from(flt.start), ticks.end_before(flt.end), ticks.last_until(as_of or flt.end))
    rules = (*times, places.stations, *_ladders(dated, policy, ticks))
    never = int(np.iinfo(ticks.dtype).max)
    for part, *bound in view.parts():
        low, high = bounds(part.opened, ticks, None, flt.end)
        more = (part.more_row, part.more_closed, part.more_reopened)
        state = (part.severity_at, part.reached, part.closed, part.reopened, *more)
        common = _common(part, getattr(part, where), bound, wanted, groups)
        scan = scans.decide[ticks.dtype.itemsize]
        out += _summed(scan, low, high, (*common, *state, *rules, never), (groups.size, 3))
    return _told(groups, out, ["contained", "escaped", "pending"], by)


def _grouped(
    view: View, by: str | tuple[str, ...] | None, places: Places, start: datetime | None, end: datetime
) -> Grouping:
    names = () if by is None else (by,) if isinstance(by, str) else by
    return grouping(view.about, names, places, start, end)


def _common(part: Part, place: Array, bound: list[Array], wanted: Chosen, groups: Grouping) -> tuple[Any, ...]:
    alive, extra, scope = bound
    columns = (part.opened, part.spot, place, part.category, part.channel, part.grades)
    flags = (alive, extra, scope, wanted.places, wanted.categories, wanted.channels)
    return (*columns, *flags, groups.place_key, groups.word, len(groups.words), groups.edges)


def _summed(scan: Callable[..., Any], low: int, high: int, arguments: tuple[Any, ...], shape: tuple[int, ...]) -> Array:
    """The scan of all rows, shared out among the processors."""
    threads = min(cores(), 1 + (high - low) // WORTH_A_THREAD)
    outs = [np.zeros(shape, np.int64) for _ in range(threads)]
    shares = pieces(low, high, threads)
    if threads == 1:
        scan(low, high, *arguments, outs[0])
        return outs[0]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda share, out: scan(*share, *arguments, out), shares, outs))
    return np.sum(outs, axis=0)


def _ladders(dated: list[DatedLadder], policy: Policy, ticks: Ticks) -> tuple[Array, Array, Array, Array]:
    """Station (-1: all), since, until of each ladder, and the levels beyond each grade's ceiling."""
    beyond = np.full((len(dated), 4, len(LEVELS) + 1), -1, np.int64)
    for number, each in enumerate(dated):
        for grade, ceiling in policy.ceilings.items():
            levels = [LEVELS.index(level) for level in each.ladder.beyond(ceiling)]
            beyond[number, grade, : len(levels)] = levels
    stations = [-1 if each.station_id is None else each.station_id for each in dated]
    since = [ticks.first_from(each.since) for each in dated]
    until = [ticks.end_before(each.until) for each in dated]
    return np.array(stations, np.int64), np.array(since, np.int64), np.array(until, np.int64), beyond


def _told(groups: Grouping, out: Array, names: list[str], by: str | tuple[str, ...] | None) -> pd.DataFrame:
    if by is None:
        return pd.DataFrame([{"key": None, "label": None} | dict(zip(names, out[0].tolist(), strict=True))])
    return groups.frame(out, names)
