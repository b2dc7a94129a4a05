"""Defects of single rows: islands, rows and codes that stand twice, outlines, codes and beats that are wrong."""

import numpy as np
import shapely
from shapely.affinity import translate

from tests.planting.garden import Garden


def island(garden: Garden) -> bool:
    """A cell of its own, off the map."""
    like = int(garden.dice.choice(sorted(garden.free)))
    _, south, east, north = shapely.total_bounds(garden.shapes)
    side = garden.dice.uniform(60, 300)
    shape = shapely.box(0, 0, side, side)
    shape = translate(shape, east + 500, garden.dice.uniform(south, north))
    row = garden.add_row(like, shape, code=garden.new_code(like))
    garden.note("island", "island", (row,), shape, shape.area)
    return True


def same_shape(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    shape = garden.shapes[row]
    if garden.dice.random() < 0.3:
        shape = translate(shape, 0.05, -0.05)  # drawn again by hand
    twin = garden.add_row(row, shape, code=garden.new_code(row))
    garden.note("duplicate", "same shape", (row, twin), garden.shapes[row], garden.shapes[row].area)
    return True


def same_row(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    twin = garden.add_row(row, garden.shapes[row])
    garden.note("duplicate", "same row", (row, twin), garden.shapes[row], garden.shapes[row].area)
    return True


def same_code(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        community = str(garden.rows[row]["code"])[:12]
        for other in sorted(garden.free - garden.beside[row]):
            if str(garden.rows[other]["code"])[:12] == community:
                garden.rows[other] = garden.rows[other] | {"code": garden.rows[row]["code"]}
                garden.note(
                    "duplicate", "same code", (row, other), garden.shapes[row].union(garden.shapes[other]), None
                )
                return True
    return False


def invalid_ring(garden: Garden) -> bool:
    """Two neighbouring vertices of an outline exchanged, so that it crosses itself; or a spike, out and back."""
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        if garden.shapes[row].geom_type != "Polygon":
            continue
        ring = np.array(garden.shapes[row].exterior.coords)
        at = int(garden.dice.integers(1, len(ring) - 3))
        if garden.dice.random() < 0.5:
            ring[[at, at + 1]] = ring[[at + 1, at]]
        else:
            ring = np.insert(ring, at, [ring[at], ring[at] + (30, 20)], axis=0)
        shape = shapely.Polygon(ring, garden.shapes[row].interiors)
        if not shape.is_valid:
            garden.shapes[row] = shape
            garden.note("invalid", "invalid ring", (row,), garden.original[row], None)
            return True
    return False


def unclosed_ring(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        shape = garden.degrees(garden.shapes[row])
        if shape.geom_type != "Polygon" or shape.interiors:
            continue
        points = np.array(shape.exterior.coords)[:-1].astype("<f8")
        header = b"\x01" + np.array([3, 1, len(points)], dtype="<u4").tobytes()
        garden.raw[row] = (header + points.tobytes()).hex()
        garden.note("unclosed", "unclosed ring", (row,), garden.original[row], None)
        return True
    return False


def wrong_code(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    code = str(garden.rows[row]["code"])
    others = [str(each) for each in garden.communities["code"] if str(each) != code[:12]]
    elsewhere = str(garden.dice.choice(others)) + f"{900 + len(garden.planted) % 99:03d}"
    wrong = [code[:14], code[:12] + "000", code[:11] + "O" + code[12:], elsewhere, code + "1"]
    garden.rows[row] = garden.rows[row] | {"code": wrong[int(garden.dice.integers(len(wrong)))]}
    garden.note("code", "wrong code", (row,), garden.original[row], None)
    return True


def no_beat(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    garden.rows[row] = garden.rows[row] | {"beat": None}
    garden.note("beatless", "no beat", (row,), garden.original[row], None)
    return True
