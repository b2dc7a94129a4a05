"""Points known only to within a radius: the cells they may lie in, each with its probability."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.errors import InputError
from geo.metric import MetricPlane
from geo.vertices import Shapes, as_shapes

# A 64-cornered disc has 99.8 % of the circle's area: far finer than any radius is known.
_QUARTER_SEGMENTS = 16
# Points at once: bounds the memory for discs and their pieces to some 100 MB.
_CHUNK = 20_000


class CellSpread:
    """Cells (WGS-84) that share out discs among them, by area times density."""

    def __init__(self, polygons: Sequence[BaseGeometry] | Shapes, density: ArrayLike | None = None) -> None:
        """density: what a square metre of each cell weighs (incidents or residents); None: the same everywhere.

        Raises InputError for densities that are negative, not finite or not one a cell.
        """
        shapes = as_shapes(polygons)
        self._density = np.ones(len(shapes)) if density is None else np.asarray(density, dtype=float)
        if self._density.shape != (len(shapes),) or not np.all(np.isfinite(self._density) & (self._density >= 0)):
            raise InputError("Give every cell one density of 0 or more.")
        self._plane = MetricPlane(shapes) if len(shapes) else None
        self._cells = self._plane.lay(shapes) if self._plane else shapes
        shapely.prepare(self._cells)
        self._tree = shapely.STRtree(self._cells)

    def candidates(self, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> pd.DataFrame:
        """Columns point (position of the input), cell (position), probability; sorted by point, then likeliest first.

        The probabilities of a point sum to 1 over the cells that its disc touches with some area; where all of those
        have density 0 area alone counts. A disc that touches no cell, NaN or a radius that is not above 0 give no rows.
        """
        x, y, radius = (np.atleast_1d(np.asarray(values, dtype=float)) for values in (lon, lat, radius_m))
        usable = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & np.isfinite(radius) & (radius > 0))
        parts = [self._share(usable[k : k + _CHUNK], x, y, radius) for k in range(0, len(usable), _CHUNK)]
        empty = pd.DataFrame({"point": np.empty(0, int), "cell": np.empty(0, int), "probability": np.empty(0)})
        frame = pd.concat([empty, *parts], ignore_index=True).astype({"point": "int64", "cell": "int64"})
        order = np.lexsort((frame["cell"], -frame["probability"], frame["point"]))
        return frame.iloc[order].reset_index(drop=True)

    def _share(self, chosen: np.ndarray, x: FloatArray, y: FloatArray, radius: FloatArray) -> pd.DataFrame:
        if self._plane is None:
            return pd.DataFrame({"point": [], "cell": [], "probability": []})
        east, north = self._plane.project(x[chosen], y[chosen])
        discs = shapely.buffer(shapely.points(east, north), radius[chosen], quad_segs=_QUARTER_SEGMENTS)
        rows, cells = self._tree.query(discs, predicate="intersects")
        area = shapely.area(shapely.intersection(discs[rows], self._cells[cells]))
        weight = _weights(rows, area, area * self._density[cells], len(chosen))
        kept = weight > 0
        return pd.DataFrame({"point": chosen[rows[kept]], "cell": cells[kept], "probability": weight[kept]})


def _weights(rows: np.ndarray, area: FloatArray, weighted: FloatArray, count: int) -> FloatArray:
    """Shares that sum to 1 a point: by weighted area, or by area alone where nothing weighs anything."""
    total = np.bincount(rows, weights=weighted, minlength=count)
    bare = np.bincount(rows, weights=area, minlength=count)
    by_area = total[rows] <= 0
    shares = np.where(by_area, area, weighted) / np.where(by_area, bare[rows], np.where(by_area, 1, total[rows]))
    return np.nan_to_num(shares)
