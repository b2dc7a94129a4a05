"""The cells as one coverage in the flat plane: which of them disagree with a neighbour, and the ground of all."""

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.datums import FloatArray
from geo.topology.ground import Ground, ground_of
from geo.topology.plane import polygons
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
    def area_m2(self) -> FloatArray:
        """Square metres of each cell."""
        return np.asarray(shapely.area(self.shapes), dtype=np.float64)

    @cached_property
    def outlines(self) -> Shapes:
        """The outline of each cell."""
        return np.asarray(shapely.boundary(self.shapes), dtype=np.object_)

    @cached_property
    def disputed(self) -> Rows:
        """Cells with an edge that no neighbour's edge matches, or that lies within a sliver of another cell.

        When two cells overlap, or leave a narrow gap, at least one of them is here.
        """
        edges = shapely.coverage_invalid_edges(self.shapes, gap_width=self.tolerances.sliver_m)
        return np.flatnonzero(~shapely.is_empty(edges))

    @cached_property
    def ground(self) -> Ground:
        """The ground of all cells, and what they enclose."""
        agreed = np.ones(len(self.shapes), dtype=np.bool_)
        agreed[self.disputed] = False
        # Where edges match, the quick union will do; only the others need to be knotted.
        quick = polygons(as_shapes([shapely.coverage_union_all(self.shapes[agreed])]))[0]
        if not len(self.disputed):
            return ground_of(quick, None)
        return ground_of(np.concatenate([quick, self.shapes[self.disputed]]), self.tolerances.grid_m)
