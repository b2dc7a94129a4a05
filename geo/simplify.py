"""Lighter outlines for the browser, in which neighbouring cells still share every border exactly."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.errors import InputError
from geo.metric import MetricPlane
from geo.vertices import Shapes, as_shapes, move_vertices


def simplify_coverage(geoms: Iterable[BaseGeometry | None], tolerance_m: float) -> Shapes:
    """WGS-84 polygons with fewer vertices; a border shared by two cells stays shared, vertex for vertex.

    Visvalingam-Whyatt over the whole coverage (GEOS): a vertex goes when the triangle it spans is smaller
    than `tolerance_m` squared. Kept vertices keep their coordinates to the last bit. Where cells overlap, do
    not share their vertices, or would come to overlap across a gap, every edge that only one cell has stays
    as it was. None and empty geometries come back as they are. Raises InputError for a negative tolerance or
    something that is no polygon.
    """
    if not 0 <= tolerance_m < np.inf:
        raise InputError(f"The simplifying tolerance is {tolerance_m} m: give 0 or more metres.")
    shapes = as_shapes(geoms)
    drawn = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not np.isin(shapely.get_type_id(shapes[drawn]), (3, 6)).all():
        raise InputError("Only polygons can be simplified as a coverage: leave points and lines out.")
    if len(drawn) and tolerance_m > 0:
        shapes[drawn] = _simplified(shapes[drawn], tolerance_m)
    return shapes


def _simplified(shapes: Shapes, tolerance_m: float) -> Shapes:
    degrees = shapely.get_coordinates(shapes)
    # Vertices only, no denser edges: what the coverage shares in degrees it must share in metres.
    flat = move_vertices(shapes, MetricPlane(shapes).project)
    light = _light_coverage(flat, tolerance_m)
    origin = dict(zip(map(tuple, shapely.get_coordinates(flat).tolist()), degrees.tolist(), strict=True))
    return np.asarray(shapely.transform(light, lambda metres: _looked_up(metres, origin)), dtype=np.object_)


def _light_coverage(flat: Shapes, tolerance_m: float) -> Shapes:
    if shapely.coverage_is_valid(flat):
        light = shapely.coverage_simplify(flat, tolerance_m)
        # Across a narrow gap two outlines know nothing of each other and may come to overlap.
        if shapely.coverage_is_valid(light):
            return np.asarray(light, dtype=np.object_)
    return np.asarray(shapely.coverage_simplify(flat, tolerance_m, simplify_boundary=False), dtype=np.object_)


def _looked_up(metres: FloatArray, origin: dict[tuple[float, ...], list[float]]) -> FloatArray:
    return np.array([origin[tuple(point)] for point in metres.tolist()]).reshape(-1, 2)
