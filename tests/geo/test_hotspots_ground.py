"""The lattice of surfaces: points fall where exact projection puts them, peaks are what nothing near tops."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.density import lattice_counts
from geo.hotspots.ground import peaks, surface_ground
from geo.time_zone import offsets

CELLS = [
    shapely.box(120.3 + i / 50, 36.0 + j / 50, 120.32 + i / 50, 36.02 + j / 50) for i in range(20) for j in range(20)
]
GROUND = surface_ground(CELLS)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_points_are_counted_where_exact_projection_puts_them(seed):
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(120.2, 120.8, 400), random.uniform(35.9, 36.5, 400)
    lon[:5] = np.nan
    rows = np.sort(random.choice(400, 300, replace=False))
    x, y = GROUND.plane.project(lon[rows], lat[rows])
    side = GROUND.plan.lattice.cell_m
    # A point within 2 cm of a line may fall on either side of it.
    clear = (np.abs(x % side - side / 2) < side / 2 - 0.02) & (np.abs(y % side - side / 2) < side / 2 - 0.02)
    wanted = lattice_counts(x[clear], y[clear], GROUND.plan.lattice)
    assert (GROUND.counts(lon, lat, rows[clear]) == wanted).all()


def test_the_middle_of_a_square_lies_in_it():
    row, column = np.array([0, 17, GROUND.plan.lattice.rows - 1]), np.array([0, 250, GROUND.plan.lattice.columns - 1])
    lon, lat = GROUND.centres(row, column)
    counted = GROUND.counts(lon, lat, np.arange(3))
    assert [counted[r, c] for r, c in zip(row, column, strict=True)] == [1, 1, 1]


def test_a_wide_city_gets_wider_squares_and_not_more_of_them():
    wide = surface_ground([shapely.box(120, 36, 121, 37)])
    assert wide.plan.lattice.cell_m > 100
    assert wide.plan.lattice.rows * wide.plan.lattice.columns <= 400_000
    assert surface_ground([shapely.box(120, 36, 121, 37)]).plan == wide.plan


surfaces = st.lists(st.integers(0, 5), min_size=48, max_size=48).map(lambda n: np.array(n, float).reshape(6, 8))


@given(surfaces, st.integers(1, 3))
def test_no_square_near_a_peak_is_higher_and_peaks_stand_apart(surface, apart):
    rows, columns = peaks(surface, apart, 100)
    heights = surface[rows, columns]
    assert (np.diff(heights) <= 0).all()
    for r, c in zip(rows, columns, strict=True):
        near = surface[max(r - apart, 0) : r + apart + 1, max(c - apart, 0) : c + apart + 1]
        assert surface[r, c] == near.max() > 0
    far = [
        (abs(a - c), abs(b - d))
        for (a, b) in zip(rows, columns, strict=True)
        for (c, d) in zip(rows, columns, strict=True)
    ]
    assert all(max(gap) > apart or gap == (0, 0) for gap in far)
    assert len(rows) == 0 if surface.max() == 0 else surface.max() == heights[0]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_offsets_are_those_of_the_zone_at_every_hour(zone):
    low, high = (int(datetime(year, 1, 15, tzinfo=UTC).timestamp()) for year in (2025, 2027))
    edges, east = offsets(low, high, ZoneInfo(zone))
    for at in [*range(low, high, 3600), *edges.tolist(), *(edges[1:] - 1).tolist()]:
        told = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        assert east[np.searchsorted(edges, at, "right") - 1] == told.total_seconds()
