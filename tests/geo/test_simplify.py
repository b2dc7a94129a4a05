"""Lighter cells: fewer vertices, the same shared borders, no vertex that was not there before."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.simplify import simplify_coverage
from tests.geo import shapes

tolerances = st.sampled_from([5.0, 40.0, 120.0])
seeds = st.integers(0, 10_000)


def edges(shape):
    """Undirected edges of a polygon."""
    corners = list(map(tuple, shape.exterior.coords))
    return {frozenset(edge) for edge in pairwise(corners)}


@settings(max_examples=25)
@given(seed=seeds, tolerance_m=tolerances)
def test_a_valid_coverage_stays_one(seed, tolerance_m):
    cells = shapes.wavy_coverage(3, seed)
    light = simplify_coverage(cells, tolerance_m)
    assert shapely.coverage_is_valid(light)
    assert shapely.is_valid(light).all()


@settings(max_examples=25)
@given(seed=seeds, tolerance_m=tolerances)
def test_neighbours_share_their_borders_vertex_for_vertex(seed, tolerance_m):
    cells = shapes.wavy_coverage(2, seed)
    light = simplify_coverage(cells, tolerance_m)
    border = edges(light[0]) & edges(light[1])
    shared = cells[0].boundary.intersection(cells[1].boundary)
    ends = shapely.get_coordinates(shapely.line_merge(shared))[[0, -1]]
    reached = {corner for edge in border for corner in edge}
    assert border
    assert set(map(tuple, ends)) <= reached


@settings(max_examples=25)
@given(seed=seeds, tolerance_m=tolerances)
def test_what_stays_are_old_vertices_to_the_last_bit(seed, tolerance_m):
    cells = shapes.wavy_coverage(2, seed)
    for old, new in zip(cells, simplify_coverage(cells, tolerance_m), strict=True):
        assert set(map(tuple, new.exterior.coords)) <= set(map(tuple, old.exterior.coords))


def test_the_lighter_coverage_is_lighter_by_more_with_more_tolerance():
    cells = shapes.wavy_coverage(3, seed=1)
    counts = [shapely.get_num_coordinates(simplify_coverage(cells, metres)).sum() for metres in (0.0, 20.0, 100.0)]
    assert counts[0] == shapely.get_num_coordinates(cells).sum()
    assert counts[0] > counts[1] > counts[2]


@pytest.mark.parametrize("shift", [-0.0001, -0.00001])
def test_cells_that_overlap_keep_the_edges_that_only_they_have(shift):
    west, east, *_ = shapes.wavy_coverage(2, seed=2)
    moved = shapely.transform(east, lambda xy: xy + np.array([shift, 0.0]))
    light = simplify_coverage([west, moved], 100.0)
    assert light[0].equals(west)
    assert light[1].equals(moved)


@settings(max_examples=25)
@given(seed=seeds, gap=st.floats(1e-6, 3e-4), tolerance_m=tolerances)
def test_cells_apart_by_a_gap_never_come_to_overlap(seed, gap, tolerance_m):
    west, east, *_ = shapes.wavy_coverage(2, seed)
    moved = shapely.transform(east, lambda xy: xy + np.array([gap, 0.0]))
    light = simplify_coverage([west, moved], tolerance_m)
    assert light[0].intersection(light[1]).area < 1e-12


def test_in_an_overlapping_set_matching_borders_are_still_simplified_alike():
    cells = shapes.wavy_coverage(2, seed=3)
    intruder = shapely.box(120.2995, 35.9995, 120.3005, 36.0005)
    light = simplify_coverage([*cells, intruder], 60.0)
    assert edges(light[1]) & edges(light[3])
    assert shapely.get_num_coordinates(light[3]) < shapely.get_num_coordinates(cells[3])
    assert shapely.is_valid(light).all()


def test_none_and_empty_come_back_as_they_are():
    cell = shapely.box(120.3, 36.0, 120.31, 36.01)
    light = simplify_coverage([None, cell, shapely.Polygon()], 10.0)
    assert light[0] is None
    assert light[1].equals(cell)
    assert light[2].is_empty
    assert simplify_coverage([], 10.0).shape == (0,)


def test_holes_filled_by_islands_stay_filled():
    island = shapely.Point(120.32, 36.02).buffer(0.008, quad_segs=32)
    around = shapely.box(120.3, 36.0, 120.34, 36.04).difference(island)
    light = simplify_coverage([around, island], 100.0)
    assert shapely.coverage_is_valid(light)
    assert shapely.area(light).sum() == pytest.approx(0.04**2, rel=1e-9)
    assert shapely.get_num_coordinates(light[1]) < shapely.get_num_coordinates(island)


@pytest.mark.parametrize("tolerance_m", [-1.0, np.nan, np.inf])
def test_a_tolerance_that_makes_no_sense_is_refused(tolerance_m):
    with pytest.raises(InputError, match="tolerance"):
        simplify_coverage([shapely.box(0, 0, 1, 1)], tolerance_m)


def test_what_is_no_polygon_is_refused():
    with pytest.raises(InputError, match="Only polygons"):
        simplify_coverage([shapely.Point(1, 1)], 5.0)
