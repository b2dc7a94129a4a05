"""Near repeats: do incidents follow one another nearby and soon more often than chance would have it?"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from geo.compiling import cores
from geo.datums import FloatArray
from geo.edges import Ints, Longs
from geo.errors import InputError
from geo.hotspots.knox_loops import Bands, count_pairs

_DAY_S = 86_400
_MOST_PAIRS = 60_000_000  # half a gigabyte of them


class NearRepeats(NamedTuple):
    """Pairs by space band (rows) and time band (columns): how many, how many by chance, their ratio, and p."""

    observed: Longs
    expected: FloatArray
    ratio: FloatArray
    p: FloatArray


class _Pairs(NamedTuple):
    left: Ints
    right: Ints
    band: Bands


def near_repeats(
    x_m: ArrayLike,
    y_m: ArrayLike,
    times: pd.Series,
    space_m: Sequence[float] = (0, 100, 200, 400),
    time_days: Sequence[float] = (7, 14, 28),
    permutations: int = 199,
    seed: int = 0,
) -> NearRepeats:
    """The Knox test: pairs within each space and time band against the same places with their times shuffled.

    `x_m`, `y_m` metres of a projected CRS, `times` aware, of n incidents; rows without a place or time are left
    out. A band reaches from the edge before it (not included) to its own (included): with a first edge of 0 the
    first band holds the same place. expected: mean over the permutations; ratio: observed / expected (NaN for
    0); p = (1 + permutations with at least as many) / (1 + permutations). E. G. Knox, "The detection of space-time
    interactions", Applied Statistics 13 (1964); S. D. Johnson et al., "Space–time patterns of risk", Journal of
    Quantitative Criminology 23 (2007); p never 0: B. Phipson and G. K. Smyth (2010). The same seed gives the same
    answer. Raises InputError for edges that do not rise, and for more than 60 million pairs in reach.
    """
    _require_edges("distances", space_m)
    _require_edges("days", time_days)
    if permutations < 1:
        raise InputError(f"There are {permutations} permutations: give 1 or more.")
    points, seconds = _known(x_m, y_m, times)
    pairs, edges = _near_pairs(points, space_m), np.floor(np.asarray(time_days) * _DAY_S).astype(np.int64)
    observed = _table(pairs, seconds, edges, len(space_m))
    total, at_least, random = np.zeros(observed.shape), np.zeros(observed.shape), np.random.default_rng(seed)
    shuffled = [random.permutation(seconds) for _ in range(permutations)]
    with ThreadPoolExecutor(cores()) as pool:
        for by_chance in pool.map(lambda times_of: _table(pairs, times_of, edges, len(space_m)), shuffled):
            total += by_chance
            at_least += by_chance >= observed
    expected = total / permutations
    ratio = np.divide(observed, expected, out=np.full(observed.shape, np.nan), where=expected > 0)
    return NearRepeats(observed, expected, ratio, (1 + at_least) / (1 + permutations))


def in_pairs(
    x_m: ArrayLike,
    y_m: ArrayLike,
    times: pd.Series,
    space_m: Sequence[float] = (0, 100, 200, 400),
    time_days: Sequence[float] = (7, 14, 28),
) -> tuple[Longs, Longs]:
    """(incident, band): each incident once for every band in which it makes a pair that `near_repeats` observes.

    incident: its place among those that have a place and a time; band: space band × number of time bands + time band.
    """
    _require_edges("distances", space_m)
    _require_edges("days", time_days)
    points, seconds = _known(x_m, y_m, times)
    pairs, edges = _near_pairs(points, space_m), np.floor(np.asarray(time_days) * _DAY_S).astype(np.int64)
    gap = np.abs(seconds[pairs.left].astype(np.int64) - seconds[pairs.right])
    soon = np.searchsorted(edges, gap, side="left")
    held = soon < len(edges)
    band = pairs.band[held].astype(np.int64) * len(edges) + soon[held]
    both = np.concatenate([pairs.left[held], pairs.right[held]])
    found = np.unique(np.column_stack([both, np.tile(band, 2)]), axis=0).astype(np.int64)
    return found[:, 0], found[:, 1]


def _known(x_m: ArrayLike, y_m: ArrayLike, times: pd.Series) -> tuple[FloatArray, Ints]:
    """Places (n, 2) and whole seconds since the first, of the rows that have both."""
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise InputError("The times have no time zone: give aware ones.")
    points = np.column_stack([np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)])
    known = np.isfinite(points).all(axis=1) & times.notna().to_numpy()
    moments = times[known].dt.tz_convert("UTC").dt.as_unit("s").to_numpy(dtype="datetime64[s]").view(np.int64)
    return points[known], (moments - (moments.min() if len(moments) else 0)).astype(np.int32)


def _near_pairs(points: FloatArray, space_m: Sequence[float]) -> _Pairs:
    """Every pair in reach once, with its space band."""
    edges = np.asarray(space_m, dtype=np.float64)
    # A hair more than the last edge, so that the same rounding decides about all edges.
    tree, reach = cKDTree(points), float(edges[-1]) * (1 + 1e-9) + 1e-9
    count = (int(tree.count_neighbors(tree, reach)) - len(points)) // 2
    if count > _MOST_PAIRS:
        raise InputError(f"There are {count:,} pairs within {edges[-1]} m: take shorter distances or a shorter period.")
    pairs = tree.query_pairs(reach, output_type="ndarray")
    apart = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    band = np.searchsorted(edges, apart, side="left")
    held = band < len(edges)
    left, right = (np.ascontiguousarray(pairs[held, side], dtype=np.int32) for side in (0, 1))
    return _Pairs(left, right, band[held].astype(np.int8))


def _table(pairs: _Pairs, seconds: Ints, edges: Longs, bands: int) -> Longs:
    counts = np.zeros((bands, len(edges)), dtype=np.int64)
    count_pairs(seconds, pairs.left, pairs.right, pairs.band, edges, counts)
    return counts


def _require_edges(what: str, edges: Sequence[float]) -> None:
    rising = len(edges) > 0 and edges[0] >= 0 and all(low < high for low, high in pairwise(edges))
    if not (rising and np.isfinite(edges[-1]) and len(edges) < 100):
        raise InputError(f"The {what} {tuple(edges)} do not rise from 0 or more: give them in ascending order.")
