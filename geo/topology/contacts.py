"""Which cells run along a piece of ground."""

import numpy as np
import shapely

from geo.datums import FloatArray
from geo.topology.coverage import Coverage, Rows
from geo.vertices import Shapes

# Corners to a chunk of an outline: a gap network around a whole city is never measured as one.
_CHUNK = 128


def bordering(coverage: Coverage, pieces: Shapes) -> list[tuple[int, ...]]:
    """The cells that run along each piece (not only touch it in a point), the longest contact first.

    Pieces are polygons in metres; cells are positions in the coverage. A piece that is only touched has all that touch.
    """
    if not len(pieces):
        return []
    same = coverage.tolerances.same_m
    piece, cell, contact = _contacts(coverage, pieces)
    long = contact > np.maximum(8 * same, 0.01 * shapely.length(pieces)[piece])
    kept = long | ~np.isin(piece, piece[long])
    piece, cell, contact = piece[kept], cell[kept], contact[kept]
    order = np.lexsort((cell, -np.round(contact, 3), piece))
    ends = np.searchsorted(piece[order], np.arange(1, len(pieces)))
    return [tuple(part.tolist()) for part in np.split(cell[order], ends)]


def _contacts(coverage: Coverage, pieces: Shapes) -> tuple[Rows, Rows, FloatArray]:
    """Piece, cell and metres of the cell's outline along the piece, for all that touch."""
    same = coverage.tolerances.same_m
    chunks, owner = _chunks(pieces)
    at, cell = coverage.tree.query(chunks, predicate="dwithin", distance=same)
    order = np.lexsort((cell, owner[at]))
    at, cell = at[order], cell[order]
    first = np.ones(len(at), dtype=np.bool_)
    first[1:] = (np.diff(owner[at]) != 0) | (np.diff(cell) != 0)
    bands = shapely.buffer(chunks, 2 * same, quad_segs=2)[at[first]]
    group = np.cumsum(first) - 1
    several = np.bincount(group)[group] > 1
    if several.any():
        lines = shapely.multilinestrings(chunks[at[several]], indices=np.unique(group[several], return_inverse=True)[1])
        bands[np.unique(group[several])] = shapely.buffer(lines, 2 * same, quad_segs=2)
    contact = shapely.length(shapely.intersection(coverage.outlines[cell[first]], bands))
    return owner[at[first]], cell[first], contact


def _chunks(pieces: Shapes) -> tuple[Shapes, Rows]:
    """The outlines of pieces cut into lines of at most _CHUNK corners, and the piece of each."""
    rings, owner = shapely.get_rings(pieces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.searchsorted(ring, np.arange(len(rings)))
    place = np.arange(len(xy)) - starts[ring]
    edges = np.flatnonzero(ring[:-1] == ring[1:])
    # Every edge as two corners; the edges of a chunk follow each other, so each repeats the corner before it.
    chunk = np.cumsum(np.append(True, place[edges][1:] % (_CHUNK - 1) == 0)) - 1
    corners = np.column_stack([edges, edges + 1]).ravel()
    lines = shapely.linestrings(xy[corners], indices=np.repeat(chunk, 2))
    first = np.append(True, np.diff(chunk) != 0)
    return np.asarray(lines, dtype=np.object_), owner[ring[edges[first]]]
