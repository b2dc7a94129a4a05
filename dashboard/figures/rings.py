"""The lines of a shape, one by one, for whoever draws it as SVG."""

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry


def rings(shape: BaseGeometry) -> list[BaseGeometry]:
    """Every outline, hole and line of a shape, in its own coordinates; points have none."""
    return [ring for part in shapely.get_parts(shape) for ring in _of(part)]


def _of(part: Any) -> list[BaseGeometry]:
    if part.geom_type == "Polygon":
        return [part.exterior, *part.interiors]
    if part.geom_type in ("LineString", "LinearRing"):
        return [part]
    return [ring for inner in getattr(part, "geoms", []) for ring in _of(inner)]
