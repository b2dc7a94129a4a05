"""Placing among cells that change over time equals asking every cell of the instant, one by one."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.placing import NOWHERE, DatedCells
from tests.oracle.locate import located, nearest

DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
SIDE = 0.001  # degrees, about 100 m


def day(n):
    return DAY0 + timedelta(days=n)


def square(i, j, wide=1, high=1):
    return shapely.box(120 + i * SIDE, 36 + j * SIDE, 120 + (i + wide) * SIDE, 36 + (j + high) * SIDE)


def frame(*cells):
    """Rows (geometry, since, until), numbered from 10."""
    columns = ("geometry", "since", "until")
    rows = [dict(zip(columns, cell, strict=True)) | {"id": 10 + n, "code": f"G{n}"} for n, cell in enumerate(cells)]
    return pd.DataFrame(rows, columns=["id", "code", *columns]).astype({"since": object, "until": object})


def alive(cells, at):
    """The rows in force at an instant, in order of id."""
    return [
        row
        for row in cells.itertuples()
        if (pd.isna(row.since) or row.since <= at) and (pd.isna(row.until) or at < row.until)
    ]


moments = st.none() | st.integers(0, 4).map(day)


@st.composite
def dated_squares(draw):
    """Overlapping squares on a small lattice with lives that begin and end at few instants."""
    cells = []
    for _ in range(draw(st.integers(0, 5))):
        since, until = draw(moments), draw(moments)
        if since is not None and until is not None and since >= until:
            since, until = None, since
        cells.append((square(draw(st.integers(0, 2)), draw(st.integers(0, 2)), draw(st.integers(1, 2))), since, until))
    return frame(*cells)


# Points on corners, edges and inside; instants at the turns and between them.
points = st.tuples(st.integers(-2, 8), st.integers(-2, 8)).map(
    lambda at: (120 + at[0] * SIDE / 2, 36 + at[1] * SIDE / 2)
)
asked = st.lists(st.tuples(points, st.integers(-1, 10).map(lambda halves: day(halves / 2))), min_size=1, max_size=8)


@settings(deadline=None, max_examples=80)
@given(dated_squares(), asked)
def test_a_point_is_in_the_first_cell_of_its_instant_that_holds_it(cells, asked):
    placed = DatedCells(cells).place(*columns_of(asked))
    for n, ((x, y), at) in enumerate(asked):
        rows = alive(cells, at)
        position = located([row.geometry for row in rows], x, y)
        assert placed.cell[n] == (NOWHERE if position < 0 else rows[position].id)
        assert placed.placed_by[n] == ("none" if position < 0 else "point")
        assert np.isnan(placed.snapped_m[n])


@settings(deadline=None, max_examples=25)
@given(dated_squares(), asked, st.sampled_from([20.0, 70.0, 200.0]))
def test_snapping_takes_the_nearest_cell_of_the_instant_within_reach(cells, asked, snap_m):
    placed = DatedCells(cells).place(*columns_of(asked), snap_m)
    for n, ((x, y), at) in enumerate(asked):
        rows = alive(cells, at)
        position, metres = nearest([row.geometry for row in rows], x, y, snap_m)
        assert (placed.cell[n] == NOWHERE) == (position < 0)
        if metres > 0:
            assert placed.placed_by[n] == "snap"
            assert placed.snapped_m[n] == pytest.approx(metres, abs=0.05)
        elif position >= 0:
            assert (placed.placed_by[n], placed.cell[n]) == ("point", rows[position].id)


@settings(deadline=None, max_examples=40)
@given(dated_squares(), asked)
@example(frame(), [((120.0, 36.0), DAY0)])
def test_now_means_the_cells_without_an_end(cells, asked):
    index = DatedCells(cells)
    lon, lat, _ = columns_of(asked)
    rows = [row for row in cells.itertuples() if pd.isna(row.until)]
    for found, x, y in zip(index.place_now(lon, lat), lon, lat, strict=True):
        position = located([row.geometry for row in rows], x, y)
        assert found == (NOWHERE if position < 0 else rows[position].id)
    ids = cells["id"].to_numpy(dtype=np.int64)
    assert index.current(ids).tolist() == cells["until"].isna().tolist()
    assert len(index) == len(cells)


def columns_of(asked):
    lon = np.array([point[0] for point, _ in asked])
    lat = np.array([point[1] for point, _ in asked])
    return lon, lat, pd.Series([at for _, at in asked])


TWO = frame((square(0, 0), None, day(1)), (square(0, 0), day(1), None))
INSIDE = ([120 + SIDE / 2], [36 + SIDE / 2])


@pytest.mark.parametrize(
    ("at", "wanted"),
    [(day(-9999), 10), (day(1) - timedelta(microseconds=1), 10), (day(1), 11), (day(9999), 11)],
)
def test_the_instant_of_change_belongs_to_the_new_cell(at, wanted):
    assert DatedCells(TWO).place(*INSIDE, pd.Series([at])).cell.tolist() == [wanted]


def test_the_same_instant_is_the_same_in_every_zone_and_resolution():
    instants = pd.Series(pd.to_datetime(["2026-03-02T08:00:00+08:00"]))
    cells = DatedCells(TWO)
    for told in (
        instants,
        instants.dt.tz_convert("UTC").dt.as_unit("s"),
        instants.dt.as_unit("ns"),
        instants.astype(object),
    ):
        assert cells.place(*INSIDE, told).cell.tolist() == [11]


def test_points_without_coordinates_are_nowhere_and_never_snapped():
    at = pd.Series([DAY0] * 3)
    placed = DatedCells(TWO).place([np.nan, 120.0, np.inf], [36.0, np.nan, 36.0], at, snap_m=1e9)
    assert placed.cell.tolist() == [NOWHERE] * 3
    assert placed.placed_by.tolist() == ["none"] * 3


def test_a_point_outside_is_not_snapped_unless_asked():
    outside = ([120 - SIDE / 10], [36 + SIDE / 2])
    at = pd.Series([day(2)])
    cells = DatedCells(TWO)
    assert cells.place(*outside, at).placed_by.tolist() == ["none"]
    assert cells.place(*outside, at, snap_m=5.0).placed_by.tolist() == ["none"]
    placed = cells.place(*outside, at, snap_m=20.0)
    assert (placed.cell.tolist(), placed.placed_by.tolist()) == ([11], ["snap"])
    assert placed.snapped_m[0] == pytest.approx(9.0, abs=0.1)
    assert cells.place_now(*outside).tolist() == [NOWHERE]
    assert cells.place_now(*outside, snap_m=20.0).tolist() == [11]


def test_no_cells_place_nothing():
    empty = DatedCells(frame())
    placed = empty.place(*INSIDE, pd.Series([DAY0]), snap_m=100.0)
    assert placed.cell.tolist() == [NOWHERE]
    assert empty.place_now(*INSIDE).tolist() == [NOWHERE]


def test_no_points_are_no_trouble():
    placed = DatedCells(TWO).place([], [], pd.Series([], dtype="datetime64[us, UTC]"))
    assert (len(placed.cell), len(placed.placed_by), len(placed.snapped_m)) == (0, 0, 0)


def test_an_invalid_cell_is_named():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(InputError, match="Cell G0 cannot be used"):
        DatedCells(frame((bow, None, None))).place_now([0.5], [0.5])
