"""Metres on the ground: WGS-84 shapes laid into the projected CRS that suits them, and distances read back.

A straight line in degrees bends when projected; lines are cut into short pieces first, so the bend stays
below 2 mm between 70° N and 70° S. Final distances are geodesics on the ellipsoid, free of the projection's
scale.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.enums import TransformDirection

from geo.crs import WGS84, metric_crs
from geo.datums import FloatArray, Pair
from geo.vertices import Shapes, move_vertices

Positions = NDArray[np.int32]

_PIECE_DEGREES = 0.003
# The bend of borders makes finer differences meaningless.
_TIE_M = 0.001
_GEOD = Geod(ellps="WGS84")


class MetricPlane:
    """The projection in metres around the given WGS-84 shapes."""

    def __init__(self, shapes: Shapes) -> None:
        box = shapely.bounds(shapes).reshape(-1, 4)
        self.crs: CRS = metric_crs((box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2)
        self._to_metres = Transformer.from_crs(WGS84, self.crs, always_xy=True)

    def project(self, lon: FloatArray, lat: FloatArray) -> Pair:
        """Degrees → metres; inf where a point cannot be projected."""
        x, y = self._to_metres.transform(lon, lat)
        return x, y

    def unproject(self, x: FloatArray, y: FloatArray) -> Pair:
        """Metres → degrees."""
        lon, lat = self._to_metres.transform(x, y, direction=TransformDirection.INVERSE)
        return lon, lat

    def lay(self, shapes: Shapes) -> Shapes:
        """WGS-84 shapes in metres, every edge followed to 2 mm."""
        return move_vertices(shapely.segmentize(shapes, _PIECE_DEGREES), self.project)


class MetricShapes:
    """Polygons in metres with an index over them, to find the nearest one of a point in degrees."""

    def __init__(self, polygons: Shapes) -> None:
        self._plane = MetricPlane(polygons)
        self._shapes = self._plane.lay(polygons)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def nearest(self, lon: FloatArray, lat: FloatArray, within_m: float) -> tuple[Positions, FloatArray]:
        """Nearest polygon within `within_m` (-1 for none) and its metres; 1 mm is a tie, the lowest wins."""
        found = np.full(len(lon), -1, dtype=np.int32)
        x, y = self._plane.project(lon, lat)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        # The plane may stretch what is far from its centre: look a little further, then measure truly.
        reach = min(within_m * 2 + 1, 1e9)
        points = np.asarray(shapely.points(x[known], y[known]), dtype=np.object_)
        found[known] = self._nearest_in_plane(points, reach)
        distance = self.distance_m(lon, lat, found)
        too_far = ~(distance <= within_m)
        found[too_far], distance[too_far] = -1, np.nan
        return found, distance

    def _nearest_in_plane(self, points: Shapes, reach_m: float) -> Positions:
        (rows, _), least = self._tree.query_nearest(
            points, max_distance=reach_m, return_distance=True, all_matches=False
        )
        tied, shapes = self._tree.query(points[rows], predicate="dwithin", distance=least + _TIE_M)
        lowest = np.full(len(points), len(self._shapes), dtype=np.int32)
        np.minimum.at(lowest, rows[tied], shapes.astype(np.int32))
        return np.where(lowest < len(self._shapes), lowest, np.int32(-1))

    def distance_m(self, lon: FloatArray, lat: FloatArray, positions: Positions) -> FloatArray:
        """Metres from each point to the polygon at its position: 0 inside, NaN for -1 or a point off the
        earth."""
        metres = np.full(len(lon), np.nan)
        x, y = self._plane.project(lon, lat)
        rows = np.flatnonzero((positions >= 0) & np.isfinite(x) & np.isfinite(y))
        points = shapely.points(x[rows], y[rows])
        lines = shapely.shortest_line(self._shapes[positions[rows]], points)
        ends = shapely.get_coordinates(lines)[::2]
        near_lon, near_lat = self._plane.unproject(ends[:, 0], ends[:, 1])
        metres[rows] = _GEOD.inv(lon[rows], lat[rows], near_lon, near_lat)[2]
        metres[rows[shapely.get_coordinate_dimension(lines) == 0]] = np.nan
        return metres
