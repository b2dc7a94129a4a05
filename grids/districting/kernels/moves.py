"""May a cell leave its beat for another? Locks, containment, and that both stay whole."""

from typing import Any

from geo.compiling import inlined
from grids.districting.graph import Ints, Longs


@inlined
def admits(cell: int, to: int, cell_group: Ints, beat_group: Ints, fixed: Any, closed: Any, held: Ints) -> bool:
    """Whether locks and containment let a cell go to a beat."""
    if fixed[cell] or closed[held[cell]] or closed[to]:
        return False
    return cell_group[cell] < 0 or beat_group[to] < 0 or cell_group[cell] == beat_group[to]


@inlined
def touches(cell: int, to: int, starts: Longs, heads: Ints, held: Ints) -> bool:
    """Whether a neighbour of a cell lies in a beat."""
    for at in range(starts[cell], starts[cell + 1]):  # noqa: SIM110 (numba has no generators in any())
        if held[heads[at]] == to:
            return True
    return False


@inlined
def stays_whole(cell: int, starts: Longs, heads: Ints, held: Ints, stamp: Longs, queue: Longs, clock: Longs) -> bool:
    """Whether a beat falls into no more pieces when a cell leaves it."""
    beat, first, waiting = held[cell], -1, 0
    for at in range(starts[cell], starts[cell + 1]):
        if held[heads[at]] == beat:
            waiting += 1
            first = heads[at]
    if waiting <= 1:
        return True
    clock[0] += 2
    wanted, seen = clock[0], clock[0] + 1
    for at in range(starts[cell], starts[cell + 1]):
        if held[heads[at]] == beat:
            stamp[heads[at]] = wanted
    stamp[cell], stamp[first] = seen, seen
    queue[0] = first
    begin, end = 0, 1
    waiting -= 1
    while begin < end and waiting > 0:
        here = queue[begin]
        begin += 1
        for at in range(starts[here], starts[here + 1]):
            there = heads[at]
            if held[there] == beat and stamp[there] != seen:
                waiting -= stamp[there] == wanted
                stamp[there] = seen
                queue[end] = there
                end += 1
    return waiting == 0
