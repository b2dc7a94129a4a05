"""The base laid out for asking: rows in metres, grouped by name and place, each group sorted by number."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.datums import FloatArray
from geo.gazetteer.kriging import METRES_A_NUMBER, IntArray

# Namesakes lie further apart than the houses of one road.
_SAME_PLACE_M = 5000.0
# Wrong points: among rows of other districts; shared by far numbers of one road; shared by several names.
_STRANGER_DOUBT, _REPEATED_DOUBT, _SHARED_DOUBT = 100.0, 25.0, 4.0
_NEIGHBOURHOOD, _FEW = 16, 0.15
_FAR_NUMBERS = 40
_ROADS_AROUND, _SLOPE_TRUST, _LONG_STEP, _STEEPEST = 30, 0.9, 60.0, 6.0


def doubts(x: FloatArray, y: FloatArray, head: IntArray, number: FloatArray, district: IntArray) -> FloatArray:
    """By how much to trust each row less (1 = as any): rows that neighbours or their own road belie.

    `district` is a code per row, -1 where unknown.
    """
    points = np.column_stack([x, y])
    found = np.ones(len(x))
    found[_strangers(points, district)] *= _STRANGER_DOUBT
    _, place = np.unique(points, axis=0, return_inverse=True)
    order = np.lexsort((number, head, place))
    same = (place[order][1:] == place[order][:-1]).ravel()
    same_head = head[order][1:] == head[order][:-1]
    far = same & same_head & (number[order][1:] - number[order][:-1] > _FAR_NUMBERS)
    shared = same & ~same_head
    for pairs, doubt in ((far, _REPEATED_DOUBT), (shared, _SHARED_DOUBT)):
        rows = np.unique(np.concatenate([order[:-1][pairs], order[1:][pairs]]))
        found[rows] *= doubt
    return found


def _strangers(points: FloatArray, district: IntArray) -> IntArray:
    if len(points) <= _NEIGHBOURHOOD or (district < 0).all():
        return np.empty(0, np.int64)
    _, around = cKDTree(points).query(points, k=_NEIGHBOURHOOD)
    own = (district[around[:, 1:]] == district[:, None]).mean(axis=1)
    return np.flatnonzero((own < _FEW) & (district >= 0))


class Groups:
    """Rows of one name in one place, sorted by number; rows without a number come last.

    `order` sorts the given rows; x, y, number, lane, doubt are in that order. Group g holds start[g]:end[g], of
    which start[g]:numbered[g] bear a number. `slope` is the drift in metres a number expected there.
    """

    def __init__(
        self,
        heads: Sequence[str],
        x: FloatArray,
        y: FloatArray,
        number: FloatArray,
        lane: np.ndarray,
        doubt: FloatArray,
        district: IntArray,
    ) -> None:
        names, head = np.unique(np.asarray(heads, dtype=np.object_).astype(str), return_inverse=True)
        part = _parts(head, x, y)
        self.order = np.lexsort((number, part, head))
        self.x, self.y, self.number = x[self.order], y[self.order], number[self.order]
        self.lane, self.doubt, self.district = lane[self.order], doubt[self.order], district[self.order]
        head, part = head[self.order], part[self.order]
        differs = (head[1:] != head[:-1]) | (part[1:] != part[:-1])
        self.start: IntArray = np.flatnonzero(np.r_[[True] * bool(len(x)), differs]).astype(np.int64)
        self.end = np.append(self.start[1:], len(x)).astype(np.int64)[: len(self.start)]
        self.numbered = np.array(
            [a + int(np.isfinite(self.number[a:b]).sum()) for a, b in zip(self.start, self.end, strict=True)], np.int64
        )
        self._numbers: list[float] = self.number.tolist()
        self.number_text = [f"{value:.0f}" if value == value else "" for value in self._numbers]
        self.span = list(zip(self.start.tolist(), self.numbered.tolist(), strict=True))
        self.name = [str(names[head[a]]) for a in self.start]
        self.of_name: dict[str, list[int]] = {}
        for group, name in enumerate(self.name):
            self.of_name.setdefault(name, []).append(group)
        self.districts = [Counter(self.district[a:b].tolist()) for a, b in zip(self.start, self.end, strict=True)]
        self.centre = np.array(
            [(np.median(self.x[a:b]), np.median(self.y[a:b])) for a, b in zip(self.start, self.end, strict=True)]
        ).reshape(-1, 2)
        # What a group says about names that are only alike: more rows say more, wrong ones little.
        sure = np.add.reduceat(1.0 / self.doubt, self.start) if len(self.start) else np.empty(0)
        self.weight = np.minimum(np.sqrt(sure), 4.0)
        self.slope, self.scale = _drift(self)

    def pick(self, name: str, number: int, district: int, left_out: int) -> int:
        """The group of a name that fits a number and a district best, or -1 when no numbered row is there."""
        groups = self.of_name.get(name)
        if groups is None:
            return -1
        if len(groups) == 1:
            group = groups[0]
            a, b = self.span[group]
            return group if b - a - (a <= left_out < b) >= 1 else -1
        return self.pick_fitting([name], number, district, left_out)

    def pick_fitting(self, names: Sequence[str], number: int, district: int, left_out: int) -> int:
        """The group that fits best among those of several names, or -1."""
        groups = [group for name in names for group in self.of_name.get(name, ())]
        fits = [(self._fit(group, number, district, left_out), -group) for group in groups]
        best = max(fits, default=((False, 0.0), 0))
        return -best[1] if best[0][1] > 0 else -1

    def _fit(self, group: int, number: int, district: int, left_out: int) -> tuple[bool, float]:
        """(rows in that district, more and nearer numbers); (False, 0) when no numbered row is left."""
        a, b = self.span[group]
        inside = a <= left_out < b
        size = b - a - inside
        if size < 1:
            return False, 0.0
        here = district >= 0 and self.districts[group][district] > inside
        return here, size / (1 + self._gap(a, b, number, left_out) / 200)

    def _gap(self, start: int, end: int, number: int, left_out: int) -> float:
        """Difference to the nearest number among the rows, which are sorted."""
        at = bisect_left(self._numbers, number, start, end)
        below, above = at - 1, at
        below -= below == left_out
        above += above == left_out
        numbers = self._numbers
        if below < start:
            return numbers[above] - number if above < end else 0.0
        return number - numbers[below] if above >= end else min(number - numbers[below], numbers[above] - number)


def _parts(head: IntArray, x: FloatArray, y: FloatArray) -> IntArray:
    """A number per row that tells apart places of one name (linked where rows lie within _SAME_PLACE_M)."""
    part = np.zeros(len(head), np.int64)
    order = np.argsort(head, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(head[order])) + 1):
        if len(rows) < 2 or max(np.ptp(x[rows]), np.ptp(y[rows])) <= _SAME_PLACE_M:
            continue
        pairs = cKDTree(np.column_stack([x[rows], y[rows]])).query_pairs(_SAME_PLACE_M, output_type="ndarray")
        links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(rows), len(rows)))
        part[rows] = connected_components(links, directed=False)[1]
    return part


def _drift(groups: Groups) -> tuple[FloatArray, float]:
    """Expected drift of each group (groups, 2) from the roads around it, and metres a number against the usual."""
    slopes = np.array([_slope(groups, a, b) for a, b in zip(groups.start, groups.numbered, strict=True)]).reshape(-1, 2)
    sure = np.flatnonzero(np.isfinite(slopes[:, 0]) & (np.hypot(slopes[:, 0], slopes[:, 1]) < _STEEPEST))
    if len(sure) <= _ROADS_AROUND:
        return np.zeros_like(slopes), 1.0
    _, around = cKDTree(groups.centre[sure]).query(groups.centre, k=_ROADS_AROUND + 1)
    other = sure[around] != np.arange(len(slopes))[:, None]
    mean = (slopes[sure[around]] * other[:, :, None]).sum(axis=1) / other.sum(axis=1)[:, None]
    usual = float(np.median(np.hypot(slopes[sure, 0], slopes[sure, 1])))
    return _SLOPE_TRUST * mean, float(np.clip(usual / METRES_A_NUMBER, 0.1, 10.0))


def _slope(groups: Groups, start: int, end: int) -> tuple[float, float]:
    """Median drift in metres a number over the far pairs of a road; NaN when there are too few."""
    if end - start < 4:
        return np.nan, np.nan
    rows = np.arange(start, end)[:: max(1, (end - start) // 40)]
    i, j = np.triu_indices(len(rows), 1)
    step = groups.number[rows[j]] - groups.number[rows[i]]
    far = step > _LONG_STEP
    if far.sum() < 4:
        return np.nan, np.nan
    i, j, step = rows[i[far]], rows[j[far]], step[far]
    return float(np.median((groups.x[j] - groups.x[i]) / step)), float(np.median((groups.y[j] - groups.y[i]) / step))
