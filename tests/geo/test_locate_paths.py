"""Tree and raster answer alike, and nobody waits for a compiler for a few points."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from numba import int64

from geo import kernels, locate
from geo.compiling import Compiled
from geo.locate import CellIndex
from tests.geo import shapes


@pytest.fixture
def eager(monkeypatch):
    """Every index takes to the raster at its first point."""
    monkeypatch.setattr(locate, "_WORTH_BUILDING", 0)
    monkeypatch.setattr(CellIndex, "_numba_at_work", True)


def scattered(count):
    """Points over and around shapes.district(3, 3)."""
    x, y = np.random.default_rng(1).uniform(0, 0.04, (2, count))
    return x + 120.29, y + 35.99


def both(cells, x, y):
    """Answers by the tree and by the raster."""
    index = CellIndex(cells)
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    tree = index._by_tree(x, y)
    index.build()
    return tree.tolist(), index.locate(x, y).tolist()


@given(cells=shapes.cells.filter(len), points=shapes.points)
@settings(deadline=None)
def test_both_ways_answer_alike(cells, points):
    tree, raster = both(cells, [p[0] for p in points], [p[1] for p in points])
    assert tree == raster


@given(cells=shapes.cells.filter(len))
@settings(deadline=None)
def test_both_ways_answer_alike_on_borders(cells):
    vertices = np.vstack([shapely.get_coordinates(cell) for cell in cells])
    middles = vertices[:-1] + (vertices[1:] - vertices[:-1]) / 3
    tree, raster = both(cells, *np.vstack([vertices, middles]).T.copy())
    assert tree == raster


def test_points_on_a_slanted_border_are_geos_to_decide(eager):
    lower = shapely.Polygon([(0, 0), (0.3, 0), (0.3, 0.1)])
    upper = shapely.Polygon([(0, 0), (0.3, 0.1), (0, 0.1)])
    x = np.linspace(0, 0.3, 301)
    y = x / 3
    index = CellIndex([lower, upper])
    tree = index._by_tree(x, y)
    assert index.locate(x, y).tolist() == tree.tolist()
    assert index.nbytes > 0
    assert len(index._raster.locate(x, y)[1]) > 100


def test_few_points_are_asked_of_the_tree_and_many_of_the_raster(monkeypatch):
    monkeypatch.setattr(CellIndex, "_numba_at_work", True)
    index = CellIndex(shapes.district(3, 3))
    x, y = scattered(15_000)
    first = index.locate(x, y)
    assert index.nbytes == 0
    assert index.locate(x, y).tolist() == first.tolist()
    assert index.nbytes > 0


def test_points_worth_no_compiler_do_not_wait_for_one(monkeypatch):
    monkeypatch.setattr(CellIndex, "_numba_at_work", False)
    monkeypatch.setattr(kernels, "are_quick", lambda: False)
    monkeypatch.setattr(locate, "_WORTH_IMPORTING", 10)
    monkeypatch.setattr(locate, "_WORTH_COMPILING", 30)
    index = CellIndex(shapes.district(1, 1))
    sizes = [index.locate([120.305] * 9, [36.005] * 9).size and index.nbytes for _ in range(4)]
    assert [size > 0 for size in sizes] == [False, False, False, True]


def test_a_command_with_few_points_does_not_import_numba():
    words = (
        "import sys; from geo.locate import CellIndex; from tests.geo.shapes import district; "
        "print(CellIndex(district(2, 2)).locate([120.305] * 1000, [36.005] * 1000).sum(), 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]


def test_read_only_and_strided_and_whole_numbers_are_taken(eager):
    index = CellIndex(shapes.district(3, 3))
    table = np.column_stack(scattered(500))
    fixed = table.T.copy()
    fixed.flags.writeable = False
    expected = index._by_tree(*fixed).tolist()
    assert index.locate(*fixed).tolist() == expected
    assert index.locate(table[:, 0], table[:, 1]).tolist() == expected
    assert index.locate(list(table[:, 0]), list(table[:, 1])).tolist() == expected
    assert CellIndex([shapely.box(119, 35, 121, 37)]).locate([120], [36]).tolist() == [0]


def test_nothing_and_nonsense_are_outside(eager):
    index = CellIndex([shapely.box(0, 0, 1, 1)])
    assert index.locate([], []).shape == (0,)
    odd = [np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324]
    assert index.locate(odd, [0.5] * 6).tolist() == [-1, -1, -1, -1, -1, 0]
    assert index.locate([0.5] * 6, odd).tolist() == [-1, -1, -1, -1, -1, 0]
    assert CellIndex([]).locate([1.0], [1.0]).tolist() == [-1]


def test_cells_of_coordinates_too_small_for_a_raster_are_asked_of_geos(eager):
    cells = [shapely.box(0, 0, 1e-170, 1e-170)]
    index = CellIndex(cells)
    assert index.locate([5e-171, 1.0], [5e-171, 1.0]).tolist() == [0, -1]
    assert index.nbytes == 0


def test_a_pickled_index_builds_its_raster_again(eager):
    index = CellIndex(shapes.district(3, 3))
    x, y = scattered(500)
    found = index.locate(x, y).tolist()
    again = pickle.loads(pickle.dumps(index))
    assert again.nbytes == 0
    assert again.locate(x, y).tolist() == found
    assert again.nbytes == index.nbytes


def test_a_loop_that_cannot_be_kept_on_disk_works_all_the_same():
    place = {}
    exec("def twice(number):\n    return 2 * number\n", place)
    loop = Compiled(place["twice"], (int64,))
    assert not loop.is_quick()
    assert loop(21) == 42
    assert loop.is_quick()


def test_invalid_cells_far_down_are_still_named():
    cells = shapes.district(60, 60)
    cells[3456] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    cells[3500] = None
    with pytest.raises(Exception, match="position 3456 cannot be used"):
        CellIndex(cells)
