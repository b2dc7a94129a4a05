"""What a draft is, and what every way of cutting needs: usable areas and faces dissolved into cells."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.errors import InputError
from geo.lattice.faces import Faces
from geo.vertices import Shapes, as_shapes

Numbers = NDArray[np.intp]

# Below a hundredth of a square metre the grid of the network leaves nothing.
_LEAST_DEG2 = 1e-12


@dataclass(frozen=True)
class Draft:
    """Cells (WGS-84 polygons in no particular order; number them with `geo.codes`), the position of the community that
    each lies in (-1: none, or none were given), and the households that each holds (NaN: not known)."""

    cells: Shapes
    community: Numbers
    households: FloatArray


def dissolved(faces: Faces, group: Numbers, weight: FloatArray | None) -> Draft:
    names, first, member = np.unique(group, return_index=True, return_inverse=True)
    order = np.argsort(member, kind="stable")
    bounds = np.searchsorted(member[order], np.arange(len(names) + 1))
    cells = as_shapes(shapely.coverage_union_all(faces.shapes[order[a:b]]) for a, b in itertools.pairwise(bounds))
    totals = np.full(len(names), np.nan) if weight is None else np.bincount(member, weights=weight)
    return Draft(cells, faces.community[first], totals.astype(np.float64))


def usable_area(area: BaseGeometry) -> BaseGeometry:
    fit = area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid and area.area > _LEAST_DEG2
    require(fit, "The area to be cut is no valid polygon with ground: mend its outline first.")
    return area


def usable_parts(communities: Iterable[BaseGeometry]) -> Shapes:
    parts = as_shapes(communities)
    if len(parts):
        require(bool(shapely.is_valid(parts).all()), "A community is no valid polygon: mend its outline first.")
    return parts


def require(fine: bool, sentence: str) -> None:
    if not fine:
        raise InputError(sentence)
