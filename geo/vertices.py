"""Many geometries as one array, and all their vertices moved at once."""

from collections.abc import Callable, Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray, Pair

Shapes = NDArray[np.object_]


def as_shapes(geoms: Iterable[BaseGeometry | None]) -> Shapes:
    """Geometries (None among them allowed) as a one-dimensional object array of their own."""
    listed = list(geoms)
    shapes = np.empty(len(listed), dtype=np.object_)
    shapes[:] = listed
    return shapes


def move_vertices(shapes: Shapes, move: Callable[[FloatArray, FloatArray], Pair]) -> Shapes:
    """New geometries whose every vertex went through `move` (x, y arrays → x, y arrays); None stays,
    heights go."""

    def moved(xy: FloatArray) -> FloatArray:
        return np.column_stack(move(xy[:, 0], xy[:, 1]))

    return np.asarray(shapely.transform(shapes, moved), dtype=np.object_)
