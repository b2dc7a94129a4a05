"""Where two roads cross, seen from the addresses along them: the middle of the places where they come closest."""

import numpy as np
from scipy.spatial import cKDTree

from geo.gazetteer.answers import Answers
from geo.gazetteer.named import Names
from geo.gazetteer.table import Groups

_PAIRS = 3
_FLOOR_M = 60.0


class Junctions:
    """Crossings of the roads of the base."""

    def __init__(self, groups: Groups, names: Names) -> None:
        self._groups, self._names = groups, names

    def put(self, answers: Answers, row: int, road: str, crosses: tuple[str, ...], left_out: int) -> bool:
        """Answer with the crossing, or the middle of the two crossings that a stretch lies between."""
        found = [at for other in crosses if (at := self._crossing(road, other, left_out))]
        if not found:
            return False
        x, y, apart = np.mean(found, axis=0)
        stretch = max((float(np.hypot(x - one[0], y - one[1])) for one in found), default=0.0)
        text = "与".join((road, *crosses))
        score = 1.0 if len(found) == len(crosses) else 0.7
        answers.put(row, "crossing", (float(x), float(y)), float(apart) + stretch + _FLOOR_M, (), score, text)
        return True

    def _crossing(self, road: str, other: str, left_out: int) -> tuple[float, float, float] | None:
        mine, theirs = (self._names.rows(name, left_out) for name in (road, other))
        if not len(mine) or not len(theirs):
            return None
        groups = self._groups
        a = np.column_stack([groups.x[mine], groups.y[mine]])
        b = np.column_stack([groups.x[theirs], groups.y[theirs]])
        apart, nearest = cKDTree(b).query(a)
        apart = apart * np.sqrt(groups.doubt[mine])
        best = np.argsort(apart, kind="stable")[:_PAIRS]
        weight = 1.0 / (apart[best] + 20.0) ** 2
        middle = (a[best] + b[nearest[best]]) / 2
        x, y = (middle * weight[:, None]).sum(axis=0) / weight.sum()
        return float(x), float(y), float(apart[best[0]])
