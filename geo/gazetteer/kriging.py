"""Where a number lies on its road, from the numbers that are known: robust kriging along the numbering.

Each coordinate is a Gaussian process over the house number n: a constant, a drift whose slope is known roughly,
fractional Brownian motion (the bends of the road and of its numbering), an offset shared by one side of the road
(even or odd, wider for lanes than for doors) and one shared by close numbers. Single addresses carry noise, lanes
more than doors, since an estate's point lies behind its gate. Noise is heavy-tailed (Student's t, fitted by
reweighting), so one wrong point among the neighbours moves little. The constants were fitted by leaving out each of
15,700 public addresses in turn; distances scale with the metres a number of the table at hand. Theory: Chilès &
Delfiner, Geostatistics, ch. 3; Lange, Little & Taylor 1989 for the t weights.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from geo.datums import FloatArray

IntArray = NDArray[np.int64]

NEIGHBOURS = 12
# Sums may be reordered; nothing else is given up.
_FAST = {"reassoc", "contract", "nsz"}
# Metres a house number takes on the roads that the constants were fitted on.
METRES_A_NUMBER = 1.9
_REWEIGHTINGS = 6
# Numbers further off than this are placed as if they were this far: no road goes on for ever.
_FURTHEST = 1000.0
_CONSTANT = 3e7
_HURST2 = 1.578
_BEND = 2.22
_SLOPE = 0.87
_DOOR_SIDE, _LANE_SIDE, _SIDE_REACH = 37.0, 57.0, 6600.0
_CLOSE, _CLOSE_REACH = 10.9, 36.0
_DOOR_NOISE, _LANE_NOISE = 24.0, 41.0
_FREEDOM = 7.4
# Columns of what `krige` returns.
X, Y, SD, GAP, NEAREST, STRAIN, COUNT, BELOW, ABOVE, SAME = range(10)
COLUMNS = 10


@numba.njit(cache=True, fastmath=_FAST)
def _covariance(a: float, b: float, bend_a: float, bend_b: float, side: float, scale: float) -> float:
    """Between two numbers given as differences to the asked one, in square metres.

    `bend_a`, `bend_b`: the variance of the bends from the asked number to each; `side`: product of their offsets.
    """
    gap = abs(a - b)
    found = _CONSTANT + 0.5 * (bend_a + bend_b - _bend(gap, scale)) + (_SLOPE * scale) ** 2 * a * b
    # Triangles fall off much as exponentials do, and cost nothing.
    return found + side * max(0.0, 1.0 - gap / _SIDE_REACH) + _CLOSE**2 * max(0.0, 1.0 - gap / _CLOSE_REACH)


@numba.njit(cache=True, fastmath=_FAST)
def _bend(step: float, scale: float) -> float:
    return (_BEND * scale * abs(step)) ** _HURST2


@numba.njit(cache=True, fastmath=_FAST)
def _side(a: float, lane_a: bool, b: float, lane_b: bool) -> float:
    """Product of the offsets that two numbers share: 0 across the road."""
    if int(a) % 2 != int(b) % 2:
        return 0.0
    return (_LANE_SIDE if lane_a else _DOOR_SIDE) * (_LANE_SIDE if lane_b else _DOOR_SIDE)


@numba.njit(cache=True, fastmath=_FAST)
def _nearest_rows(
    number: FloatArray, start: int, end: int, asked: float, left_out: int, rows: IntArray
) -> tuple[int, int, int]:
    """Fill `rows` with the rows nearest in number, `left_out` never among them; how many, last below, first above."""
    high = start + int(np.searchsorted(number[start:end], asked))
    low = high - 1
    below, above, count = -1, -1, 0
    while count < NEIGHBOURS and (low >= start or high < end):
        if high >= end or (low >= start and asked - number[low] <= number[high] - asked):
            row = low
            low -= 1
            below = row if below < 0 and row != left_out else below
        else:
            row = high
            high += 1
            above = row if above < 0 and row != left_out else above
        if row != left_out:
            rows[count] = row
            count += 1
    return count, below, above


@numba.njit(cache=True, fastmath=_FAST)
def _factor(matrix: FloatArray, size: int) -> None:
    """Cholesky factor in place (lower triangle), row by row."""
    for i in range(size):
        for j in range(i):
            value = matrix[i, j]
            for p in range(j):
                value -= matrix[i, p] * matrix[j, p]
            matrix[i, j] = value / matrix[j, j]
        value = matrix[i, i]
        for p in range(i):
            value -= matrix[i, p] ** 2
        matrix[i, i] = np.sqrt(max(value, 1e-3))


@numba.njit(cache=True, fastmath=_FAST)
def _solve(factor: FloatArray, size: int, right: FloatArray, out: FloatArray) -> None:
    """Solve for each of the columns of `right` with a Cholesky factor."""
    for c in range(right.shape[1]):
        for i in range(size):
            value = right[i, c]
            for p in range(i):
                value -= factor[i, p] * out[p, c]
            out[i, c] = value / factor[i, i]
        for i in range(size - 1, -1, -1):
            value = out[i, c]
            for p in range(i + 1, size):
                value -= factor[p, i] * out[p, c]
            out[i, c] = value / factor[i, i]


@numba.njit(cache=True, fastmath=_FAST)
def _fit(
    known: FloatArray, right: FloatArray, noise: FloatArray, size: int, work: FloatArray, weights: FloatArray
) -> float:
    """Solve with noise that grows where points disagree; the mean growth, a measure of strain among neighbours."""
    first = noise[:size].copy()
    for turn in range(_REWEIGHTINGS + 1):
        for a in range(size):
            for b in range(a + 1):
                work[a, b] = known[a, b]
            work[a, a] += noise[a]
        _factor(work, size)
        _solve(work, size, right, weights)
        if turn < _REWEIGHTINGS:
            for a in range(size):
                off = (noise[a] * weights[a, 0]) ** 2 + (noise[a] * weights[a, 1]) ** 2
                noise[a] = first[a] * (_FREEDOM + off / first[a]) / (_FREEDOM + 2.0)
    return float(np.mean(np.sqrt(noise[:size] / first)))


@numba.njit(cache=True, fastmath=_FAST)
def krige(
    x: FloatArray,
    y: FloatArray,
    number: FloatArray,
    lane: NDArray[np.bool_],
    doubt: FloatArray,
    start: IntArray,
    end: IntArray,
    asked: FloatArray,
    asked_lane: NDArray[np.bool_],
    left_out: IntArray,
    slope: FloatArray,
    scale: float,
) -> FloatArray:
    """Place each asked number among the rows start:end of its road, which are sorted by number.

    x, y in metres; `doubt` ≥ 1 multiplies the noise variance of a row; `left_out` is a row never used (-1 for none);
    `slope` (n, 2) is the expected drift in metres a number. One row of COLUMNS a question: x, y, standard deviation,
    gap in number and metres to the nearest, strain, how many rows were used, the rows next below and above, and how
    many bear the number itself. NaN where the road has no row left.
    """
    out = np.full((len(asked), COLUMNS), np.nan)
    rows = np.empty(NEIGHBOURS, np.int64)
    known, work = np.empty((NEIGHBOURS, NEIGHBOURS)), np.empty((NEIGHBOURS, NEIGHBOURS))
    right, weights = np.empty((NEIGHBOURS, 3)), np.empty((NEIGHBOURS, 3))
    noise, bends = np.empty(NEIGHBOURS), np.empty(NEIGHBOURS)
    for q in range(len(asked)):
        size, below, above = _nearest_rows(number, start[q], end[q], asked[q], left_out[q], rows)
        out[q, COUNT] = size
        if size == 0:
            continue
        off = asked[q] - number[rows[0]]
        there = number[rows[0]] + min(max(off, -_FURTHEST / scale), _FURTHEST / scale)
        middle_x, middle_y = np.median(x[rows[:size]]), np.median(y[rows[:size]])
        for a in range(size):
            row = rows[a]
            step = number[row] - there
            bends[a] = _bend(step, scale)
            for b in range(a + 1):
                other = rows[b]
                side = _side(number[row], lane[row], number[other], lane[other])
                known[a, b] = _covariance(step, number[other] - there, bends[a], bends[b], side, scale)
            noise[a] = doubt[row] * (_LANE_NOISE if lane[row] else _DOOR_NOISE) ** 2
            right[a, 0] = x[row] - middle_x - slope[q, 0] * step
            right[a, 1] = y[row] - middle_y - slope[q, 1] * step
            side = _side(number[row], lane[row], asked[q], asked_lane[q])
            right[a, 2] = _covariance(step, 0.0, bends[a], 0.0, side, scale)
        out[q, STRAIN] = _fit(known, right, noise, size, work, weights)
        at_x, at_y, explained = middle_x, middle_y, 0.0
        for a in range(size):
            at_x += right[a, 2] * weights[a, 0]
            at_y += right[a, 2] * weights[a, 1]
            explained += right[a, 2] * weights[a, 2]
        own_side = _side(asked[q], asked_lane[q], asked[q], asked_lane[q])
        out[q, X], out[q, Y] = at_x, at_y
        out[q, SD] = np.sqrt(max(_covariance(0.0, 0.0, 0.0, 0.0, own_side, scale) - explained, 0.0))
        out[q, GAP] = abs(number[rows[0]] - asked[q])
        out[q, SAME] = 0
        out[q, NEAREST] = np.inf
        for a in range(size):
            out[q, NEAREST] = min(out[q, NEAREST], np.hypot(x[rows[a]] - at_x, y[rows[a]] - at_y))
            out[q, SAME] += number[rows[a]] == asked[q]
        out[q, BELOW], out[q, ABOVE] = below, above
    return out
