"""Point → polygon by GEOS alone: a tree of boxes, then its own test on every candidate. Exact; nothing to prepare."""

import numpy as np
import shapely

from geo.datums import FloatArray
from geo.metric import Positions
from geo.vertices import Shapes


class PolygonTree:
    """Polygons (prepared by this) that answer which of them a point intersects."""

    def __init__(self, polygons: Shapes) -> None:
        shapely.prepare(polygons)
        self._polygons = polygons
        self._tree = shapely.STRtree(polygons)

    def locate(self, x: FloatArray, y: FloatArray) -> Positions:
        """The lowest position among the polygons that each point intersects; -1 for none, NaN and infinity."""
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        points = np.asarray(shapely.points(x[finite], y[finite]), dtype=np.object_)
        asked, positions = self._tree.query(points)
        rows = finite[asked]
        # Prepared polygons answer faster than the tree's own predicate, which prepares the point instead.
        held = shapely.intersects_xy(self._polygons[positions], x[rows], y[rows])
        rows, positions = rows[held], positions[held]
        lowest = np.full(len(x), len(self._polygons), dtype=np.int32)
        np.minimum.at(lowest, rows, positions.astype(np.int32))
        return np.where(lowest < len(self._polygons), lowest, np.int32(-1))
