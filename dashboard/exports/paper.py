"""A frame on paper at a round scale: where a place stands on it, and how long its scale bar is."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

DEGREE_M = 111_320.0
MARGIN = 0.05  # of the frame, left free around the beat
BAR_MM = (25.0, 60.0)  # a scale bar is between these lengths
SCALES = (500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000,
          50_000, 75_000, 100_000, 150_000, 200_000, 250_000, 500_000, 1_000_000)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A frame on paper (width and height in mm), the place in its middle (lon, lat) and the scale 1:n."""

    wide: float
    high: float
    lon: float
    lat: float
    scale: int

    def place(self, lonlat: Any) -> Any:
        """Millimetres from the frame's upper left corner, of lon/lat arrays of shape (n, 2)."""
        mm = DEGREE_M * 1000 / self.scale
        x = (lonlat[:, 0] - self.lon) * mm * cos(radians(self.lat)) + self.wide / 2
        return np.column_stack([x, self.high / 2 - (lonlat[:, 1] - self.lat) * mm])

    @property
    def around(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the frame, in degrees."""
        high = self.high * self.scale / 1000 / DEGREE_M / 2
        wide = self.wide * self.scale / 1000 / DEGREE_M / cos(radians(self.lat)) / 2
        return self.lon - wide, self.lat - high, self.lon + wide, self.lat + high


def laid_out(cells: list[BaseGeometry], wide: float, high: float) -> Paper:
    """The frame around the cells at the largest of SCALES that leaves a margin."""
    west, south, east, north = shapely.total_bounds(np.array(cells))
    lat = (south + north) / 2
    metres = (east - west) * DEGREE_M * cos(radians(lat)), (north - south) * DEGREE_M
    room = wide * (1 - 2 * MARGIN), high * (1 - 2 * MARGIN)
    needed = max(length * 1000 / side for length, side in zip(metres, room, strict=True))
    scale = next((scale for scale in SCALES if scale >= needed), SCALES[-1])
    return Paper(wide, high, (west + east) / 2, lat, scale)


def bar_length(scale: int) -> int:
    """Metres of a scale bar: a round number whose bar has a good length on paper."""
    rounds: list[int] = [step * int(10**power) for power in range(1, 6) for step in (1, 2, 5)]
    fits = [metres for metres in rounds if BAR_MM[0] <= metres * 1000 / scale <= BAR_MM[1]]
    return fits[-1] if fits else rounds[0]
