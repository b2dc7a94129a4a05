"""Checks geometries and converts them to WGS-84."""

import re
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import transform_geometries
from geo.validity import findings as validity_findings
from loaders.checks.crs import Floats, Surroundings
from loaders.checks.findings import Findings, Mask
from loaders.field_types import Field

Shapes = NDArray[Any]  # of shapely geometries or None

_HEX = re.compile(r"[0-9A-Fa-f]{10,}")
_AREAL = {"Polygon", "MultiPolygon"}


def shapes(field: Field, values: list[object], around: Surroundings, findings: Findings, label: str) -> Shapes:
    """Shapely geometries in WGS-84 in their normal form, None where missing or faulty.

    The normal form has rings and points in one order, so that a shape does not look redrawn only because it came in
    another format (a shapefile turns outer rings clockwise, GeoJSON counter-clockwise).

    Takes geometries, WKT and hex WKB. Unreadable or empty ones, shapes of the wrong type, invalid rings
    (with their place), swapped coordinates and places outside the CRS's area are findings.
    """
    found = _built(values, findings, label)
    _only_allowed(field, found, findings, label)
    raw = found.copy()
    found = transform_geometries(found, around.crs)
    _refuse_misplaced(raw, found, around, findings, label)
    if _AREAL & set(field.choices):
        _refuse_invalid(found, findings, label)
    return np.asarray(shapely.normalize(found), dtype=object)


def points(geometries: Shapes) -> tuple[Floats, Floats]:
    """x, y of points; NaN for None."""
    given = ~shapely.is_missing(geometries)
    x, y = np.full(len(geometries), np.nan), np.full(len(geometries), np.nan)
    x[given], y[given] = shapely.get_x(geometries[given]), shapely.get_y(geometries[given])
    return x, y


def built_points(field: Field, values: list[object], findings: Findings, label: str) -> tuple[Floats, Floats]:
    """x, y in the source's CRS of point geometries; other shapes are findings."""
    found = _built(values, findings, label)
    _only_allowed(field, found, findings, label)
    return points(found)


def _built(values: list[object], findings: Findings, label: str) -> Shapes:
    found = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        found[at] = value
    for at, value in enumerate(values):
        if isinstance(value, str):
            found[at] = _parsed(value, at, findings, label)
    return found


def _parsed(text: str, at: int, findings: Findings, label: str) -> object:
    try:
        return shapely.from_wkb(text) if _HEX.fullmatch(text) else shapely.from_wkt(text)
    except (shapely.errors.GEOSException, ValueError) as error:
        cause = str(error).split(": ", 1)[-1].split("\n")[0].strip(" .'")
        findings.add([at], f"{label} cannot be built ({cause})")
        return None


def _only_allowed(field: Field, found: Shapes, findings: Findings, label: str) -> None:
    given = ~shapely.is_missing(found)
    empty = given & shapely.is_empty(found)
    findings.where(empty, f"{label} is empty")
    types = {int(shapely.GeometryType[name.upper()]) for name in field.choices}
    wrong = given & ~empty & ~np.isin(shapely.get_type_id(found), list(types))
    wanted = " or ".join(field.choices)
    findings.where(wrong, lambda at: f"{label} is a {found[at].geom_type}, not a {wanted}")
    found[empty | wrong] = None


def _refuse_misplaced(raw: Shapes, found: Shapes, around: Surroundings, findings: Findings, label: str) -> None:
    given = ~shapely.is_missing(found)
    box, raw_box = shapely.bounds(found), shapely.bounds(raw)
    swapped, outside = given.copy(), np.zeros(len(found), dtype=bool)
    for low in (0, 2):
        x, y, lon, lat = raw_box[:, low], raw_box[:, low + 1], box[:, low], box[:, low + 1]
        swapped &= around.swapped(x, y, lon, lat)
        outside |= given & around.outside(lon, lat)
    lost = given & ~swapped & ~np.isfinite(box).all(axis=1)
    outside &= ~swapped & ~lost & (np.abs(box) <= (180, 90, 180, 90)).all(axis=1)
    findings.where(swapped, f"{label}: longitude and latitude look swapped")
    findings.where(lost, f"{label} has points that are nowhere in {around.crs}: is it another (--crs)?")
    findings.where(outside, f"{label} lies outside the area of {around.crs}: is it another (--crs)?")
    found[swapped | lost | outside] = None


def _refuse_invalid(found: Shapes, findings: Findings, label: str) -> None:
    bad = np.flatnonzero(~_sound(found))
    for at in bad.tolist():
        findings.add([at], "; ".join(f"{label}: {words}" for words in validity_findings(found[at])))
    found[bad] = None


def _sound(found: Shapes) -> Mask:
    """Missing, or valid and within the range of degrees."""
    box = shapely.bounds(found)
    with np.errstate(invalid="ignore"):
        ranged = (np.abs(box) <= (180, 90, 180, 90)).all(axis=1)
    return shapely.is_missing(found) | (shapely.is_valid(found) & ranged)
