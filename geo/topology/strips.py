"""Narrow gaps between two cells that open to the outside: what closing the two by half a sliver adds between them."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.datums import FloatArray
from geo.topology.chunks import in_chunks
from geo.topology.coverage import Coverage, Rows
from geo.topology.ground import ground_of
from geo.topology.plane import areal, diagonal, polygons, width, without
from geo.topology.tolerances import Tolerances
from geo.vertices import Shapes

# A strip that opens to the outside must be this many times longer than a sliver is wide: concave corners are no strips.
_OPEN_LENGTH = 6
# Two cells that lie within reach of each other on less than this share of the shortest strip meet in a corner only.
_CORNER = 0.5


def open_strips(coverage: Coverage, known: Shapes) -> Shapes:
    """Strips of bare ground outside of everything that cells enclose, `known` ground left out."""
    pairs = _neighbours(coverage)
    scene = _scene(coverage, known, np.unique(pairs))
    found = np.concatenate(in_chunks(scene.strips, pairs))
    # Around a corner the strips of two pairs may reach into each other.
    return ground_of(found, coverage.tolerances.grid_m).covered


def _neighbours(coverage: Coverage) -> Rows:
    """Pairs of disputed cells within reach of each other, near ground that no cells enclose."""
    reach, box = coverage.tolerances.sliver_m, shapely.bounds(coverage.shapes)
    outline = shapely.boundary(coverage.ground.filled)
    shapely.prepare(outline)
    # Boxes that hold whatever closing can add around a cell, then between two.
    low, high = box[:, :2] - 3 * reach, box[:, 2:] + 3 * reach
    outer = coverage.disputed[shapely.intersects(outline, _boxes(low, high)[coverage.disputed])]
    shapes = coverage.shapes[outer]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    pairs: Rows = outer[np.column_stack([left, right])[left < right]]
    between = _boxes(low[pairs].max(axis=1), high[pairs].min(axis=1))
    return pairs[shapely.intersects(outline, between)]


def _boxes(low: FloatArray, high: FloatArray) -> Shapes:
    return np.asarray(shapely.box(*low.T, *high.T), dtype=np.object_)


@dataclass(frozen=True)
class _Scene:
    """The cells in metres, what else is known, and around each cell its neighbourhood and the band of its outline."""

    cells: shapely.STRtree
    known: shapely.STRtree
    near: Shapes
    band: Shapes
    limits: Tolerances

    def strips(self, pairs: Rows) -> Shapes:
        """The strips between the cells of each pair."""
        parts, pairs = self._less_others(*self._closed(*self._facing(pairs)))
        outline = shapely.length(parts)
        fine = (outline / 2 >= _OPEN_LENGTH * self.limits.sliver_m) & (width(parts) >= self.limits.same_m)
        parts, pairs, outline = parts[fine], pairs[fine], outline[fine]
        along = shapely.length(shapely.intersection(shapely.boundary(parts)[:, None], self.band[pairs]))
        # Both cells run along at least a quarter of a strip.
        return parts[(along >= outline[:, None] / 4).all(axis=1)]

    def _facing(self, pairs: Rows) -> tuple[Rows, Shapes]:
        """The pairs that face each other along more than a corner, and the neighbourhood in which each does."""
        reach = self.limits.sliver_m
        facing = np.asarray(shapely.intersection(self.near[pairs[:, 0]], self.near[pairs[:, 1]]), dtype=np.object_)
        long = diagonal(facing) >= _CORNER * _OPEN_LENGTH * reach
        return pairs[long], np.asarray(shapely.buffer(facing[long], 2 * reach, quad_segs=4), dtype=np.object_)

    def _closed(self, pairs: Rows, room: Shapes) -> tuple[Shapes, Rows]:
        """What closing two cells adds between them inside the room, and the pair of each part."""
        reach, grid_m = self.limits.sliver_m, self.limits.grid_m
        both = self.cells.geometries[pairs]
        joint = shapely.geometrycollections(shapely.intersection(both, room[:, None]))
        closed = shapely.buffer(shapely.buffer(joint, reach / 2), -reach / 2)
        # Whole cells are quicker to take away than the parts of them whose cuts run along the room's.
        closed = areal(shapely.difference(closed, both[:, 0], grid_size=grid_m))
        parts, owner = polygons(shapely.difference(closed, both[:, 1], grid_size=grid_m))
        # Taking more away makes no part larger, so what is too small for a strip now will stay so.
        large = shapely.area(parts) >= _OPEN_LENGTH * reach * self.limits.same_m
        return parts[large], pairs[owner[large]]

    def _less_others(self, parts: Shapes, pairs: Rows) -> tuple[Shapes, Rows]:
        """Parts without ground that a third cell covers, or that is known to be bare."""
        at, known = self.known.query(parts, predicate="intersects")
        parts = without(parts, at, self.known.geometries[known], self.limits.grid_m)
        at, cell = self.cells.query(parts, predicate="intersects")
        third = (pairs[at] != cell[:, None]).all(axis=1)
        left = without(parts, at[third], self.cells.geometries[cell[third]], self.limits.grid_m)
        parts, owner = polygons(left)
        return parts, pairs[owner]


def _scene(coverage: Coverage, known: Shapes, cells: Rows) -> _Scene:
    """The scene around some of the cells."""
    limits = coverage.tolerances
    near, band = (np.full(len(coverage.shapes), None, dtype=np.object_) for _ in range(2))
    near[cells] = shapely.buffer(coverage.shapes[cells], limits.sliver_m, quad_segs=4)
    band[cells] = shapely.buffer(coverage.outlines[cells], 4 * limits.same_m, quad_segs=2)
    return _Scene(coverage.tree, shapely.STRtree(known), near, band, limits)
