"""Who borders whom: shared border lengths between cells, and whether a set of cells hangs together."""

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.errors import InputError
from geo.metric import MetricPlane
from geo.vertices import Shapes, as_shapes

Neighbours = dict[int, dict[int, float]]

# Projection bends straight edges by millimetres, so "the same line" needs at least this much room.
_LEAST_TOLERANCE_M = 0.01


def neighbours(polygons: Iterable[BaseGeometry], tolerance_m: float = 0.5) -> Neighbours:
    """Length in metres of the border that each pair of WGS-84 polygons shares.

    Outlines closer than `tolerance_m` (at least 1 cm) count as the same line, so drawing gaps do not
    separate neighbours. Symmetric; every position is a key; cells that meet only in a corner, or along less
    than four tolerances, are no neighbours. Lengths are right to about one tolerance at each end of a
    border. Raises InputError for a negative tolerance.
    """
    if not 0 <= tolerance_m < np.inf:
        raise InputError(f"The border tolerance is {tolerance_m} m: give 0 or more metres.")
    shapes = as_shapes(polygons)
    beside: Neighbours = {position: {} for position in range(len(shapes))}
    if len(shapes) > 1:
        left, right, lengths = _shared(shapes, max(tolerance_m, _LEAST_TOLERANCE_M))
        for one, other, length in zip(left.tolist(), right.tolist(), lengths.tolist(), strict=True):
            beside[one][other] = beside[other][one] = length
    return beside


def pieces(positions: Iterable[int], beside: Mapping[int, Mapping[int, float]]) -> list[tuple[int, ...]]:
    """The connected pieces that `positions` fall into, each ascending; largest first, then by lowest
    position."""
    left, found = set(positions), []
    while left:
        piece = _reach(left.pop(), left, beside)
        left -= piece
        found.append(tuple(sorted(piece)))
    return sorted(found, key=lambda piece: (-len(piece), piece))


def contiguous(positions: Iterable[int], beside: Mapping[int, Mapping[int, float]]) -> bool:
    """True when one can walk between any two of `positions` without leaving them; also for none at all."""
    return len(pieces(positions, beside)) <= 1


def _reach(start: int, among: set[int], beside: Mapping[int, Mapping[int, float]]) -> set[int]:
    piece, waiting = {start}, [start]
    while waiting:
        fresh = (set(beside.get(waiting.pop(), {})) & among) - piece
        piece |= fresh
        waiting.extend(fresh)
    return piece


def _shared(shapes: Shapes, tolerance_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Pairs (left < right) that share a border, with its length in metres."""
    outlines = shapely.boundary(MetricPlane(shapes).lay(shapes))
    left, right = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=tolerance_m)
    left, right = left[left < right], right[left < right]
    bands = shapely.buffer(outlines, tolerance_m, quad_segs=4)
    # Each outline is measured along the other and the two averaged, so that the answer has no direction.
    there = _length_along(outlines[left], bands[right], tolerance_m)
    back = _length_along(outlines[right], bands[left], tolerance_m)
    length = (there + back) / 2
    kept = (there > 0) & (back > 0)
    return left[kept], right[kept], length[kept]


def _length_along(outlines: Shapes, bands: Shapes, tolerance_m: float) -> FloatArray:
    """Metres of each outline inside the other's band, less the stubs that reach into it at the ends."""
    inside = shapely.line_merge(shapely.intersection(outlines, bands))
    runs, owner = shapely.get_parts(inside, return_index=True)
    stubs = np.where(shapely.is_closed(runs), 0.0, 2 * tolerance_m)
    net = shapely.length(runs) - stubs
    net[net <= 2 * tolerance_m] = 0.0
    return np.bincount(owner, weights=net, minlength=len(outlines)).astype(np.float64)
