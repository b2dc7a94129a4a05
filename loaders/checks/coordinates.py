"""Checks pairs of coordinates and converts them to WGS-84."""

import numpy as np

from loaders.checks.crs import Floats, Surroundings
from loaders.checks.findings import Findings


def pairs(x: Floats, y: Floats, around: Surroundings, findings: Findings, faulty: "set[int]") -> tuple[Floats, Floats]:
    """lon, lat in WGS-84, NaN where there is none.

    Half a pair, a point out of range, swapped or outside the CRS's area are findings; 0, 0 is what systems
    write for "no coordinates" and is taken so. `faulty`: positions whose numbers were already found
    unreadable.
    """
    x, y = _without_zeros(x, y, findings)
    _halves(x, y, findings, faulty)
    whole = ~(np.isnan(x) | np.isnan(y))
    x, y = np.where(whole, x, np.nan), np.where(whole, y, np.nan)
    in_range = ~whole | (not around.degrees()) | ((np.abs(x) <= 180) & (np.abs(y) <= 90))
    lon, lat = around.wgs84(np.where(in_range, x, np.nan), np.where(in_range, y, np.nan))
    swapped = around.swapped(x, y, lon, lat)
    findings.where(swapped, lambda at: f"lon and lat look swapped (lon {x[at]:.10g}, lat {y[at]:.10g})")
    lost = whole & ~swapped & np.isnan(lon)
    findings.where(lost, lambda at: _nowhere(float(x[at]), float(y[at]), around))
    outside = ~swapped & around.outside(lon, lat)
    findings.where(outside, lambda at: _misplaced(float(x[at]), float(y[at]), around))
    return lon, lat


def _without_zeros(x: Floats, y: Floats, findings: Findings) -> tuple[Floats, Floats]:
    zero = (x == 0) & (y == 0)
    if zero.any():
        findings.notes["rows with lon 0, lat 0 were taken as rows without coordinates"] += int(zero.sum())
    return np.where(zero, np.nan, x), np.where(zero, np.nan, y)


def _halves(x: Floats, y: Floats, findings: Findings, faulty: set[int]) -> None:
    for has, lacks, there, missing in ((x, y, "lon", "lat"), (y, x, "lat", "lon")):
        positions = np.flatnonzero(~np.isnan(has) & np.isnan(lacks)).tolist()
        findings.add([at for at in positions if at not in faulty], f"{there} is given without {missing}")


def _nowhere(x: float, y: float, around: Surroundings) -> str:
    if around.degrees():
        return f"lon {x:.10g}, lat {y:.10g} lies outside ±180, ±90: is it in another CRS (--crs)?"
    return f"x {x:.10g}, y {y:.10g} is no point of {around.crs}: is it in another CRS (--crs)?"


def _misplaced(x: float, y: float, around: Surroundings) -> str:
    west, south, east, north = around.area or (-180, -90, 180, 90)
    return (
        f"lon {x:.10g}, lat {y:.10g} lies outside the area of {around.crs}"
        f" (lon {west:g} to {east:g}, lat {south:g} to {north:g})"
    )
