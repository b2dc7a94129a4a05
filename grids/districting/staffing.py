"""How many beats a station should have, and where one more beat lead helps most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import InputError
from grids.districting.first import first_plan
from grids.districting.graph import Graph, Ints
from grids.districting.objective import Measures, measure
from grids.districting.problem import Problem, make_problem


@dataclass(frozen=True)
class Staffing:
    """One number of beats: the best plan found for it. `mean`, `largest`: demand of a beat, as given."""

    beats: int
    assignment: Ints = field(repr=False)
    mean: float
    largest: float
    figures: Measures


@dataclass(frozen=True)
class Relief:
    """A beat split in two by a new lead: demand of both halves, and the station's max/mean and CV afterwards."""

    beat: int
    new_cells: tuple[int, ...]
    halves: tuple[float, float]
    largest: float
    figures: Measures


def beats_curve(
    graph: Graph,
    demand: ArrayLike,
    counts: Sequence[int],
    *,
    xy: ArrayLike | None = None,
    seconds: float = 2.0,
    iterations: int | None = None,
    seed: int = 1,
    stop: Callable[[], bool] | None = None,
) -> list[Staffing]:
    """For each number of beats the best plan found: where the largest load stops falling, more leads buy nothing.

    `seconds` or `iterations` for each number. `stop`: when it says True, the numbers done so far are returned.
    Raises InputError for a number that does not fit the cells.
    """
    weight = np.ascontiguousarray(demand, np.float64)
    found: list[Staffing] = []
    for count in sorted(set(counts)):
        if found and stop is not None and stop():
            break
        planned = partial(first_plan, graph, weight, count, seconds=seconds, iterations=iterations)
        held = planned(seed=seed, stop=stop)
        problem = make_problem(graph, weight, held, beats=count, xy=xy)
        loads = problem.loads(held)
        found.append(Staffing(count, held, float(loads.mean()), float(loads.max()), measure(problem, held)))
    return found


def relief_by_lead(problem: Problem, iterations: int = 20_000, seed: int = 1) -> list[Relief]:
    """Each beat split for one new lead, the split that helps the whole station most first.

    A beat is split into two contiguous parts, as even as a short search finds; the others stay as they are. Beats
    of one cell, locked beats and beats in pieces are left out. Sorted by the largest load left, then by CV. With
    uneven staff the new lead has the mean minutes. Raises InputError when no beat can be split.
    """
    found = [
        relief for beat in range(problem.beats) if (relief := _relief(problem, beat, iterations, seed)) is not None
    ]
    if not found:
        raise InputError("No beat can be split: each is locked, in pieces, or has a single cell.")
    return sorted(found, key=lambda relief: (relief.largest, relief.figures.cv, relief.beat))


def _relief(problem: Problem, beat: int, iterations: int, seed: int) -> Relief | None:
    cells = np.flatnonzero(problem.current == beat)
    if len(cells) < 2 or problem.rules.locked_beats[beat]:
        return None
    try:
        part = first_plan(
            _inside(problem.graph, cells), problem.demand[cells] + 1e-9, 2, iterations=iterations, seed=seed
        )
    except InputError:
        return None
    locked = problem.rules.locked_cells[cells]
    stays = int(np.bincount(part[locked], minlength=2).argmax()) if locked.any() else 0
    if (part[locked] != stays).any():
        return None
    new = cells[part != stays]
    minutes = np.append(problem.minutes, problem.minutes.mean())
    held = problem.current.copy()
    held[new] = problem.beats
    split = make_problem(problem.graph, problem.demand, held, minutes=minutes, xy=problem.xy)
    loads = split.loads(held)
    halves = (float(loads[beat]), float(loads[-1]))
    return Relief(beat, tuple(new.tolist()), halves, float(loads.max()), measure(split, held))


def _inside(graph: Graph, cells: np.ndarray) -> Graph:
    """The graph of some cells alone, numbered in their order."""
    number = np.full(len(graph), -1, np.int32)
    number[cells] = np.arange(len(cells), dtype=np.int32)
    kept = (number[graph.tails] >= 0) & (number[graph.heads] >= 0)
    tails, heads = number[graph.tails[kept]], number[graph.heads[kept]]
    starts = np.searchsorted(tails, np.arange(len(cells) + 1)).astype(np.int64)
    return Graph(starts, heads, tails, graph.borders[kept])
