"""Cells of about equal households along given lines: blocks between the lines, halved where too heavy, grouped."""

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from geo.datums import FloatArray
from geo.lattice.draft import Draft, dissolved, require, usable_area, usable_parts
from geo.lattice.faces import Faces, absorbed, joined_faces, knotted
from geo.lattice.grouping import balanced_groups
from geo.metric import MetricPlane
from geo.vertices import Shapes, as_shapes, move_vertices

# A block thinner than this is no place to live, only what two drawings of one line leave between them.
_STRIP_M = 5.0


def balanced(
    area: BaseGeometry,
    lines: Iterable[BaseGeometry],
    target: float,
    communities: Iterable[BaseGeometry] = (),
    *,
    homes: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
) -> Draft:
    """Cut a WGS-84 area into cells of about `target` households along lines (roads, rivers), which they never cross.

    `homes`: lon, lat and households of addresses or buildings; None spreads the wish by area, and `target` is then
    square metres. Blocks between lines are grouped into contiguous, compact cells inside their community; a block with
    more than 1.5 targets is first halved, and halved again, across its longer side. Each contiguous piece of a
    community gets round(households / target) cells, at least one. The same input gives the same cells. Raises
    InputError for an area, target or homes that cannot be used.
    """
    require(target > 0 and np.isfinite(target), f"The target is {target}: give households above 0.")
    whole, parts = usable_area(area), usable_parts(communities)
    faces = joined_faces(knotted([whole, *parts, *lines]), whole, parts)
    points = None if homes is None else _homes(homes)
    plane = MetricPlane(as_shapes([whole]))
    cuts: list[BaseGeometry] = []
    for shape, weight in zip(faces.shapes, _weights(faces, points, plane), strict=True):
        cuts += _halved(shape, weight, target, points, plane)
    if cuts:
        faces = joined_faces(knotted([whole, *parts, *lines, *cuts]), whole, parts)
    faces = _without_strips(faces, plane)
    weight = _weights(faces, points, plane)
    group = balanced_groups(_metres(faces, plane), faces.borders(plane.project), weight, faces.community, target)
    return dissolved(faces, group, weight if points is not None else None)


def _without_strips(faces: Faces, plane: MetricPlane) -> Faces:
    """Faces with the strips that lines leave beside a border joined to the block that they lie along."""
    flat = _metres(faces, plane)
    # Thinner than _STRIP_M: 2 · area / outline.
    group = absorbed(faces, shapely.area(flat), _STRIP_M / 2 * shapely.length(flat), plane.project)
    joined = dissolved(faces, group, None)
    return Faces(joined.cells, joined.community)


def _metres(faces: Faces, plane: MetricPlane) -> Shapes:
    return move_vertices(faces.shapes, plane.project)


def _homes(homes: tuple[ArrayLike, ArrayLike, ArrayLike]) -> FloatArray:
    lon, lat, count = (np.ravel(np.asarray(values, dtype=np.float64)) for values in homes)
    require(lon.shape == lat.shape == count.shape, "Homes need lon, lat and households in equal numbers.")
    require(bool((count >= 0).all()), "A home has a negative or missing number of households: correct it.")
    return np.column_stack([lon, lat, count])


def _weights(faces: Faces, points: FloatArray | None, plane: MetricPlane) -> FloatArray:
    """Households of each face (a point on a line counts in the first face), or its square metres."""
    if points is None:
        return np.asarray(shapely.area(_metres(faces, plane)), dtype=np.float64)
    at, face = shapely.STRtree(faces.shapes).query(shapely.points(points[:, :2]), predicate="intersects")
    first = np.full(len(points), len(faces.shapes), dtype=np.intp)
    np.minimum.at(first, at, face)
    inside = first < len(faces.shapes)
    return np.bincount(first[inside], weights=points[inside, 2], minlength=len(faces.shapes)).astype(np.float64)


def _halved(
    block: BaseGeometry, weight: float, target: float, points: FloatArray | None, plane: MetricPlane
) -> list[BaseGeometry]:
    """Lines that cut a block across its longer side at the median of its households, until no part is too heavy."""
    cuts: list[BaseGeometry] = []
    mine = None if points is None else points[shapely.intersects_xy(block, points[:, 0], points[:, 1])]
    waiting = [(block, mine, weight)]
    while waiting:
        part, homes, load = waiting.pop()
        if load <= 1.5 * target:
            continue
        cut = _median_line(part, homes)
        pieces = list(split(part, cut).geoms)
        if len(pieces) < 2:
            continue
        loads = [_load(piece, homes, plane) for piece in pieces]
        if max(load_ for _, load_ in loads) >= load:
            continue
        cuts.append(shapely.intersection(part, cut))
        waiting += [(piece, inside, load_) for piece, (inside, load_) in zip(pieces, loads, strict=True)]
    return cuts


def _load(piece: BaseGeometry, homes: FloatArray | None, plane: MetricPlane) -> tuple[FloatArray | None, float]:
    if homes is None:
        return None, float(shapely.area(move_vertices(as_shapes([piece]), plane.project)[0]))
    inside = homes[shapely.intersects_xy(piece, homes[:, 0], homes[:, 1])]
    return inside, float(inside[:, 2].sum())


def _median_line(part: BaseGeometry, homes: FloatArray | None) -> BaseGeometry:
    west, south, east, north = part.bounds
    middle = (south + north) / 2
    wide = (east - west) * np.cos(np.radians(middle)) >= north - south
    axis = 0 if wide else 1
    at = ((west + east) / 2, middle)[axis] if homes is None else _weighted_median(homes[:, axis], homes[:, 2])
    # One step past the last digit of the data, so that the cut runs between homes, not through one.
    at = float(np.round(at + 5e-8, 9))
    room = 1e-6
    ends = [(at, south - room), (at, north + room)] if wide else [(west - room, at), (east + room, at)]
    return shapely.LineString(ends)


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(total, total[-1] / 2))])
