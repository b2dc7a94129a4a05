"""Point → cell equals the brute force, whatever the cells; distances equal the ellipsoid's."""

import math
import pickle

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import locate
from geo.errors import InputError
from geo.locate import CellIndex
from tests.geo import shapes
from tests.oracle import locate as oracle


def as_arrays(points):
    return np.array([p[0] for p in points], dtype=float), np.array([p[1] for p in points], dtype=float)


@given(cells=shapes.cells, points=shapes.points)
def test_every_point_goes_where_brute_force_puts_it(cells, points):
    x, y = as_arrays(points)
    found = CellIndex(cells).locate(x, y)
    assert found.dtype == np.int32
    assert found.tolist() == [oracle.located(cells, *point) for point in points]


@given(cells=shapes.cells)
def test_every_vertex_and_middle_of_an_edge_goes_where_brute_force_puts_it(cells):
    vertices = np.vstack([np.empty((0, 2)), *(shapely.get_coordinates(cell) for cell in cells)])
    points = np.vstack([vertices, (vertices[:-1] + vertices[1:]) / 2])
    found = CellIndex(cells).locate(points[:, 0], points[:, 1])
    assert found.tolist() == [oracle.located(cells, x, y) for x, y in points]


@given(cells=shapes.cells, points=shapes.points)
def test_order_of_the_points_does_not_matter(cells, points):
    x, y = as_arrays(points)
    index = CellIndex(cells)
    assert index.locate(x[::-1], y[::-1]).tolist() == index.locate(x, y)[::-1].tolist()


@given(cells=shapes.cells, points=shapes.points)
def test_a_pickled_index_answers_the_same(cells, points):
    x, y = as_arrays(points)
    index = CellIndex(cells)
    again = pickle.loads(pickle.dumps(index))
    assert len(again) == len(index) == len(cells)
    assert again.locate(x, y).tolist() == index.locate(x, y).tolist()


def test_chunks_change_nothing(monkeypatch):
    cells = shapes.district(4, 4)
    rng = np.random.default_rng(3)
    x, y = rng.uniform(120.29, 120.35, 1000), rng.uniform(35.99, 36.05, 1000)
    index = CellIndex(cells)
    whole = index.locate(x, y), *index.nearest(x, y, 500.0), index.distance_m(x, y, np.zeros(1000, int))
    monkeypatch.setattr(locate, "_CHUNK", 7)
    parts = index.locate(x, y), *index.nearest(x, y, 500.0), index.distance_m(x, y, np.zeros(1000, int))
    for one, other in zip(whole, parts, strict=True):
        assert np.array_equal(one, other, equal_nan=True)


def test_an_index_without_cells_answers_outside():
    index = CellIndex([])
    assert index.locate([1.0, np.nan], [1.0, 1.0]).tolist() == [-1, -1]
    found, metres = index.nearest([1.0], [1.0], 100.0)
    assert found.tolist() == [-1]
    assert np.isnan(metres).all()
    assert np.isnan(index.distance_m([1.0], [1.0], [-1])).all()


def test_no_points_give_no_positions():
    index = CellIndex(shapes.district(1, 1))
    assert index.locate([], []).shape == (0,)
    assert index.nearest([], [], 1.0)[0].shape == (0,)
    assert index.distance_m([], [], []).shape == (0,)


def test_an_invalid_cell_is_refused_by_name_with_the_reason():
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(InputError, match="Cell 370202001 cannot be used: its outline crosses"):
        CellIndex([shapely.box(0, 0, 1, 1), bowtie], ["370202000", "370202001"])
    with pytest.raises(InputError, match="position 1 cannot be used: it has no geometry"):
        CellIndex([shapely.box(0, 0, 1, 1), None])
    with pytest.raises(InputError, match="name the coordinate system"):
        CellIndex([shapely.box(500000, 4e6, 500100, 4.1e6)], ["A"])


