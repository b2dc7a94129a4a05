"""What no plan can better: lower bounds on max/mean and CV, whatever the search finds."""

import numpy as np

from geo.datums import FloatArray
from grids.districting.graph import hops
from grids.districting.problem import Problem
from grids.districting.rules import ANYWHERE

# Beyond so many moves the bound on CV is 0 in any city, and would take long to find so.
_MOST_MOVES = 500


def peak_bound(problem: Problem, moves: int | None = None) -> float:
    """A lower bound on max/mean of the loads, with at most `moves` moved cells (None: any number).

    The largest of: 1; with even staff also those of P||Cmax over cells as jobs and beats as machines (largest
    cell; with k beats two of the k + 1 largest cells meet, three of the 2k + 1 largest …: Dell'Amico & Martello,
    "Optimal scheduling of tasks on identical parallel processors", 1995), each inside every closed group of cells
    and beats; the fair share rounded up where demands are whole; and what each overloaded beat must shed.
    """
    mean = problem.demand.sum() / problem.beats
    if not problem.even_staff:
        return max(1.0, _largest_cell(problem))
    found = _packing(problem.demand, problem.beats)
    for cells, beats in _closed_groups(problem):
        found = max(found, _packing(problem.demand[cells], beats))
    if moves is not None:
        found = max(found, _shedding(problem, moves))
    return max(1.0, float(found / mean))


def cv_bound(problem: Problem, moves: int) -> float:
    """A lower bound on the CV of the loads with at most `moves` moved cells (even staff; else 0).

    Every move leaves one beat and enters one. A beat above the mean that `a` cells leave keeps at least its
    load less the `a` largest; one below that `c` enter gets at most the `c` largest of those within `c` steps of
    it. What is left of the squares is least when moves go where they help most, which is found by dynamic
    programming over beats, for leaving and entering apart. Contiguity inside the beats is not asked, so the bound
    may be low; beyond 500 moves it is 0.
    """
    if not problem.even_staff or moves > _MOST_MOVES:
        return 0.0
    loads = np.bincount(problem.current, problem.demand, minlength=problem.beats)
    mean = loads.mean()
    over, under = np.zeros(moves + 1), np.zeros(moves + 1)
    for beat in range(problem.beats):
        gap = loads[beat] - mean
        if gap > 0:
            over = _spread(over, np.maximum(gap - _leaving(problem, beat, moves), 0) ** 2)
        else:
            under = _spread(under, np.maximum(-gap - _entering(problem, beat, moves), 0) ** 2)
    return float(np.sqrt((over[moves] + under[moves]) / problem.beats) / mean)


def _spread(so_far: FloatArray, squares: FloatArray) -> FloatArray:
    """The least sum over beats for each number of moves, when one more beat may use some of them."""
    count = len(so_far)
    return np.array([(so_far[: spent + 1] + squares[spent::-1][: spent + 1]).min() for spent in range(count)])


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
    """The least peak that `moves` leaving cells allow, over all beats: demand."""
    loads = np.bincount(problem.current, problem.demand, minlength=problem.beats)
    most = min(moves, int(np.bincount(problem.current).max()))
    after = np.array([loads[beat] - _leaving(problem, beat, most) for beat in range(problem.beats)])
    levels = np.unique(after)
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high) // 2
        needed = (after > levels[middle] + 1e-9).sum(axis=1)
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
