"""Maps of a place: its cells shaded in classes, beat borders and names, a scale bar. Drawn once, coloured often."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import cos, log10, radians
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from dashboard.bulletin.charts import label, line, rect
from dashboard.design.tokens import LIGHT, PAPER, QUANTITY, TROUBLE, WHITE
from dashboard.pages.beat.svgmap import WIDTH, frame, path, plane
from dashboard.pages.beat.words import short_names

Row = dict[str, Any]
MOST_NAMES, LONGEST_OF_MANY = 6, 3
METRES_A_DEGREE = 111_320.0
DETAIL = 1.2  # picture units (1/720 of the width) that a border may lie off
BACKDROP = {"sea": LIGHT.sea, "water": LIGHT.sea, "park": LIGHT.park}
SHARES = (0.95, 0.90, 0.80, 0.70)  # classes of containment: from and above, the rest below the last
SHARE_COLOURS = (PAPER["few"], TROUBLE[1], TROUBLE[2], TROUBLE[3], TROUBLE[5])
DARK = (*QUANTITY[3:], *TROUBLE[3:])  # on which borders of cells are drawn white
HATCHED, NOTHING = "hatched", WHITE
HATCH = (
    '<pattern id="{id}" width="9" height="9" patternUnits="userSpaceOnUse">'
    f'<rect width="9" height="9" fill="{WHITE}"/>'
    f'<path d="M0 9L9 0" stroke="{PAPER["rule"]}" stroke-width="1.3"/></pattern>'
)


def draw_shapes(
    cells: Sequence[tuple[str, str, BaseGeometry]],
    beats: Mapping[str, str],
    backdrop: Iterable[tuple[str, int, BaseGeometry]] = (),
) -> Row:
    """The map in picture units, ready to be frozen: width, height, metre (units a metre), cells, beats, backdrop.

    cells: (code, beat code, shape in lon/lat). beats: name by code. backdrop: (kind, rank, shape), largest first.
    """
    if not cells:
        return {}
    box = frame([shape for _, _, shape in cells])
    place, height = plane(box)
    metre = WIDTH / ((box[2] - box[0]) * METRES_A_DEGREE * cos(radians((box[1] + box[3]) / 2)))
    slack = DETAIL * (box[2] - box[0]) / WIDTH
    short = dict(zip(beats, map_names(list(beats.values())), strict=True))
    outlines = {code: shapely.union_all([s for _, beat, s in cells if beat == code]) for code in beats}
    return {
        "width": WIDTH,
        "height": round(height, 1),
        "metre": round(metre, 6),
        "cells": [{"code": code, "d": path(shape, place)} for code, _, shape in _simple(cells, slack)],
        "beats": [
            _beat(code, short[code], shape, place, slack) for code, shape in outlines.items() if not shape.is_empty
        ],
        "backdrop": [
            _behind(kind, rank, shape, box, place) for kind, rank, shape in backdrop if _shown(kind, rank, shape, box)
        ],
    }


def map_names(names: list[str]) -> list[str]:
    """What stands on the map: names without what all share, or numbers where many would cover each other."""
    short = short_names(names)
    crowded = len(names) > MOST_NAMES and max(map(len, short)) > LONGEST_OF_MANY
    return [str(n) for n in range(1, len(names) + 1)] if crowded else short


def _simple(cells: Sequence[tuple[str, str, BaseGeometry]], slack: float) -> list[tuple[str, str, BaseGeometry]]:
    """The cells with fewer corners where there are so many that the picture would be heavy; shared borders stay so."""
    if len(cells) < 200:
        return list(cells)
    coarse = shapely.coverage_simplify(np.array([shape for _, _, shape in cells]), slack)
    return [(code, beat, shape) for (code, beat, _), shape in zip(cells, coarse, strict=True)]


def _beat(code: str, name: str, shape: BaseGeometry, place: Any, slack: float) -> Row:
    ((x, y),) = place(shapely.get_coordinates(shapely.point_on_surface(shape)))
    drawn = path(shapely.simplify(shape, slack), place)
    return {"code": code, "name": name, "d": drawn, "x": round(float(x)), "y": round(float(y))}


def _shown(kind: str, rank: int, shape: BaseGeometry, box: Any) -> bool:
    return (kind in BACKDROP or (kind == "road" and rank <= 2)) and shape.intersects(shapely.box(*box))


def _behind(kind: str, rank: int, shape: BaseGeometry, box: Any, place: Any) -> Row:
    return {"kind": kind, "rank": rank, "d": path(shapely.clip_by_rect(shape, *box), place)}


def place_map(
    shapes: Row,
    name: str,
    title: str,
    fills: Mapping[str, str],
    marked: frozenset[str] = frozenset(),
    width: float = 244,
) -> str:
    """The picture: `fills` is the colour of each cell (or HATCHED), `marked` are cells with a heavy border.

    name: tells the pictures of one page apart.
    """
    if not shapes:
        return ""
    hatch = f"hatch-{name}"
    whole, high = shapes["width"], shapes["height"]
    body = f"<defs>{HATCH.format(id=hatch)}</defs>" + rect(0, 0, whole, high, LIGHT.land)
    body += "".join(_path(each["d"], BACKDROP[each["kind"]]) for each in shapes["backdrop"] if each["kind"] in BACKDROP)
    for cell in shapes["cells"]:
        fill = fills.get(cell["code"], NOTHING)
        shown = f"url(#{hatch})" if fill == HATCHED else fill
        body += _path(cell["d"], shown, WHITE if fill in DARK else PAPER["edge"], 1.0)
    for road in shapes["backdrop"]:
        if road["kind"] == "road":
            body += _path(road["d"], "none", WHITE, 4.5 if road["rank"] == 1 else 2.5, 0.75)
    body += "".join(_path(beat["d"], "none", LIGHT.ink, 2.6) for beat in shapes["beats"])
    hot = [cell["d"] for cell in shapes["cells"] if cell["code"] in marked]
    # A red line between white ones: it stands out on every colour, and in grey.
    for colour, wide in ((WHITE, 9.0), (LIGHT.severity_3, 4.0)):
        body += "".join(_path(d, "none", colour, wide) for d in hot)
    body += "".join(_name(beat, len(shapes["beats"])) for beat in shapes["beats"])
    body += scale_bar(shapes["metre"], whole, high)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{width * high / whole:.1f}pt" '
        f'viewBox="0 0 {whole:g} {high:g}" role="img"><title>{escape(title)}</title>{body}</svg>'
    )


def _path(d: str, fill: str, stroke: str = "none", wide: float = 0.0, opacity: float = 1.0) -> str:
    edge = f' stroke="{stroke}" stroke-width="{wide:g}" stroke-linejoin="round"' if wide else ""
    clear = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{edge}{clear}/>'


def _name(beat: Row, beats: int) -> str:
    size = 22 if beats <= 24 else 13
    halo = label(beat["x"], beat["y"] + size / 3, beat["name"], size, "middle", WHITE)
    halo = halo.replace("<text ", f'<text stroke="{WHITE}" stroke-width="5" stroke-linejoin="round" ')
    return halo + label(beat["x"], beat["y"] + size / 3, beat["name"], size, "middle", LIGHT.ink)


def scale_bar(metre: float, whole: float, high: float) -> str:
    """A round number of metres, about a fifth of the width, at the lower left."""
    metres = round_length(whole / 5 / metre)
    long, x, y = metres * metre, 18.0, high - 18.0
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    body = rect(x - 8, y - 26, long + 16, 36, WHITE, ' fill-opacity="0.8"')
    body += line(x, y, x + long, y, LIGHT.ink, 3)
    body += line(x, y - 6, x, y + 1.5, LIGHT.ink, 2) + line(x + long, y - 6, x + long, y + 1.5, LIGHT.ink, 2)
    return body + label(x + long / 2, y - 7, said, 17, "middle", LIGHT.ink)


def round_length(metres: float) -> float:
    """The largest 1, 2 or 5 × 10ⁿ that is not above it."""
    unit = 10.0 ** int(np.floor(log10(metres)))
    return next(step * unit for step in (5, 2, 1) if step * unit <= metres)


def quantity_classes(values: Sequence[float], classes: int = 5) -> list[float]:
    """Lower ends of at most `classes` classes of values above 0, of about equal numbers, rounded to two digits."""
    above = np.array([value for value in values if value > 0], dtype=float)
    if not len(above):
        return []
    cuts = np.quantile(above, np.linspace(0, 1, classes + 1)[1:-1])
    rounded = sorted({0.0, *(float(f"{cut:.2g}") for cut in cuts)})
    return [cut for cut in rounded if cut < above.max() or cut == 0.0]


def quantity_fill(place: int, classes: int) -> str:
    """The colour of a class of so many; white below the first."""
    return NOTHING if place < 0 else QUANTITY[round(place * (len(QUANTITY) - 1) / max(classes - 1, 1))]


def share_class(contained: int, decided: int, small: int) -> int | None:
    """Position in SHARE_COLOURS; -1 where nothing was decided, None where fewer than `small` were."""
    if not decided:
        return -1
    if decided < small:
        return None
    return next((i for i, low in enumerate(SHARES) if contained / decided >= low), len(SHARES))


def share_fill(place: int | None) -> str:
    """The colour of a class of shares; HATCHED where it is not told, white where nothing was decided."""
    return HATCHED if place is None else (NOTHING if place < 0 else SHARE_COLOURS[place])
