"""Surfaces: points counted on a lattice in metres, and smoothed to a density per square kilometre."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import gaussian_filter

from geo.datums import FloatArray
from geo.errors import InputError


@dataclass(frozen=True)
class Lattice:
    """Square cells of `cell_m` metres; row 0 is the southernmost, column 0 the westernmost. Corner in a
    projected CRS."""

    left: float
    bottom: float
    cell_m: float
    rows: int
    columns: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in metres."""
        right, top = self.left + self.columns * self.cell_m, self.bottom + self.rows * self.cell_m
        return self.left, self.bottom, right, top


def lattice_over(bounds: tuple[float, float, float, float], cell_m: float) -> Lattice:
    """The lattice that covers left, bottom, right, top (metres), aligned to multiples of `cell_m`, so that
    two agree.

    Its right and top lie beyond the bounds: a point on either is inside. Raises InputError for bounds or
    cells without size.
    """
    left, bottom, right, top = bounds
    _require_positive(cell_m, "lattice cell")
    if not (left <= right and bottom <= top):
        raise InputError(f"The bounds {bounds} are not left, bottom, right, top: put the smaller number first.")
    first_column, first_row = int(left // cell_m), int(bottom // cell_m)
    columns, rows = int(right // cell_m) - first_column + 1, int(top // cell_m) - first_row + 1
    return Lattice(first_column * cell_m, first_row * cell_m, cell_m, rows, columns)


def lattice_counts(x_m: ArrayLike, y_m: ArrayLike, lattice: Lattice, weights: ArrayLike | None = None) -> FloatArray:
    """How many points (or how much weight) each lattice cell holds: float64 of shape (rows, columns).

    A point on a line belongs to the cell east or north of it, on the outer edge to the last cell. Points off
    the lattice and NaN are left out.
    """
    x, y = np.ravel(np.asarray(x_m, dtype=np.float64)), np.ravel(np.asarray(y_m, dtype=np.float64))
    weight = np.ones(len(x)) if weights is None else np.ravel(np.asarray(weights, dtype=np.float64))
    left, bottom, right, top = lattice.bounds
    on = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    # What the division rounds onto the far edge is still on the lattice.
    column = np.minimum((x[on] - left) // lattice.cell_m, lattice.columns - 1).astype(np.int64)
    row = np.minimum((y[on] - bottom) // lattice.cell_m, lattice.rows - 1).astype(np.int64)
    cell = row * lattice.columns + column
    total = np.bincount(cell, weights=weight[on], minlength=lattice.rows * lattice.columns)
    return total.astype(np.float64).reshape(lattice.rows, lattice.columns)


def smooth(counts: ArrayLike, cell_m: float, bandwidth_m: float) -> FloatArray:
    """Density per km² from counts on square cells of `cell_m` metres, spread by a Gaussian of σ =
    `bandwidth_m`.

    Same shape as `counts`. What would spill over the edge is mirrored back (boundary reflection, Silverman
    1986, 2.10), so the density times the area still sums to the counts. Bandwidth 0 spreads nothing. Raises
    InputError for sizes that are not positive.
    """
    grid = np.asarray(counts, dtype=np.float64)
    _require_positive(cell_m, "lattice cell")
    if not 0 <= bandwidth_m < np.inf:
        raise InputError(f"The bandwidth is {bandwidth_m} m: give 0 or more metres.")
    if grid.ndim != 2:
        raise InputError(f"The counts have {grid.ndim} dimensions: give rows and columns.")
    spread = gaussian_filter(grid, bandwidth_m / cell_m, mode="reflect") if grid.size else grid
    return np.asarray(spread / (cell_m / 1000.0) ** 2, dtype=np.float64)


def _require_positive(size_m: float, what: str) -> None:
    if not 0 < size_m < np.inf:
        raise InputError(f"The {what} is {size_m} m wide: give a width above 0 metres.")
