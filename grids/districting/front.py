"""The front: for each number of moved cells the best plan that was found, so that a planner sees what a move buys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np

from geo.errors import InputError
from grids.districting.bounds import cv_bound, peak_bound
from grids.districting.graph import Ints
from grids.districting.objective import Measures, Weights, measure
from grids.districting.problem import Problem
from grids.districting.search import CHAINS, Archive, Chain, Effort, Stopper, rounds, schedules, side_by_side

MOVES = (0, 5, 10, 20, 40)
BALANCE = Weights()


@dataclass(frozen=True)
class Point:
    """The best plan with at most `moves` moved cells.

    `assignment` (n): beat of each cell. `moved`: positions of the cells that leave their beat.
    `peak_bound`, `cv_bound`: no plan with so few moves has a lower max/mean or CV. `proven`: the CV is that bound, up
    to one part in 10,000 of the variance (grids.districting.proving); a search alone never knows.
    """

    moves: int
    assignment: Ints = field(repr=False)
    moved: tuple[int, ...] = field(repr=False)
    figures: Measures
    peak_bound: float
    cv_bound: float
    proven: bool = False


@dataclass(frozen=True)
class Front:
    """Points by ascending moves; `complete` is False when the search was stopped before its time."""

    points: tuple[Point, ...]
    complete: bool


@dataclass(frozen=True)
class Progress:
    """How far the search is: which number of moves is sought, how many of the points are done."""

    moves: int
    done: int
    of: int


def front(
    problem: Problem,
    moves: Sequence[int] = MOVES,
    seconds: float = 10.0,
    seed: int = 1,
    *,
    iterations: int | None = None,
    weights: Weights = BALANCE,
    on_progress: Callable[[Progress], None] | None = None,
    on_points: Callable[[tuple[Point, ...]], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Front:
    """The best plan found for each number of moved cells, always from the plan in force.

    `seconds`: for each number. With `iterations` (steps of each of the two chains for each number) the clock is
    not asked, and the same seed gives the same answer. `stop` is asked ten times a second: when it says True,
    what has been found so far is returned. `on_points` is told the points sought so far each time that one is done;
    a later point may better an earlier one. Raises InputError for a negative number of moves or seed.
    """
    if not moves or min(moves) < 0:
        raise InputError("Give numbers of moved cells that are 0 or more.")
    if seed < 0:
        raise InputError("Give a seed that is 0 or more.")
    marks = sorted({min(int(number), problem.cells) for number in moves})
    archive, stopper, complete = Archive.of(problem, marks, weights), Stopper(stop), True
    bounds = cache(lambda budget: (peak_bound(problem, budget), cv_bound(problem, budget)))

    def points(sought: int) -> tuple[Point, ...]:
        pairs = zip(marks[:sought], archive.kept[:sought], strict=True)
        return tuple(_as_point(problem, budget, held, *bounds(budget)) for budget, held in pairs)

    for done, budget in enumerate(marks):
        tell = partial(on_progress, Progress(budget, done, len(marks))) if on_progress else _nothing
        if budget and not _point(problem, weights, archive, budget, Effort(seconds, iterations), seed, stopper, tell):
            complete = False
            break
        if on_points:
            on_points(points(done + 1))
    return Front(points(len(marks)), complete)


def _point(
    problem: Problem,
    weights: Weights,
    archive: Archive,
    budget: int,
    effort: Effort,
    seed: int,
    stopper: Stopper,
    tell: Callable[[], None],
) -> bool:
    """Search for one budget and put what is found into the archive; False when stopped."""
    for number, part in rounds(problem):
        steps = None if effort.iterations is None else max(1, int(effort.iterations * part))
        share = Effort(effort.seconds * part, steps)
        chains = [Chain(problem, weights, archive.copy(), (seed, budget, number, chain)) for chain in range(CHAINS)]
        work = [
            partial(one.run, budget, schedules(problem, weights, budget, chain, number), share, stopper.told)
            for chain, one in enumerate(chains)
        ]
        going_on = side_by_side(work, stopper.ask, tell)
        for one in chains:
            archive.take(one.archive)
        if not going_on:
            return False
    return True


def _as_point(problem: Problem, moves: int, held: Ints, peak: float, cv: float) -> Point:
    moved = tuple(np.flatnonzero(held != problem.current).tolist())
    return Point(moves, held.copy(), moved, measure(problem, held), peak, cv)


def _nothing() -> None:
    """Nobody wants to know."""
