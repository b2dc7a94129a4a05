"""Geometries as they come, broken ones among them: what can be built, what cannot, and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.topology.finding import Kind
from geo.validity import findings as validity_findings
from geo.vertices import Shapes, as_shapes

Raw = BaseGeometry | str | bytes | None
_HEX = re.compile(r"[0-9A-Fa-f]{10,}")


@dataclass(frozen=True)
class Broken:
    """Why a row's geometry cannot be used."""

    row: int
    kind: Kind
    reason: str


@dataclass(frozen=True)
class Drawn:
    """`shapes`: the polygons in degrees, None where nothing can be drawn. `sound`: which of them can be trusted; the
    others stand in only so that their ground is not taken for a gap."""

    shapes: Shapes
    sound: NDArray[np.bool_]
    broken: list[Broken]


def read(raw: Iterable[Raw]) -> Drawn:
    """Build every geometry: shapely's, WKT, WKB or hex WKB (as readers hand on rings that are not closed)."""
    listed = list(raw)
    broken: list[Broken] = []
    shapes = as_shapes([_built(row, item, broken) for row, item in enumerate(listed)])
    told = {fault.row for fault in broken}
    for row in np.flatnonzero(~_fine(shapes)).tolist():
        if row not in told:
            reasons = "; ".join(validity_findings(shapes[row]))
            broken.extend([Broken(row, "invalid", reasons)] if reasons else [])
    sound = np.ones(len(shapes), dtype=np.bool_)
    for fault in broken:
        sound[fault.row] = False
        shapes[fault.row] = _stand_in(shapes[fault.row])
    return Drawn(shapes, sound, sorted(broken, key=lambda fault: fault.row))


def _built(row: int, item: Raw, broken: list[Broken]) -> BaseGeometry | None:
    if not isinstance(item, str | bytes):
        return item if isinstance(item, BaseGeometry) else None  # frames of text hold NaN for nothing
    try:
        return _parsed(item, "raise")
    except (shapely.errors.GEOSException, ValueError) as error:
        kind: Kind = "unclosed" if "closed linestring" in str(error) else "invalid"
    shape = _closed(item)
    wrong = "a ring does not end where it begins" if kind == "unclosed" else "its geometry cannot be read"
    broken.append(Broken(row, kind if shape is not None else "invalid", wrong))
    return shape


def _parsed(item: str | bytes, on_invalid: Literal["raise", "fix"]) -> BaseGeometry | None:
    if isinstance(item, bytes) or _HEX.fullmatch(item):
        return shapely.from_wkb(item, on_invalid=on_invalid)
    return shapely.from_wkt(item, on_invalid=on_invalid)


def _closed(item: str | bytes) -> BaseGeometry | None:
    try:
        return _parsed(item, "fix")
    except (shapely.errors.GEOSException, ValueError):
        return None


def _fine(shapes: Shapes) -> NDArray[np.bool_]:
    box = shapely.bounds(shapes).reshape(-1, 4)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(box) <= (180, 90, 180, 90)).all(axis=1)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    return np.asarray(inside & polygonal & shapely.is_valid(shapes) & ~shapely.is_empty(shapes), dtype=np.bool_)


def _stand_in(shape: BaseGeometry | None) -> BaseGeometry | None:
    """The ground that a broken outline seems to mean, or None when it means none."""
    if shape is None or not _placed(shape):
        return None
    mended = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shapely.get_parts(mended)) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else None


def _placed(shape: BaseGeometry) -> bool:
    coords = shapely.get_coordinates(shape)
    ranged = bool(len(coords)) and bool(np.isfinite(coords).all())
    return ranged and bool((np.abs(coords) <= (180, 90)).all()) and shape.geom_type in ("Polygon", "MultiPolygon")
