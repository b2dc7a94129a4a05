"""Placing, slow and obviously right: one point at a time, one cell at a time."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

_GEOD = Geod(ellps="WGS84")


def located(cells: Sequence[BaseGeometry], x: float, y: float) -> int:
    """The lowest position among the cells that intersect the point, or -1."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return -1
    point = shapely.Point(x, y)
    return next((position for position, cell in enumerate(cells) if cell.intersects(point)), -1)


def all_located(cells: Sequence[BaseGeometry], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """`located` for many points, by GEOS's tree and its test without prepared cells."""
    rows, held = shapely.STRtree(list(cells)).query(shapely.points(x, y), predicate="intersects")
    lowest = np.full(len(x), len(cells))
    np.minimum.at(lowest, rows, held)
    return np.where(lowest < len(cells), lowest, -1)


def distance_m(cell: BaseGeometry, x: float, y: float) -> float:
    """Metres along the ellipsoid: nearest on the azimuthal equidistant plane around the point, then Geod."""
    if cell.intersects(shapely.Point(x, y)):
        return 0.0
    plane = f"+proj=aeqd +lat_0={y!r} +lon_0={x!r} +datum=WGS84 +units=m"
    there = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    outline = shapely.transform(
        shapely.segmentize(cell.boundary, 0.001),
        lambda lon, lat: there.transform(lon, lat),
        interleaved=False,
    )
    foot = shapely.shortest_line(outline, shapely.Point(0, 0)).coords[0]
    lon, lat = there.transform(*foot, direction="INVERSE")
    return float(_GEOD.inv(x, y, lon, lat)[2])


def nearest(cells: Sequence[BaseGeometry], x: float, y: float, within_m: float) -> tuple[int, float]:
    """The holder of the point, else the nearest cell within reach, and its distance; (-1, nan) for none."""
    holder = located(cells, x, y)
    if holder >= 0:
        return holder, 0.0
    if not (math.isfinite(x) and math.isfinite(y)):
        return -1, math.nan
    metres = [distance_m(cell, x, y) for cell in cells]
    best = min(range(len(cells)), key=lambda position: metres[position], default=-1)
    return (best, metres[best]) if best >= 0 and metres[best] <= within_m else (-1, math.nan)
