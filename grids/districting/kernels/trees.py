"""Recombination: a random spanning tree of two beats, and the best edge of it to cut."""

from typing import Any

from geo.compiling import inlined
from geo.datums import FloatArray
from grids.districting.graph import Ints, Longs
from grids.districting.kernels.dice import uniform


@inlined
def spanning_tree(
    root: int,
    one: int,
    other: int,
    starts: Longs,
    heads: Ints,
    held: Ints,
    dice: Any,
    stamp: Longs,
    clock: Longs,
    order: Longs,
    parent: Longs,
    edge: Longs,
) -> int:
    """A random spanning tree of two beats, grown by random edges: cells in order, parents as places in it."""
    clock[0] += 2
    seen = clock[0]
    stamp[root] = seen
    order[0], parent[0] = root, -1
    size, open_edges, begin = 1, 0, 0
    while True:
        while begin < size:
            for at in range(starts[order[begin]], starts[order[begin] + 1]):
                there = heads[at]
                if stamp[there] != seen and (held[there] == one or held[there] == other):
                    edge[2 * open_edges], edge[2 * open_edges + 1] = begin, there
                    open_edges += 1
            begin += 1
        grown = False
        while open_edges > 0 and not grown:
            pick = int(uniform(dice) * open_edges)
            below, there = edge[2 * pick], edge[2 * pick + 1]
            open_edges -= 1
            edge[2 * pick], edge[2 * pick + 1] = edge[2 * open_edges], edge[2 * open_edges + 1]
            if stamp[there] != seen:
                stamp[there] = seen
                order[size], parent[size] = there, below
                size += 1
                grown = True
        if not grown:
            return size


@inlined
def best_cut(
    size: int,
    one: int,
    other: int,
    order: Longs,
    parent: Longs,
    demand: FloatArray,
    home: Ints,
    scale: FloatArray,
    cell_group: Ints,
    beat_group: Ints,
    fixed: Any,
    price: float,
    beats: int,
    held: Ints,
    branch: Any,
) -> tuple[int, int]:
    """The best edge of a tree to cut, as the place of its lower end, and which beat the branch goes to; -1 for none.

    branch (places, 5): demand, cells of home `one`, of home `other`, cells that may not go to `one`, to `other`.
    """
    for k in range(size):
        cell = order[k]
        branch[k, 0] = demand[cell]
        branch[k, 1], branch[k, 2] = home[cell] == one, home[cell] == other
        stuck = fixed[cell] != 0
        group = cell_group[cell]
        barred_one = group >= 0 and beat_group[one] >= 0 and group != beat_group[one]
        barred_other = group >= 0 and beat_group[other] >= 0 and group != beat_group[other]
        branch[k, 3] = (stuck and held[cell] != one) or (barred_one and held[cell] != one)
        branch[k, 4] = (stuck and held[cell] != other) or (barred_other and held[cell] != other)
    for k in range(size - 1, 0, -1):
        for column in range(5):
            branch[parent[k], column] += branch[k, column]
    best, found, to = 1e300, -1, one
    for k in range(1, size):
        for turn in range(2):
            low, high = (one, other) if turn == 0 else (other, one)
            if branch[k, 3 + turn] > 0 or branch[0, 4 - turn] - branch[k, 4 - turn] > 0:
                continue
            load = branch[k, 0] * scale[low]
            rest = (branch[0, 0] - branch[k, 0]) * scale[high]
            at_home = branch[k, 1 + turn] + branch[0, 2 - turn] - branch[k, 2 - turn]
            cost = (load * load + rest * rest) / beats - price * at_home
            if cost < best:
                best, found, to = cost, k, low
    return found, to
