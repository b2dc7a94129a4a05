"""Minutes of persons, minutes at hand, and how evenly they are spread."""

import math
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.workload import available_minutes, fairness, person_load, with_ratios
from tests.oracle import workload as oracle
from tests.strategies import DAY0

COLUMNS = ["matter", "role", "officer", "recorded_minutes", "catalogue_minutes"]
minutes = st.none() | st.integers(0, 120)


@st.composite
def handler_rows(draw):
    """Rows of a few officers, matters and roles, several to a pair; catalogue minutes go with the matter."""
    catalogue = draw(st.lists(st.integers(1, 90), min_size=3, max_size=3))
    row = st.tuples(st.integers(0, 2), st.sampled_from(["lead", "assist"]), st.none() | st.sampled_from("ABC"), minutes)
    drawn = draw(st.lists(row, max_size=20))
    return [dict(zip(COLUMNS, (*each, catalogue[each[0]]), strict=True)) for each in drawn]


def frame_of(rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype({"recorded_minutes": "float64"})


@given(handler_rows())
def test_loads_equal_the_oracle(rows):
    assert person_load(frame_of(rows)).to_dict() == pytest.approx(oracle.loads(rows))


@given(handler_rows())
def test_loads_sum_to_the_minutes_of_the_pairs(rows):
    pairs = oracle.pairs_of(rows).values()
    assert person_load(frame_of(rows)).sum() == pytest.approx(sum(map(oracle.pair_minutes, pairs)))


@given(handler_rows(), st.randoms())
def test_order_of_rows_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    assert person_load(frame_of(mixed)).to_dict() == pytest.approx(person_load(frame_of(rows)).to_dict())


def test_catalogue_minutes_are_split_among_the_handlers_of_a_role():
    rows = [(1, "lead", "A", None, 60), (1, "lead", "B", None, 60), (1, "assist", "B", None, 60)]
    assert person_load(pd.DataFrame(rows, columns=COLUMNS)).to_dict() == {"A": 30, "B": 90}


def test_recorded_minutes_override_the_catalogue_for_the_whole_role():
    rows = [(1, "lead", "A", 25, 60), (1, "lead", "A", 20, 60), (1, "lead", "B", None, 60)]
    assert person_load(pd.DataFrame(rows, columns=COLUMNS)).to_dict() == {"A": 45, "B": 0}


def test_nobody_carries_rows_without_an_officer():
    assert person_load(pd.DataFrame([(1, "lead", None, 25, 60)], columns=COLUMNS)).empty


posting = st.tuples(st.none() | st.integers(1, 60), st.integers(-30, 30), st.none() | st.integers(0, 60)).map(
    lambda made: {
        "weekly_hours": made[0],
        "valid_from": DAY0 + timedelta(days=made[1]),
        "valid_to": None if made[2] is None else DAY0 + timedelta(days=made[1] + made[2]),
    }
)


def postings_frame(postings):
    times = {"valid_from": "datetime64[us, UTC]", "valid_to": "datetime64[us, UTC]"}
    frame = pd.DataFrame(postings, columns=["weekly_hours", *times])
    return frame.astype(times | {"weekly_hours": "float64"})


@given(st.lists(posting, max_size=5), st.integers(1, 40))
def test_available_minutes_equal_the_oracle(postings, days):
    start, end = DAY0, DAY0 + timedelta(days=days)
    total = available_minutes(postings_frame(postings), start, end).sum(min_count=1)
    wanted = oracle.available(postings, start, end)
    assert math.isnan(total) if wanted is None else total == pytest.approx(wanted)


def test_posting_of_half_the_period_counts_for_half_of_it():
    postings = postings_frame([{"weekly_hours": 40, "valid_from": DAY0, "valid_to": DAY0 + timedelta(weeks=2)}])
    assert available_minutes(postings, DAY0, DAY0 + timedelta(weeks=4)).tolist() == [4800]


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
