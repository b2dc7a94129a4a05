"""Peers of the districting section: plain searches in our own terms, GerryChain's ReCom, spopt's regionalisation.

Each takes a problem and seconds and returns the best assignment for each number of moved cells that it met.
"""

import random
import time
import warnings
from functools import partial
from typing import Any

import numpy as np

from grids.districting.objective import Weights
from grids.districting.problem import Problem
from grids.districting.search import Archive, Chain, Effort, Schedule

Found = dict[int, np.ndarray]
_PLAIN = Schedule(hot=3e-3, cold=1e-6, beyond=0.0, home_first=0.0, two=0.0, three=0.0)


def single_moves(problem: Problem, marks: list[int], seconds: float) -> Found:
    """Always the one move of one cell that helps most, until none does or the largest mark is reached."""
    held, found, until = problem.current.copy(), {}, time.monotonic() + seconds
    while time.monotonic() < until:
        best, base = None, problem.loads(held).std()
        for cell, to in zip(problem.graph.tails.tolist(), held[problem.graph.heads].tolist(), strict=True):
            if to == held[cell]:
                continue
            trial = held.copy()
            trial[cell] = to
            spread = problem.loads(trial).std()
            if spread < base - 1e-12 and _whole(problem, trial, held[cell]):
                best, base = trial, spread
        if best is None or (best != problem.current).sum() > marks[-1]:
            return found
        held = best
        moved = int((held != problem.current).sum())
        found.update({mark: held for mark in marks if mark >= moved})
    return found


def plain_annealing(problem: Problem, marks: list[int], seconds: float) -> Found:
    """Moves of single cells, Metropolis, a penalty on cells beyond the budget; half the time for each mark."""
    found = {}
    for mark in marks:
        archive = Archive.of(problem, [mark], Weights())
        schedule = Schedule(**{**vars(_PLAIN), "beyond": 0.06 / mark})
        Chain(problem, Weights(), archive, (1, mark)).run(mark, schedule, Effort(seconds / 2), lambda: False)
        found[mark] = archive.kept[0]
    return found


def gerrychain_recom(problem: Problem, marks: list[int], seconds: float) -> Found:
    """ReCom from a plan of its own (within 25 %), keeping steps that lower the spread; labels matched to today's."""
    from gerrychain import Graph, MarkovChain, Partition
    from gerrychain.proposals import recom
    from gerrychain.tree import bipartition_tree, recursive_tree_part
    from gerrychain.updaters import Tally
    from networkx import Graph as Net

    random.seed(1)
    net = Net()
    # In this order, because gerrychain numbers nodes anew as they come.
    net.add_nodes_from((cell, {"demand": int(problem.demand[cell])}) for cell in range(problem.cells))
    net.add_edges_from(zip(problem.graph.tails.tolist(), problem.graph.heads.tolist(), strict=True))
    graph, mean = Graph.from_networkx(net), problem.demand.sum() / problem.beats
    until, near = time.monotonic() + seconds, {"pop_col": "demand", "pop_target": mean, "epsilon": 0.25}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = recursive_tree_part(graph, range(problem.beats), **near)
        first = Partition(graph, drawn, updaters={"demand": Tally("demand")})
        halves = partial(bipartition_tree, max_attempts=20, allow_pair_reselection=True)
        step = partial(recom, node_repeats=1, method=halves, **near)
        chain = MarkovChain(step, lambda _: True, _not_wider, first, total_steps=10**9)
        best = first
        for plan in chain:
            best = plan
            if time.monotonic() > until:
                break
    return {problem.cells: matched(problem, np.array([best.assignment[cell] for cell in range(problem.cells)]))}


def _not_wider(partition: Any) -> bool:
    def squares(plan: Any) -> float:
        return float(sum(load**2 for load in plan["demand"].values()))

    return partition.parent is None or squares(partition) <= squares(partition.parent)


def spopt_skater(problem: Problem, marks: list[int], seconds: float) -> Found:
    """SKATER: a minimum spanning tree cut into regions of like demand, from scratch, of at least five cells.

    Of spopt's regionalisations the one that takes a number of regions; its max-p took minutes here.
    """
    import geopandas as gpd
    from libpysal.weights import W
    from spopt.region import Skater

    beside = {cell: problem.graph.beside(cell).tolist() for cell in range(problem.cells)}
    frame = gpd.GeoDataFrame({"demand": problem.demand}, geometry=gpd.points_from_xy(*problem.xy.T))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = Skater(frame, W(beside, silence_warnings=True), ["demand"], n_clusters=problem.beats, floor=5)
        model.solve()
    return {problem.cells: matched(problem, np.unique(model.labels_, return_inverse=True)[1])}


def matched(problem: Problem, regions: np.ndarray) -> np.ndarray:
    """Regions renamed so that the most cells are in the beat they are in today; those too many get new numbers."""
    from scipy.optimize import linear_sum_assignment

    size = max(problem.beats, int(regions.max()) + 1)
    overlap = np.zeros((size, size))
    np.add.at(overlap, (regions, problem.current), 1)
    rows, labels = linear_sum_assignment(-overlap)
    return labels[np.argsort(rows)][regions].astype(np.int32)


def _whole(problem: Problem, held: np.ndarray, left: int) -> bool:
    return len(np.unique(problem.graph.parts(held)[held == left])) == 1
