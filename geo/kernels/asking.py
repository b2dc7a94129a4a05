"""Asking in which cells points lie (see geo.kernels)."""

import numpy as np
from numba import float64, int32
from numba.core.types import Array

from geo.compiling import Compiled, inlined
from geo.datums import FloatArray
from geo.edges import Ints
from geo.kernels.lists import DOUBT, next_code

# Shewchuk's bound of the determinant's rounding is 3.3307e-16; below the tiniest, products may have lost all digits.
_ROUNDING = 4e-16
_TINIEST = 1e-290
_BLOCK = 2048


@inlined
def _is_on(x1: float, y1: float, x2: float, y2: float, px: float, py: float) -> bool:
    """Whether a point is an end of an edge, or on one that is level or upright."""
    if (x1 == px and y1 == py) or (x2 == px and y2 == py):
        return True
    level = y1 == py and y2 == py and min(x1, x2) <= px <= max(x1, x2)
    return level or (x1 == px and x2 == px and min(y1, y2) <= py <= max(y1, y2))


@inlined
def _holds(xy: FloatArray, lists: Ints, block: int, px: float, py: float) -> int:
    """Whether a block's cell holds a point of its square: 1 or 0, DOUBT when rounding leaves it open."""
    parity = lists[block + 1] & 1
    for at in range(block + 3, block + 3 + (lists[block + 1] >> 1)):
        entry = lists[at]
        vertex = 2 * (entry >> 2)
        x1, y1, x2, y2 = xy[vertex], xy[vertex + 1], xy[vertex + 2], xy[vertex + 3]
        above1, above2 = int(y1 > py), int(y2 > py)
        crossed = above1 ^ above2
        left, right = (x1 - px) * (y2 - py), (y1 - py) * (x2 - px)
        turn = left - right
        unclear = int(abs(turn) <= max(_ROUNDING * (abs(left) + abs(right)), _TINIEST))
        # One branch that is hardly ever taken: a processor that guesses wrong at each edge loses most of its time.
        if int(y1 == py) | int(y2 == py) | (crossed & unclear):
            if _is_on(x1, y1, x2, y2, px, py):
                return 1
            if crossed & unclear:
                return DOUBT
        parity ^= (entry & above1) ^ ((entry >> 1) & above2) ^ (crossed & (int(turn > 0.0) ^ above2 ^ 1))
    return parity


@inlined
def _answer(xy: FloatArray, lists: Ints, codes: Ints, frames: FloatArray, code: int, px: float, py: float) -> int:
    """The cell of a point whose square has this code: position, -1, or DOUBT."""
    while code <= DOUBT:
        block = -2 - code
        if lists[block] < 0:
            frame = frames[lists[block + 1]]
            column = min(max(int((px - frame[0]) * frame[2]), 0), int(frame[4]) - 1)
            row = min(max(int((py - frame[1]) * frame[3]), 0), int(frame[5]) - 1)
            code = codes[int(frame[6]) + row * int(frame[4]) + column]
            continue
        held = _holds(xy, lists, block, px, py)
        if held == DOUBT:
            return DOUBT
        code = lists[block] if held else next_code(lists, code)
    return code


def _ask(
    x: FloatArray,
    y: FloatArray,
    extent: FloatArray,
    xy: FloatArray,
    frames: FloatArray,
    codes: Ints,
    lists: Ints,
    out: Ints,
) -> int:
    """Write the cell of each point to `out`, DOUBT where rounding leaves it open; returns how many these are.

    In blocks: first the squares of all, then those cut by borders, so that the processor waits for many at once.
    """
    west, south, east, north = extent[0], extent[1], extent[2], extent[3]
    across, up, columns = frames[0, 2], frames[0, 3], int(frames[0, 4])
    squares, later = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.int64)
    edge, touched = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.float64)
    doubts = 0
    for begin in range(0, x.size, _BLOCK):
        count = min(_BLOCK, x.size - begin)
        for k in range(count):
            px, py = x[begin + k], y[begin + k]
            within = (px >= west) & (px <= east) & (py >= south) & (py <= north)
            column = (px - west) * across if within else 0.0
            row = (py - south) * up if within else 0.0
            # The first code, before those of all frames, is that of every point outside.
            square = np.int64(row) * columns + np.int64(column) + 1
            squares[k] = square if within else 0
        lates = 0
        for k in range(count):
            code = codes[squares[k]]
            out[begin + k] = code
            later[lates] = begin + k
            lates += code <= DOUBT
        # Touch what will be read, without waiting for one before the next.
        for k in range(lates):
            edge[k] = max(lists[1 - out[later[k]]], 0) >> 2
        for k in range(lates):
            touched[k] = xy[2 * edge[k] + 2]
        for k in range(lates):
            i = later[k]
            out[i] = _answer(xy, lists, codes, frames, out[i], x[i], y[i])
            doubts += out[i] == DOUBT
    return doubts


_reals, _frames = Array(float64, 1, "C", readonly=True), Array(float64, 2, "C", readonly=True)
_codes, _ints = Array(int32, 1, "C"), Array(int32, 1, "C", readonly=True)

ask = Compiled(_ask, (_reals, _reals, _reals, _reals, _frames, _codes, _ints, _codes))
