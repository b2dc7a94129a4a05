"""A beat's map on paper: one SVG in millimetres at a round scale, with its scale bar true to length."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from dashboard.design.tokens import FONT, LIGHT, TINTS, WHITE
from dashboard.exports.paper import Paper, bar_length, laid_out
from dashboard.figures.celllabels import Label, Lines, labels
from dashboard.figures.rings import rings

ROADS = {1: 1.6, 2: 1.1, 3: 0.6}
FILLS = {"sea": LIGHT.sea, "water": LIGHT.sea, "park": LIGHT.park, "building": LIGHT.building}
ORDER = (*FILLS, "road")
Backdrop = Iterable[tuple[str, int, BaseGeometry]]


@dataclass(frozen=True)
class PaperMap:
    """A drawn map. scale: the n of 1:n. bar_m: metres that its scale bar shows. key: (number, name) of cells whose name
    did not fit; labels: what stands where."""

    svg: str
    scale: int
    bar_m: int
    labels: list[Label]
    key: list[tuple[str, str]]


def paper_map(
    cells: list[BaseGeometry], wanted: list[list[Lines]], backdrop: Backdrop, wide: float, high: float
) -> PaperMap:
    """The map of cells (lon/lat) in a frame of wide x high mm, at the largest round scale at which it fits.

    wanted: labels of each cell, the best first; each is its lines, a name in the first.
    """
    paper = laid_out(cells, wide, high)
    drawn = [shapely.transform(cell, paper.place) for cell in cells]
    told = labels(drawn, wanted, (wide, high))
    bar_m = bar_length(paper.scale)
    parts = [_backdrop(kind, rank, shape, paper) for kind, rank, shape in _ordered(backdrop)]
    parts += [_cell(i, shape) for i, shape in enumerate(drawn)]
    parts += [_words(label) for label in told]
    parts += [_bar(bar_m, paper), _north(paper)]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm" viewBox="0 0 {wide} {high}">'
        f'<defs><clipPath id="frame"><rect width="{wide}" height="{high}"/></clipPath></defs>'
        f'<g clip-path="url(#frame)"><rect width="{wide}" height="{high}" fill="{LIGHT.land}"/>{"".join(parts)}</g>'
        f"{_edge(paper)}</svg>"
    )
    key = [(label.text[0], choices[0][0]) for label, choices in zip(told, wanted, strict=True) if label.keyed]
    return PaperMap(svg, paper.scale, bar_m, told, key)


def _ordered(backdrop: Backdrop) -> list[tuple[str, int, BaseGeometry]]:
    known = [each for each in backdrop if each[0] in ORDER]
    return sorted(known, key=lambda each: ORDER.index(each[0]))


def _backdrop(kind: str, rank: int, shape: BaseGeometry, paper: Paper) -> str:
    seen = shapely.clip_by_rect(shape, *paper.around)
    if seen.is_empty:
        return ""
    data = _path(shapely.transform(seen, paper.place))
    if kind != "road":
        return f'<path d="{data}" fill="{FILLS[kind]}"/>'
    wide = ROADS.get(rank, 0.6)
    edge = f'<path d="{data}" fill="none" stroke="{LIGHT.road_edge}" stroke-width="{wide + 0.3}"/>'
    return f'{edge}<path d="{data}" fill="none" stroke="{LIGHT.road}" stroke-width="{wide}"/>'


def _cell(number: int, shape: BaseGeometry) -> str:
    fill = f'fill="{TINTS[number % len(TINTS)]}" fill-opacity="0.22"'
    return f'<path d="{_path(shape)}" {fill} stroke="{LIGHT.outline}" stroke-width="0.5" stroke-linejoin="round"/>'


def _words(label: Label) -> str:
    lines = []
    for i, line in enumerate(label.text):
        y = label.y + (i - (len(label.text) - 1) / 2) * label.size * 1.25 + label.size * 0.36
        look = (
            f'font-size="{label.size if i == 0 else label.size * 0.85:.2f}" text-anchor="middle" font-family="{FONT}"'
        )
        weight = ' font-weight="bold"' if i == 0 else ""
        halo = f'stroke="{WHITE}" stroke-width="0.8" stroke-linejoin="round"'
        at = f'x="{label.x:.2f}" y="{y:.2f}"'
        # Twice, since not every setter of type paints a letter's outline beneath it.
        lines.append(f"<text {at} {look}{weight} {halo}>{escape(line)}</text>")
        lines.append(f'<text {at} {look}{weight} fill="{LIGHT.ink}">{escape(line)}</text>')
    if label.leader is None:
        return "".join(lines)
    x, y = label.leader
    line = f'x1="{x:.2f}" y1="{y:.2f}" x2="{label.x:.2f}" y2="{label.y:.2f}" stroke="{LIGHT.outline}"'
    return f'<line {line} stroke-width="0.25"/>{"".join(lines)}'


def _bar(metres: int, paper: Paper) -> str:
    """Four fields, dark and light, and how long they are; its whole length is `metres` on paper."""
    long, y = metres * 1000 / paper.scale, paper.high - 6
    fields = "".join(
        f'<rect x="{5 + i * long / 4:.3f}" y="{y}" width="{long / 4:.3f}" height="1.6" fill="{fill}"'
        f' stroke="{LIGHT.ink}" stroke-width="0.2"/>'
        for i, fill in enumerate((LIGHT.ink, WHITE) * 2)
    )
    named = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres} m"
    ground = (
        f'<rect x="3" y="{y - 5.6}" width="{long + 14:.2f}" height="9.4" rx="1" fill="{WHITE}" fill-opacity="0.85"/>'
    )
    look = f'font-size="2.8" fill="{LIGHT.ink}" font-family="{FONT}"'
    zero = f'<text x="5" y="{y - 1.4}" {look}>0</text>'
    end = f'<text x="{5 + long:.2f}" y="{y - 1.4}" text-anchor="middle" {look}>{named}</text>'
    return f'<g class="scale-bar" data-metres="{metres}" data-mm="{long:.3f}">{ground}{fields}{zero}{end}</g>'


def _edge(paper: Paper) -> str:
    rect = f'x="0.15" y="0.15" width="{paper.wide - 0.3}" height="{paper.high - 0.3}"'
    return f'<rect {rect} fill="none" stroke="{LIGHT.outline}" stroke-width="0.3"/>'


def _north(paper: Paper) -> str:
    x = paper.wide - 9
    arrow = f'<path d="M{x} 5l3 9-3-2.2-3 2.2z" fill="{LIGHT.ink}"/>'
    look = f'font-size="3.4" font-weight="bold" text-anchor="middle" fill="{LIGHT.ink}" font-family="{FONT}"'
    return f'{arrow}<text x="{x}" y="18" {look}>N</text>'


def _path(shape: BaseGeometry) -> str:
    return "".join(_line(shapely.get_coordinates(ring), ring.is_ring) for ring in rings(shape))


def _line(points: Any, closed: bool) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + ("Z" if closed else "")
