"""Lines knotted into one network, and the faces between them that lie in an area."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray, Pair
from geo.vertices import Shapes, as_shapes

GRID_DEG = 1e-9


@dataclass(frozen=True)
class Faces:
    """Polygons that share every vertex with their neighbours, and the community each lies in (-1: none)."""

    shapes: Shapes
    community: NDArray[np.intp]

    def borders(self, project: Callable[[FloatArray, FloatArray], Pair]) -> dict[int, dict[int, float]]:
        """Metres of border that two faces share; every position is a key."""
        beside: dict[int, dict[int, float]] = {at: {} for at in range(len(self.shapes))}
        one, other, metres = _shared_edges(self.shapes, project)
        for left, right, length in zip(one.tolist(), other.tolist(), metres.tolist(), strict=True):
            beside[left][right] = beside[right][left] = beside[left].get(right, 0.0) + length
        return beside


def knotted(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """All outlines and lines as one network on a grid of 1e-9 degrees, with a knot wherever two meet."""
    listed = as_shapes(shapes)
    lines = np.where(shapely.get_dimensions(listed) == 2, shapely.boundary(listed), listed)
    network: BaseGeometry = shapely.union_all(lines, grid_size=GRID_DEG)
    return network


def joined_faces(network: BaseGeometry, area: BaseGeometry, communities: Sequence[BaseGeometry] | Shapes) -> Faces:
    """The faces of a network inside the area, each with the first community that holds it."""
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    inner = shapely.point_on_surface(faces)
    shapely.prepare(area)
    kept = shapely.intersects(area, inner)
    faces, inner = faces[kept], inner[kept]
    community = np.full(len(faces), len(communities), dtype=np.intp)
    at, place = shapely.STRtree(as_shapes(communities)).query(inner, predicate="intersects")
    np.minimum.at(community, at, place)
    community[community == len(communities)] = -1
    # One order whatever the order of the lines.
    box = shapely.bounds(faces).reshape(-1, 4)
    order = np.lexsort((box[:, 2], box[:, 1], box[:, 0], -box[:, 3]))
    return Faces(as_shapes(faces[order]), community[order])


def absorbed(
    faces: Faces, size: FloatArray, least: FloatArray, project: Callable[[FloatArray, FloatArray], Pair]
) -> NDArray[np.intp]:
    """Group of each face: those below their least size, the smallest first, join the neighbour of their community along
    their longest border until what they have become is large enough; without such a neighbour they stay."""
    group = np.arange(len(size), dtype=np.intp)
    beside = {at: dict(near) for at, near in faces.borders(project).items()}
    left = size.copy()
    waiting = sorted(np.flatnonzero(size < least).tolist(), key=lambda at: (size[at], at))
    for small in waiting:
        kin = {at: metres for at, metres in beside[small].items() if faces.community[at] == faces.community[small]}
        if left[small] >= least[small] or not kin:
            continue
        host = min(kin, key=lambda at: (-round(kin[at], 3), at))
        group[group == small] = host
        left[host] += left[small]
        for near, metres in beside.pop(small).items():
            beside[near].pop(small)
            if near != host:
                beside[host][near] = beside[near][host] = beside[host].get(near, 0.0) + metres
    return group


def _shared_edges(
    shapes: Shapes, project: Callable[[FloatArray, FloatArray], Pair]
) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Each edge that two faces share: their positions (the lower first) and its metres."""
    rings, face = _rings(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[:-1] == ring[1:]
    start, end = np.round(xy[:-1][follows], 10), np.round(xy[1:][follows], 10)
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.column_stack([np.where(turned[:, None], end, start), np.where(turned[:, None], start, end)])
    owner = face[ring[:-1][follows]]
    order = np.lexsort((owner, *ends.T))
    ends, owner = ends[order], owner[order]
    twin = np.flatnonzero((ends[:-1] == ends[1:]).all(axis=1) & (owner[:-1] != owner[1:]))
    first, last = project(ends[twin, 0], ends[twin, 1]), project(ends[twin, 2], ends[twin, 3])
    metres = np.hypot(first[0] - last[0], first[1] - last[1])
    return owner[twin], owner[twin + 1], metres


def _rings(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    return rings, of_part[of_ring]
