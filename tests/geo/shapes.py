"""Cells, points and districts that the geo tests draw."""

from itertools import product

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.affinity import rotate

# Whole numbers meet borders and vertices often; quarters lie between them.
steps = st.integers(0, 32).map(lambda step: step / 4)
odd_numbers = st.sampled_from([float("nan"), float("inf"), float("-inf"), 1e9, -50.0])
coordinate = st.one_of(steps, st.floats(-1, 9), odd_numbers)
points = st.lists(st.tuples(coordinate, coordinate), max_size=25)


@st.composite
def boxes(draw):
    left, bottom = draw(st.integers(0, 7)), draw(st.integers(0, 7))
    return shapely.box(left, bottom, left + draw(st.integers(1, 4)), bottom + draw(st.integers(1, 4)))


@st.composite
def rings_with_hole(draw):
    outer = shapely.box(0, 0, draw(st.integers(3, 8)), draw(st.integers(3, 8)))
    return outer.difference(shapely.box(1, 1, 2, 2)) if draw(st.booleans()) else outer - outer.buffer(-0.5)


@st.composite
def blobs(draw):
    corners = draw(st.lists(st.tuples(steps, steps), min_size=3, max_size=9))
    return shapely.MultiPoint(corners).convex_hull


def _polygonal(shape) -> bool:
    return shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid and not shape.is_empty


one_cell = st.one_of(
    boxes(),
    rings_with_hole(),
    blobs(),
    st.builds(lambda a, b: a.union(b), boxes(), boxes()),
    st.builds(lambda a, b: a.difference(b), blobs(), boxes()),
    st.builds(lambda a, angle: rotate(a, angle), boxes(), st.floats(0, 90)),
).filter(_polygonal)
cells = st.lists(one_cell, max_size=8)


def district(rows: int, columns: int, step: float = 0.01, west: float = 120.3, south: float = 36.0):
    """A grid of square cells in degrees, row by row from the south-west."""
    return [
        shapely.box(west + step * column, south + step * row, west + step * (column + 1), south + step * (row + 1))
        for row, column in product(range(rows), range(columns))
    ]


def wavy_coverage(side: int, seed: int):
    """A valid coverage of crooked cells: vertices shared exactly by neighbours, 9 to an edge."""
    rng = np.random.default_rng(seed)
    knots = side * 8 + 1
    lon, lat = np.meshgrid(np.arange(knots) * 0.001 + 120.3, np.arange(knots) * 0.001 + 36.0)
    lon, lat = lon + rng.uniform(-3e-4, 3e-4, lon.shape), lat + rng.uniform(-3e-4, 3e-4, lat.shape)
    return [_patch(lon, lat, 8 * row, 8 * column) for row, column in product(range(side), range(side))]


def _patch(lon, lat, row: int, column: int):
    south = [(row, column + k) for k in range(8)]
    east = [(row + k, column + 8) for k in range(8)]
    north = [(row + 8, column + 8 - k) for k in range(8)]
    west = [(row + 8 - k, column) for k in range(8)]
    return shapely.Polygon([(lon[at], lat[at]) for at in south + east + north + west])
