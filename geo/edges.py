"""Polygons as plain arrays: every vertex once along its ring, every edge the number of its first vertex."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.datums import FloatArray
from geo.vertices import Shapes

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Outlines:
    """Edges of many polygons: edge e runs from vertex e to e + 1; its neighbours on the ring are e - 1 and e + 1.

    xy: x and y of the vertices by turns, each ring preceded by its last vertex and followed by its second;
    edges and starts: those of polygon i are edges[starts[i]:starts[i + 1]]; boxes: west, south, east, north of each.
    """

    xy: FloatArray
    edges: Ints
    starts: Longs
    boxes: FloatArray

    @property
    def extent(self) -> FloatArray:
        """West, south, east, north of all."""
        return np.concatenate([self.boxes[:, :2].min(axis=0), self.boxes[:, 2:].max(axis=0)])

    def lengths(self) -> tuple[float, float]:
        """Sum of the edges' extents in x and in y, with those few that lead from one ring to the next."""
        return float(np.abs(np.diff(self.xy[::2])).sum()), float(np.abs(np.diff(self.xy[1::2])).sum())


def outlines_of(shapes: Shapes) -> Outlines:
    """Outlines of valid, non-empty polygons and multipolygons; vertices that repeat the one before are left out."""
    if (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all():
        polygons, shape_of_polygon = shapes, np.arange(len(shapes))
    else:
        polygons, shape_of_polygon = shapely.get_parts(shapes, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = coords[:, 0], coords[:, 1]
    repeated = (x[1:] == x[:-1]) & (y[1:] == y[:-1]) & (ring[1:] == ring[:-1])
    if repeated.any():
        kept = np.append(True, ~repeated)
        coords, ring = coords[kept], ring[kept]
    lengths = np.bincount(ring, minlength=len(rings))
    ends = np.cumsum(lengths)
    begins = ends - lengths
    # Two more vertices a ring: places shift by two with every ring.
    shift = 2 * np.arange(len(rings))
    first, last = begins + shift, ends + 1 + shift
    source = np.arange(len(coords) + 2 * len(rings)) - np.repeat(shift + 1, lengths + 2)
    source[first], source[last] = ends - 2, begins + 1
    xy = coords.take(source, axis=0)
    edge = np.ones(len(xy), dtype=np.bool_)
    edge[first] = edge[last] = edge[last - 1] = False
    counts = np.bincount(shape_of_polygon[polygon_of_ring], lengths - 1, len(shapes)).astype(np.int64)
    starts = np.append(0, np.cumsum(counts))
    return Outlines(xy.ravel(), np.flatnonzero(edge).astype(np.int32), starts, shapely.bounds(shapes))
