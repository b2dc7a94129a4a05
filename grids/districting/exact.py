"""Exact plans of a station: the best choice among all beats that could be (set partitioning), with its proof."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from geo.errors import Refused
from grids.districting.columns import Column, Kind, Room, by_beat, columns, kinds, positions
from grids.districting.front import front
from grids.districting.graph import Ints
from grids.districting.objective import Measures, Weights, measure
from grids.districting.problem import Problem
from grids.districting.rules import ANYWHERE

BALANCE = Weights()
# CP-SAT counts in whole numbers: the objective of today's plan is this many.
_UNITS = 10**10
_WARM_STEPS = 400_000
_SLACK = 1e-9


@dataclass(frozen=True)
class Proof:
    """The best plan found, and how good it is known to be.

    `assignment` (n). `objective`: mean over beats of (load / fair load − 1)², which is CV² where staff is even,
    with the other parts of Weights; `bound`: no plan is better. `columns`: how many possible beats there were.
    """

    assignment: Ints = field(repr=False)
    figures: Measures
    objective: float
    bound: float
    optimal: bool
    columns: int
    seconds: float

    @property
    def gap(self) -> float:
        """How much better a plan could still be, as a part of the objective."""
        return 0.0 if self.optimal or self.objective <= 0 else max(0.0, 1 - self.bound / self.objective)


def solve(
    problem: Problem,
    seconds: float = 10.0,
    *,
    weights: Weights = BALANCE,
    moves: int | None = None,
    seed: int = 1,
    workers: int = 2,
) -> Proof:
    """The best plan with at most `moves` moved cells (None: any number), proven as far as time allows.

    Contiguity holds because only connected sets of cells are offered as beats; a short search gives a first
    plan, and no beat that alone costs more than that whole plan is offered. CP-SAT then picks one set for each
    beat so that every cell is in one. Raises Refused where there are too many sets, or no plan keeps the rules.
    """
    began = time.monotonic()
    first = _first(problem, weights, moves, seed)
    worst = additive(problem, first, weights)
    labelled = weights.moves > 0 or moves is not None
    groups = kinds(problem, labelled)
    rooms = _rooms(problem, first, weights, groups, moves is None)
    offered = [
        column
        for number, (kind, room) in enumerate(zip(groups, rooms, strict=True))
        for column in columns(problem, kind, number, weights, room)
    ]
    left = max(0.1, seconds - (time.monotonic() - began))
    chosen, bound, optimal = _partition(problem, groups, offered, moves, worst, left, seed, workers)
    held = first if chosen is None else _assign(problem, groups, chosen)
    cost = additive(problem, held, weights)
    if cost >= worst - _SLACK:
        held, cost = first, worst
    spent = time.monotonic() - began
    return Proof(held, measure(problem, held), cost, min(bound, cost), optimal, len(offered), spent)


def additive(problem: Problem, held: Ints, weights: Weights) -> float:
    """The objective as a sum over beats, which `solve` makes least. See Proof."""
    return float(by_beat(problem, held, weights).sum())


def _rooms(problem: Problem, first: Ints, weights: Weights, groups: Sequence[Kind], apart: bool) -> list[Room]:
    """What the part of each kind of beats may cost: its community's share of the first plan's, when these are `apart`.

    They are when every cell is in its group and none is free to leave it, and no number of moves is shared.
    """
    rules = problem.rules
    closed = rules.beat_group[problem.current] == rules.cell_group
    if not apart or (rules.beat_group == ANYWHERE).any() or not closed.all():
        return [Room(problem.beats, problem.beats, additive(problem, first, weights) + _SLACK)] * len(groups)
    shares = by_beat(problem, first, weights)
    loads = np.bincount(first, problem.demand, minlength=problem.beats) * problem.scale
    parts = [rules.beat_group == rules.beat_group[kind.beats[0]] for kind in groups]
    return [Room(int(part.sum()), float(loads[part].sum()), float(shares[part].sum()) + _SLACK) for part in parts]


def _first(problem: Problem, weights: Weights, moves: int | None, seed: int) -> Ints:
    """A plan to beat: today's, bettered by a short search that takes the same steps every time."""
    budget = problem.cells if moves is None else moves
    return front(problem, [budget], seed=seed, iterations=_WARM_STEPS, weights=weights).points[-1].assignment


def _partition(
    problem: Problem,
    groups: Sequence[Kind],
    offered: Sequence[Column],
    moves: int | None,
    worst: float,
    seconds: float,
    seed: int,
    workers: int,
) -> tuple[list[Column] | None, float, bool]:
    """The columns that together hold every cell once, at the least cost; the bound; whether it is proven."""
    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in offered]
    holding: list[list[cp_model.IntVar]] = [[] for _ in range(problem.cells)]
    of_kind: list[list[cp_model.IntVar]] = [[] for _ in groups]
    for take, column in zip(takes, offered, strict=True):
        of_kind[column.kind].append(take)
        for cell in positions(column.cells):
            holding[cell].append(take)
    for row in holding:
        model.add_exactly_one(row)
    for kind, row in zip(groups, of_kind, strict=True):
        model.add(sum(row) == len(kind.beats))
    if moves is not None:
        model.add(sum(column.moved * take for take, column in zip(takes, offered, strict=True)) <= moves)
    unit = _UNITS / max(worst, 1e-9)
    model.minimize(sum(round(column.cost * unit) * take for take, column in zip(takes, offered, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise Refused("No plan keeps every beat contiguous under these locks and groups: loosen one of them.")
    bound = max(0.0, solver.best_objective_bound / unit)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, bound, False
    chosen = [column for take, column in zip(takes, offered, strict=True) if solver.boolean_value(take)]
    return chosen, bound, status == cp_model.OPTIMAL


def _assign(problem: Problem, groups: Sequence[Kind], chosen: Sequence[Column]) -> Ints:
    """Sets to beats of their kind so that the fewest cells move (Kuhn, "The Hungarian method", 1955)."""
    held = np.empty(problem.cells, np.int32)
    for number, kind in enumerate(groups):
        sets = [np.array(positions(column.cells)) for column in chosen if column.kind == number]
        stay = np.array([[(problem.current[cells] == beat).sum() for beat in kind.beats] for cells in sets])
        for row, at in zip(*linear_sum_assignment(-stay), strict=True):
            held[sets[row]] = kind.beats[at]
    return held
