"""The files that a draft of cells starts from: communities, lines that no cell may cross, homes; and codes to check."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.codes import check_code
from geo.crs import transform_geometries
from geo.errors import InputError
from geo.vertices import Shapes, as_shapes
from loaders.checks import check, source_crs
from loaders.checks.values import Sheet
from loaders.mapping import plan_mapping
from loaders.options import LoadOptions
from loaders.profiles import Profile, load_profile
from loaders.readers import BROKEN, GEOMETRY, Source, open_source


def read_communities(path: Path, options: LoadOptions) -> pd.DataFrame:
    """code, name, geometry (WGS-84) of the communities of a file of areas; without a column level all rows are.

    Raises InputError for a file that cannot be used, or the first row that cannot, with its line.
    """
    profile = load_profile(options.profile)
    with _opened(path, options, profile) as source:
        overrides = dict(options.overrides)
        plan = plan_mapping(source.columns, "areas", profile, overrides, source.has_geometry, {"level"})
        if "level" not in plan.columns:
            plan.constants.setdefault("level", "community")
        rows = _checked(source, "areas", plan, profile, options)
    found = rows[rows["level"] == "community"]
    if found.empty:
        raise InputError(f"{path.name} holds no communities: give areas of the level community.")
    return found[["code", "name", "geometry"]].reset_index(drop=True)


def read_homes(path: Path, options: LoadOptions) -> pd.DataFrame:
    """lon, lat (WGS-84) and households of a file of points; without a column households every point is one.

    Raises InputError for a file that cannot be used, or the first row that cannot, with its line.
    """
    profile = load_profile()
    with _opened(path, options, profile) as source:
        plan = plan_mapping(source.columns, "addresses", profile, {}, source.has_geometry, {"address"})
        plan.constants.setdefault("address", "home")
        counted = plan_mapping(source.columns, "cells", profile, {}, False, {"code", "name", "geometry"}).columns
        if column := counted.get("households"):
            plan.columns["name"] = column
        rows = _checked(source, "addresses", plan, profile, options)
    lost = rows.index[rows["lon"].isna() | rows["lat"].isna()]
    if len(lost):
        raise InputError(f"{path.name}, line {lost[0]}: a home needs lon and lat: give both or leave the row out.")
    return rows[["lon", "lat"]].assign(households=_households(rows["name"], path) if column else 1)


def read_lines(path: Path, options: LoadOptions) -> Shapes:
    """Lines (WGS-84) of a layer of roads or rivers; of polygons their outlines."""
    profile = load_profile()
    with _opened(path, options, profile) as source:
        if not source.has_geometry:
            raise InputError(f"{path.name} has no lines: give a layer such as a GeoPackage of roads.")
        crs = source_crs(source, profile, options.crs)
        drawn = [shape for frame in source.chunks() for shape in frame[GEOMETRY]]
    built = as_shapes(shape for shape in drawn if isinstance(shape, BaseGeometry))
    shapes = transform_geometries(built, crs)
    return shapes[shapely.get_dimensions(shapes) > 0]


def wrong_codes(path: Path, options: LoadOptions) -> tuple[int, list[dict[str, Any]]]:
    """How many codes a file of cells has, and those that break the 15-digit rule: line, code, reasons."""
    profile = load_profile(options.profile)
    with _opened(path, options, profile) as source:
        plan = plan_mapping(source.columns, "cells", profile, dict(options.overrides), False, {"name", "geometry"})
        raw = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=source.columns)])
    raw = raw[raw[BROKEN].isna()] if BROKEN in raw else raw
    codes = Sheet(raw, plan, profile.section("cells"), profile.missing).texts("code")
    reasons = [["it has no code"] if code is None else check_code(code) for code in codes]
    told = zip(raw.index, codes, reasons, strict=True)
    return len(codes), [{"line": int(line), "code": code, "reasons": why} for line, code, why in told if why]


def _opened(path: Path, options: LoadOptions, profile: Profile) -> Source:
    sheet, layer = options.sheet or profile.sheet, options.layer or profile.layer
    return open_source(path, sheet=sheet, layer=layer, encoding=options.encoding or profile.encoding)


def _checked(source: Source, kind: str, plan: Any, profile: Profile, options: LoadOptions) -> pd.DataFrame:
    """The rows as the loader would take them; InputError for the first that it would not."""
    crs, now = source_crs(source, profile, options.crs), datetime.now(UTC)
    frame = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=source.columns)])
    checked = check(frame, kind, plan, profile, crs, now, repeats=kind == "areas")
    if checked.rejects:
        first = checked.rejects[0]
        more = f", and {len(checked.rejects) - 1:,} more rows" if len(checked.rejects) > 1 else ""
        raise InputError(f"{source.path.name}, line {first.line}: {'; '.join(first.reasons)}{more}: mend it first.")
    return checked.rows


def _households(texts: pd.Series, path: Path) -> pd.Series:
    count = pd.to_numeric(texts.fillna("0"), errors="coerce")
    wrong = count.index[~(count >= 0) | np.isinf(count)]
    if len(wrong):
        raise InputError(f"{path.name}, line {wrong[0]}: {texts[wrong[0]]!r} is no number of households: correct it.")
    return count
