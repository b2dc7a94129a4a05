"""A first plan where none exists: seeds far apart, regions grown lightest first, then the search."""

import heapq
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.datums import FloatArray
from geo.errors import InputError
from grids.districting.front import front
from grids.districting.graph import Graph, Ints, Longs
from grids.districting.problem import make_problem


def first_plan(
    graph: Graph,
    demand: ArrayLike,
    beats: int,
    *,
    cell_group: ArrayLike | None = None,
    beat_group: ArrayLike | None = None,
    seconds: float = 5.0,
    iterations: int | None = None,
    seed: int = 1,
    stop: Callable[[], bool] | None = None,
) -> Ints:
    """A contiguous, balanced assignment (n) of cells to `beats` beats, each inside its group where there are groups.

    With groups (one number a cell, one a beat) every cell's group must have a beat. Raises InputError where there
    are fewer beats than pieces of land that do not touch, or more than cells.
    """
    weight = np.ascontiguousarray(demand, np.float64)
    held = grown(graph, weight, beats, cell_group, beat_group, seed)
    groups = {"cell_group": cell_group, "beat_group": beat_group}
    problem = make_problem(graph, weight, held, beats=beats, **groups)  # type: ignore[arg-type]
    return front(problem, [len(graph)], seconds, seed, iterations=iterations, stop=stop).points[-1].assignment


def grown(
    graph: Graph, demand: FloatArray, beats: int, cell_group: ArrayLike | None, beat_group: ArrayLike | None, seed: int
) -> Ints:
    """Contiguous regions grown from seeds that lie far apart, always the lightest first; see first_plan."""
    cells = np.zeros(len(graph), np.int64) if cell_group is None else np.asarray(cell_group, np.int64)
    names = np.zeros(beats, np.int64) if beat_group is None else np.asarray(beat_group, np.int64)
    if not set(cells.tolist()) <= set(names.tolist()):
        raise InputError("Give every group of cells at least one beat: a cell of one has nowhere to go.")
    held, dice = np.full(len(graph), -1, np.int32), np.random.default_rng(seed)
    for group in np.unique(cells):
        numbers = np.flatnonzero(names == group)
        for piece, share in _shares(graph, demand, np.flatnonzero(cells == group), len(numbers)):
            mine, numbers = numbers[:share], numbers[share:]
            _grow(graph, demand, held, mine, _seeds(graph, piece, share, dice), piece)
    return held


def _shares(graph: Graph, demand: FloatArray, members: Longs, beats: int) -> list[tuple[Longs, int]]:
    """Connected pieces of the members and how many beats each gets: one, then one more where a beat has most to do."""
    inside = np.isin(graph.tails, members) & np.isin(graph.heads, members)
    size = (len(graph), len(graph))
    pairs = csr_array((np.ones(int(inside.sum()), np.int8), (graph.tails[inside], graph.heads[inside])), shape=size)
    labels = connected_components(pairs, directed=False)[1][members]
    pieces = [members[labels == label] for label in np.unique(labels)]
    if len(pieces) > beats or beats > len(members):
        raise InputError(f"{beats} beats do not fit {len(members)} cells in {len(pieces)} pieces: give other numbers.")
    counts = np.ones(len(pieces), np.int64)
    sums, sizes = np.array([demand[piece].sum() for piece in pieces]), np.array([len(piece) for piece in pieces])
    for _ in range(beats - len(pieces)):
        counts[np.argmax(np.where(counts < sizes, (sums + 1e-12) / counts, -1.0))] += 1
    return list(zip(pieces, counts.tolist(), strict=True))


def _seeds(graph: Graph, piece: Longs, count: int, dice: np.random.Generator) -> list[int]:
    """Cells of a piece, each as many steps as can be from those before it."""
    seeds = [int(dice.choice(piece))]
    away = dict.fromkeys(piece.tolist(), len(graph))
    _nearer(graph, away, seeds[0])
    while len(seeds) < count:
        steps = np.array([away[cell] for cell in piece.tolist()])
        seeds.append(int(piece[dice.choice(np.flatnonzero(steps == steps.max()))]))
        _nearer(graph, away, seeds[-1])
    return seeds


def _nearer(graph: Graph, away: dict[int, int], seed: int) -> None:
    """Bring steps to the nearest seed up to date in place for one more, looking only where it is nearer."""
    away[seed], frontier, step = 0, [seed], 0
    while frontier:
        step += 1
        near = {other for cell in frontier for other in graph.beside(cell).tolist()}
        frontier = [cell for cell in near if away.get(cell, 0) > step]
        away.update(dict.fromkeys(frontier, step))


def _grow(graph: Graph, demand: FloatArray, held: Ints, beats: Longs, seeds: list[int], piece: Longs) -> None:
    """Give the cells of a piece to beats in place: the lightest beat takes a free neighbour next."""
    free = set(piece.tolist())
    open_: dict[int, list[int]] = {}
    lightest: list[tuple[float, int]] = []
    for beat, seed in zip(beats.tolist(), seeds, strict=True):
        held[seed] = beat
        free.discard(seed)
        open_[beat] = graph.beside(seed).tolist()
        lightest.append((float(demand[seed]), beat))
    heapq.heapify(lightest)
    while free and lightest:
        load, beat = heapq.heappop(lightest)
        while open_[beat] and open_[beat][0] not in free:
            open_[beat].pop(0)
        if open_[beat]:
            cell = open_[beat].pop(0)
            held[cell] = beat
            free.discard(cell)
            open_[beat] += graph.beside(cell).tolist()
            heapq.heappush(lightest, (load + float(demand[cell]), beat))
