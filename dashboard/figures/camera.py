"""Where a map looks: the centre and zoom that show an extent in a panel of so many pixels (Web Mercator)."""

from dataclasses import dataclass
from math import asinh, atan, degrees, log2, pi, radians, sinh, tan
from typing import Any

TILE_PX = 512.0
EDGE_PX = 28.0
CLOSEST = 16.5


@dataclass(frozen=True)
class Size:
    """A panel in CSS pixels."""

    width: float = 900.0
    height: float = 400.0

    @classmethod
    def told(cls, told: dict[str, float] | None) -> "Size":
        """What the browser measured, or a guess before it has."""
        return cls(float(told["width"]), float(told["height"])) if told else cls()


def camera(extent: tuple[float, float, float, float], size: Size) -> dict[str, Any]:
    """Plotly's map center and zoom for west, south, east, north in degrees."""
    west, south, east, north = extent
    low, high = _mercator(south), _mercator(north)
    wide, tall = max((east - west) / 360, 1e-7), max((high - low) / (2 * pi), 1e-7)
    room_x, room_y = max(size.width - 2 * EDGE_PX, 50), max(size.height - 2 * EDGE_PX, 50)
    zoom = min(log2(room_x / (TILE_PX * wide)), log2(room_y / (TILE_PX * tall)), CLOSEST)
    middle = degrees(_latitude((low + high) / 2))
    return {"center": {"lon": (west + east) / 2, "lat": middle}, "zoom": zoom}


def _mercator(latitude: float) -> float:
    return asinh(tan(radians(latitude)))


def _latitude(y: float) -> float:
    return atan(sinh(y))
