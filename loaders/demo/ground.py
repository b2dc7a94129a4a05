"""The flat ground on which the demo city is drawn: local metres, and their longitude and latitude."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

G = TypeVar("G", bound=shapely.Geometry)
Points = NDArray[np.float64]  # shape (n, 2)

LON0, LAT0 = 120.9, 35.9  # open water in the real world, so that nobody's street is meant
METRES_PER_DEGREE_LAT = 110_950.0
METRES_PER_DEGREE_LON = 111_320.0 * float(np.cos(np.radians(LAT0)))
SNAP_DEG = 1e-6  # about a decimetre; every vertex of the city lies on this lattice
FRAME = shapely.box(-7_400, -5_600, 7_400, 6_200)  # what the backdrop draws, metres


def to_lonlat(points: Points) -> Points:
    """EPSG:4326 degrees, shape (n, 2), of local metres; a plain scaling, good enough for ten kilometres."""
    return points / [METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT] + [LON0, LAT0]


def to_metres(points: Points) -> Points:
    """Local metres, shape (n, 2), of EPSG:4326 degrees."""
    return (points - [LON0, LAT0]) * [METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT]


def on_earth(geometry: G) -> G:
    """The geometry in degrees, its vertices rounded to the lattice of SNAP_DEG."""
    return shapely.transform(geometry, lambda points: np.round(to_lonlat(points), 6))


def in_metres(geometry: G) -> G:
    """The geometry of degrees in local metres."""
    return shapely.transform(geometry, to_metres)


def curve(points: Sequence[tuple[float, float]], step_m: float = 40.0) -> Points:
    """A smooth curve through the points, shape (n, 2), with a vertex about every `step_m`."""
    knots = np.asarray(points, dtype=float)
    along = np.concatenate([[0.0], np.hypot(*np.diff(knots, axis=0).T).cumsum()])
    n = max(2, int(along[-1] / step_m))
    return np.asarray(CubicSpline(along, knots)(np.linspace(0.0, along[-1], n)))


def wander(length: int, step_m: float, waves: list[tuple[float, float]], rng: np.random.Generator) -> Points:
    """Sideways wobble along a line, metres, shape (length,): waves are (amplitude_m, wavelength_m)."""
    along = np.arange(length) * step_m
    phases = rng.uniform(0, 2 * np.pi, len(waves))
    each = [a * np.sin(2 * np.pi * along / w + p) for (a, w), p in zip(waves, phases, strict=True)]
    return np.asarray(np.sum(each, axis=0))


def displaced(line: Points, sideways_m: Points) -> Points:
    """The line, each vertex moved to its left by that many metres."""
    tangent = np.gradient(line, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / np.hypot(*tangent.T)[:, None]
    return np.asarray(line + normal * sideways_m[:, None])
