"""The heat surface as a PNG: counts on a lattice, smoothed, coloured, with nothing where nothing happened."""

import struct
import zlib

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.figures.theme import HEAT
from geo.crs import from_wgs84, metric_crs, to_wgs84
from geo.density import Lattice, lattice_counts, lattice_over, smooth

STEP_M = 50.0
BANDWIDTH_M = 180.0
MARGIN_M = 3 * BANDWIDTH_M
Extent = tuple[float, float, float, float]


def lattice(extent: Extent) -> Lattice:
    """The lattice over west, south, east, north (lon/lat) with a margin for what smooths outwards."""
    west, south, east, north = extent
    x, y = from_wgs84(np.array([west, east, west, east]), np.array([south, south, north, north]), _crs(extent))
    box = (x.min() - MARGIN_M, y.min() - MARGIN_M, x.max() + MARGIN_M, y.max() + MARGIN_M)
    return lattice_over(box, STEP_M)


def corners(extent: Extent) -> list[list[float]]:
    """Lon/lat of the picture's top left, top right, bottom right, bottom left: where a map pins it."""
    left, bottom, right, top = lattice(extent).bounds
    lon, lat = to_wgs84(np.array([left, right, right, left]), np.array([top, top, bottom, bottom]), _crs(extent))
    return [[float(x), float(y)] for x, y in zip(lon, lat, strict=True)]


def picture(points: pd.DataFrame, extent: Extent) -> bytes:
    """The PNG of points[lon, lat, n]."""
    grid = lattice(extent)
    x, y = from_wgs84(points["lon"].to_numpy(float), points["lat"].to_numpy(float), _crs(extent))
    counts = lattice_counts(x, y, grid, points["n"].to_numpy(float))
    return png(coloured(smooth(counts, STEP_M, BANDWIDTH_M)[::-1]))


def coloured(density: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """RGBA of a density: colour and opacity grow with its root, full at the 99.5th percentile of what is there."""
    some = density[density > density.max() * 0.01] if density.size and density.max() > 0 else np.array([1.0])
    level = np.sqrt(np.clip(density / np.quantile(some, 0.995), 0, 1))
    stops = np.linspace(0, 1, len(HEAT))
    ramp = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in HEAT], dtype=float)
    channels = [np.interp(level, stops, ramp[:, i]) for i in range(3)]
    opacity = 235 * np.clip((level - 0.12) / 0.4, 0, 1)
    return np.stack([*channels, opacity], axis=-1).astype(np.uint8)


def png(rgba: npt.NDArray[np.uint8]) -> bytes:
    """A PNG file of an array of shape (height, width, 4) (W3C PNG specification, colour type 6, no filter)."""
    height, width, _ = rgba.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), rgba.reshape(height, width * 4)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _crs(extent: Extent) -> str:
    west, south, east, north = extent
    return str(metric_crs((west + east) / 2, (south + north) / 2).to_string())
