"""Why a polygon cannot be used, where, and in words that say what to mend."""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from shapely.geometry import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray
from geo.vertices import as_shapes

_WORDS = {
    "Self-intersection": "its outline crosses or overlaps itself",
    "Ring Self-intersection": "a ring touches itself",
    "Hole lies outside shell": "a hole lies outside the outline",
    "Holes are nested": "a hole lies inside another hole",
    "Interior is disconnected": "holes cut its inside into pieces",
    "Nested shells": "one part lies inside another part",
    "Duplicate Rings": "the same ring is there twice",
    "Too few points in geometry component": "a ring has too few different points (at least 3 are needed)",
}


def findings(polygon: BaseGeometry | None) -> list[str]:
    """Everything that keeps a WGS-84 lon/lat geometry from being a cell; an empty list when nothing does.

    Each finding is part of a sentence, with the place in degrees: "its outline crosses itself near lon
    120.38, lat 36.07".
    """
    if polygon is None:
        return ["it has no geometry"]
    if not isinstance(polygon, Polygon | MultiPolygon):
        return [f"it is a {polygon.geom_type}, not a polygon or multipolygon"]
    if polygon.is_empty:
        return ["its geometry is empty"]
    coords = shapely.get_coordinates(polygon)
    if not np.isfinite(coords).all():
        return ["a coordinate is missing or not a number"]
    return _range_findings(coords) or list(_shape_findings(polygon))


def first_invalid(polygons: Iterable[BaseGeometry | None]) -> tuple[int, list[str]] | None:
    """Position and findings of the first unusable geometry, or None when all can be used; quick when all
    are valid."""
    geoms = as_shapes(polygons)
    box = shapely.bounds(geoms).reshape(-1, 4)
    fine = (box[:, 0] >= -180) & (box[:, 2] <= 180) & (box[:, 1] >= -90) & (box[:, 3] <= 90)
    fine &= np.isin(shapely.get_type_id(geoms), (3, 6)) & shapely.is_valid(geoms)
    for position in np.flatnonzero(~fine):
        found = findings(geoms[position])
        if found:
            return int(position), found
    return None


def _range_findings(coords: FloatArray) -> list[str]:
    west, south = coords.min(axis=0)
    east, north = coords.max(axis=0)
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return []
    if west >= -90 and east <= 90 and south >= -180 and north <= 180:
        return [f"longitude and latitude look swapped (latitude {south:g} to {north:g})"]
    span = f"x {west:.10g} to {east:.10g}, y {south:.10g} to {north:.10g}"
    return [f"it lies outside longitude ±180 and latitude ±90 ({span}): name the coordinate system it is in"]


def _shape_findings(polygon: Polygon | MultiPolygon) -> Iterator[str]:
    if polygon.is_valid:
        return
    bad_rings = [ring for ring in _rings(polygon) if not Polygon(ring).is_valid]
    bad_parts = [part for part in shapely.get_parts(polygon) if not part.is_valid]
    # Rings explain themselves best; faults between rings show on the part, those between parts on the whole.
    suspects = [Polygon(ring) for ring in bad_rings] or bad_parts or [polygon]
    yield from dict.fromkeys(_in_words(shapely.is_valid_reason(suspect)) for suspect in suspects)


def _rings(polygon: Polygon | MultiPolygon) -> Iterator[LinearRing]:
    for part in shapely.get_parts(polygon):
        yield part.exterior
        yield from part.interiors


def _in_words(reason: str) -> str:
    """GEOS's "Self-intersection[120.5 36.1]" as words with a place."""
    match = re.fullmatch(r"(.+?)\[(\S+) (\S+).*\]", reason)
    if not match:
        return _WORDS.get(reason, reason.lower())
    words = _WORDS.get(match[1], match[1].lower())
    return words + _place(float(match[2]), float(match[3]))


def _place(lon: float, lat: float) -> str:
    return f" near lon {lon:.6f}, lat {lat:.6f}"
