"""The kernel surface of points on one fixed lattice, so that two periods can be laid over each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.datums import FloatArray
from geo.density import Lattice, lattice_counts, lattice_over, smooth
from geo.errors import InputError


@dataclass(frozen=True)
class SurfacePlan:
    """Where and how coarsely every surface of a city is drawn: made once, kept, and never fitted to the points.

    `bandwidth_m` is the σ of the Gaussian kernel. Raises InputError for a bandwidth that is not above 0.
    """

    lattice: Lattice
    bandwidth_m: float

    def __post_init__(self) -> None:
        if not 0 < self.bandwidth_m < np.inf:
            raise InputError(f"The bandwidth is {self.bandwidth_m} m: give metres above 0.")


def surface_plan(
    bounds: tuple[float, float, float, float], cell_m: float = 100.0, bandwidth_m: float = 300.0
) -> SurfacePlan:
    """The plan for a city of these bounds (left, bottom, right, top in metres of its projected CRS), with a margin
    of three bandwidths, beyond which the kernel has nothing left to spread."""
    left, bottom, right, top = bounds
    margin = 3 * bandwidth_m
    return SurfacePlan(
        lattice_over((left - margin, bottom - margin, right + margin, top + margin), cell_m), bandwidth_m
    )


def kernel_surface(
    x_m: ArrayLike, y_m: ArrayLike, plan: SurfacePlan, weights: ArrayLike | None = None, days: float = 1.0
) -> FloatArray:
    """Points per km² and day (with `days` 1: per km²), float64 of shape (rows, columns) of the plan's lattice.

    A Gaussian kernel on binned points: B. W. Silverman, "Density Estimation for Statistics and Data Analysis"
    (1986), 4.2. Points off the lattice and NaN are left out. Raises InputError when `days` is not above 0.
    """
    if not 0 < days < np.inf:
        raise InputError(f"The period has {days} days: give a number above 0.")
    counts = lattice_counts(x_m, y_m, plan.lattice, weights)
    return smooth(counts, plan.lattice.cell_m, plan.bandwidth_m) / days
