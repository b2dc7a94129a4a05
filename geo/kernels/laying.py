"""Laying the edges of cells into the squares of a frame (see geo.kernels)."""

from typing import Any

import numpy as np
from numba import boolean, float64, int32, int64
from numba.core.types import Array

from geo.compiling import Compiled, inlined
from geo.datums import FloatArray
from geo.edges import Flags, Ints, Longs
from geo.kernels.lists import grown

# Squares are widened by this part of their side: far more than rounding can move an edge or a point (see raster.py).
_MARGIN = 2.0**-10


@inlined
def _square_of(place: float, count: int) -> int:
    """Column or row of a place measured in squares: -1 before the first, `count` behind the last."""
    if place < 0.0:
        return -1
    return int(place) if place < count else count


@inlined
def _limits(row: int, frame: FloatArray) -> tuple[float, float]:
    """South and north of a row, widened. A frame's rows so widened lie inside the row that the frame refines."""
    height = 1.0 / frame[3]
    return frame[1] + (row - _MARGIN) * height, frame[1] + (row + 1 + _MARGIN) * height


@inlined
def _reach(xy: FloatArray, edge: int, south: float, north: float, frame: FloatArray) -> tuple[int, int]:
    """First and last column that an edge may touch between south and north: from -1 to the number of columns."""
    columns = int(frame[4])
    if columns == 1:
        return 0, 0
    x1, y1, x2, y2 = xy[2 * edge], xy[2 * edge + 1], xy[2 * edge + 2], xy[2 * edge + 3]
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    left, right = x1, x2
    if y1 < south:
        left += min((south - y1) / (y2 - y1), 1.0) * (x2 - x1)
    if y2 > north:
        right -= min((y2 - north) / (y2 - y1), 1.0) * (x2 - x1)
    if left > right:
        left, right = right, left
    first = _square_of((left - frame[0]) * frame[2] - _MARGIN, columns)
    return first, _square_of((right - frame[0]) * frame[2] + _MARGIN, columns)


@inlined
def _window(box: FloatArray, frame: FloatArray, first_row: int, last_row: int) -> tuple[int, int, int, int]:
    """First and last row, first and last column of a frame that a box may touch, among the rows asked for."""
    columns, rows = int(frame[4]), int(frame[5])
    low = max(first_row, _square_of((box[1] - frame[1]) * frame[3] - _MARGIN, rows))
    high = min(last_row, _square_of((box[3] - frame[1]) * frame[3] + _MARGIN, rows))
    west = max(0, _square_of((box[0] - frame[0]) * frame[2] - _MARGIN, columns))
    east = min(columns - 1, _square_of((box[2] - frame[0]) * frame[2] + _MARGIN, columns))
    return low, high, west, east


@inlined
def _carry_sinks(
    odd: Any, entry: int, y1: float, y2: float, low: int, high: int, width: int, frame: FloatArray
) -> None:
    """Count the sinks of the list that a frame refines in the rows below them: they lie right of all its columns."""
    for end in range(2):
        if (entry >> end) & 1:
            for row in range(low, high + 1):
                if (y2 if end else y1) > _limits(row, frame)[1]:
                    odd[(row - low) * width + width - 1] ^= 1


@inlined
def _write(
    lists: Ints,
    used: int,
    cell: int,
    codes: Ints,
    first_row: int,
    columns: int,
    head: Ints,
    odd: Any,
    low: int,
    high: int,
    west: int,
    width: int,
    pair_edge: Ints,
    pair_next: Ints,
) -> int:
    """Put one cell on top of the squares of its window: whole squares its position, cut ones a block more."""
    for row in range(low, high + 1):
        base, parity = (row - low) * width, 0
        here = (row - first_row) * columns + west
        for column in range(width - 1, -1, -1):
            parity ^= odd[base + column]
            pair = head[base + column]
            if pair < 0:
                if parity:
                    codes[here + column] = cell
                continue
            block = used
            lists[block], lists[block + 2] = cell, codes[here + column]
            used += 3
            while pair >= 0:
                lists[used] = pair_edge[pair]
                used += 1
                pair = pair_next[pair]
            lists[block + 1] = 2 * (used - block - 3) + parity
            codes[here + column] = -2 - block
    return used


