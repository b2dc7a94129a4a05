"""Minutes of persons, minutes at hand, and how evenly they are spread."""

import math
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import NotFound
from grids.workload import ACTIVITIES, activity_minutes, fairness, minutes_at_hand, spread, with_ratios
from tests.oracle import workload as oracle
from tests.strategies import DAY0

COLUMNS = ["matter", "role", "officer", "recorded_minutes", "catalogue_minutes"]


@pytest.mark.parametrize(
    ("handled", "wanted"),
    [
        ([("lead", "A", None), ("lead", "B", None), ("assist", "B", None)], {"A": 30, "B": 90}),
        ([("lead", "A", 45), ("lead", "B", None), ("assist", "B", None)], {"A": 45, "B": 60}),
        ([("lead", None, 25)], {}),
    ],
)
def test_the_oracle_of_loads_says_what_the_documented_example_says(handled, wanted):
    assert oracle.loads([dict(zip(COLUMNS, (1, *row, 60), strict=True)) for row in handled]) == wanted


postings = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 3000), st.integers(0, 10), st.integers(0, 10), st.integers(0, 10)),
    max_size=6,
)
rosters = st.dictionaries(st.sampled_from("AB"), st.integers(0, 5000))
COLUMNS_OF_PIECES = ["officer", "weekly_minutes", "seconds", "away", "on_roster"]


def pieces_of(rows):
    """Pieces of postings, lengths and leave in days; nobody is away longer than he is there."""
    day = 86_400
    told = [(who, weekly, days * day, min(days, away) * day, on * day) for who, weekly, days, away, on in rows]
    return pd.DataFrame(told, columns=COLUMNS_OF_PIECES)


@given(postings, rosters)
def test_minutes_at_hand_equal_the_oracle_piece_by_piece(rows, roster):
    pieces, rostered = pieces_of(rows), pd.Series(roster, dtype="float64")
    wanted = oracle.at_hand(list(pieces.itertuples(index=False)), roster)
    assert minutes_at_hand(pieces, rostered).tolist() == pytest.approx(wanted)


@given(postings, rosters)
def test_the_pieces_of_an_officer_on_the_roster_alone_sum_to_his_roster(rows, roster):
    pieces = pieces_of([(who, weekly, 0, 0, on + 1) for who, weekly, _, _, on in rows])
    sums = minutes_at_hand(pieces, pd.Series(roster, dtype="float64")).groupby(pieces["officer"]).sum()
    for officer, minutes in sums.items():
        if officer in roster:
            assert minutes == pytest.approx(roster[officer])


def test_the_documented_examples_of_minutes_at_hand():
    half = pieces_of([("A", 2400, 14, 0, 0), ("B", 2400, 14, 7, 0)])
    assert minutes_at_hand(half, pd.Series(dtype="float64")).tolist() == [4800, 2400]
    two = pieces_of([("A", 1800, 0, 0, 28), ("A", 600, 0, 0, 28)])
    assert minutes_at_hand(two, pd.Series({"A": 8000.0})).tolist() == [6000, 2000]


events = st.lists(
    st.tuples(
        st.none() | st.sampled_from("AB"), st.sampled_from([*ACTIVITIES]), st.integers(1, 4),
        st.none() | st.integers(0, 90),
    ),
    max_size=8,
)  # fmt: skip


@given(events)
def test_minutes_of_activities_are_the_recorded_ones_else_those_of_the_kind(told):
    frame = pd.DataFrame(told, columns=["officer", "kind", "count", "minutes"])
    found = activity_minutes(frame)
    named = [(kind, count, minutes) for officer, kind, count, minutes in told if officer]
    wanted = sum(count * ACTIVITIES[kind].minutes if minutes is None else minutes for kind, count, minutes in named)
    assert found.to_numpy().sum() == pytest.approx(wanted)
    assert set(found.index) == {officer for officer, *_ in told if officer}


def test_the_documented_example_of_activities():
    told = [("A", "household", 4, None), ("A", "revisit", 1, 25)]
    found = activity_minutes(pd.DataFrame(told, columns=["officer", "kind", "count", "minutes"]))
    assert found.loc["A"].tolist() == [80, 25, 0, 0]


def test_an_activity_that_is_not_in_the_table_is_refused():
    frame = pd.DataFrame([("A", "dancing", 1, None)], columns=["officer", "kind", "count", "minutes"])
    with pytest.raises(NotFound):
        activity_minutes(frame)


@given(st.lists(st.tuples(st.sampled_from(["S", "T", None]), st.none() | st.integers(0, 9)), max_size=9))
def test_the_spread_of_each_station_is_that_of_its_own_loads(rows):
    frame = pd.DataFrame(rows, columns=["station", "load"]).astype({"load": "float64"})
    for station, row in spread(frame).iterrows():
        own = [load for where, load in rows if where == station]
        known = fairness(pd.Series(own, dtype="float64"))
        assert (row["n"], row["unstaffed"]) == (known.n, len(own) - known.n)
        wanted = known[:2] if known.n > 1 else (math.nan, math.nan)
        assert (row["max_over_mean"], row["cv"]) == pytest.approx(wanted, nan_ok=True)


def test_without_available_minutes_the_load_is_unknown_and_never_zero():
    frame = pd.DataFrame({"minutes": [600, 2880, 0, 90, 90], "available": [2400, 2400, 2400, None, 0]})
    ratios = with_ratios(frame)
    assert ratios["load"].tolist()[:3] == [0.25, 1.2, 0.0]
    assert ratios["load"].isna().tolist() == [False, False, False, True, True]
    assert ratios["flag"].tolist() == ["within", "over", "within", "unstaffed", "unstaffed"]


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=10), st.floats(0.1, 10))
def test_fairness_is_free_of_the_unit_of_loads(loads, factor):
    scaled = fairness([load * factor for load in loads])
    assert scaled == pytest.approx(fairness(loads), abs=1e-6)
    assert scaled.max_over_mean >= 1 - 1e-12


def test_fairness_of_the_documented_example():
    assert fairness([80.0, 100.0, 120.0]) == pytest.approx((1.2, 0.16330, 3), abs=5e-6)
    assert fairness([80.0, 100.0, 120.0, 0.0]).max_over_mean == pytest.approx(1.6)


@pytest.mark.parametrize("loads", [[], [math.nan], [0.0, 0.0]])
def test_fairness_of_nothing_is_unknown(loads):
    assert math.isnan(fairness(loads).max_over_mean)
    assert math.isnan(fairness(loads).cv)


def test_unstaffed_beats_are_left_out_of_fairness():
    assert fairness(pd.Series([1.0, math.nan, 1.0])) == (1.0, 0.0, 2)


def test_oracle_dates_a_load_at_the_first_handling_step_of_its_role():
    step = {"officer": "A", "role": None, "minutes": None}
    late = step | {"kind": "handle", "at": DAY0 + timedelta(days=2)}
    matter = {"matter": 1, "minutes": 30, "steps": [step | {"kind": "take_lead", "at": DAY0}, late]}
    rows = oracle.handler_rows([matter])
    assert oracle.loads_in(rows, DAY0, DAY0 + timedelta(days=1)) == {"A": 30}
    assert oracle.loads_in(rows, DAY0 + timedelta(days=1), DAY0 + timedelta(days=3)) == {}
