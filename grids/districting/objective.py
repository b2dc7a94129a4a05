"""What a plan is judged by: balance, moved cells, compactness and travel, and their weights."""

from dataclasses import dataclass

import numpy as np

from grids.districting.graph import Ints
from grids.districting.problem import Problem
from grids.workload import fairness


@dataclass(frozen=True)
class Weights:
    """The planner's sliders, all 0 or more; each part of the objective is 1 when it is as bad as today's plan.

    The objective is balance · CV² + peak · mean square of what loads exceed `ceiling` times the fair load
    by + cut · cut border + travel · moment of inertia + moves · share of cells moved. CV² and the peak part are
    taken as they are (a CV of 1 costs 1), so that they mean the same in every city.
    """

    balance: float = 1.0
    peak: float = 0.0
    ceiling: float = 1.0
    cut: float = 0.0
    travel: float = 0.0
    moves: float = 0.0


@dataclass(frozen=True)
class Measures:
    """A plan in figures: `cut_edges` counts neighbours in different beats, `cut_m` their border in metres.

    `travel` is Σ demand · squared metres to the beat's demand-weighted centre (the moment of inertia of
    Hess et al., "Nonpartisan political redistricting by computer", Operations Research 13, 1965).
    """

    max_over_mean: float
    cv: float
    moved: int
    cut_edges: int
    cut_m: float
    travel: float


def measure(problem: Problem, held: Ints) -> Measures:
    """The figures of an assignment (n) of a problem."""
    fair = fairness(problem.loads(held))
    graph = problem.graph
    cut = (held[graph.tails] != held[graph.heads]) & (graph.tails < graph.heads)
    moved = int((held != problem.current).sum())
    metres = float(graph.borders[cut].sum())
    return Measures(fair.max_over_mean, fair.cv, moved, int(cut.sum()), metres, inertia(problem, held))


def inertia(problem: Problem, held: Ints) -> float:
    """Σ over cells of demand · squared distance to the demand-weighted centre of their beat, m²."""
    sums = np.bincount(held, problem.demand, minlength=problem.beats)
    centre = [
        np.bincount(held, problem.demand * axis, minlength=problem.beats) / np.where(sums > 0, sums, 1)
        for axis in problem.xy.T
    ]
    apart = problem.xy - np.stack(centre, axis=1)[held]
    return float((problem.demand * (apart**2).sum(axis=1)).sum())


def value(problem: Problem, held: Ints, weights: Weights) -> float:
    """The objective of an assignment: the smaller the better. See Weights."""
    found, today = measure(problem, held), measure(problem, problem.current)
    loads = np.bincount(held, problem.demand, minlength=problem.beats) * problem.scale
    excess = np.maximum(loads - weights.ceiling, 0.0)
    return float(
        weights.balance * found.cv**2
        + weights.peak * (excess**2).mean()
        + weights.cut * found.cut_m / (today.cut_m or 1.0)
        + weights.travel * found.travel / (today.travel or 1.0)
        + weights.moves * found.moved / problem.cells
    )
