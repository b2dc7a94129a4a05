"""Defects at the border of two cells: gaps, overlaps, slivers, corners beside a line, ground taken."""

from collections.abc import Callable

import numpy as np
import shapely
from shapely.ops import substring

from tests.planting.garden import Garden


def half_disc(garden: Garden, run: shapely.LineString, inside: int, least: float, most: float) -> shapely.Geometry:
    """The part of a disc around a point of a border that lies inside one of the cells."""
    centre = run.interpolate(garden.dice.uniform(0.35, 0.65), normalized=True)
    return centre.buffer(garden.dice.uniform(least, most)).intersection(garden.original[inside])


def strip(garden: Garden, run: shapely.LineString, inside: int, least: float, most: float) -> shapely.Geometry:
    """A strip along the middle of a border, inside one of the cells."""
    part = substring(run, 0.3, 0.7, normalized=True)
    return part.buffer(garden.dice.uniform(least, most), cap_style="flat", join_style="mitre").intersection(
        garden.original[inside]
    )


def _plain(ground: shapely.Geometry) -> bool:
    return ground.geom_type == "Polygon" and not ground.interiors and ground.area > 0


def _thickness(ground: shapely.Geometry) -> float:
    return 2 * ground.area / ground.length


def _chip(garden: Garden, kind: str, sort: str, cut: Callable, sizes: tuple[float, float], band: tuple[float, float],
          *, grow: bool) -> bool:  # fmt: skip
    """Cut ground of one cell out at a border (a gap), or give it to the neighbour too (an overlap)."""
    for one, other, run in garden.borders():
        ground = cut(garden, run, one, *sizes)
        if not (_plain(ground) and garden.only(ground, one, other) and band[0] <= _thickness(ground) < band[1]):
            continue
        if ground.area > 0.2 * min(garden.original[one].area, garden.original[other].area):
            continue
        target, shape = (other, garden.shapes[other].union(ground)) if grow else (one, garden.shapes[one] - ground)
        if shape.geom_type == "Polygon" and shape.is_valid:
            garden.shapes[target] = shape
            garden.note(kind, sort, (one, other), ground, ground.area)
            return True
    return False


def gap(garden: Garden) -> bool:
    return _chip(garden, "gap", "gap", half_disc, (8, 28), (3, 99), grow=False)


def overlap(garden: Garden) -> bool:
    return _chip(garden, "overlap", "overlap", half_disc, (8, 28), (3, 99), grow=True)


def sliver_gap(garden: Garden) -> bool:
    return _chip(garden, "sliver", "sliver gap", strip, (0.5, 1.8), (0.35, 1.9), grow=False)


def sliver_overlap(garden: Garden) -> bool:
    return _chip(garden, "sliver", "sliver overlap", strip, (0.5, 1.8), (0.35, 1.9), grow=True)


def open_strip(garden: Garden) -> bool:
    """A narrow gap that opens to the outside of the map."""
    for one, other, run in garden.borders():
        ends = [end for end in (0.0, run.length) if run.interpolate(end).distance(garden.outer) < 0.01]
        if len(ends) != 1:
            continue
        part = substring(run, 0, 45) if ends[0] == 0.0 else substring(run, run.length - 45, run.length)
        ground = part.buffer(garden.dice.uniform(0.5, 1.5), cap_style="flat", join_style="mitre")
        ground = ground.intersection(garden.original[one])
        near = set(garden.tree.query(ground.buffer(5), predicate="intersects").tolist())
        shape = garden.shapes[one] - ground
        alone = near <= {one, other} and part.length > 40 and part.simplify(0.5).length > 40
        thick = _plain(ground) and 0.35 <= _thickness(ground) < 1.9
        if alone and thick and shape.geom_type == "Polygon" and ground.distance(garden.outer) == 0:
            garden.shapes[one] = shape
            garden.note("sliver", "sliver open to the outside", (one, other), ground, None)
            return True
    return False


def sliver_cell(garden: Garden) -> bool:
    for one, other, run in garden.borders():
        ground = strip(garden, run, one, 2.5, 4.5)
        rest = garden.shapes[one] - ground
        if _plain(ground) and garden.only(ground, one, other) and _thickness(ground) < 4.8 and _plain(rest):
            garden.shapes[one] = rest
            row = garden.add_row(one, ground, code=garden.new_code(one))
            garden.note("sliver", "sliver cell", (row,), ground, ground.area)
            garden.reserve(one, other)
            return True
    return False


def near(garden: Garden) -> bool:
    """A vertex beside the neighbour's line: a new corner in the middle of an edge, a hand's breadth off."""
    for one, other, run in garden.borders():
        at = int(garden.dice.integers(0, len(run.coords) - 1))
        start, end = np.array(run.coords[at]), np.array(run.coords[at + 1])
        length = float(np.hypot(*(end - start)))
        if length < 8:
            continue
        normal = np.array([-(end - start)[1], (end - start)[0]]) / length
        corner = (start + end) / 2 + normal * garden.dice.choice([-1, 1]) * garden.dice.uniform(0.06, 0.4)
        ground = shapely.Polygon([start, corner, end])
        shape = _with_corner(garden.shapes[one], start, end, corner)
        if shape is not None and shape.is_valid and garden.only(ground, one, other):
            garden.shapes[one] = shape
            garden.note("near", "near", (one, other), ground, ground.area)
            return True
    return False


def _with_corner(shape, start, end, corner):
    if shape.geom_type != "Polygon":
        return None
    ring = [tuple(point) for point in shape.exterior.coords]
    for at in range(len(ring) - 1):
        if {ring[at], ring[at + 1]} == {tuple(start), tuple(end)}:
            return shapely.Polygon([*ring[: at + 1], tuple(corner), *ring[at + 1 :]], shape.interiors)
    return None


def across(garden: Garden) -> bool:
    """A cell takes ground of a neighbour in another community; the two still fit."""
    for one, other, run in garden.borders():
        if str(garden.rows[one]["code"])[:12] == str(garden.rows[other]["code"])[:12]:
            continue
        ground = half_disc(garden, run, other, 15, 50)
        if not (_plain(ground) and garden.only(ground, one, other) and _thickness(ground) > 3):
            continue
        grown, rest = garden.shapes[one].union(ground), garden.shapes[other] - ground
        if ground.area < 0.2 * garden.original[other].area and _plain(grown) and _plain(rest):
            garden.shapes[one], garden.shapes[other] = grown, rest
            garden.note("across", "across", (one,), ground, ground.area)
            garden.reserve(other)
            return True
    return False
