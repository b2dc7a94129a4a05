"""Decides in which coordinate system a source's numbers are, and where that system may be used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.crs import area_of_use, parse_crs, to_wgs84
from geo.errors import InputError
from loaders.checks.findings import Mask
from loaders.profiles import Profile
from loaders.readers import Source

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]

ADVICE = "add --crs, for example --crs EPSG:4326, --crs EPSG:4490 or --crs gcj02"
MARGIN_DEG = 1.0  # zones are used a little past their border in practice


def source_crs(source: Source, profile: Profile, given: str | None = None) -> str:
    """Canonical CRS name: what the user typed, else the profile's, else the file's own; tables without any
    are WGS-84.

    A profile comes before the file because files in GCJ-02 or BD-09 often call themselves WGS-84.
    Raises InputError for a layer that says nothing (a shapefile without .prj), and for a CRS nobody knows.
    """
    named = given or profile.crs or source.crs
    if named:
        return parse_crs(named)
    if source.has_geometry:
        missing = " (no .prj)" if source.format == "shapefile" else ""
        raise InputError(f"{source.path.name} does not say its coordinate system{missing}: {ADVICE}.")
    return "EPSG:4326"


@dataclass(frozen=True)
class Surroundings:
    """Where coordinates in `crs` may lie: the system's area of use, and the extent of the place at hand."""

    crs: str
    area: Box | None
    extent: Box | None = None

    @classmethod
    def of(cls, crs: str, extent: Box | None = None) -> "Surroundings":
        """The area comes from `geo.crs`."""
        return cls(parse_crs(crs), area_of_use(crs), extent)

    def degrees(self) -> bool:
        """Whether raw numbers are degrees of longitude and latitude."""
        return self.crs in {"gcj02", "bd09", "EPSG:4326"} or _geographic(self.crs)

    def wgs84(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """lon, lat of x, y; NaN where the system has no such point."""
        lon, lat = to_wgs84(x, y, self.crs)
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)

    def outside(self, lon: Floats, lat: Floats) -> Mask:
        """WGS-84 points that lie outside the system's area; False where there is no point."""
        return ~_within(lon, lat, self.area, MARGIN_DEG) & ~np.isnan(lon)

    def swapped(self, x: Floats, y: Floats, lon: Floats, lat: Floats) -> Mask:
        """Points that are out of place as written and in place with x and y exchanged."""
        placed = _within(lon, lat, self.area, MARGIN_DEG) & _within(lon, lat, self.extent, 0)
        suspects = ~placed & ~(np.isnan(x) | np.isnan(y))
        if not suspects.any():
            return suspects
        there, back = self.wgs84(np.where(suspects, y, np.nan), np.where(suspects, x, np.nan))
        fits = _within(there, back, self.area, MARGIN_DEG) & _within(there, back, self.extent, 0)
        return suspects & fits & ~np.isnan(there)


def _within(lon: Floats, lat: Floats, box: Box | None, margin: float) -> Mask:
    west, south, east, north = box or (-180, -90, 180, 90)
    inside_lat = (lat >= south - margin) & (lat <= north + margin) & (np.abs(lat) <= 90)
    after_west, before_east = lon >= west - margin, lon <= east + margin
    inside_lon = after_west & before_east if west <= east else after_west | before_east
    return inside_lat & inside_lon & (np.abs(lon) <= 180)


def _geographic(crs: str) -> bool:
    from pyproj import CRS

    return bool(CRS.from_user_input(crs).is_geographic)
