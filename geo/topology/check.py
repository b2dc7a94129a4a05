"""All checks of a frame of cells, one after the other, each told what the earlier ones have already named."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.codes import CODE_DIGITS
from geo.errors import InputError
from geo.topology import alone, territory, words
from geo.topology.coverage import Coverage
from geo.topology.finding import KINDS, Defect, Finding
from geo.topology.mismatches import mismatches
from geo.topology.pieces import overlaps
from geo.topology.plane import FlatPlane, inner_points
from geo.topology.reading import Drawn, read
from geo.topology.tolerances import Tolerances
from geo.topology.twins import twins
from geo.vertices import Shapes, as_shapes

Texts = list[str | None]


@dataclass(frozen=True)
class _Map:
    """What is checked: texts by row, shapes in degrees, areas in degrees with their codes."""

    drawn: Drawn
    codes: Texts
    names: Texts
    beats: Texts | None
    filed: Texts | None
    areas: Shapes
    area_codes: Texts
    unit_grid: bool


def check_cells(
    cells: pd.DataFrame,
    communities: pd.DataFrame | None = None,
    tolerances: Tolerances | None = None,
    *,
    unit_grid: bool | None = None,
) -> list[Finding]:
    """Every defect of a map of cells, each named once, errors first; nothing is changed.

    `cells`: geometry (WGS-84 polygons; WKT, WKB or hex WKB where no shape can be built; None), and where the column is
    there code, name (tells a cell without code), beat and community (the community's code). `communities`: code and
    geometry (WGS-84, valid). With
    communities, cells are also checked against their lines and bare ground at their edge is found; without, only
    ground that cells enclose, and strips narrower than a sliver, can be known to be missing. `unit_grid`: whether
    codes must be 15-digit unit-grid codes; None: when at least half of the cells have such codes. Raises InputError
    when there is no column geometry, or an area that is no valid polygon.
    """
    tolerances = tolerances or Tolerances()
    found = _map(cells, communities, unit_grid)
    if not len(found.drawn.shapes):
        return []
    drawn = found.drawn.shapes[~shapely.is_missing(found.drawn.shapes)]
    plane = FlatPlane(drawn if len(drawn) else as_shapes([shapely.Point(0, 0)]))
    coverage = Coverage(plane.flat(found.drawn.shapes), found.drawn, tolerances)
    defects = list(_defects(found, coverage, plane))
    return _told(defects, found, coverage, plane)


def _map(cells: pd.DataFrame, communities: pd.DataFrame | None, unit_grid: bool | None) -> _Map:
    if "geometry" not in cells:
        raise InputError("The cells have no column geometry: name the column that holds their outlines.")
    codes = _texts(cells, "code") or [None] * len(cells)
    areas, area_codes = as_shapes([]), list[str | None]()
    if communities is not None and len(communities):
        areas, area_codes = _areas(communities)
    if unit_grid is None:
        grid = sum(1 for code in codes if code is not None and len(code) == CODE_DIGITS and code.isdecimal())
        unit_grid = len(codes) > 0 and 2 * grid >= len(codes)
    drawn = read(cells["geometry"].tolist())
    names = _texts(cells, "name") or [None] * len(cells)
    return _Map(drawn, codes, names, _texts(cells, "beat"), _texts(cells, "community"), areas, area_codes, unit_grid)


def _texts(frame: pd.DataFrame, column: str) -> Texts | None:
    if column not in frame:
        return None
    return [None if pd.isna(value) or not str(value).strip() else str(value).strip() for value in frame[column]]


def _areas(communities: pd.DataFrame) -> tuple[Shapes, Texts]:
    drawn = read(communities["geometry"].tolist())
    codes = _texts(communities, "code") or [None] * len(communities)
    if drawn.broken:
        fault = drawn.broken[0]
        raise InputError(f"Area {codes[fault.row] or fault.row + 1} cannot be used: {fault.reason}; mend it first.")
    return drawn.shapes, codes


def _defects(found: _Map, coverage: Coverage, plane: FlatPlane) -> Iterator[Defect]:
    yield from (Defect(fault.kind, (fault.row,), None, "", fault.reason) for fault in found.drawn.broken)
    if len(coverage.shapes):
        yield from _of_shapes(found, coverage, plane.flat(found.areas))
    else:
        yield from territory.wrong_codes(found.codes, None, coverage.rows, None, [], found.unit_grid and _coded(found))
    if found.beats is not None:
        yield from alone.beatless(found.beats)


def _of_shapes(found: _Map, coverage: Coverage, areas: Shapes) -> Iterator[Defect]:
    with ThreadPoolExecutor() as pool:
        knotted = pool.submit(lambda: coverage.ground)  # takes as long as finding all overlaps
        shared = overlaps(coverage)
        knotted.result()
    twice = twins(coverage, shared, found.codes, found.beats)
    yield from twice.defects
    expected = territory.joint_ground(areas) if len(areas) else None
    unmatched = list(mismatches(coverage, twice.overlaps, expected))
    yield from unmatched
    yield from alone.islands(coverage, {row for defect in unmatched for row in defect.rows}, shared)
    yield from alone.thin_cells(coverage, shared)
    home = None
    if len(areas):
        home = territory.homes(coverage, areas)
        yield from territory.across(coverage, areas, home, found.area_codes, shared)
        home = np.where(coverage.sound, home, -1)
    if _coded(found):
        yield from territory.wrong_codes(
            found.codes, found.filed, coverage.rows, home, found.area_codes, found.unit_grid
        )


def _coded(found: _Map) -> bool:
    """Whether the map has codes at all, so that a row without one lacks it."""
    return 2 * sum(code is not None for code in found.codes) >= len(found.codes)


def _told(defects: Iterable[Defect], found: _Map, coverage: Coverage, plane: FlatPlane) -> list[Finding]:
    listed = list(defects)
    place = {int(row): cell for cell, row in enumerate(coverage.rows)}
    flat = [_ground(defect, place, coverage) for defect in listed]
    shapes = plane.degrees(as_shapes(shapely.GeometryCollection() if shape is None else shape for shape in flat))
    (area, length), inner = plane.size(shapes), inner_points(shapes)
    told = []
    for at, defect in enumerate(listed):
        names = tuple(found.codes[row] or found.names[row] or f"row {row + 1}" for row in defect.rows)
        said = words.sentence(defect, names, float(area[at]), float(length[at]))
        told.append(
            Finding(
                defect.kind, words.severity(defect), names, shapes[at], float(area[at]), float(length[at]),
                float(inner[at, 0]), float(inner[at, 1]), said, defect.rows,
            )
        )  # fmt: skip
    rank = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(told, key=lambda each: (each.severity, rank[each.kind], -round(each.area_m2, 3), each.rows))


def _ground(defect: Defect, place: dict[int, int], coverage: Coverage) -> BaseGeometry | None:
    """The defect's own ground, else the shape of its first cell that has one."""
    if defect.geometry is not None:
        return defect.geometry
    return next((coverage.shapes[place[row]] for row in defect.rows if row in place), None)
