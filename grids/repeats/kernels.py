"""The compiled loops of linking.

Rows of a *block* (one phone and group, or one room and group) stand together, sorted by time: `rows` are positions of
reports, `block` names the block. Only rows of one block, at most `window` microseconds apart, are ever compared.
"""

import math
from typing import Any

import numpy as np
from numba import boolean, float64, int64

from geo.compiling import Compiled, inlined

# WGS-84: semi-major axis in metres, square of the first eccentricity.
_A, _E2 = 6_378_137.0, 0.00669437999014


@inlined
def _metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres between near points by the ellipsoid's radii of curvature at their mean latitude (any geodesy textbook).

    Below 2 km at most 1 mm off the geodesic between 75° S and 75° N; NaN for a point that is.
    """
    middle = math.radians((lat1 + lat2) / 2)
    w2 = 1.0 - _E2 * math.sin(middle) ** 2
    across = _A / math.sqrt(w2)
    along = across * (1.0 - _E2) / w2
    return math.hypot(along * math.radians(lat2 - lat1), across * math.cos(middle) * math.radians(lon2 - lon1))


@inlined
def _fits(metres: float, district1: int, district2: int, limit: float, needs_points: bool) -> bool:
    """Whether two rows of one block are linked: near enough, and in no two different districts."""
    if district1 >= 0 and district2 >= 0 and district1 != district2:
        return False
    if math.isnan(metres):
        return not needs_points
    return metres <= limit


@inlined
def _root(parent: Any, at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _distances(lon: Any, lat: Any, first: Any, second: Any, metres: Any) -> None:
    """Metres of each pair of positions."""
    for k in range(first.size):
        metres[k] = _metres(lon[first[k]], lat[first[k]], lon[second[k]], lat[second[k]])


def _unite(
    parent: Any, rows: Any, block: Any, at: Any, lon: Any, lat: Any, district: Any, window: int, limit: float,
    needs: bool,
) -> None:  # fmt: skip
    """Bring all linked rows of every block under the earliest of them."""
    for k in range(rows.size):
        j = rows[k]
        for before in range(k - 1, -1, -1):
            i = rows[before]
            if block[before] != block[k] or at[j] - at[i] > window:
                break
            one, other = _root(parent, i), _root(parent, j)
            if one != other and _fits(_metres(lon[i], lat[i], lon[j], lat[j]), district[i], district[j], limit, needs):
                parent[max(one, other)] = min(one, other)


def _pairs(
    rows: Any, block: Any, at: Any, lon: Any, lat: Any, district: Any, matter: Any, wanted: Any, window: int,
    limit: float, needs: bool, reduced: bool,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Linked pairs (earlier, later, metres) of one matter, for rows whose matter is wanted.

    reduced: without pairs that a report between the two already ties together (it is linked to both).
    """
    first, second, far = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024, np.float64)
    used = 0
    for k in range(rows.size):
        j = rows[k]
        if not wanted[j]:
            continue
        for before in range(k - 1, -1, -1):
            i = rows[before]
            if block[before] != block[k] or at[j] - at[i] > window:
                break
            if matter[i] != matter[j]:
                continue
            metres = _metres(lon[i], lat[i], lon[j], lat[j])
            if not _fits(metres, district[i], district[j], limit, needs):
                continue
            tied = False
            if reduced:
                for between in range(k - 1, before, -1):
                    c = rows[between]
                    if (
                        matter[c] == matter[j]
                        and _fits(_metres(lon[c], lat[c], lon[j], lat[j]), district[c], district[j], limit, needs)
                        and _fits(_metres(lon[i], lat[i], lon[c], lat[c]), district[i], district[c], limit, needs)
                    ):
                        tied = True
                        break
            if tied:
                continue
            if used == first.size:
                first, second = np.append(first, np.empty(used, np.int64)), np.append(second, np.empty(used, np.int64))
                far = np.append(far, np.empty(used, np.float64))
            first[used], second[used], far[used] = i, j, metres
            used += 1
    return first[:used], second[:used], far[:used]


def _others(rows: Any, block: Any, at: Any, matter: Any, window: int) -> tuple[Any, Any]:
    """For each row the nearest earlier one of its block that is in another matter: (earlier, later)."""
    first, second = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64)
    used = 0
    for k in range(rows.size):
        for before in range(k - 1, -1, -1):
            if block[before] != block[k] or at[rows[k]] - at[rows[before]] > window:
                break
            if matter[rows[before]] != matter[rows[k]]:
                first[used], second[used] = rows[before], rows[k]
                used += 1
                break
    return first[:used], second[:used]


def _merge(parent: Any, first: Any, second: Any, apart1: Any, apart2: Any, kept: Any) -> None:
    """Take links in their order unless one would bring together two rows that are to stay apart."""
    for k in range(first.size):
        one, other = _root(parent, first[k]), _root(parent, second[k])
        kept[k] = True
        if one == other:
            continue
        for s in range(apart1.size):
            p, q = _root(parent, apart1[s]), _root(parent, apart2[s])
            if (p == one and q == other) or (p == other and q == one):
                kept[k] = False
                break
        if kept[k]:
            parent[max(one, other)] = min(one, other)


def _shared(phone: Any, at: Any, group: Any, place: Any, window: int, groups: int, places: int, found: Any) -> None:
    """Mark phones (codes) with more than so many groups or places inside any window; rows by phone, then time."""
    seen_groups, seen_places = np.empty(groups + 1, np.int64), np.empty(places + 1, np.int64)
    for k in range(phone.size):
        if found[phone[k]]:
            continue
        used_groups, used_places = 0, 0
        for before in range(k, -1, -1):
            if phone[before] != phone[k] or at[k] - at[before] > window:
                break
            new = True
            for s in range(used_groups):
                new = new and seen_groups[s] != group[before]
            if new:
                seen_groups[used_groups] = group[before]
                used_groups += 1
            new = place[before] != -1
            for s in range(used_places):
                new = new and seen_places[s] != place[before]
            if new:
                seen_places[used_places] = place[before]
                used_places += 1
            if used_groups > groups or used_places > places:
                found[phone[k]] = True
                break


_longs, _reals, _flags = int64[::1], float64[::1], boolean[::1]
distances = Compiled(_distances, (_reals, _reals, _longs, _longs, _reals))
unite = Compiled(_unite, (_longs, _longs, _longs, _longs, _reals, _reals, _longs, int64, float64, boolean))
pairs = Compiled(
    _pairs, (_longs, _longs, _longs, _reals, _reals, _longs, _longs, _flags, int64, float64, boolean, boolean)
)
others = Compiled(_others, (_longs, _longs, _longs, _longs, int64))
merge = Compiled(_merge, (_longs, _longs, _longs, _longs, _longs, _flags))
shared = Compiled(_shared, (_longs, _longs, _longs, _longs, int64, int64, int64, _flags))


def prepare() -> None:
    """Compile and keep every loop."""
    for loop in (distances, unite, pairs, others, merge, shared):
        loop.load()
