"""The compiled loop of the Knox test: pairs near in space, counted by how near they are in time."""

import numpy as np
from numba import int8, int32, int64
from numba.core.types import Array

from geo.compiling import Compiled
from geo.edges import Ints, Longs

Bands = np.ndarray[tuple[int], np.dtype[np.int8]]


def _count_pairs(seconds: Ints, left: Ints, right: Ints, band: Bands, edges: Longs, counts: Longs) -> None:
    """Add each pair to counts[its space band, the first time edge not below its gap]; beyond all edges: to none."""
    last = edges[edges.size - 1]
    for pair in range(left.size):
        gap = abs(np.int64(seconds[left[pair]]) - np.int64(seconds[right[pair]]))
        if gap <= last:
            time = 0
            while gap > edges[time]:
                time += 1
            counts[band[pair], time] += 1


_row, _edges = Array(int32, 1, "C", readonly=True), Array(int64, 1, "C", readonly=True)
_bands, _table = Array(int8, 1, "C", readonly=True), Array(int64, 2, "C")

count_pairs = Compiled(_count_pairs, (_row, _row, _row, _bands, _edges, _table))
