"""A first draft of cells: an area cut into squares, hexagons, or cells of about equal households along given lines.

Every draft covers the area exactly, without overlaps: all lines are knotted into one network on a grid of 1e-9 degrees
(0.1 mm) and the faces of the network become cells, so that neighbours share every vertex.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.errors import InputError
from geo.faces import Faces, joined_faces, knotted
from geo.grouping import balanced_groups
from geo.metric import MetricPlane
from geo.vertices import Shapes, as_shapes, move_vertices

Numbers = NDArray[np.intp]

# More cells than any city has: a side in the wrong unit, not a wish.
_MOST_CELLS = 200_000


@dataclass(frozen=True)
class Draft:
    """Cells (WGS-84 polygons in no particular order; number them with `geo.codes`), the position of the community that
    each lies in (-1: none, or none were given), and the households that each holds (NaN: not known)."""

    cells: Shapes
    community: Numbers
    households: FloatArray


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
    """Cut a WGS-84 area into hexagons with edges of `side_m` metres, two of them north-south; otherwise as `squares`."""
    return _tiled(area, side_m, 1.5 * np.sqrt(3) * side_m**2, _hexagon_lines, communities, least_share)


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
    _require(target > 0 and np.isfinite(target), f"The target is {target}: give households above 0.")
    whole, parts = _usable(area), _parts(communities)
    faces = joined_faces(knotted([whole, *parts, *lines]), whole, parts)
    points = None if homes is None else _homes(homes)
    plane = MetricPlane(as_shapes([whole]))
    cuts: list[BaseGeometry] = []
    for shape, weight in zip(faces.shapes, _weights(faces, points, plane), strict=True):
        cuts += _halved(shape, weight, target, points, plane)
    if cuts:
        faces = joined_faces(knotted([whole, *parts, *lines, *cuts]), whole, parts)
    weight = _weights(faces, points, plane)
    group = balanced_groups(_metres(faces, plane), faces.borders(plane.project), weight, faces.community, target)
    return _dissolved(faces, group, weight if points is not None else None)


def _tiled(
    area: BaseGeometry, side_m: float, tile_m2: float, lines: Callable[..., list[FloatArray]],
    communities: Iterable[BaseGeometry], least_share: float,
) -> Draft:  # fmt: skip
    _require(side_m > 0 and np.isfinite(side_m), f"The side is {side_m} m: give metres above 0.")
    _require(0 <= least_share <= 1, f"The least share is {least_share}: give a number from 0 to 1.")
    whole, parts = _usable(area), _parts(communities)
    plane = MetricPlane(as_shapes([whole]))
    flat = plane.lay(as_shapes([whole]))[0]
    left, bottom, right, top = flat.bounds
    count = (right - left) * (top - bottom) / tile_m2
    _require(count <= _MOST_CELLS, f"Sides of {side_m} m would give {count:,.0f} cells: give longer ones.")
    tiles = shapely.linestrings(np.array(lines(left, bottom, right, top, side_m)))
    drawn = move_vertices(as_shapes(tiles), plane.unproject)
    faces = joined_faces(knotted([whole, *parts, *drawn]), whole, parts)
    size = np.asarray(shapely.area(_metres(faces, plane)), dtype=np.float64)
    return _dissolved(faces, _without_slivers(faces, size, least_share * tile_m2, plane), None)


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


def _without_slivers(faces: Faces, size: FloatArray, least_m2: float, plane: MetricPlane) -> Numbers:
    """Group of each face: small ones, the smallest first, join the neighbour of their community along their longest
    border; without such a neighbour they stay."""
    group = np.arange(len(size), dtype=np.intp)
    beside = {at: dict(near) for at, near in faces.borders(plane.project).items()}
    left = size.copy()
    waiting = sorted(np.flatnonzero(size < least_m2).tolist(), key=lambda at: (size[at], at))
    for small in waiting:
        kin = {at: metres for at, metres in beside[small].items() if faces.community[at] == faces.community[small]}
        if left[small] >= least_m2 or not kin:
            continue
        host = min(kin, key=lambda at: (-round(kin[at], 3), at))
        group[group == small] = host
        left[host] += left[small]
        for near, metres in beside.pop(small).items():
            beside[near].pop(small)
            if near != host:
                beside[host][near] = beside[near][host] = beside[host].get(near, 0.0) + metres
    return group


def _dissolved(faces: Faces, group: Numbers, weight: FloatArray | None) -> Draft:
    names, first, member = np.unique(group, return_index=True, return_inverse=True)
    order = np.argsort(member, kind="stable")
    bounds = np.searchsorted(member[order], np.arange(len(names) + 1))
    cells = as_shapes(
        shapely.coverage_union_all(faces.shapes[order[a:b]]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)
    )
    totals = np.full(len(names), np.nan) if weight is None else np.bincount(member, weights=weight)
    return Draft(cells, faces.community[first], totals.astype(np.float64))


def _metres(faces: Faces, plane: MetricPlane) -> Shapes:
    return move_vertices(faces.shapes, plane.project)


def _homes(homes: tuple[ArrayLike, ArrayLike, ArrayLike]) -> FloatArray:
    lon, lat, count = (np.ravel(np.asarray(values, dtype=np.float64)) for values in homes)
    _require(lon.shape == lat.shape == count.shape, "Homes need lon, lat and households in equal numbers.")
    _require(bool((count >= 0).all()), "A home has a negative or missing number of households: correct it.")
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
        pieces = [each for each in shapely.get_parts(shapely.difference(part, cut.buffer(1e-9))) if each.area > 0]
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


def _usable(area: BaseGeometry) -> BaseGeometry:
    fit = area.geom_type in ("Polygon", "MultiPolygon") and not area.is_empty and area.is_valid
    _require(fit, "The area to be cut is no valid polygon: mend its outline first.")
    return area


def _parts(communities: Iterable[BaseGeometry]) -> Shapes:
    parts = as_shapes(communities)
    if len(parts):
        _require(bool(shapely.is_valid(parts).all()), "A community is no valid polygon: mend its outline first.")
    return parts


def _require(fine: bool, sentence: str) -> None:
    if not fine:
        raise InputError(sentence)