def _fill(
    xy: FloatArray,
    frame: FloatArray,
    cells: Ints,
    boxes: FloatArray,
    starts: Longs,
    edges: Ints,
    parities: Flags,
    tail: int,
    first_row: int,
    last_row: int,
    codes: Ints,
) -> tuple[Ints, int]:
    """Lay cells into the rows first_row … last_row of a frame, the last cell first, so that lower ones go on top.

    boxes: west, south, east, north of every cell; edges[starts[i]:starts[i + 1]] as in a list; parities as in a list;
    tail: code of squares without cell; codes: those rows. Returns the lists and their length; codes count from it.
    """
    columns = int(frame[4])
    # Loops, because numba takes seconds to compile the assignment of a value to a slice.
    for square in range(codes.size):
        codes[square] = tail
    lists = np.empty(4096, np.int32)
    used = 0
    pair_edge, pair_next = np.empty(256, np.int32), np.empty(256, np.int32)
    head, odd = np.empty(256, np.int32), np.empty(256, np.uint8)
    for i in range(cells.size - 1, -1, -1):
        low, high, west, east = _window(boxes[cells[i]], frame, first_row, last_row)
        if low > high or west > east:
            continue
        width = east - west + 1
        size = (high - low + 1) * width
        if size > head.size:
            head, odd = grown(head, 0, size), grown(odd, 0, size)
        for square in range(size):
            head[square], odd[square] = -1, 0
        if parities[i]:
            for row in range(high - low + 1):
                odd[row * width + width - 1] = 1
        pairs = 0
        for at in range(starts[i], starts[i + 1]):
            edge = edges[at] >> 2
            y1, y2 = xy[2 * edge + 1], xy[2 * edge + 3]
            _carry_sinks(odd, edges[at], y1, y2, low, high, width, frame)
            lowest = _square_of((min(y1, y2) - frame[1]) * frame[3] - 2 * _MARGIN, int(frame[5]))
            highest = _square_of((max(y1, y2) - frame[1]) * frame[3] + 2 * _MARGIN, int(frame[5]))
            for row in range(max(low, lowest), min(high, highest) + 1):
                south, north = _limits(row, frame)
                if min(y1, y2) > north or max(y1, y2) < south:
                    continue
                first, last = _reach(xy, edge, south, north, frame)
                base = (row - low) * width
                # The parity of a square is the sum of what begins right of it: odd[k] counts for columns up to k.
                if (y1 > north) != (y2 > north) and first > west:
                    odd[base + min(first - 1, east) - west] ^= 1
                first, last = max(first, west), min(last, east)
                if first > last:
                    continue
                before = _reach(xy, edge - 1, south, north, frame)[0] if south <= y1 <= north else -1
                after = _reach(xy, edge + 1, south, north, frame)[0] if south <= y2 <= north else -1
                if pairs + last - first >= pair_edge.size:
                    pair_edge = grown(pair_edge, pairs, last - first + 1)
                    pair_next = grown(pair_next, pairs, last - first + 1)
                for column in range(first, last + 1):
                    square = base + column - west
                    pair_edge[pairs] = 4 * edge + (column < before) + 2 * (column < after)
                    pair_next[pairs] = head[square]
                    head[square] = pairs
                    pairs += 1
        if used + 4 * pairs > lists.size:
            lists = grown(lists, used, 4 * pairs)
        used = _write(
            lists, used, cells[i], codes, first_row, columns, head, odd, low, high, west, width, pair_edge, pair_next
        )
    return lists, used


_reals, _boxes = Array(float64, 1, "C", readonly=True), Array(float64, 2, "C", readonly=True)
_ints, _longs = Array(int32, 1, "C", readonly=True), Array(int64, 1, "C", readonly=True)
_codes, _flags = Array(int32, 1, "C"), Array(boolean, 1, "C", readonly=True)

fill = Compiled(_fill, (_reals, _reals, _ints, _boxes, _longs, _ints, _flags, int32, int64, int64, _codes))
