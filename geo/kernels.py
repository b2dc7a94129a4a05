"""The compiled loops of geo.raster: laying edges into squares, packing their lists, asking points.

Everything compiled stands in this one file, because numba's cache watches only the file of the loop it keeps.

Frame (float64 row of 7): west, south, squares per unit of x, of y, columns, rows, offset in `codes`.
Code of a square: a cell's position, -1 for none, or -2 - k for a list that begins at lists[k].
List: one block a cell, lowest position first: cell, 2 * edges + parity, code that follows when the point is not in
the cell (-2: the next block stands behind this one), then per edge 4 * (its first vertex) + 2 * (sink at its second
vertex) + (sink at its first). A block that begins with -1 names a finer frame instead.

A cell holds a point when a ray to the right of it crosses the cell's outline an odd number of times (even-odd rule).
Edges that do not touch the square lie wholly left or right of it in its row. Those on the right are counted
beforehand, in the parity, but for their ends inside the row: such an end counts for points below it alone. It is
shared with an edge that does touch the square, or with another on the right, where the two cancel. So an edge of the
list carries a *sink* at a vertex when the neighbouring edge there stays right of the square.
"""

from typing import Any

import numpy as np
from numba import boolean, float64, int32, int64
from numba.core.types import Array

from geo.compiling import Compiled, inlined
from geo.datums import FloatArray
from geo.edges import Flags, Ints, Longs

DOUBT = -2

# Squares are widened by this part of their side: far more than rounding can move an edge or a point (see raster.py).
_MARGIN = 2.0**-10
# Shewchuk's bound of the determinant's rounding is 3.3307e-16; below the tiniest, products may have lost all digits.
_ROUNDING = 4e-16
_TINIEST = 1e-290
_BLOCK = 2048


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
def _grown(array: Any, used: int, more: int) -> Any:
    """An array that has room for `more` behind what is used."""
    if used + more <= array.size:
        return array
    bigger = np.empty(2 * array.size + more, array.dtype)
    for k in range(used):
        bigger[k] = array[k]
    return bigger


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
            head, odd = _grown(head, 0, size), _grown(odd, 0, size)
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
                    pair_edge = _grown(pair_edge, pairs, last - first + 1)
                    pair_next = _grown(pair_next, pairs, last - first + 1)
                for column in range(first, last + 1):
                    square = base + column - west
                    pair_edge[pairs] = 4 * edge + (column < before) + 2 * (column < after)
                    pair_next[pairs] = head[square]
                    head[square] = pairs
                    pairs += 1
        if used + 4 * pairs > lists.size:
            lists = _grown(lists, used, 4 * pairs)
        used = _write(
            lists, used, cells[i], codes, first_row, columns, head, odd, low, high, west, width, pair_edge, pair_next
        )
    return lists, used


@inlined
def _next(lists: Ints, code: int) -> int:
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
            heavy = _grown(heavy, heavies, 1)
            heavy[heavies] = square
            heavies += 1
        codes[square] = -2 - used
        while code <= DOUBT:
            block, count = -2 - code, loose[-1 - code] >> 1
            follows = loose[block + 2]
            if follows <= DOUBT and load <= most and _complement(xy, loose, block, -2 - follows):
                follows = loose[-2 - follows]
            if used + 3 + count > lists.size:
                lists = _grown(lists, used, 3 + count)
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
        count, words, step = count + 1, words + (lists[-1 - step] >> 1), _next(lists, step)
    cells, parities = np.empty(count, np.int32), np.empty(count, np.bool_)
    starts, edges = np.zeros(count + 1, np.int64), np.empty(words, np.int32)
    for i in range(count):
        block, many = -2 - code, lists[-1 - code] >> 1
        cells[i], parities[i] = lists[block], lists[block + 1] & 1
        starts[i + 1] = starts[i] + many
        for k in range(many):
            edges[starts[i] + k] = lists[block + 3 + k]
        code = _next(lists, code)
    return cells, parities, starts, edges, code


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
        code = lists[block] if held else _next(lists, code)
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


_reals, _table = Array(float64, 1, "C", readonly=True), Array(float64, 2, "C", readonly=True)
_ints, _longs = Array(int32, 1, "C", readonly=True), Array(int64, 1, "C", readonly=True)
_codes, _flags = Array(int32, 1, "C"), Array(boolean, 1, "C", readonly=True)

fill = Compiled(_fill, (_reals, _reals, _ints, _table, _longs, _ints, _flags, int32, int64, int64, _codes))
pack = Compiled(_pack, (_reals, _codes, _ints, int64))
unfold = Compiled(_unfold, (_ints, int64))
ask = Compiled(_ask, (_reals, _reals, _reals, _reals, _table, _codes, _ints, _codes))
LOOPS = (fill, pack, unfold, ask)


def are_quick() -> bool:
    """Whether all loops are loaded, or kept on disk, so that nobody waits for a compiler."""
    return all(loop.is_quick() for loop in LOOPS)


def prepare() -> None:
    """Load all loops; compile and keep those that are not on disk (some seconds, once an installation)."""
    for loop in LOOPS:
        loop.load()
