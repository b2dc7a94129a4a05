"""A first draft of cells: communities cut into squares, hexagons or balanced cells, numbered, as a file to load."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.codes import LAST_NUMBER, number_cells
from geo.errors import InputError
from geo.lattice import Draft, balanced, hexagons, squares
from geo.metric import MetricPlane
from geo.tree import PolygonTree
from geo.vertices import Shapes, as_shapes

SHAPES = ("square", "hexagon", "balanced")
Homes = pd.DataFrame


@dataclass(frozen=True)
class Wish:
    """How to cut: shape; size_m is the side of a square, the edge of a hexagon, or the side of a square as large as a
    balanced cell; target the households of a balanced cell, which needs homes[lon, lat, households]; no balanced cell
    crosses one of the lines (WGS-84)."""

    shape: str
    size_m: float | None = None
    target: float | None = None
    lines: Shapes = field(default_factory=lambda: as_shapes([]))
    homes: Homes | None = None

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise InputError(f"--shape must be one of {', '.join(SHAPES)}, not {self.shape!r}.")
        if self.target is not None and (self.shape != "balanced" or self.homes is None):
            raise InputError("--target counts households: give --shape balanced and --homes FILE with it.")
        if (self.size_m is None) == (self.target is None):
            raise InputError(f"Say how large cells shall be: {_MEASURE[self.shape]}.")
        if len(self.lines) and self.shape != "balanced":
            raise InputError("--lines guide only cells of --shape balanced: leave them out.")


_MEASURE = {
    "square": "--size METRES for the side of a square",
    "hexagon": "--size METRES for the edge of a hexagon",
    "balanced": "--target HOUSEHOLDS with --homes FILE, or --size METRES",
}


def drafted(communities: pd.DataFrame, wish: Wish) -> pd.DataFrame:
    """Cells of communities[code, name, geometry (WGS-84)]: code, name, kind, community, households, geometry.

    Sorted by code; households is missing without homes. Raises InputError for a wish that cannot be fulfilled: a size
    out of range, a community whose code is not 12 digits or that would hold more than 999 cells.
    """
    parts = as_shapes(communities["geometry"])
    _refuse_small(communities, wish)
    draft = _cut(shapely.union_all(parts), parts, wish)
    held = draft.community >= 0
    home = draft.community[held]
    cells = pd.DataFrame({"community": communities["code"].to_numpy()[home], "geometry": draft.cells[held]})
    cells.insert(0, "code", number_cells(cells))
    named = zip(communities["name"].to_numpy()[home], cells["code"], strict=True)
    cells.insert(1, "name", [f"{community}第{int(code[-3:])}网格" for community, code in named])
    cells = cells.assign(kind="basic", households=_households(draft, wish)[held])
    return cells.sort_values("code", ignore_index=True)


def _refuse_small(communities: pd.DataFrame, wish: Wish) -> None:
    """Tell of far too many cells before hours are spent on drawing them."""
    if wish.size_m is None or not wish.size_m > 0:
        return
    shapes = as_shapes(communities["geometry"])
    tile_m2 = wish.size_m**2 * (1.5 * np.sqrt(3) if wish.shape == "hexagon" else 1)
    count = shapely.area(MetricPlane(shapes).lay(shapes)) / tile_m2
    most = int(np.argmax(count))
    if count[most] > 2 * LAST_NUMBER:
        raise InputError(
            f"--size {wish.size_m:g} would give about {count[most]:,.0f} cells in community"
            f" {communities['code'].iloc[most]}, and {LAST_NUMBER} is the most: give a larger size."
        )


def _cut(area: BaseGeometry, parts: Shapes, wish: Wish) -> Draft:
    if wish.shape == "balanced":
        homes = None if wish.homes is None or wish.target is None else _columns(wish.homes)
        target = wish.target if wish.target is not None else _square(wish.size_m or 0.0)
        return balanced(area, wish.lines, target, parts, homes=homes)
    return (squares if wish.shape == "square" else hexagons)(area, wish.size_m or 0.0, parts)


def _square(size_m: float) -> float:
    if not (size_m > 0 and np.isfinite(size_m)):
        raise InputError(f"The size is {size_m} m: give metres above 0.")
    return size_m**2


def _columns(homes: Homes) -> tuple[Any, Any, Any]:
    return homes["lon"], homes["lat"], homes["households"]


def _households(draft: Draft, wish: Wish) -> Any:
    """Households of each cell: those of the draft, else counted now; missing without homes."""
    if wish.homes is None:
        return pd.array([pd.NA] * len(draft.cells), dtype="Int64")
    lon, lat, count = (np.asarray(values, dtype=float) for values in _columns(wish.homes))
    cell = PolygonTree(draft.cells).locate(lon, lat)
    total = np.bincount(cell[cell >= 0], weights=count[cell >= 0], minlength=len(draft.cells))
    return pd.array(np.round(total), dtype="Int64")
