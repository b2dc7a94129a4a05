"""The compiled loop that counts points in degrees on a lattice in metres, projecting them by a table."""

import numpy as np
from numba import float64, int64
from numba.core.types import Array

from geo.compiling import Compiled
from geo.datums import FloatArray
from geo.edges import Longs


def _count_points(
    lon: FloatArray, lat: FloatArray, rows: Longs, frame: FloatArray, x: FloatArray, y: FloatArray, corner: FloatArray,
    counts: FloatArray,
) -> None:  # fmt: skip
    """Add each of `rows` to the lattice square it lies in; what is off the table or the lattice, to none.

    frame: west, south and the step of the table's nodes in degrees (lon, lat); x, y: metres of the nodes. corner: left,
    bottom and the side of a square in metres.
    """
    high, wide = x.shape
    for at in range(rows.size):
        u, v = (lon[rows[at]] - frame[0]) / frame[2], (lat[rows[at]] - frame[1]) / frame[3]
        if not (0 <= u <= wide - 1 and 0 <= v <= high - 1):
            continue
        i, j = min(int(u), wide - 2), min(int(v), high - 2)
        p, q = u - i, v - j
        a, b, c, d = (1 - p) * (1 - q), p * (1 - q), (1 - p) * q, p * q
        east = a * x[j, i] + b * x[j, i + 1] + c * x[j + 1, i] + d * x[j + 1, i + 1]
        north = a * y[j, i] + b * y[j, i + 1] + c * y[j + 1, i] + d * y[j + 1, i + 1]
        column, row = np.floor((east - corner[0]) / corner[2]), np.floor((north - corner[1]) / corner[2])
        if 0 <= column < counts.shape[1] and 0 <= row < counts.shape[0]:
            counts[int(row), int(column)] += 1


_line, _table = Array(float64, 1, "C", readonly=True), Array(float64, 2, "C", readonly=True)
_rows, _out = Array(int64, 1, "C", readonly=True), Array(float64, 2, "C")

count_points = Compiled(_count_points, (_line, _line, _rows, _line, _table, _table, _line, _out))
