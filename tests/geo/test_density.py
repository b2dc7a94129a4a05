"""Counting on a lattice loses no point, smoothing loses no mass."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.density import Lattice, lattice_counts, lattice_over, smooth
from geo.errors import InputError

metres = st.floats(-1e6, 1e6)
places = st.lists(st.tuples(metres, metres), min_size=1, max_size=30)
grids = st.integers(1, 12).flatmap(
    lambda rows: st.integers(1, 12).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 50), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


@given(places=places, cell_m=st.sampled_from([5e4, 123456.0, 3e6]))
def test_a_lattice_over_the_bounds_of_points_holds_them_all(places, cell_m):
    x, y = np.array(places).T
    lattice = lattice_over((x.min(), y.min(), x.max(), y.max()), cell_m)
    assert lattice_counts(x, y, lattice).sum() == len(places)


@given(places=places)
def test_counts_equal_those_of_a_plain_loop(places):
    lattice = Lattice(-5e5, -5e5, 1e5, rows=10, columns=12)
    expected = np.zeros((10, 12))
    for x, y in places:
        if -5e5 <= x <= 7e5 and -5e5 <= y <= 5e5:
            expected[min(int((y + 5e5) // 1e5), 9), min(int((x + 5e5) // 1e5), 11)] += 1
    x, y = np.array(places).T
    assert np.array_equal(lattice_counts(x, y, lattice), expected)


def test_weights_add_up_and_nan_is_left_out():
    lattice = Lattice(0.0, 0.0, 10.0, rows=1, columns=2)
    counts = lattice_counts([5.0, 5.0, 15.0, np.nan], [5.0] * 4, lattice, weights=[1.5, 2.0, 4.0, 8.0])
    assert counts.tolist() == [[3.5, 4.0]]
    assert lattice.bounds == (0.0, 0.0, 20.0, 10.0)


def test_two_lattices_of_one_step_are_aligned():
    one, other = lattice_over((3, 3, 50, 50), 10), lattice_over((-17, 21, 99, 99), 10)
    assert (one.left - other.left) % 10 == (one.bottom - other.bottom) % 10 == 0


@given(counts=grids, cell_m=st.floats(20, 500), bandwidth_m=st.floats(0, 1500))
def test_smoothing_keeps_the_mass(counts, cell_m, bandwidth_m):
    density = smooth(counts, cell_m, bandwidth_m)
    assert density.shape == np.shape(counts)
    assert (density >= 0).all()
    assert density.sum() * (cell_m / 1000) ** 2 == pytest.approx(np.sum(counts), abs=1e-9)


@given(level=st.integers(0, 9), bandwidth_m=st.floats(0, 1000))
def test_an_even_city_stays_even_up_to_its_edge(level, bandwidth_m):
    density = smooth(np.full((7, 9), level), 100.0, bandwidth_m)
    assert density == pytest.approx(np.full((7, 9), level * 100.0))


@settings(max_examples=20)
@given(bandwidth_m=st.floats(150, 400), row=st.integers(19, 21), column=st.integers(19, 21))
def test_one_point_spreads_as_the_gaussian_does(bandwidth_m, row, column):
    counts = np.zeros((41, 41))
    counts[row, column] = 1
    density = smooth(counts, 100.0, bandwidth_m)
    rows, columns = np.mgrid[:41, :41]
    distance_m = 100.0 * np.hypot(rows - row, columns - column)
    sigma_km = bandwidth_m / 1000
    expected = np.exp(-((distance_m / bandwidth_m) ** 2) / 2) / (2 * np.pi * sigma_km**2)
    assert density == pytest.approx(expected, abs=expected.max() * 0.002)


def test_without_bandwidth_counts_only_change_their_unit():
    assert smooth([[1, 0], [0, 4]], 500.0, 0.0).tolist() == [[4.0, 0.0], [0.0, 16.0]]


def test_no_cells_give_no_density():
    assert smooth(np.zeros((0, 5)), 100.0, 100.0).shape == (0, 5)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: smooth([[1]], 0.0, 10.0),
        lambda: smooth([[1]], 10.0, -1.0),
        lambda: smooth([[1]], 10.0, float("nan")),
        lambda: smooth([1], 10.0, 1.0),
        lambda: lattice_over((0, 0, 1, 1), -5.0),
        lambda: lattice_over((1, 0, 0, 1), 5.0),
    ],
)
def test_sizes_that_make_no_sense_are_refused(bad):
    with pytest.raises(InputError):
        bad()
