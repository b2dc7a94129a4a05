"""Defects inside the map: holes, missing cells, parts cut off."""

import shapely

from tests.planting.garden import Garden


def _inner_disc(garden: Garden, row: int) -> shapely.Geometry | None:
    ground = garden.original[row].representative_point().buffer(garden.dice.uniform(4, 20))
    fits = garden.shapes[row].geom_type == "Polygon" and garden.original[row].buffer(-6).contains(ground)
    return ground if fits else None


def hole_in_cell(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        ground = _inner_disc(garden, row)
        if ground is not None:
            garden.shapes[row] = garden.shapes[row] - ground
            garden.note("hole", "hole in a cell", (row,), ground, ground.area)
            return True
    return False


def missing_cell(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        shape = garden.original[row]
        around = [near for near in garden.beside[row] - {row}
                  if shapely.length(shapely.intersection(garden.original[near], shape)) > 1]  # fmt: skip
        inner = not shape.buffer(20).intersects(garden.outer)
        if inner and len(around) > 1 and shape.area > 0.7 * min(garden.original[near].area for near in around):
            garden.gone.add(row)
            garden.note("hole", "missing cell", tuple(around), shape, shape.area)
            garden.reserve(row)
            return True
    return False


def detached_part(garden: Garden) -> bool:
    """A chip in the middle of a cell that belongs to its neighbour."""
    for one, other, _ in garden.borders():
        ground = _inner_disc(garden, other)
        same = str(garden.rows[one]["code"])[:12] == str(garden.rows[other]["code"])[:12]
        if ground is not None and same:
            garden.shapes[other] = garden.shapes[other] - ground
            garden.shapes[one] = garden.shapes[one].union(ground)
            garden.note("island", "detached part", (one,), ground, ground.area)
            garden.reserve(other)
            return True
    return False