def test_arguments_that_do_not_fit_together_are_refused():
    index = CellIndex(shapes.district(1, 1))
    with pytest.raises(InputError, match="one name"):
        CellIndex(shapes.district(1, 1), ["a", "b"])
    with pytest.raises(InputError, match="one length"):
        index.locate([1.0, 2.0], [1.0])
    with pytest.raises(InputError, match="snapping distance"):
        index.nearest([1.0], [1.0], -1.0)
    with pytest.raises(InputError, match="snapping distance"):
        index.nearest([1.0], [1.0], math.nan)
    with pytest.raises(InputError, match="names no cell"):
        index.distance_m([1.0], [1.0], [1])
    with pytest.raises(InputError, match="one position"):
        index.distance_m([1.0], [1.0], [0, 0])


@st.composite
def towns(draw):
    """A few cells about a kilometre wide somewhere on the globe, and points among and around them."""
    west, south = draw(st.floats(-179, 178)), draw(st.floats(-70, 69))
    town = [
        shapely.transform(cell, lambda xy: xy / 8 * 0.02 + (west, south))
        for cell in draw(st.lists(shapes.one_cell, min_size=1, max_size=4))
    ]
    near = st.tuples(st.floats(west - 0.02, west + 0.04), st.floats(south - 0.02, south + 0.04))
    return [cell for cell in town if cell.is_valid] or [shapely.box(0, 0, 1, 1)], draw(st.lists(near, max_size=5))


@given(case=towns())
def test_distances_are_those_of_the_ellipsoid(case):
    cells, points = case
    x, y = as_arrays(points)
    for position, cell in enumerate(cells):
        metres = CellIndex(cells).distance_m(x, y, np.full(len(x), position))
        expected = [oracle.distance_m(cell, *point) for point in points]
        assert metres == pytest.approx(expected, rel=1e-5, abs=0.005)


@given(case=towns(), within_m=st.sampled_from([0.0, 1.0, 300.0, 5000.0]))
def test_the_nearest_cell_is_the_nearest(case, within_m):
    cells, points = case
    x, y = as_arrays(points)
    found, metres = CellIndex(cells).nearest(x, y, within_m)
    for point, position, distance in zip(points, found, metres, strict=True):
        expected, true_m = oracle.nearest(cells, *point, math.inf)
        if true_m <= within_m - 0.1:
            assert distance == pytest.approx(true_m, rel=1e-5, abs=0.005)
            chosen_m = oracle.distance_m(cells[position], *point)
            assert position == expected or chosen_m == pytest.approx(true_m, rel=1e-5, abs=0.005)
        elif true_m > within_m + 0.1:
            assert position == -1
            assert math.isnan(distance)


def test_of_equally_near_cells_the_lowest_wins():
    west, east = shapely.box(120.3, 36.0, 120.31, 36.01), shapely.box(120.31, 36.0, 120.32, 36.01)
    for cells in ([west, east], [east, west]):
        found, metres = CellIndex(cells).nearest([120.31], [36.011], 500.0)
        assert found.tolist() == [0]
        assert metres[0] == pytest.approx(110.97, abs=0.1)


def test_a_long_edge_is_the_straight_line_of_its_degrees():
    wide = shapely.box(-88.5, 41.0, -87.5, 41.5)
    point = (-88.0, 41.50001)
    metres = CellIndex([wide]).distance_m([point[0]], [point[1]], [0])
    assert metres[0] == pytest.approx(oracle.distance_m(wide, *point), abs=0.005)


def test_garbage_coordinates_are_far_and_break_nothing():
    index = CellIndex(shapes.district(2, 2))
    x, y = np.array([0.0, 36.0, -120.0, 1e300, np.nan, 0.0]), np.array([0.0, 120.0, -36.0, 5.0, 5.0, 90.0])
    found, metres = index.nearest(x, y, 1000.0)
    assert (found == -1).all()
    assert np.isnan(metres).all()
    far = index.distance_m(x, y, np.zeros(6, int))
    assert far[0] > 1e6
    assert not (far < 1e6).any()


def test_the_callers_polygons_are_not_held_by_their_list():
    cells = shapes.district(1, 2)
    index = CellIndex(cells)
    cells.clear()
    assert index.locate([120.305], [36.005]).tolist() == [0]
