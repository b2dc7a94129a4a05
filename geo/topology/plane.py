"""A plane in metres in which straight borders stay straight, for deciding; sizes are measured in a true projection.

Projections bend straight lines by millimetres, which would open false gaps where the vertex of one cell lies on the
edge of another. Scaling degrees evenly to metres around the middle of the map bends nothing; its distances are off by
1 % at 50 km north or south of the middle, which no tolerance notices.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geo.datums import FloatArray
from geo.metric import MetricPlane
from geo.vertices import Shapes, as_shapes

_GEOD = Geod(ellps="WGS84")
_STEP_DEG = 0.001


class FlatPlane:
    """Even scaling of WGS-84 degrees to metres east and north of the middle of `shapes`."""

    def __init__(self, shapes: Shapes) -> None:
        west, south, east, north = shapely.total_bounds(shapes)
        self._middle = np.array([(west + east) / 2, (south + north) / 2])
        lon, lat = self._middle
        # One step each way from the middle, by geodesic.
        east_m = _GEOD.inv(lon - _STEP_DEG / 2, lat, lon + _STEP_DEG / 2, lat)[2]
        north_m = _GEOD.inv(lon, lat - _STEP_DEG / 2, lon, lat + _STEP_DEG / 2)[2]
        self._scale = np.array([east_m, north_m]) / _STEP_DEG
        self._metric = MetricPlane(as_shapes([shapely.box(west, south, east, north)]))

    def flat(self, shapes: Shapes) -> Shapes:
        """Degrees → metres of this plane; None stays None."""
        return np.asarray(
            shapely.transform(shapes, lambda degrees: (degrees - self._middle) * self._scale), dtype=np.object_
        )

    def degrees(self, shapes: Shapes) -> Shapes:
        """Metres of this plane → degrees, without rings so small that they collapse on the way."""
        back = np.asarray(
            shapely.transform(shapes, lambda metres: metres / self._scale + self._middle), dtype=np.object_
        )
        collapsed = ~shapely.is_valid(back)
        back[collapsed] = areal(shapely.make_valid(back[collapsed]))
        return back

    def size(self, shapes: Shapes) -> tuple[FloatArray, FloatArray]:
        """Square metres of WGS-84 shapes, and metres: half the outline of polygons, the length of lines."""
        laid = self._metric.lay(shapes)
        area = np.asarray(shapely.area(laid), dtype=np.float64)
        length = np.asarray(shapely.length(laid), dtype=np.float64)
        return area, np.where(shapely.get_dimensions(laid) == 2, length / 2, length)


def width(shapes: Shapes) -> FloatArray:
    """2 · area / perimeter of polygons: the width of a long strip; 0 for what has no outline."""
    outline = np.asarray(shapely.length(shapes), dtype=np.float64)
    area = np.asarray(shapely.area(shapes), dtype=np.float64)
    return np.divide(2 * area, outline, out=np.zeros_like(area), where=outline > 0)


def without_hairs(shapes: Shapes, thin_m: float) -> tuple[Shapes, FloatArray]:
    """`polygons` less what is thinner than `thin_m`: tails along borders that differ by rounding alone would stretch an
    outline, and make real ground look like a sliver."""
    core = shapely.buffer(shapes, -thin_m / 2, join_style="mitre")
    return polygons(np.asarray(shapely.buffer(core, thin_m / 2, join_style="mitre"), dtype=np.object_))


def polygons(shapes: Shapes) -> tuple[Shapes, FloatArray]:
    """Every polygon inside mixed results of an overlay, and the position of the shape that it came from."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    kept = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return np.asarray(parts[kept], dtype=np.object_), owner[inner][kept]


def areal(shapes: Shapes) -> Shapes:
    """The polygons inside each mixed result of an overlay as one shape, empty where there are none."""
    parts, owner = polygons(shapes)
    found = np.full(len(shapes), shapely.MultiPolygon(), dtype=np.object_)
    if len(parts):
        shapely.multipolygons(parts, indices=owner, out=found)
    return found


def without(shapes: Shapes, at: NDArray[np.intp], others: Shapes, grid_m: float) -> Shapes:
    """Shapes less others, of which the k-th belongs to shapes[at[k]]: the first of every shape, then the second, …"""
    left = shapes.copy()
    order = np.argsort(at, kind="stable")
    turn = np.arange(len(at)) - np.searchsorted(at[order], at[order])
    for number in range(int(turn.max(initial=-1)) + 1):
        chosen = order[turn == number]
        left[at[chosen]] = areal(shapely.difference(left[at[chosen]], others[chosen], grid_size=grid_m))
    return left


def diagonal(shapes: Shapes) -> FloatArray:
    """How far the bounds of shapes reach from corner to corner; NaN for empty ones."""
    box = shapely.bounds(shapes).reshape(-1, 4)
    return np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])


def inner_points(shapes: Shapes) -> FloatArray:
    """x and y of a point inside the largest part of each shape (n × 2); NaN for empty shapes."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    size = shapely.area(parts) + shapely.length(parts) * 1e-9
    first = np.lexsort((-size, owner))
    first = first[np.append(True, np.diff(owner[first]) != 0)] if len(first) else first
    inner = np.full((len(shapes), 2), np.nan)
    point = shapely.point_on_surface(parts[first])
    inner[owner[first]] = np.column_stack([shapely.get_x(point), shapely.get_y(point)])
    return inner
