"""The ground of a city's surfaces: one fixed lattice over all its cells, and quick ways onto it and back."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.ndimage import maximum_filter
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray, Pair
from geo.edges import Longs
from geo.hotspots.lattice_loops import count_points
from geo.hotspots.surface import SurfacePlan, surface_plan
from geo.metric import MetricPlane
from geo.vertices import as_shapes

_NODES = 129
_MOST_SQUARES = 400_000


@dataclass(frozen=True)
class SurfaceGround:
    """The plan of a city's surfaces, its projection, and that projection as a table (right to a centimetre)."""

    plan: SurfacePlan
    plane: MetricPlane
    frame: FloatArray
    x: FloatArray
    y: FloatArray

    def counts(self, lon: FloatArray, lat: FloatArray, rows: Longs) -> FloatArray:
        """How many of the points `rows` (positions in lon, lat: WGS-84, NaN for none) each lattice square holds."""
        lattice = self.plan.lattice
        out = np.zeros((lattice.rows, lattice.columns))
        corner = np.array([lattice.left, lattice.bottom, lattice.cell_m])
        count_points(lon, lat, np.ascontiguousarray(rows, np.int64), self.frame, self.x, self.y, corner, out)
        return out

    def centres(self, row: Longs, column: Longs) -> Pair:
        """Longitude and latitude of the middle of lattice squares."""
        lattice = self.plan.lattice
        x, y = lattice.left + (column + 0.5) * lattice.cell_m, lattice.bottom + (row + 0.5) * lattice.cell_m
        return self.plane.unproject(np.asarray(x, np.float64), np.asarray(y, np.float64))


def surface_ground(
    polygons: Iterable[BaseGeometry], cell_m: float = 100.0, bandwidth_m: float = 300.0
) -> SurfaceGround:
    """The ground over WGS-84 polygons, at least one: all cells of a city, so that no query moves it.

    Squares of `cell_m` metres, doubled until at most 400,000 cover the city. Raises InputError as `surface_plan`.
    """
    shapes = as_shapes(polygons)
    plane = MetricPlane(shapes)
    west, south, east, north = shapely.total_bounds(shapes)
    x, y = plane.project(*_nodes(west, south, east, north))
    bounds = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    plan = surface_plan(bounds, cell_m, bandwidth_m)
    while plan.lattice.rows * plan.lattice.columns > _MOST_SQUARES:
        cell_m *= 2
        plan = surface_plan(bounds, cell_m, bandwidth_m)
    left, bottom, right, top = plan.lattice.bounds
    lon, lat = plane.unproject(np.array([left, left, right, right]), np.array([bottom, top, bottom, top]))
    west, south, east, north = lon.min(), lat.min(), lon.max(), lat.max()
    lon, lat = _nodes(west, south, east, north)
    step = (east - west) / (_NODES - 1), (north - south) / (_NODES - 1)
    x, y = plane.project(lon.ravel(), lat.ravel())
    shape = (_NODES, _NODES)
    return SurfaceGround(plan, plane, np.array([west, south, *step]), x.reshape(shape), y.reshape(shape))


def peaks(surface: FloatArray, apart: int, most: int) -> tuple[Longs, Longs]:
    """Rows and columns of the highest points, highest first: those that nothing within `apart` squares tops.

    Of equal ones within reach the first (southernmost, then westernmost) stands for all; at most `most`.
    """
    if not surface.size or surface.max() <= 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    top = maximum_filter(surface, size=2 * apart + 1, mode="constant") == surface
    row, column = np.nonzero(top & (surface > 0))
    order = np.argsort(-surface[row, column], kind="stable")
    kept: list[int] = []
    for at in order.tolist():
        if len(kept) == most:
            break
        if all(max(abs(row[at] - row[one]), abs(column[at] - column[one])) > apart for one in kept):
            kept.append(at)
    return row[kept].astype(np.int64), column[kept].astype(np.int64)


def _nodes(west: float, south: float, east: float, north: float) -> Pair:
    lon, lat = np.meshgrid(np.linspace(west, east, _NODES), np.linspace(south, north, _NODES))
    return lon, lat
