"""Which tint each beat wears on a map, so that no two that touch are alike."""

from collections.abc import Sequence

import numpy as np

from grids.districting.graph import Graph, Ints


def touching(graph: Graph, sides: Sequence[Ints], beats: int) -> list[set[int]]:
    """For each beat the beats that it touches in any of some assignments (n cells each)."""
    found: list[set[int]] = [set() for _ in range(beats)]
    for held in sides:
        tails, heads = held[graph.tails], held[graph.heads]
        for one, other in np.unique(np.column_stack([tails, heads])[tails != heads], axis=0).tolist():
            found[one].add(other)
    return found


def tints(near: Sequence[set[int]], most: int) -> list[int]:
    """A number from 0 to most - 1 for each beat, unlike those of the beats it touches.

    The beat with the fewest numbers left is served first (D. Brélaz, "New methods to color the vertices of a graph",
    Communications of the ACM 22, 1979) and takes what is least in use; one with none left takes that anyway.
    """
    worn = [-1] * len(near)
    used = [0] * most
    waiting = set(range(len(near)))
    while waiting:
        beat = max(
            waiting, key=lambda each: (len({worn[other] for other in near[each]} - {-1}), len(near[each]), -each)
        )
        taken = {worn[other] for other in near[beat]}
        free = [tint for tint in range(most) if tint not in taken] or list(range(most))
        worn[beat] = min(free, key=lambda tint: (used[tint], tint))
        used[worn[beat]] += 1
        waiting.remove(beat)
    return worn
