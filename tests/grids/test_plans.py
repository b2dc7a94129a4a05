"""Moving cells between beats: figures before and after, refusals, and warnings of broken beats."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError, NotFound, Refused
from grids.plans import Move, Split, assignment_after, before_after, emptied, splits

# Five cells in a row; A holds the first three.
ROW = {"c1": "A", "c2": "A", "c3": "A", "c4": "B", "c5": "B"}
CELLS = list(ROW)
IN_A_ROW = {i: {j: 100.0 for j in (i - 1, i + 1) if 0 <= j < 5} for i in range(5)}
STAFF = pd.Series({"A": 400.0, "B": 200.0})


def demand(minutes):
    return pd.DataFrame({"cell": CELLS, "beat": list(ROW.values()), "minutes": minutes})


def test_load_goes_with_the_cell_and_staff_stays():
    table = before_after(demand([100, 60, 40, 50, 50]), [Move("c3", "B")], STAFF).set_index("beat")
    assert table.loc["A"].to_dict() == {
        "cells_before": 3, "cells_after": 2, "minutes_before": 200, "minutes_after": 160, "load_before": 0.5,
        "load_after": 0.4,
    }  # fmt: skip
    assert table.loc["B", ["minutes_before", "minutes_after", "load_after"]].tolist() == [100, 140, 0.7]


def test_beat_without_staff_has_no_load_and_beat_without_cells_is_listed():
    table = before_after(demand([1, 1, 1, 1, 1]), [Move("c3", "C")], pd.Series({"A": 10.0, "C": math.nan}))
    assert table["beat"].tolist() == ["A", "B", "C"]
    assert table["cells_before"].tolist() == [3, 2, 0]
    assert table["cells_after"].tolist() == [2, 2, 1]
    assert table["load_after"].isna().tolist() == [False, True, True]


@st.composite
def plans(draw):
    """(frame of cells, moves that are allowed)."""
    held = draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=8))
    minutes = draw(st.lists(st.integers(0, 500), min_size=len(held), max_size=len(held)))
    targets = draw(st.lists(st.sampled_from(["A", "B", "C", "D"]), min_size=len(held), max_size=len(held)))
    frame = pd.DataFrame({"cell": [f"c{i}" for i in range(len(held))], "beat": held, "minutes": minutes})
    moves = [Move(f"c{i}", to) for i, to in enumerate(targets) if to != held[i]]
    return frame, moves


@given(plans())
def test_moves_conserve_minutes_and_cells(plan):
    frame, moves = plan
    table = before_after(frame, moves, pd.Series(dict.fromkeys("ABCD", 100.0)))
    assert table["minutes_before"].sum() == table["minutes_after"].sum() == frame["minutes"].sum()
    assert table["cells_before"].sum() == table["cells_after"].sum() == len(frame)


@given(plans(), st.randoms())
def test_order_of_rows_and_moves_does_not_matter(plan, random):
    frame, moves = plan
    staff = pd.Series(dict.fromkeys("ABCD", 100.0))
    mixed = before_after(frame.sample(frac=1, random_state=1), random.sample(moves, len(moves)), staff)
    pd.testing.assert_frame_equal(mixed, before_after(frame, moves, staff))


def test_moving_back_restores_the_assignment():
    there = assignment_after(ROW, [Move("c3", "B")])
    assert assignment_after(there, [Move("c3", "A")]) == ROW


@pytest.mark.parametrize(
    ("moves", "error", "says"),
    [
        ([Move("c9", "A")], NotFound, "no cell 'c9'"),
        ([Move("c1", "Z")], NotFound, "no beat 'Z'"),
        ([Move("c1", "A")], Refused, "in beat A already"),
        ([Move("c1", "B"), Move("c1", "A")], Refused, "moved twice"),
    ],
)
def test_move_that_makes_no_sense_is_refused(moves, error, says):
    with pytest.raises(error, match=says):
        assignment_after(ROW, moves)


def test_beat_without_cells_takes_cells_when_it_is_named():
    assert assignment_after(ROW, [Move("c1", "Z")], beats=["Z"])["c1"] == "Z"


def test_cell_that_comes_twice_is_refused():
    frame = pd.concat([demand([1] * 5), demand([1] * 5).iloc[:1]])
    with pytest.raises(InputError, match="c1"):
        before_after(frame, [], STAFF)


def test_plan_that_breaks_a_beat_warns_with_its_pieces():
    after = assignment_after(ROW, [Move("c2", "B")])
    found = splits(ROW, after, CELLS, IN_A_ROW)
    assert found == [Split("A", (("c1",), ("c3",))), Split("B", (("c4", "c5"), ("c2",)))]
    assert found[1].sentence == "Beat B would fall into 2 pieces: look at c2."


def test_plan_that_keeps_beats_whole_warns_of_nothing():
    assert splits(ROW, assignment_after(ROW, [Move("c3", "B")]), CELLS, IN_A_ROW) == []


def test_beat_that_was_in_pieces_before_is_no_news():
    broken = {"c1": "A", "c2": "B", "c3": "A", "c4": "B", "c5": "B"}
    assert splits(broken, assignment_after(broken, [Move("c3", "B")]), CELLS, IN_A_ROW) == []


def test_beat_that_loses_its_last_cell_is_named():
    assert emptied(ROW, assignment_after(ROW, [Move("c4", "A"), Move("c5", "A")])) == ["B"]
