"""Cells against communities: which community a cell lies in, where it crosses its line, whose code it bears."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.codes import COMMUNITY_DIGITS, check_code
from geo.topology.coverage import Coverage
from geo.topology.finding import Defect
from geo.topology.pieces import Piece
from geo.topology.plane import width, without_hairs
from geo.vertices import Shapes, as_shapes

Texts = Sequence[str | None]
Home = NDArray[np.intp]


def joint_ground(areas: Shapes) -> BaseGeometry:
    """The union of the areas."""
    drawn = areas[~shapely.is_missing(areas)]
    whole: BaseGeometry = (
        shapely.coverage_union_all(drawn) if shapely.coverage_is_valid(drawn) else shapely.union_all(drawn)
    )
    return whole


def homes(coverage: Coverage, areas: Shapes) -> Home:
    """Position of the area that holds the most of each cell, the lowest among equals; -1 for none."""
    home = np.full(len(coverage.shapes), -1, dtype=np.intp)
    area, cell = coverage.tree.query(areas, predicate="covers")
    home[cell[::-1]] = area[::-1]
    rest = np.flatnonzero(home < 0)
    at, area = shapely.STRtree(areas).query(coverage.shapes[rest], predicate="intersects")
    common = shapely.area(shapely.intersection(coverage.shapes[rest[at]], areas[area]))
    order = np.lexsort((area, -common))
    kept = order[common[order] > 0][::-1]
    home[rest[at[kept]]] = area[kept]
    return home


def across(coverage: Coverage, areas: Shapes, home: Home, codes: Texts, overlaps: Sequence[Piece]) -> Iterator[Defect]:
    """Cells that reach out of their home area by more than a sliver, ground that another cell claims too left out."""
    inside = np.zeros(len(home), dtype=np.bool_)
    at, cell = coverage.tree.query(areas, predicate="covers")
    inside[cell[home[cell] == at]] = True
    claimed: dict[int, list[BaseGeometry]] = {}
    for piece in overlaps:
        for cell_ in piece.cells:
            claimed.setdefault(cell_, []).append(piece.shape)
    for cell_ in np.flatnonzero(~inside & coverage.sound & (home >= 0)).tolist():
        ground = _outside(coverage, cell_, areas[home[cell_]], claimed.get(cell_, []))
        if ground is not None:
            row = int(coverage.rows[cell_])
            yield Defect("across", (row,), ground, _where(ground, areas), str(codes[home[cell_]]))


def _outside(coverage: Coverage, cell: int, area: BaseGeometry, claimed: list[BaseGeometry]) -> BaseGeometry | None:
    grid_m = coverage.tolerances.grid_m
    inside = shapely.union_all([area, *claimed], grid_size=grid_m)
    beyond = as_shapes([shapely.difference(coverage.shapes[cell], inside, grid_size=grid_m)])
    parts = without_hairs(beyond, coverage.tolerances.same_m)[0]
    real = parts[width(parts) >= coverage.tolerances.sliver_m]
    return shapely.union_all(real) if len(real) else None


def _where(ground: BaseGeometry, areas: Shapes) -> str:
    """Whether the ground beyond lies in another area or in none."""
    met = areas[shapely.STRtree(areas).query(ground, predicate="intersects")]
    taken = float(shapely.area(shapely.intersection(ground, shapely.union_all(met))))
    return "other" if taken >= ground.area / 2 else "none"


def wrong_codes(
    codes: Texts, filed: Texts | None, rows: NDArray[np.intp], home: Home | None, area_codes: Texts, unit_grid: bool
) -> Iterator[Defect]:
    """Codes that break the 15-digit rule, name another community than the cell lies in, or are missing.

    `home` is aligned with `rows`; `filed` is the community that each row names, by code.
    """
    lies_in: dict[int, str | None] = {}
    if home is not None:
        lies_in = {int(row): area_codes[at] for row, at in zip(rows, home, strict=True) if at >= 0}
    known = {code for code in area_codes if code is not None}
    for row, code in enumerate(codes):
        there = lies_in.get(row)
        reason = _malformed(code) if unit_grid else ("it has no code" if code is None else "")
        if not reason and unit_grid and code is not None and there is not None and len(there) == COMMUNITY_DIGITS:
            stated = code[:COMMUNITY_DIGITS]
            reason = "" if stated == there else f"its code says community {stated}, but it lies in {there}"
        named = filed[row] if filed is not None else None
        if not reason and there is not None and named in known and named != there:
            reason = f"it is filed under community {named}, but lies in {there}"
        if reason:
            yield Defect("code", (row,), None, "", reason)


def _malformed(code: str | None) -> str:
    return "it has no code" if code is None else "; ".join(check_code(code))
