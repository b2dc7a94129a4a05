"""A point with a radius is shared out among the cells its disc touches."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.spread import CellSpread

# Two cells of about 1 km² side by side near Qingdao; their common border is the meridian 120.01.
WEST, EAST = shapely.box(120.00, 36.00, 120.01, 36.01), shapely.box(120.01, 36.00, 120.02, 36.01)


def shares(spread: CellSpread, lon: float, lat: float, radius_m: float) -> dict[int, float]:
    found = spread.candidates([lon], [lat], [radius_m])
    return dict(zip(found["cell"], found["probability"], strict=True))


def test_a_disc_inside_one_cell_belongs_to_it_alone() -> None:
    assert shares(CellSpread([WEST, EAST]), 120.005, 36.005, 50) == {0: pytest.approx(1)}


def test_a_disc_on_the_border_is_halved() -> None:
    assert shares(CellSpread([WEST, EAST]), 120.01, 36.005, 100) == {
        0: pytest.approx(0.5, abs=1e-3),
        1: pytest.approx(0.5, abs=1e-3),
    }


def test_density_weighs_the_area() -> None:
    found = shares(CellSpread([WEST, EAST], density=[3, 1]), 120.01, 36.005, 100)
    assert found == {0: pytest.approx(0.75, abs=1e-3), 1: pytest.approx(0.25, abs=1e-3)}


def test_where_nobody_lives_area_alone_counts() -> None:
    assert set(shares(CellSpread([WEST, EAST], density=[0, 0]), 120.01, 36.005, 100)) == {0, 1}


def test_a_disc_outside_every_cell_and_unknown_points_have_no_candidates() -> None:
    spread = CellSpread([WEST, EAST])
    assert spread.candidates([121.0, np.nan, 120.005], [36.0, 36.0, 36.005], [100, 100, 0]).empty


def test_without_cells_nothing_is_a_candidate() -> None:
    assert CellSpread([]).candidates([120.0], [36.0], [100]).empty


def test_a_negative_density_is_refused() -> None:
    with pytest.raises(InputError, match="density"):
        CellSpread([WEST, EAST], density=[1, -1])


@given(st.floats(119.99, 120.03), st.floats(35.99, 36.02), st.floats(1, 3_000))
def test_probabilities_sum_to_one_and_the_likeliest_comes_first(lon: float, lat: float, radius_m: float) -> None:
    found = CellSpread([WEST, EAST], density=[1, 2]).candidates([lon], [lat], [radius_m])
    if len(found):
        assert found["probability"].sum() == pytest.approx(1)
        assert found["probability"].is_monotonic_decreasing
