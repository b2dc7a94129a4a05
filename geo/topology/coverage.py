"""The cells as one coverage in the flat plane: which of them disagree with a neighbour, and the ground of all."""

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.topology.reading import Drawn
from geo.topology.tolerances import Tolerances
from geo.vertices import Shapes, as_shapes

Rows = NDArray[np.intp]


class Coverage:
    """Cells that have a shape, in metres. `rows`: their positions in the frame; `sound`: shape can be trusted."""

    def __init__(self, flat: Shapes, drawn: Drawn, tolerances: Tolerances) -> None:
        self.rows: Rows = np.flatnonzero(~shapely.is_missing(flat))
        self.shapes: Shapes = flat[self.rows]
        self.sound: NDArray[np.bool_] = drawn.sound[self.rows]
        self.tolerances = tolerances
        self.tree = shapely.STRtree(self.shapes)

    @cached_property
    def disputed(self) -> Rows:
        """Cells with an edge that no neighbour's edge matches, or that lies within a sliver of another cell.

        When two cells overlap, or leave a narrow gap, at least one of them is here.
        """
        edges = shapely.coverage_invalid_edges(self.shapes, gap_width=self.tolerances.sliver_m)
        return np.flatnonzero(~shapely.is_empty(edges))

    @cached_property
    def ground(self) -> Shapes:
        """The polygons of the union of all cells."""
        agreed = np.ones(len(self.shapes), dtype=np.bool_)
        agreed[self.disputed] = False
        # The quick union needs matching edges; the few others are added by the slow one.
        quick = shapely.coverage_union_all(self.shapes[agreed])
        others = [quick, *self.shapes[self.disputed]]
        whole = shapely.union_all(others, grid_size=self.tolerances.grid_m) if len(self.disputed) else quick
        return as_shapes(part for part in shapely.get_parts(whole) if part.geom_type == "Polygon")

    def bordering(self, piece: BaseGeometry) -> tuple[int, ...]:
        """Cells that run along a piece (not only touch it in a point), the longest contact first."""
        same = self.tolerances.same_m
        found = self.tree.query(piece, predicate="dwithin", distance=same)
        band = shapely.buffer(shapely.boundary(piece), 2 * same, quad_segs=2)
        contact = shapely.length(shapely.intersection(shapely.boundary(self.shapes[found]), band))
        long = contact > max(8 * same, 0.01 * shapely.length(piece))
        order = np.lexsort((found, -np.round(contact, 3)))
        kept = [int(found[at]) for at in order if long[at]]
        return tuple(kept or [int(found[at]) for at in order])
