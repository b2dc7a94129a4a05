"""Checks boundaries of files or of the record: reads cells and areas as they are, and tells what is wrong with them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.crs import WGS84, transform_geometries
from geo.errors import InputError
from geo.topology import KINDS, Finding, check_cells, errors
from loaders.checks import source_crs
from loaders.checks.values import Sheet
from loaders.features import feature_collection
from loaders.mapping import plan_mapping
from loaders.options import LoadOptions
from loaders.profiles import load_profile
from loaders.readers import BROKEN, GEOMETRY, open_source

_TEXTS = {"cells": ("code", "name", "beat", "community"), "areas": ("code", "name", "level")}
_FINEST_FIRST = ("community", "street", "district", "city")
_LAST_POINT = re.compile(r",[^,()]*\)")

LIVE_CELLS = text("""
    SELECT c.code, c.name, nullif(b.code, 'unassigned') AS beat, a.code AS community, ST_AsBinary(c.geom) AS geometry
    FROM cell c
    LEFT JOIN area a ON a.id = c.community_id
    LEFT JOIN beat_cell h ON h.cell_id = c.id AND upper_inf(h.valid)
    LEFT JOIN beat b ON b.id = h.beat_id
    WHERE upper_inf(c.valid) ORDER BY c.id""")
LIVE_COMMUNITIES = text("""
    SELECT code, ST_AsBinary(geom) AS geometry FROM area
    WHERE level = 'community' AND upper_inf(valid) ORDER BY id""")


@dataclass(frozen=True)
class BoundaryReport:
    """What was checked, and every finding, errors first."""

    cells: int
    communities: int
    findings: list[Finding]

    def as_json(self) -> dict[str, Any]:
        """Counts, and every finding without its geometry."""
        counts = {"cells": self.cells, "communities": self.communities, "errors": len(errors(self.findings))}
        counts["warnings"] = len(self.findings) - counts["errors"]
        return {**counts, "kinds": counted(self.findings), "findings": [_properties(each) for each in self.findings]}


def check_files(
    paths: Sequence[Path], kind: str = "cells", options: LoadOptions | None = None, against: Path | None = None
) -> BoundaryReport:
    """Check files as one map. Areas are checked level by level; `against` names a file of areas, of which the finest
    level that it has is taken as communities. Raises InputError for a file or kind that cannot be used."""
    if kind not in _TEXTS:
        raise InputError(f"Boundaries of {kind!r} are not checked: give --kind cells or --kind areas.")
    options = options or LoadOptions()
    frame = pd.concat([read_boundaries(path, kind, options) for path in paths], ignore_index=True)
    if kind == "areas":
        findings = [found for _, level in _levels(frame) for found in check_cells(level, unit_grid=False)]
        return BoundaryReport(len(frame), 0, sorted(findings, key=lambda found: found.severity))
    communities = None if against is None else _finest(read_boundaries(against, "areas", options))
    return BoundaryReport(
        len(frame), len(communities) if communities is not None else 0, check_cells(frame, communities)
    )


def check_record(conn: Connection) -> BoundaryReport:
    """Check the cells in force now against the communities in force."""
    from db.bulk import frame_of

    cells, communities = frame_of(conn, LIVE_CELLS), frame_of(conn, LIVE_COMMUNITIES)
    for frame in (cells, communities):
        frame["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in frame["geometry"]])
    return BoundaryReport(len(cells), len(communities), check_cells(cells, communities))


def read_boundaries(path: Path, kind: str, options: LoadOptions) -> pd.DataFrame:
    """The rows of a file as they are, broken shapes too: the columns of `kind` that it has, geometry in WGS-84.

    A row without a name is named by its line; a ring that is not closed stays so, as WKT.
    """
    profile = load_profile(options.profile)
    sheet, layer = options.sheet or profile.sheet, options.layer or profile.layer
    with open_source(path, sheet=sheet, layer=layer, encoding=options.encoding or profile.encoding) as source:
        plan = plan_mapping(source.columns, kind, profile, dict(options.overrides), source.has_geometry)
        crs = source_crs(source, profile, options.crs)
        raw = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=source.columns)])
    raw = raw[raw[BROKEN].isna()] if BROKEN in raw else raw
    rows = Sheet(raw, plan, profile.section(kind), profile.missing)
    texts = {name: rows.texts(name) for name in _TEXTS[kind] if rows.has(name)}
    names = texts.get("name") or [None] * len(raw)
    texts["name"] = [name or f"line {line}" for name, line in zip(names, raw.index, strict=True)]
    shapes = [_in_degrees(value, crs) for value in rows.objects(GEOMETRY)]
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in texts.items()}).assign(
        geometry=pd.Series(shapes, dtype=object)
    )


def findings_geojson(findings: Sequence[Finding]) -> dict[str, Any]:
    """FeatureCollection in WGS-84: the faulty ground, lines or cells with kind, severity, cells, sizes and sentence."""
    return feature_collection([_properties(each) for each in findings], [each.geometry for each in findings])


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each kind that occurs."""
    count = Counter(finding.kind for finding in findings)
    return {kind: count[kind] for kind in KINDS if count[kind]}


def told(report: BoundaryReport, top: int) -> str:
    """A report in words: the counts, then the findings, errors first."""
    if not report.findings:
        return f"{report.cells:,} cells checked: nothing found."
    wrong = len(errors(report.findings))
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counted(report.findings).items())
    lines = [f"{report.cells:,} cells checked: {wrong:,} errors, {len(report.findings) - wrong:,} warnings ({kinds})"]
    lines += [f"  {each.severity} {each.kind} at {each.lon:.6f}, {each.lat:.6f}: {each.sentence}"
              for each in report.findings[:top]]  # fmt: skip
    if len(report.findings) > top:
        lines.append(f"  … and {len(report.findings) - top:,} more: see all with --out findings.geojson")
    return "\n".join(lines)


def _properties(finding: Finding) -> dict[str, Any]:
    size = {"area_m2": round(finding.area_m2, 2), "length_m": round(finding.length_m, 2)}
    point = {"lon": finding.lon, "lat": finding.lat}
    place = {name: None if isnan(value) else round(value, 7) for name, value in point.items()}
    named = {"kind": finding.kind, "severity": finding.severity, "cells": list(finding.cells)}
    return {**named, **size, **place, "sentence": finding.sentence}


def _levels(areas: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    if "level" not in areas:
        return [("", areas)]
    return [(str(level), part.reset_index(drop=True)) for level, part in areas.groupby("level", dropna=False)]


def _finest(areas: pd.DataFrame) -> pd.DataFrame:
    levels = dict(_levels(areas))
    return next((levels[level] for level in _FINEST_FIRST if level in levels), areas)


def _in_degrees(value: Any, crs: str) -> Any:
    """Geometry in WGS-84; text that shapely cannot build (a ring that is not closed) is moved and stays unclosed."""
    if crs == WGS84 or value is None:
        return value
    if not isinstance(value, str):
        return transform_geometries([value], crs)[0]
    parse = shapely.from_wkb if re.fullmatch(r"[0-9A-Fa-f]{10,}", value) else shapely.from_wkt
    shape = parse(value, on_invalid="ignore")
    if shape is not None:
        return transform_geometries([shape], crs)[0]
    closed = parse(value, on_invalid="fix")
    return value if closed is None else _LAST_POINT.sub(")", transform_geometries([closed], crs)[0].wkt)
