"""China's shifted datums: GCJ-02 and BD-09 to and from WGS-84, in plain numpy.

The formulas are public. GCJ-02's offset polynomial and BD-09's twist have circulated since 2013 through the
"eviltransform" project (https://github.com/googollee/eviltransform) and articles about it; they are re-
derived here. Neither is an official publication: against a licensed converter they agree to about a metre.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Pair = tuple[FloatArray, FloatArray]

# Where the shift applies: west, south, east, north in degrees. Map makers use this rectangle, not the border.
SHIFTED_AREA = (72.004, 0.8293, 137.8347, 55.8271)

_KRASOVSKY_A_M = 6378245.0
_KRASOVSKY_E2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_SHIFT = (0.0065, 0.006)
# Each round shrinks the error at least fiftyfold: 0.01° becomes 1e-13° (10 nm).
_ROUNDS = 8


def inside_shifted_area(lon: FloatArray, lat: FloatArray) -> NDArray[np.bool_]:
    """True where the shift applies; False outside the rectangle and for NaN."""
    west, south, east, north = SHIFTED_AREA
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Degrees WGS-84 → degrees GCJ-02; identity outside `SHIFTED_AREA`, NaN stays NaN."""
    return _where_shifted(_gcj02_forward, lon, lat)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Degrees GCJ-02 → degrees WGS-84, exact to far below 1 mm by fixed-point iteration.

    Identity outside `SHIFTED_AREA`. Within 1 km of that rectangle's edge the shift itself breaks off, and
    no inverse exists.
    """
    return _where_shifted(_inverse_of(_gcj02_forward), lon, lat)


def bd09_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Degrees WGS-84 → degrees BD-09; identity outside `SHIFTED_AREA`, where Baidu serves WGS-84."""
    return _where_shifted(_bd09_forward, lon, lat)


def wgs84_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Degrees BD-09 → degrees WGS-84, by iteration like `wgs84_from_gcj02` and with the same limits."""
    return _where_shifted(_inverse_of(_bd09_forward), lon, lat)


def _where_shifted(shift: Callable[[FloatArray, FloatArray], Pair], lon: ArrayLike, lat: ArrayLike) -> Pair:
    out_lon, out_lat = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    inside = inside_shifted_area(out_lon, out_lat)
    out_lon[inside], out_lat[inside] = shift(out_lon[inside], out_lat[inside])
    return out_lon, out_lat


def _inverse_of(
    forward: Callable[[FloatArray, FloatArray], Pair],
) -> Callable[[FloatArray, FloatArray], Pair]:
    def inverse(lon: FloatArray, lat: FloatArray) -> Pair:
        guess_lon, guess_lat = lon, lat
        for _ in range(_ROUNDS):
            there_lon, there_lat = forward(guess_lon, guess_lat)
            guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
        return guess_lon, guess_lat

    return inverse


def _gcj02_forward(lon: FloatArray, lat: FloatArray) -> Pair:
    east_m, north_m = _offset_m(lon - 105.0, lat - 35.0)
    squeeze = 1.0 - _KRASOVSKY_E2 * np.sin(np.radians(lat)) ** 2
    prime_vertical_m = _KRASOVSKY_A_M / np.sqrt(squeeze)
    meridian_m = prime_vertical_m * (1.0 - _KRASOVSKY_E2) / squeeze
    parallel_m = prime_vertical_m * np.cos(np.radians(lat))
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _offset_m(x: FloatArray, y: FloatArray) -> Pair:
    """Metres east and north by which GCJ-02 is off, x and y being degrees from 105° E 35° N."""
    root = np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 6.0), (20.0, 2.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + ripple + _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + ripple + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    return east, north


def _waves(angle: FloatArray, *waves: tuple[float, float]) -> FloatArray:
    total = np.zeros_like(angle)
    for height, rate in waves:
        total = total + height * np.sin(np.pi * rate * angle)
    return total * 2.0 / 3.0


def _bd09_forward(lon: FloatArray, lat: FloatArray) -> Pair:
    x, y = _gcj02_forward(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + _BD_SHIFT[0], radius * np.sin(angle) + _BD_SHIFT[1]
