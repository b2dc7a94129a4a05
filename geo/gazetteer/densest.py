"""Where most of a cloud of points lies, whatever strays: the centre of a name that has no numbers."""

import numba
import numpy as np

from geo.datums import FloatArray

# A name of more points than this is sampled evenly.
_MOST = 300


def densest(x: FloatArray, y: FloatArray, weight: FloatArray, reach_m: float) -> tuple[float, float, float, float]:
    """(x, y, share, spread): the weighted mean around the densest point, the share of weight within `reach_m` of it,
    and the weighted mean distance of all points to it (metres, capped at 20 km each)."""
    if len(x) > _MOST:
        every = np.linspace(0, len(x) - 1, _MOST).astype(np.int64)
        x, y, weight = x[every], y[every], weight[every]
    found: tuple[float, float, float, float] = _densest(x, y, weight, reach_m)
    return found


@numba.njit(cache=True)
def _densest(x: FloatArray, y: FloatArray, weight: FloatArray, reach_m: float) -> tuple[float, float, float, float]:
    best, at = -1.0, 0
    for i in range(len(x)):
        mass = 0.0
        for j in range(len(x)):
            mass += weight[j] * np.exp(-np.hypot(x[i] - x[j], y[i] - y[j]) / reach_m)
        # A tie goes to the southernmost, then westernmost: the order of the rows must not matter.
        if mass > best * (1 + 1e-12) or (mass >= best * (1 - 1e-12) and (y[i], x[i]) < (y[at], x[at])):
            best, at = mass, i
    total, near, mean_x, mean_y = 0.0, 0.0, 0.0, 0.0
    for j in range(len(x)):
        total += weight[j]
        if np.hypot(x[j] - x[at], y[j] - y[at]) <= reach_m:
            near += weight[j]
            mean_x += weight[j] * (x[j] - x[at])
            mean_y += weight[j] * (y[j] - y[at])
    mean_x, mean_y = x[at] + mean_x / near, y[at] + mean_y / near
    spread = 0.0
    for j in range(len(x)):
        spread += weight[j] * min(np.hypot(x[j] - mean_x, y[j] - mean_y), 20_000.0)
    return mean_x, mean_y, near / total, spread / total
