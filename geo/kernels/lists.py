"""The lists of squares that borders cut: walked, packed one behind the other, unfolded again (see geo.kernels)."""

from typing import Any

import numpy as np
from numba import float64, int32, int64
from numba.core.types import Array

from geo.compiling import Compiled, inlined
from geo.datums import FloatArray
from geo.edges import Flags, Ints, Longs

DOUBT = -2


@inlined
def grown(array: Any, used: int, more: int) -> Any:
    """An array that has room for `more` behind what is used."""
    if used + more <= array.size:
        return array
    bigger = np.empty(2 * array.size + more, array.dtype)
    for k in range(used):
        bigger[k] = array[k]
    return bigger


@inlined
def next_code(lists: Ints, code: int) -> int:
    """The code that follows in a list when the point is not in the cell of this one."""
    follows = lists[-code]
    return follows if follows != DOUBT else code - 3 - (lists[-1 - code] >> 1)


@inlined
def _complement(xy: FloatArray, lists: Ints, one: int, other: int) -> bool:
    """Whether, in their square, the cell of one block ends exactly where that of the other begins."""
    if (lists[one + 1] ^ lists[other + 1]) != 1:
        return False
    count = lists[one + 1] >> 1
    for a in range(one + 3, one + 3 + count):
        p = 2 * (lists[a] >> 2)
        found = False
        for b in range(other + 3, other + 3 + count):
            q = 2 * (lists[b] >> 2)
            sinks = lists[a] & 3
            same = xy[p] == xy[q] and xy[p + 1] == xy[q + 1] and xy[p + 2] == xy[q + 2] and xy[p + 3] == xy[q + 3]
            back = xy[p] == xy[q + 2] and xy[p + 1] == xy[q + 3] and xy[p + 2] == xy[q] and xy[p + 3] == xy[q + 1]
            if same and sinks == (lists[b] & 3):
                found = True
            if back and ((sinks & 1) << 1 | sinks >> 1) == (lists[b] & 3):
                found = True
        if not found:
            return False
    return True


def _pack(xy: FloatArray, codes: Ints, loose: Ints, most: int) -> tuple[Ints, int, Longs, int]:
    """Write the lists of squares one behind the other; codes are changed to follow.

    Where the last two cells of a list share all their edges of the square with each other, what is not in the first
    is in the second, whose block goes. Returns lists, their length, squares whose list has more than `most` edges
    and blocks, and how many these are.
    """
    lists = np.empty(4096, np.int32)
    used = 0
    heavy = np.empty(16, np.int64)
    heavies = 0
    for square in range(codes.size):
        code = codes[square]
        if code > DOUBT:
            continue
        load, step = 0, code
        while step <= DOUBT:
            load += 1 + (loose[-1 - step] >> 1)
            step = loose[-step]
        if load > most:
            heavy = grown(heavy, heavies, 1)
            heavy[heavies] = square
            heavies += 1
        codes[square] = -2 - used
        while code <= DOUBT:
            block, count = -2 - code, loose[-1 - code] >> 1
            follows = loose[block + 2]
            if follows <= DOUBT and load <= most and _complement(xy, loose, block, -2 - follows):
                follows = loose[-2 - follows]
            if used + 3 + count > lists.size:
                lists = grown(lists, used, 3 + count)
            for k in range(3 + count):
                lists[used + k] = loose[block + k]
            lists[used + 2] = max(follows, DOUBT)
            used += 3 + count
            code = follows
    return lists, used, heavy, heavies


def _unfold(lists: Ints, code: int) -> tuple[Ints, Flags, Longs, Ints, int]:
    """The cells of a list as `_fill` takes them: cells, parities, starts, edges, and the code behind the last."""
    count, words, step = 0, 0, code
    while step <= DOUBT:
        count, words, step = count + 1, words + (lists[-1 - step] >> 1), next_code(lists, step)
    cells, parities = np.empty(count, np.int32), np.empty(count, np.bool_)
    starts, edges = np.zeros(count + 1, np.int64), np.empty(words, np.int32)
    for i in range(count):
        block, many = -2 - code, lists[-1 - code] >> 1
        cells[i], parities[i] = lists[block], lists[block + 1] & 1
        starts[i + 1] = starts[i] + many
        for k in range(many):
            edges[starts[i] + k] = lists[block + 3 + k]
        code = next_code(lists, code)
    return cells, parities, starts, edges, code


_reals, _ints = Array(float64, 1, "C", readonly=True), Array(int32, 1, "C", readonly=True)

pack = Compiled(_pack, (_reals, Array(int32, 1, "C"), _ints, int64))
unfold = Compiled(_unfold, (_ints, int64))
