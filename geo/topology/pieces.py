"""Ground that two cells claim, and ground between cells that none claims, as separate pieces."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.topology.coverage import Coverage, Rows
from geo.topology.plane import polygons, width, without_hairs
from geo.vertices import Shapes, as_shapes

# A strip that opens to the outside must be this many times longer than a sliver is wide: concave corners are no strips.
_OPEN_LENGTH = 6


@dataclass(frozen=True)
class Piece:
    """A polygon in metres that has two owners, or none, and the cells (positions in the coverage) concerned.

    `edge`: it lies at the outer edge of the map, where only the areas say that a cell is missing.
    """

    shape: BaseGeometry
    owners: Literal[0, 2]
    cells: tuple[int, ...]
    width_m: float
    edge: bool = False


def overlaps(coverage: Coverage) -> list[Piece]:
    """Every piece of ground that two cells share, thinner than the same line left out."""
    disputed = coverage.disputed
    at, right = coverage.tree.query(coverage.shapes[disputed], predicate="intersects")
    pairs = np.unique(np.sort(np.column_stack([disputed[at], right]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    pairs = pairs[coverage.sound[pairs].all(axis=1)]
    one, other = coverage.shapes[pairs[:, 0]], coverage.shapes[pairs[:, 1]]
    common = np.asarray(shapely.intersection(one, other, grid_size=coverage.tolerances.grid_m), dtype=np.object_)
    parts, owner = without_hairs(common, coverage.tolerances.same_m)
    wide = width(parts)
    return [
        Piece(parts[k], 2, (int(pairs[owner[k], 0]), int(pairs[owner[k], 1])), float(wide[k]))
        for k in np.flatnonzero(wide >= coverage.tolerances.same_m)
    ]


def gaps(coverage: Coverage, expected: BaseGeometry | None) -> list[Piece]:
    """Every piece of ground that no cell claims: enclosed by cells, a narrow strip between two, or left bare of the
    ground `expected` to be covered (metres; None: nothing is expected)."""
    enclosed = _enclosed(coverage.ground)
    bare = _bare(coverage, expected, enclosed)
    strips = _open_strips(coverage, [*enclosed, *bare])
    return [*_pieces(coverage, [*enclosed, *strips], edge=False), *_pieces(coverage, bare, edge=True)]


def _pieces(coverage: Coverage, found: list[BaseGeometry], *, edge: bool) -> list[Piece]:
    parts = without_hairs(as_shapes(found), coverage.tolerances.same_m)[0]
    wide = width(parts)
    kept = np.flatnonzero(wide >= coverage.tolerances.same_m).tolist()
    return [Piece(parts[at], 0, coverage.bordering(parts[at]), float(wide[at]), edge) for at in kept]


def _enclosed(ground: Shapes) -> list[BaseGeometry]:
    """Faces of the outlines that no ground fills: holes, moats, and what cells enclose that meet only in corners."""
    lines = shapely.get_parts(shapely.union_all(shapely.boundary(ground)))
    faces = shapely.get_parts(shapely.polygonize(lines))
    filled = shapely.STRtree(ground).query(shapely.point_on_surface(faces), predicate="intersects")[0]
    return list(np.delete(faces, filled))


def _bare(coverage: Coverage, expected: BaseGeometry | None, enclosed: list[BaseGeometry]) -> list[BaseGeometry]:
    if expected is None:
        return []
    grid_m = coverage.tolerances.grid_m
    claimed = shapely.union_all([*coverage.ground, *enclosed], grid_size=grid_m)
    left = polygons(as_shapes([shapely.difference(expected, claimed, grid_size=grid_m)]))[0]
    # The outer edge of a map rarely repeats the areas' line exactly: only real ground counts there.
    return list(left[width(left) >= coverage.tolerances.sliver_m])


def _open_strips(coverage: Coverage, known: list[BaseGeometry]) -> list[BaseGeometry]:
    reach = coverage.tolerances.sliver_m
    disputed = coverage.shapes[coverage.disputed]
    left, right = shapely.STRtree(disputed).query(disputed, predicate="dwithin", distance=reach)
    pairs = coverage.disputed[np.column_stack([left, right])[left < right]]
    tree = shapely.STRtree(known)
    found: list[BaseGeometry] = []
    for pair in pairs:
        found += _strips_between(coverage, pair, tree)
    # Around a corner the strips of two pairs may reach into each other.
    return list(polygons(shapely.get_parts(shapely.union_all(found)))[0])


def _strips_between(coverage: Coverage, pair: Rows, known: shapely.STRtree) -> list[BaseGeometry]:
    """What closing the two shapes by half a sliver adds between them, less what is covered or known."""
    limits, both = coverage.tolerances, coverage.shapes[pair]
    reach = limits.sliver_m
    joint = shapely.union_all(shapely.intersection(both, _facing(both, reach)), grid_size=limits.grid_m)
    closed = shapely.buffer(shapely.buffer(joint, reach / 2), -reach / 2)
    if shapely.is_empty(closed):
        return []
    beside = [*coverage.shapes[coverage.tree.query(closed)], *known.geometries[known.query(closed)]]
    room = shapely.box(*shapely.bounds(closed)).buffer(1, join_style="mitre")
    covered = shapely.union_all(shapely.intersection(beside, room), grid_size=limits.grid_m)
    parts = polygons(as_shapes([shapely.difference(closed, covered, grid_size=limits.grid_m)]))[0]
    long = shapely.length(parts) / 2 >= _OPEN_LENGTH * reach
    thick = width(parts) >= limits.same_m
    return [part for part in parts[long & thick] if _touches_both(part, both, limits.same_m)]


def _facing(both: Shapes, reach: float) -> BaseGeometry:
    """The neighbourhood where the two shapes lie within reach of each other."""
    bands = shapely.buffer(shapely.boundary(both), reach, quad_segs=4)
    facing = shapely.intersection(bands[0], bands[1])
    room: BaseGeometry = shapely.buffer(facing, 2 * reach, quad_segs=4)
    return room


def _touches_both(part: BaseGeometry, both: Shapes, same_m: float) -> bool:
    """Both shapes run along at least a quarter of the strip."""
    band = shapely.buffer(shapely.boundary(both), 4 * same_m, quad_segs=2)
    along = shapely.length(shapely.intersection(shapely.boundary(part), band))
    return bool((along >= shapely.length(part) / 4).all())


def touching(pieces: Shapes, distance_m: float) -> tuple[Rows, Rows]:
    """Pairs (left < right) of pieces no further apart than `distance_m`."""
    left, right = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=distance_m)
    return left[left < right], right[left < right]
