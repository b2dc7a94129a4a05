"""Neighbours share a border both ways; pieces are what a walk from cell to cell reaches."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.adjacency import contiguous, neighbours, pieces
from geo.errors import InputError
from tests.geo import shapes

GEOD = Geod(ellps="WGS84")
graphs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20)
chosen = st.sets(st.integers(0, 9))


def graph_of(edges):
    beside = {position: {} for position in range(10)}
    for one, other in edges:
        if one != other:
            beside[one][other] = beside[other][one] = 1.0
    return beside


def test_a_grid_has_its_sides_as_borders_and_no_corners():
    beside = neighbours(shapes.district(3, 3), 0.5)
    assert sorted(beside[4]) == [1, 3, 5, 7]
    assert sorted(beside[0]) == [1, 3]
    east_side_m = GEOD.inv(120.31, 36.0, 120.31, 36.01)[2]
    assert beside[0][1] == pytest.approx(east_side_m, abs=1.0)


@pytest.mark.parametrize("tolerance_m", [0.0, 0.5, 5.0])
def test_crooked_borders_have_their_length_at_any_tolerance(tolerance_m):
    cells = shapes.wavy_coverage(3, seed=5)
    beside = neighbours(cells, tolerance_m)
    for one, others in beside.items():
        for other, metres in others.items():
            shared = shapely.line_merge(cells[one].boundary.intersection(cells[other].boundary))
            assert metres == pytest.approx(GEOD.geometry_length(shared), abs=0.02 + 4 * tolerance_m)


@settings(max_examples=40)
@given(cells=st.lists(shapes.one_cell, max_size=6), tolerance_m=st.sampled_from([0.0, 1.0]))
def test_neighbourhood_is_symmetric_and_never_with_oneself(cells, tolerance_m):
    beside = neighbours(cells, tolerance_m)
    assert sorted(beside) == list(range(len(cells)))
    for one, others in beside.items():
        assert one not in others
        for other, metres in others.items():
            assert metres > 0
            assert beside[other][one] == metres


@settings(max_examples=40)
@given(cells=st.lists(shapes.boxes(), max_size=6))
def test_boxes_apart_from_overlap_border_where_their_outlines_share_a_line(cells):
    beside = neighbours(cells, 0.0)
    for one in range(len(cells)):
        for other in range(one):
            shared = shapely.length(cells[one].boundary.intersection(cells[other].boundary))
            assert (other in beside[one]) == (shared > 0)


def test_a_drawing_gap_below_the_tolerance_separates_nobody():
    west, east = shapely.box(120.3, 36.0, 120.31, 36.01), shapely.box(120.310005, 36.0, 120.32, 36.01)
    assert neighbours([west, east], 0.1) == {0: {}, 1: {}}
    assert neighbours([west, east], 1.0)[0][1] == pytest.approx(1110, abs=3)


def test_a_border_met_by_a_vertex_in_mid_edge_is_still_a_border():
    long = shapely.box(120.3, 36.0, 120.4, 36.01)
    short = shapely.box(120.331, 36.01, 120.342, 36.02)
    metres = GEOD.line_length([120.331, 120.342], [36.01, 36.01])
    assert neighbours([long, short], 0.0)[0][1] == pytest.approx(metres, abs=0.1)


def test_an_island_borders_the_hole_that_it_fills():
    island = shapely.box(120.31, 36.01, 120.32, 36.02)
    around = shapely.box(120.3, 36.0, 120.33, 36.03).difference(island)
    beside = neighbours([around, island], 0.5)
    assert beside[1][0] == pytest.approx(GEOD.geometry_length(island.exterior), abs=0.5)


def test_few_or_no_cells_have_no_neighbours():
    assert neighbours([]) == {}
    assert neighbours(shapes.district(1, 1)) == {0: {}}


def test_a_negative_tolerance_is_refused():
    with pytest.raises(InputError, match="tolerance"):
        neighbours(shapes.district(1, 2), -1.0)


@given(edges=graphs, among=chosen)
def test_pieces_partition_the_chosen_cells(edges, among):
    found = pieces(among, graph_of(edges))
    assert sorted(position for piece in found for position in piece) == sorted(among)
    assert [len(piece) for piece in found] == sorted(map(len, found), reverse=True)


@given(edges=graphs, among=chosen)
def test_no_border_runs_between_two_pieces_and_each_piece_hangs_together(edges, among):
    beside = graph_of(edges)
    for piece in pieces(among, beside):
        assert contiguous(piece, beside)
        for position in piece:
            assert not set(beside[position]) & (among - set(piece))


@given(edges=graphs, among=chosen)
def test_contiguous_means_at_most_one_piece(edges, among):
    beside = graph_of(edges)
    assert contiguous(among, beside) == (len(pieces(among, beside)) <= 1)


def test_cells_are_contiguous_only_through_chosen_cells():
    beside = neighbours(shapes.district(1, 3))
    assert contiguous([0, 1, 2], beside)
    assert not contiguous([0, 2], beside)
    assert pieces([2, 0], beside) == [(0,), (2,)]
    assert contiguous([], beside)
