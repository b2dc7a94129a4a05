"""The plan of a city's surfaces: one fixed lattice and bandwidth, so that two periods can be laid over each other."""

from dataclasses import dataclass

import numpy as np

from geo.density import Lattice, lattice_over
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
