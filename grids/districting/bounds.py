"""What no plan can better: lower bounds on max/mean and CV, whatever the search finds."""

from itertools import pairwise

import numpy as np

from geo.datums import FloatArray
from grids.districting.graph import hops
from grids.districting.problem import Problem
from grids.districting.rules import ANYWHERE

# Beyond so many moves what beats can give and take says nothing in any city, and would take long to find so.
_MOST_MOVES = 500
_SLICES = 24


def peak_bound(problem: Problem, moves: int | None = None) -> float:
    """A lower bound on max/mean of the loads, with at most `moves` moved cells (None: any number).

    The largest of: 1; with even staff also those of P||Cmax over cells as jobs and beats as machines (largest
    cell; with k beats two of the k + 1 largest cells meet, three of the 2k + 1 largest …: Dell'Amico & Martello,
    "Optimal scheduling of tasks on identical parallel processors", 1995), each inside every closed group of cells
    and beats; the fair share rounded up where demands are whole; and what each overloaded beat must shed. With
    uneven staff all of it is held against the highest mean that the moves allow.
    """
    mean = problem.demand.sum() / problem.beats
    highest = mean_range(problem, problem.cells if moves is None else moves)[1]
    found = max(demand / minutes.sum() for demand, minutes in _fixed_groups(problem)) / highest
    if moves is not None:
        found = max(found, _shedding(problem, moves) / highest)
    if not problem.even_staff:
        return max(1.0, found, _largest_cell(problem))
    packed = _packing(problem.demand, problem.beats)
    for cells, beats in _closed_groups(problem):
        packed = max(packed, _packing(problem.demand[cells], beats))
    return max(1.0, found, float(packed / mean))


def cv_bound(problem: Problem, moves: int) -> float:
    """A lower bound on the CV of the loads with at most `moves` moved cells.

    Every move leaves one beat and enters one. A beat above the mean that `a` cells leave keeps at least its
    load less the `a` largest; one below that `c` enter gets at most the `c` largest of those within `c` steps of
    it. What is left of the squares is least when moves go where they help most, which is found by dynamic
    programming over beats, for leaving and entering apart. With uneven staff the mean moves too: the least is taken
    over slices of what it can be. And whatever moves, communities or stations that are closed keep their own demand.
    Contiguity inside the beats is not asked, so the bound may be low.
    """
    low, high = mean_range(problem, moves)
    edges = np.linspace(low, high, 2 if high - low <= 1e-12 * high else _SLICES + 1).tolist()
    groups, reach = _fixed_groups(problem), _reach(problem, moves)
    slices = [(one, other) for one, other in pairwise(edges)]
    least = min(max(_between(groups, each), _squares(problem, reach, each)) / each[1] ** 2 for each in slices)
    return float(np.sqrt(least / problem.beats))


def _reach(problem: Problem, moves: int) -> list[tuple[FloatArray, FloatArray]]:
    """Of each beat the lowest and highest load that 0 … moves cells can give it; none for too many moves."""
    if moves > _MOST_MOVES:
        return []
    loads, minutes = problem.loads(problem.current), problem.minutes
    return [
        (
            loads[beat] - _leaving(problem, beat, moves) / minutes[beat],
            loads[beat] + _entering(problem, beat, moves) / minutes[beat],
        )
        for beat in range(problem.beats)
    ]


def _between(groups: list[tuple[float, FloatArray]], mean: tuple[float, float]) -> float:
    """The least sum of squares about a mean in a slice, when the demand of each group is shared out at will.

    The loads of a group's beats (minutes m) keep Σ m · load = demand, so Σ (load − a)² ≥ (demand − a Σ m)² / Σ m².
    """
    found = 0.0
    for demand, minutes in groups:
        apart = max(demand - mean[1] * minutes.sum(), mean[0] * minutes.sum() - demand, 0.0)
        found += float(apart**2 / (minutes**2).sum())
    return found


def _fixed_groups(problem: Problem) -> list[tuple[float, FloatArray]]:
    """Demand and minutes of communities or stations that neither give nor take a cell; else of all together."""
    rules, demand, minutes = problem.rules, problem.demand, problem.minutes
    closed = (rules.cell_group == rules.beat_group[problem.current]) & (rules.cell_group != ANYWHERE)
    if not closed.all() or (rules.beat_group == ANYWHERE).any():
        return [(float(demand.sum()), minutes)]
    names = np.unique(rules.beat_group)
    return [(float(demand[rules.cell_group == name].sum()), minutes[rules.beat_group == name]) for name in names]


def _squares(problem: Problem, reach: list[tuple[FloatArray, FloatArray]], mean: tuple[float, float]) -> float:
    """The least sum of squares about a mean in a slice that so many moves leave, whoever gives and takes."""
    if not reach:
        return 0.0
    over, under = np.zeros(len(reach[0][0])), np.zeros(len(reach[0][0]))
    for load, (lowest, highest) in zip(problem.loads(problem.current), reach, strict=True):
        if load > mean[1]:
            over = _spread(over, np.maximum(lowest - mean[1], 0) ** 2)
        elif load < mean[0]:
            under = _spread(under, np.maximum(mean[0] - highest, 0) ** 2)
    return float(over[-1] + under[-1])


