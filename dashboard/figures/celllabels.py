"""Which words fit on a cell of a small map: its name inside its own border, else its number; none over another."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

NAME_MM, NUMBER_MM = 3.2, 3.0  # heights of the letters
LINE = 1.25
WIDE = 1.05  # of a Chinese character, in letter heights; Latin letters and digits are about half as wide
Lines = tuple[str, ...]
STEPS = 40  # how far a number may be moved away from its cell, in steps of half a letter


@dataclass(frozen=True)
class Label:
    """Words on a map, in millimetres of its frame: lines, their middle, height of the letters; leader: the point of the
    cell that a line leads to when they stand beside it; keyed: a number that a key explains."""

    text: tuple[str, ...]
    x: float
    y: float
    size: float
    leader: tuple[float, float] | None = None
    keyed: bool = False


def labels(cells: list[BaseGeometry], wanted: list[list[Lines]], frame: tuple[float, float]) -> list[Label]:
    """One label a cell: the first of its wanted ones that fits inside, else its number (from 1). No two overlap.

    cells: shapes in millimetres of a frame (width, height). wanted: of each cell, the best first.
    """
    found = [_first(cell, choices) for cell, choices in zip(cells, wanted, strict=True)]
    taken = [_box(label) for label in found if label is not None]
    for i, label in enumerate(found):
        if label is None:
            found[i] = number = _numbered(cells[i], str(i + 1), taken, frame)
            taken.append(_box(number))
    return [label for label in found if label is not None]


def _first(cell: BaseGeometry, choices: list[Lines]) -> Label | None:
    return next((label for lines in choices if (label := _inside(cell, lines, NAME_MM)) is not None), None)


def _inside(cell: BaseGeometry, lines: Lines, size: float, keyed: bool = False) -> Label | None:
    """The lines at the first good place at which all of their rectangle lies within the cell."""
    wide, high = _extent(lines, size)
    for x, y in _candidates(cell):
        if cell.contains(box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)):
            return Label(lines, x, y, size, keyed=keyed)
    return None


def _candidates(cell: BaseGeometry) -> list[tuple[float, float]]:
    """Places to try: the middle of the largest circle within, then a lattice, the nearest to it first."""
    part = max(shapely.get_parts(cell), key=lambda each: each.area)
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(part, tolerance=0.5))[0]
    west, south, east, north = part.bounds
    grid = list(product(np.linspace(west, east, 9)[1:-1], np.linspace(south, north, 9)[1:-1]))
    grid.sort(key=lambda point: float(np.hypot(*(np.array(point) - middle))))
    return [(float(x), float(y)) for x, y in [tuple(middle), *grid]]


def _numbered(cell: BaseGeometry, number: str, taken: list[Polygon], frame: tuple[float, float]) -> Label:
    """The number in its cell, else at the nearest free place, with a line that leads to the cell."""
    label = _inside(cell, (number,), NUMBER_MM, keyed=True)
    if label is not None and not any(_box(label).intersects(other) for other in taken):
        return label
    x, y = _candidates(cell)[0]
    for step in range(STEPS):
        for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
            at = (x + step * NUMBER_MM / 2 * np.cos(angle), y + step * NUMBER_MM / 2 * np.sin(angle))
            label = Label((number,), float(at[0]), float(at[1]), NUMBER_MM, (x, y) if step else None, keyed=True)
            here = _box(label)
            if box(0, 0, *frame).contains(here) and not any(here.intersects(other) for other in taken):
                return label
    return Label((number,), x, y, NUMBER_MM, keyed=True)


def _extent(lines: Lines, size: float) -> tuple[float, float]:
    wide = max(sum(WIDE if ord(letter) > 0x2E7F else WIDE * 0.62 for letter in line) for line in lines)
    return wide * size, len(lines) * size * LINE


def _box(label: Label) -> Polygon:
    wide, high = _extent(label.text, label.size)
    return box(label.x - wide / 2, label.y - high / 2, label.x + wide / 2, label.y + high / 2)
