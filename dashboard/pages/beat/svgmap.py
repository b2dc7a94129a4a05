"""A beat as one inline SVG: backdrop, cells, names. No script, no tiles, nothing to fetch."""

import json
from collections.abc import Callable, Iterable
from html import escape
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from dashboard.figures.celllabels import NAME_MM, Label, Lines, labels
from dashboard.figures.rings import rings

WIDTH = 720.0
MARGIN = 0.08
LETTER = 30 / NAME_MM  # picture units a millimetre, where letters are 30 units high
ORDER = ("sea", "park", "water", "building", "road")
ROAD_WIDTH = {1: 14.0, 2: 9.0, 3: 5.0}
Box = tuple[float, float, float, float]


def backdrop_shapes(geojson: str) -> list[tuple[str, int, BaseGeometry]]:
    """(kind, rank, shape in lon/lat) of every feature, ready to be clipped again and again."""
    features = json.loads(geojson)["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    found = [
        (f["properties"]["kind"], int(f["properties"].get("rank") or 3), shape)
        for f, shape in zip(features, shapely.make_valid(shapes), strict=True)
    ]
    return sorted(found, key=lambda each: ORDER.index(each[0]) if each[0] in ORDER else len(ORDER))


def beat_svg(
    cells: list[tuple[str, BaseGeometry, list[Lines]]], backdrop: Iterable[tuple[str, int, BaseGeometry]], title: str
) -> str:
    """The picture; cells: (name, shape in lon/lat, labels that would do, the best first). Unit: 1/720 of the width.

    A cell in which none of its labels fits carries its number from 1. The data attributes say how a point in lon/lat
    comes to stand on it: x = (lon - west) * unit, y = (north - lat) * stretch.
    """
    box = frame([shape for _, shape, _ in cells])
    place, height = plane(box)
    parts = [_backdrop(kind, rank, shape, box, place) for kind, rank, shape in backdrop]
    parts += [_cell(i, name, shape, place) for i, (name, shape, _) in enumerate(cells)]
    on_paper = [shapely.transform(shape, lambda points: place(points) / LETTER) for _, shape, _ in cells]
    fitted = labels(on_paper, [choices for _, _, choices in cells], (WIDTH / LETTER, height / LETTER))
    parts += [_words(label) for label in fitted]
    unit = WIDTH / (box[2] - box[0])
    stretch = unit / cos(radians((box[1] + box[3]) / 2))
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{escape(title)}"'
        f' data-west="{box[0]:.7f}" data-north="{box[3]:.7f}" data-unit="{unit:.4f}" data-stretch="{stretch:.4f}">'
        f'<rect class="land" width="{WIDTH:.0f}" height="{height:.0f}"/>{"".join(parts)}</svg>'
    )


def frame(shapes: list[BaseGeometry]) -> Box:
    """West, south, east, north around the shapes with a margin, never flatter than 3:4 nor taller than 1:1."""
    west, south, east, north = shapely.total_bounds(np.array(shapes))
    squeeze = cos(radians((south + north) / 2))
    wide, high = (east - west) * squeeze * (1 + 2 * MARGIN), (north - south) * (1 + 2 * MARGIN)
    wide, high = max(wide, high, 1e-5), max(high, wide * 0.7, 1e-5)
    x, y = (west + east) / 2, (south + north) / 2
    return (x - wide / squeeze / 2, y - high / 2, x + wide / squeeze / 2, y + high / 2)


def plane(box: Box) -> tuple[Callable[[Any], Any], float]:
    """A function from lon/lat arrays of shape (n, 2) to picture units, and the picture's height."""
    west, south, east, north = box
    unit = WIDTH / (east - west)
    stretch = unit / cos(radians((south + north) / 2))

    def place(lonlat: Any) -> Any:
        return np.column_stack([(lonlat[:, 0] - west) * unit, (north - lonlat[:, 1]) * stretch])

    return place, (north - south) * stretch


def _backdrop(kind: str, rank: int, shape: BaseGeometry, box: Box, place: Callable[[Any], Any]) -> str:
    seen = shapely.clip_by_rect(shape, *box)
    if seen.is_empty or kind not in ORDER:
        return ""
    wide = f' stroke-width="{ROAD_WIDTH.get(rank, 5.0):.0f}"' if kind == "road" else ""
    return f'<path class="{kind}" d="{path(seen, place)}"{wide}/>'


def _cell(number: int, name: str, shape: BaseGeometry, place: Callable[[Any], Any]) -> str:
    return f'<path class="cell tint-{number % 4}" d="{path(shape, place)}"><title>{escape(name)}</title></path>'


def _words(label: Label) -> str:
    x, y = label.x * LETTER, label.y * LETTER
    if len(label.text) == 1:
        line = ""
        if label.leader is not None:
            from_x, from_y = label.leader[0] * LETTER, label.leader[1] * LETTER
            line = f'<path class="leader" d="M{from_x:.0f} {from_y:.0f}L{x:.0f} {y:.0f}"/>'
        return f'{line}<text x="{x:.0f}" y="{y:.0f}">{escape(label.text[0])}</text>'
    name, below = (escape(line) for line in label.text)
    lines = f'<tspan x="{x:.0f}">{name}</tspan><tspan class="below" x="{x:.0f}" dy="30">{below}</tspan>'
    return f'<text x="{x:.0f}" y="{y - 14:.0f}">{lines}</text>'


def path(shape: BaseGeometry, place: Callable[[Any], Any]) -> str:
    """SVG path data of lines and polygons, holes included."""
    drawn = rings(shapely.transform(shape, place))
    return "".join(_line(shapely.get_coordinates(ring), ring.is_ring) for ring in drawn)


def _line(points: Any, closed: bool) -> str:
    rounded = np.rint(points).astype(int)
    keep = np.append(True, np.any(np.diff(rounded, axis=0) != 0, axis=1))
    return "M" + "L".join(f"{x} {y}" for x, y in rounded[keep]) + ("Z" if closed else "")
