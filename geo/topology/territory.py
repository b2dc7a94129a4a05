"""Cells against communities: which community a cell lies in, where it crosses its line, whose code it bears."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.codes import COMMUNITY_DIGITS, check_code
from geo.topology.coverage import Coverage
from geo.topology.finding import Defect
from geo.topology.pieces import Piece, claimed
from geo.topology.plane import areal, width, without, without_hairs
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
    crossing = np.flatnonzero(~inside & coverage.sound & (home >= 0))
    cells, grounds = _beyond(coverage, crossing, areas[home[crossing]], claimed(overlaps))
    where = _where(grounds, areas, coverage.tolerances.grid_m)
    for cell_, ground, there in zip(cells.tolist(), grounds, where, strict=True):
        yield Defect("across", (int(coverage.rows[cell_]),), ground, there, str(codes[home[cell_]]))


def _beyond(
    coverage: Coverage, cells: Home, areas: Shapes, twice: Mapping[int, Sequence[BaseGeometry]]
) -> tuple[Home, Shapes]:
    """Those of the cells that reach out of the area beside each, and the ground outside that they alone claim."""
    limits = coverage.tolerances
    left = areal(shapely.difference(coverage.shapes[cells], areas, grid_size=limits.grid_m))
    # Area over perimeter is less than the radius of the largest disc inside (Bonnesen), and taking away makes no disc
    # larger: without room for a disc as wide as a sliver nothing wider than a sliver can be left.
    roomy = ~shapely.is_empty(shapely.buffer(left, -0.49 * limits.sliver_m))
    cells, left = cells[roomy], left[roomy]
    others = [(at, shape) for at, cell in enumerate(cells.tolist()) for shape in twice.get(cell, [])]
    at = np.array([at for at, _ in others], dtype=np.intp)
    left = without(left, at, as_shapes(shape for _, shape in others), limits.grid_m)
    parts, owner = without_hairs(left, limits.same_m)
    real = width(parts) >= limits.sliver_m
    parts, owner = parts[real], owner[real]
    out, first = np.unique(owner, return_index=True)
    grounds = as_shapes(shapely.union_all(mine) for mine in np.split(parts, first[1:]) if len(mine))
    return cells[out], grounds


def _where(grounds: Shapes, areas: Shapes, grid_m: float) -> list[str]:
    """Whether each ground beyond lies in another area or in none."""
    at, area = shapely.STRtree(areas).query(grounds, predicate="intersects")
    bare = shapely.area(without(grounds, at, areas[area], grid_m))
    return ["other" if other else "none" for other in bare <= shapely.area(grounds) / 2]


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
