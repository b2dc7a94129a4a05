"""The ground of cells that need not fit: all outlines knotted into one network, each face of it claimed or bare.

A union of polygons that overlap and leave gaps knots the same lines again at every level of its cascade; one network
knots each line once.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.topology.plane import polygons
from geo.tree import PolygonTree
from geo.vertices import Shapes, as_shapes


@dataclass(frozen=True)
class Ground:
    """Faces that outlines enclose, sharing every corner with their neighbours, and whether any cell claims each."""

    faces: Shapes
    claimed: NDArray[np.bool_]

    @property
    def covered(self) -> Shapes:
        """The polygons of the union of all cells."""
        return _joined(self.faces[self.claimed])

    @property
    def enclosed(self) -> Shapes:
        """What no cell claims: holes, moats, and what cells enclose that meet only in corners."""
        return _joined(self.faces[~self.claimed])

    @property
    def filled(self) -> BaseGeometry:
        """The union of all cells with everything that it encloses."""
        whole: BaseGeometry = shapely.coverage_union_all(self.faces)
        return whole


def ground_of(shapes: Shapes, grid_m: float | None) -> Ground:
    """The ground of polygons in metres, corners on a grid of `grid_m` (None: as they are)."""
    network = shapely.union_all(shapely.boundary(shapes), grid_size=grid_m)
    faces: Shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    inner = shapely.point_on_surface(faces)
    claimed = PolygonTree(shapes).locate(shapely.get_x(inner), shapely.get_y(inner)) >= 0
    return Ground(faces, claimed)


def _joined(faces: Shapes) -> Shapes:
    return polygons(as_shapes([shapely.coverage_union_all(faces)]))[0]
