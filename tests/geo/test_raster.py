"""The raster says what GEOS says, on every input, or leaves it open; few are left open; its size is bounded."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import frames, raster
from geo.raster import Raster
from tests.geo import nasty, shapes
from tests.oracle import locate as oracle

# The same drawings in degrees, metres with a zone prefix, a few centimetres, very flat, a billionth of a degree, vast.
PLACES = {
    "as drawn": ((1.0, 1.0), (0.0, 0.0)),
    "zone metres": ((1.0, 1.0), (39_500_000.0, 3_700_000.0)),
    "degrees": ((1e-3, 1e-3), (120.0, 36.0)),
    "flat": ((1e-9, 1e-3), (120.0, 36.0)),
    "tiny": ((1e-12, 1e-12), (1.0, 2.0)),
    "vast": ((1e5, 1e5), (-4e5, -4e5)),
}


def agrees(cells, x, y, threads=1):
    """The raster of cells, after its answers were found to be those of GEOS."""
    cells = np.asarray(cells, dtype=object)
    made = Raster(cells, threads)
    found, undecided = made.locate(x, y)
    decided = np.delete(np.arange(len(x)), undecided)
    expected = oracle.all_located(cells, x, y)
    assert found[decided].tolist() == expected[decided].tolist()
    return made


@pytest.mark.parametrize("place", PLACES)
@given(seed=st.integers(0, 2**32), squares=st.sampled_from([1, 4, 64, 1024]), most=st.sampled_from([2, 6, 48]))
@settings(max_examples=25, deadline=None)
def test_nasty_cells_and_points_go_where_geos_puts_them(place, seed, squares, most):
    dice = np.random.default_rng(seed)
    scale, shift = PLACES[place]
    cells = shapely.transform(nasty.cells(dice), lambda xy: xy * scale + shift)
    cells = cells[shapely.is_valid(cells) & ~shapely.is_empty(cells)]
    if not len(cells):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "_FEWEST", squares)
        patch.setattr(frames, "_SQUARES_AN_EDGE", float(dice.choice([0.1, 1, 12])))
        patch.setattr(frames, "_LONG_LIST", most)
        patch.setattr(frames, "_MOST_PARTS", 200)
        x, y = nasty.points(dice, cells, Raster(cells)._frames).T.copy()
        agrees(cells, x, y)


@given(cells=shapes.cells.filter(len), points=shapes.points)
@settings(deadline=None)
def test_drawn_cells_and_points_go_where_geos_puts_them(cells, points):
    x, y = np.array(points, dtype=float).reshape(-1, 2).T.copy()
    finite = np.isfinite(x) & np.isfinite(y)
    found, undecided = Raster(np.asarray(cells, dtype=object)).locate(x, y)
    assert (found[~finite] == -1).all()
    assert finite[undecided].all()
    agrees(cells, x[finite], y[finite])


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr(raster, "_CHUNK", 1000)
    cells = np.asarray(shapes.wavy_coverage(12, seed=4), dtype=object)
    dice = np.random.default_rng(5)
    x, y = dice.uniform(120.29, 120.4, 20_000), dice.uniform(35.99, 36.1, 20_000)
    one, two = agrees(cells, x, y, threads=1), agrees(cells, x, y, threads=2)
    assert all(np.array_equal(a, b) for a, b in zip(one._tables, two._tables, strict=True))
    assert one.locate(x, y)[0].tolist() == two.locate(x, y)[0].tolist()


def test_a_coverage_leaves_nothing_open_and_is_small():
    cells = np.asarray(shapes.wavy_coverage(20, seed=1), dtype=object)
    dice = np.random.default_rng(2)
    x, y = dice.uniform(120.3, 120.46, 50_000), dice.uniform(36.0, 36.16, 50_000)
    made = agrees(cells, x, y)
    assert len(made.locate(x, y)[1]) == 0
    assert made.nbytes < 5_000_000


def test_vertices_and_level_and_upright_edges_are_decided_without_geos():
    cells = np.asarray(shapes.district(6, 6), dtype=object)
    vertices = shapely.get_coordinates(cells)
    middles = (vertices[1:] + vertices[:-1]) / 2
    x, y = np.vstack([vertices, middles]).T.copy()
    assert len(agrees(cells, x, y).locate(x, y)[1]) == 0


def test_two_hundred_thousand_cells():
    side = 448
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    west, south = column.ravel() / 8, row.ravel() / 8
    made = Raster(shapely.box(west, south, west + 0.125, south + 0.125))
    dice = np.random.default_rng(1)
    x, y = dice.uniform(0, side / 8, (2, 100_000))
    found, undecided = made.locate(x, y)
    assert len(undecided) == 0
    assert np.array_equal(found, np.floor(y * 8) * side + np.floor(x * 8))
    assert made.nbytes < 150_000_000


def test_many_tiny_cells_in_a_corner_of_a_large_extent():
    side, step = 100, 1e-5
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    west, south = 100 + column.ravel() * step, 20 + row.ravel() * step
    crowd = shapely.box(west, south, west + step, south + step)
    cells = np.append(crowd, [shapely.box(100, 20, 140, 50), shapely.box(-170, -80, 170, 80)])
    dice = np.random.default_rng(3)
    near = np.array([100, 20]) + dice.uniform(-1, side + 1, (20_000, 2)) * step
    x, y = np.vstack([near, dice.uniform(-180, 180, (2000, 2))]).T.copy()
    made = agrees(cells, x, y)
    assert len(made._frames) > 1
    lengths = np.diff(np.append(np.flatnonzero(made._codes <= -2), len(made._codes)))
    assert len(lengths)
    assert made.nbytes < 50_000_000


def test_hundreds_of_equal_cells_stay_small_and_the_lowest_wins():
    ring = shapely.Point(4, 4).buffer(3, quad_segs=16)
    x, y = np.random.default_rng(4).uniform(0, 8, (2, 5000))
    made = agrees([ring] * 300, x, y)
    assert made.nbytes < 100_000_000


def test_one_border_of_very_many_edges_keeps_lists_short():
    steps = np.linspace(0, 1, 20_001)
    zigzag = np.column_stack([steps, 0.5 + 1e-4 * (np.arange(len(steps)) % 2)])
    south = shapely.Polygon([*zigzag, (1, 0), (0, 0)])
    north = shapely.Polygon([*zigzag, (1, 1), (0, 1)])
    dice = np.random.default_rng(6)
    x, y = dice.uniform(0, 1, 5000), dice.uniform(0.4999, 0.5002, 5000)
    made = agrees([south, north], x, y)
    assert len(made._lists) < 3_000_000


def test_size_of_coordinates_that_would_overflow_is_told():
    assert Raster.can_hold([shapely.box(0, 0, 1, 1)])
    assert not Raster.can_hold([shapely.box(0, 0, 1e150, 1)])
    assert not Raster.can_hold([shapely.box(0, 0, 1e-200, 1e-200)])
