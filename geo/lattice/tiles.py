"""Squares and hexagons of a given side, clipped to an area and its communities."""

from collections.abc import Callable, Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.lattice.draft import Draft, dissolved, require, usable_area, usable_parts
from geo.lattice.faces import absorbed, joined_faces, knotted
from geo.metric import MetricPlane
from geo.vertices import as_shapes, move_vertices

# More cells than any city has: a side in the wrong unit, not a wish.
_MOST_CELLS = 200_000


def squares(
    area: BaseGeometry, side_m: float, communities: Iterable[BaseGeometry] = (), *, least_share: float = 0.25
) -> Draft:
    """Cut a WGS-84 area into squares of `side_m` metres, aligned to the projected grid, clipped at the area's edge.

    With `communities` each cell lies inside one of them (or in none). What clipping leaves smaller than `least_share`
    of a square joins the neighbour of its community with which it shares the longest border; a cell may then be up to
    that much larger. Raises InputError for an area or a size that cannot be used.
    """
    return _tiled(area, side_m, side_m**2, _square_lines, communities, least_share)


def hexagons(
    area: BaseGeometry, side_m: float, communities: Iterable[BaseGeometry] = (), *, least_share: float = 0.25
) -> Draft:
    """Cut a WGS-84 area into hexagons with edges of `side_m` metres, two of them north-south.

    Communities, slivers and errors as in `squares`.
    """
    return _tiled(area, side_m, 1.5 * np.sqrt(3) * side_m**2, _hexagon_lines, communities, least_share)


def _tiled(
    area: BaseGeometry, side_m: float, tile_m2: float, lines: Callable[..., list[FloatArray]],
    communities: Iterable[BaseGeometry], least_share: float,
) -> Draft:  # fmt: skip
    require(side_m > 0 and np.isfinite(side_m), f"The side is {side_m} m: give metres above 0.")
    require(0 <= least_share <= 1, f"The least share is {least_share}: give a number from 0 to 1.")
    whole, parts = usable_area(area), usable_parts(communities)
    plane = MetricPlane(as_shapes([whole]))
    flat = plane.lay(as_shapes([whole]))[0]
    left, bottom, right, top = flat.bounds
    count = (right - left) * (top - bottom) / tile_m2
    require(count <= _MOST_CELLS, f"Sides of {side_m} m would give {count:,.0f} cells: give longer ones.")
    edges = np.array(lines(left, bottom, right, top, side_m))
    drawn = move_vertices(np.asarray(shapely.linestrings(edges), dtype=np.object_), plane.unproject)
    faces = joined_faces(knotted([whole, *parts, *drawn]), whole, parts)
    size = np.asarray(shapely.area(move_vertices(faces.shapes, plane.project)), dtype=np.float64)
    least = np.full(len(size), least_share * tile_m2)
    return dissolved(faces, absorbed(faces, size, least, plane.project), None)


def _square_lines(left: float, bottom: float, right: float, top: float, side: float) -> list[FloatArray]:
    """Every edge of the squares that cover the bounds, corner to corner, so that it bends no more than its length."""
    x, y = _steps(left, right, side), _steps(bottom, top, side)
    across = [np.array([[a, b], [a + side, b]]) for a in x[:-1] for b in y]
    return across + [np.array([[a, b], [a, b + side]]) for a in x for b in y[:-1]]


def _hexagon_lines(left: float, bottom: float, right: float, top: float, side: float) -> list[FloatArray]:
    """Three edges of every hexagon (upper left, upper right, right side): each edge of the pattern once."""
    width, rise = np.sqrt(3) * side, 1.5 * side
    rows = range(int(np.floor(bottom / rise)) - 1, int(np.ceil(top / rise)) + 2)
    columns = range(int(np.floor(left / width)) - 1, int(np.ceil(right / width)) + 2)
    edges = []
    for row in rows:
        for column in columns:
            x, y = (column + row % 2 / 2) * width, row * rise
            north_west, north = (x - width / 2, y + side / 2), (x, y + side)
            north_east, south_east = (x + width / 2, y + side / 2), (x + width / 2, y - side / 2)
            edges += [np.array(edge) for edge in ((north_west, north), (north, north_east), (north_east, south_east))]
    return edges


def _steps(low: float, high: float, side: float) -> FloatArray:
    first, last = np.floor(low / side), np.ceil(high / side)
    return np.arange(first, last + 1, dtype=np.float64) * side
