"""How good the points of a front are known to be: the best of few moves, and the best whatever moves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geo.errors import Refused
from grids.districting.exact import solve
from grids.districting.few_moves import MOST_CELLS, limit, reached
from grids.districting.front import Front, Point
from grids.districting.objective import measure
from grids.districting.problem import Problem
from grids.districting.rules import ANYWHERE

# In more cells than a large station has there are too many beats that could be.
_MOST_CELLS_OF_SETS = 150


def proven(
    problem: Problem,
    found: Front,
    seconds: float,
    on_points: Callable[[tuple[Point, ...]], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Front:
    """A front whose points are the best there is, where that could be shown in so many seconds for each.

    `on_points` is told all points each time that one was tried. `stop` is asked between them. A place of more than
    MOST_CELLS cells keeps the bounds that it has.
    """
    if problem.cells > MOST_CELLS:
        return found
    prover, points = Prover(problem, seconds), list(found.points)
    for place, point in enumerate(points):
        if stop and stop():
            return replace(found, points=tuple(points), complete=False)
        points[place] = prover.proven(point)
        if on_points:
            on_points(tuple(points))
    return replace(found, points=tuple(points))


@dataclass(frozen=True)
class Prover:
    """Proves points of one problem, each within `seconds`; balance alone is what it proves."""

    problem: Problem
    seconds: float

    def proven(self, point: Point) -> Point:
        """The point, bettered where it could be, with the highest bound that there is time for."""
        found = limit(self.problem, point.moves, point.assignment, self.seconds)
        bound = max(point.cv_bound, found.cv_bound, 0.0 if found.proven else self._whatever_moves)
        moved = tuple(np.flatnonzero(found.assignment != self.problem.current).tolist())
        return replace(
            point, assignment=found.assignment, moved=moved, figures=measure(self.problem, found.assignment),
            cv_bound=min(bound, found.cv), proven=found.proven or reached(bound, found.cv),
        )  # fmt: skip

    @cached_property
    def _whatever_moves(self) -> float:
        """A bound on CV for any number of moves, from the exact choice among all beats that could be."""
        rules = self.problem.rules
        closed = (rules.cell_group == rules.beat_group[self.problem.current]) & (rules.cell_group != ANYWHERE)
        few = self.problem.cells <= _MOST_CELLS_OF_SETS
        if not few or not closed.all() or not self.problem.even_staff:
            return 0.0  # too many beats could be, or the mean load moves with the cells
        try:
            return float(np.sqrt(solve(self.problem, self.seconds).bound))
        except Refused:
            return 0.0
