"""Which cells are hot beyond chance: Getis–Ord Gi*, with the false-discovery rate held over all cells.

Written with one sparse product, because importing esda takes seconds (it brings scikit-learn) and this takes
milliseconds; esda is the oracle of its tests.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control, norm

from geo.datums import FloatArray
from geo.errors import InputError


class HotCells(NamedTuple):
    """Of each cell: z of Gi*, two-sided p, q (p adjusted for the number of cells), and what it is."""

    z: FloatArray
    p: FloatArray
    q: FloatArray
    kind: NDArray[np.str_]


def hot_cells(values: ArrayLike, beside: Mapping[int, Mapping[int, float]], alpha: float = 0.05) -> HotCells:
    """Cells whose neighbourhood holds more (hot) or less (cold) than chance, at a false-discovery rate of `alpha`.

    `values`: n numbers, counts or rates, one a cell; use rates where cells differ in size. `beside` as
    geo.adjacency.neighbours gives it: every position of a cell → its neighbours. q is p adjusted by Y. Benjamini
    and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995). Raises InputError for values that
    are not n finite numbers, neighbours that do not exist, or an alpha outside (0, 1).
    """
    if not 0 < alpha < 1:
        raise InputError(f"The false-discovery rate is {alpha}: give a number between 0 and 1.")
    z = gi_star(values, beside)
    p = 2 * norm.sf(np.abs(z))
    q = np.asarray(false_discovery_control(p, method="bh") if len(p) else p, dtype=np.float64)
    kind = np.select([(q <= alpha) & (z > 0), (q <= alpha) & (z < 0)], ["hot", "cold"], "none")
    return HotCells(z, np.asarray(p, dtype=np.float64), q, kind)


def gi_star(values: ArrayLike, beside: Mapping[int, Mapping[int, float]]) -> FloatArray:
    """z of Gi* of each cell, with weight 1 for the cell itself and each of its neighbours.

    z_i = (Σ_j w_ij x_j − W_i x̄) / (s √((n W_i − W_i²) / (n − 1))), W_i = Σ_j w_ij, s the population deviation:
    J. K. Ord and A. Getis, "Local spatial autocorrelation statistics", Geographical Analysis 27 (1995), eq. 14.
    0 where it is not defined: all values equal, or all cells in one neighbourhood. Raises InputError as
    `hot_cells`.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not np.isfinite(x).all():
        raise InputError("Give each cell one finite value: 0 where nothing happened.")
    weights = _weights(beside, len(x))
    if len(x) < 2 or np.ptp(x) == 0:
        return np.zeros(len(x))
    size = np.asarray(weights.sum(axis=1), dtype=np.float64)
    spread = x.std() * np.sqrt(np.maximum(len(x) * size - size**2, 0) / (len(x) - 1))
    excess = weights @ x - size * x.mean()
    return np.asarray(np.divide(excess, spread, out=np.zeros(len(x)), where=spread > 0), dtype=np.float64)


def _weights(beside: Mapping[int, Mapping[int, float]], n: int) -> csr_array:
    pairs = [(one, other) for one, others in beside.items() for other in others if one != other]
    row, column = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    if len(row) and not (min(row.min(), column.min()) >= 0 and max(row.max(), column.max()) < n):
        raise InputError(
            f"There are {n} values, but neighbours are named beyond position {n - 1}: give every cell one."
        )
    row, column = np.append(row, np.arange(n)), np.append(column, np.arange(n))
    return csr_array((np.ones(len(row)), (row, column)), shape=(n, n))
