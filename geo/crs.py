"""Coordinate systems at the door: every CRS a source may name, to and from WGS-84 lon/lat.

EPSG systems go through PROJ (always longitude, latitude / easting, northing). CGCS2000 3-degree Gauss-
Krüger is EPSG:4513-4533 with the zone number in front of the easting and EPSG:4534-4554 without. GCJ-02 and
BD-09: `geo.datums`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo import datums
from geo.datums import FloatArray, Pair
from geo.errors import InputError
from geo.vertices import Shapes, as_shapes, move_vertices

WGS84 = "EPSG:4326"
GCJ02 = "gcj02"
BD09 = "bd09"

_SPOKEN = {
    "wgs84": WGS84,
    "crs84": WGS84,
    "ogccrs84": WGS84,
    "urnogcdefcrsogc13crs84": WGS84,
    "cgcs2000": "EPSG:4490",
    "国家2000": "EPSG:4490",
    "gcj02": GCJ02,
    "gcj": GCJ02,
    "火星坐标": GCJ02,
    "bd09": BD09,
    "bd09ll": BD09,
    "百度坐标": BD09,
}
_ADVICE = "type EPSG:4326 (WGS-84), EPSG:4490 (CGCS2000), another EPSG code, gcj02 or bd09"


def parse_crs(text: str) -> str:
    """One canonical name for what a person typed or a file declares.

    Takes "EPSG:4326", "4326", "WGS-84", "CGCS2000", "GCJ-02", "BD-09", or WKT as in a .prj file. Gives
    "EPSG:n", "gcj02", "bd09", or the text itself when PROJ reads it but EPSG has no number for it. Raises
    InputError saying what to type.
    """
    spoken = _SPOKEN.get(re.sub(r"[\s:._\-]", "", text).lower())
    return spoken or _epsg_name(text.strip())


def to_wgs84(x: ArrayLike, y: ArrayLike, crs: str) -> Pair:
    """x (lon or easting) and y (lat or northing) in `crs` → WGS-84 lon, lat in degrees.

    Arrays of one shape (scalars become 0-d arrays). A point that `crs` cannot express comes back as NaN.
    Raises InputError for an unknown CRS.
    """
    return _convert(x, y, crs, to_wgs=True)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> Pair:
    """WGS-84 lon, lat in degrees → x, y in `crs`; the inverse of `to_wgs84`, with its shapes and errors."""
    return _convert(lon, lat, crs, to_wgs=False)


def transform_geometries(geoms: Iterable[BaseGeometry | None], crs: str) -> Shapes:
    """Shapely geometries in `crs` → the same in WGS-84; None stays None, heights are dropped."""
    name = parse_crs(crs)
    return move_vertices(as_shapes(geoms), lambda x, y: to_wgs84(x, y, name))


def area_of_use(crs: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees where `crs` is meant to be used; None when nobody says.

    West is greater than east when the area crosses the antimeridian.
    """
    name = parse_crs(crs)
    if name in (GCJ02, BD09):
        return datums.SHIFTED_AREA
    area = CRS.from_user_input(name).area_of_use
    return area.bounds if area else None


def metric_crs(lon: ArrayLike, lat: ArrayLike) -> CRS:
    """The projected CRS in metres that suits these WGS-84 points best: the one around their median.

    Inside the rectangle of China: CGCS2000 3-degree Gauss-Krüger by central meridian 75-135° E
    (EPSG:4534-4554); elsewhere UTM, and UPS beyond 84° N and 80° S. Raises InputError when no point is
    finite.
    """
    lons, lats = np.ravel(np.asarray(lon, dtype=np.float64)), np.ravel(np.asarray(lat, dtype=np.float64))
    finite = np.isfinite(lons) & np.isfinite(lats)
    if not finite.any():
        raise InputError("No point has coordinates, so metres cannot be measured: give at least one lon and lat.")
    return _metric_crs_at(float(np.median(lons[finite])), float(np.median(lats[finite])))


def _metric_crs_at(lon: float, lat: float) -> CRS:
    meridian = 3 * round(lon / 3)
    if datums.inside_shifted_area(np.array(lon), np.array(lat)) and 75 <= meridian <= 135:
        return CRS.from_epsg(4534 + (meridian - 75) // 3)
    if lat > 84 or lat < -80:
        return CRS.from_epsg(5041 if lat > 0 else 5042)
    zone = int((lon + 180) // 6) % 60 + 1
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


@lru_cache(maxsize=64)
def _epsg_name(text: str) -> str:
    try:
        crs = CRS.from_user_input(f"EPSG:{text}" if text.isdecimal() else text)
    except CRSError:
        raise InputError(f"The coordinate system {_short(text)} is not known: {_ADVICE}.") from None
    if not (crs.is_geographic or crs.is_projected):
        raise InputError(f"The coordinate system {_short(text)} has no plane coordinates: {_ADVICE}.")
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else text


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _convert(x: ArrayLike, y: ArrayLike, crs: str, *, to_wgs: bool) -> Pair:
    name = parse_crs(crs)
    if name == GCJ02:
        return datums.wgs84_from_gcj02(x, y) if to_wgs else datums.gcj02_from_wgs84(x, y)
    if name == BD09:
        return datums.wgs84_from_bd09(x, y) if to_wgs else datums.bd09_from_wgs84(x, y)
    xs, ys = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    return (xs, ys) if name == WGS84 else _through_proj(xs, ys, name, to_wgs)


def _through_proj(x: FloatArray, y: FloatArray, name: str, to_wgs: bool) -> Pair:
    direction = TransformDirection.FORWARD if to_wgs else TransformDirection.INVERSE
    moved_x, moved_y = _transformer(name).transform(x, y, direction=direction)
    return _finite_or_nan(moved_x, moved_y)


@lru_cache(maxsize=64)
def _transformer(name: str) -> Transformer:
    return Transformer.from_crs(name, WGS84, always_xy=True)


def _finite_or_nan(x: ArrayLike, y: ArrayLike) -> Pair:
    xs, ys = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    lost = ~(np.isfinite(xs) & np.isfinite(ys))
    xs[lost] = ys[lost] = np.nan
    return xs, ys