def mean_range(problem: Problem, moves: int) -> tuple[float, float]:
    """The lowest and highest mean of the loads that so many moves can make; one and the same where staff is even."""
    mean, each = float(problem.loads(problem.current).mean()), 1 / problem.minutes
    if problem.even_staff:
        return mean, mean
    free = ~problem.rules.locked_cells & ~problem.rules.locked_beats[problem.current]
    demand, own = problem.demand[free], each[problem.current[free]]
    down, up = demand * (own - each.min()), demand * (each.max() - own)
    lowest, highest = (float(np.sort(gain)[::-1][:moves].sum()) / problem.beats for gain in (down, up))
    return mean - lowest, mean + highest


def _spread(so_far: FloatArray, squares: FloatArray) -> FloatArray:
    """The least sum over beats for each number of moves, when one more beat may use some of them."""
    spent = np.arange(len(so_far))
    back = spent[:, None] - spent[None, :]
    table = np.where(back >= 0, so_far[np.maximum(back, 0)] + squares[None, :], np.inf)
    return np.asarray(table.min(axis=1), np.float64)


def _leaving(problem: Problem, beat: int, moves: int) -> FloatArray:
    """The most demand that 0 … moves cells can take out of a beat."""
    if problem.rules.locked_beats[beat]:
        return np.zeros(moves + 1)
    free = (problem.current == beat) & ~problem.rules.locked_cells
    return _tops(problem.demand[free], moves)


def _entering(problem: Problem, beat: int, moves: int) -> FloatArray:
    """The most demand that 0 … moves cells can bring into a beat."""
    if problem.rules.locked_beats[beat]:
        return np.zeros(moves + 1)
    rules, own = problem.rules, np.flatnonzero(problem.current == beat)
    free = (problem.current != beat) & ~rules.locked_cells & ~rules.locked_beats[problem.current]
    if rules.beat_group[beat] != ANYWHERE:
        free &= (rules.cell_group == ANYWHERE) | (rules.cell_group == rules.beat_group[beat])
    if len(own) <= moves:
        # The beat could leave its place altogether.
        return _tops(problem.demand[free], moves)
    away = hops(problem.graph, own)
    return np.array([_tops(problem.demand[free & (away <= count)], count)[-1] for count in range(moves + 1)])


def _tops(demand: FloatArray, count: int) -> FloatArray:
    """Sums of the 0, 1 … count largest."""
    largest = np.sort(demand)[::-1][:count]
    return np.concatenate([[0.0], np.cumsum(largest), np.full(count - len(largest), largest.sum())])


def _shedding(problem: Problem, moves: int) -> float:
    """The least largest load that `moves` leaving cells allow, over all beats."""
    loads, minutes = problem.loads(problem.current), problem.minutes
    most = min(moves, int(np.bincount(problem.current).max()))
    after = np.array([loads[beat] - _leaving(problem, beat, most) / minutes[beat] for beat in range(problem.beats)])
    levels = np.unique(after)
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high) // 2
        needed = (after > levels[middle] * (1 + 1e-9)).sum(axis=1)
        if (needed <= most).all() and needed.sum() <= moves:
            high = middle
        else:
            low = middle + 1
    return float(levels[low])


def _packing(demand: FloatArray, beats: int) -> float:
    """Lower bound on the largest of `beats` sums of the demands."""
    share = demand.sum() / beats
    largest = np.sort(demand)[::-1]
    if np.all(largest == np.round(largest)):
        share = np.ceil(share - 1e-9)
    rows = (len(largest) - 1) // beats
    meeting = [largest[row * beats - row : row * beats + 1].sum() for row in range(rows + 1) if len(largest)]
    return float(max([share, *meeting]))


def _closed_groups(problem: Problem) -> list[tuple[np.ndarray, int]]:
    """Communities or stations whose cells can go to none but their own beats: cells, number of those beats."""
    rules, found = problem.rules, []
    if (rules.beat_group == ANYWHERE).any():
        return []
    for group in np.unique(rules.cell_group[rules.cell_group != ANYWHERE]):
        beats = int((rules.beat_group == group).sum())
        if beats:
            # A cell that lies outside its group today may stay there.
            inside = (rules.cell_group == group) & (rules.beat_group[problem.current] == group)
            found.append((np.flatnonzero(inside), beats))
    return found


def _largest_cell(problem: Problem) -> float:
    """Uneven staff: the largest cell on the best-staffed beat over the highest mean that loads can have."""
    highest = problem.demand.sum() / problem.minutes.min() / problem.beats
    return float(problem.demand.max() / problem.minutes.max() / highest)
