"""Outcomes: the figures that places published, and laws against counting by hand."""

import math
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFound
from grids.containment import wilson
from grids.outcomes.communities import largest_community
from grids.outcomes.followups import held_flags, revisit_flags
from grids.outcomes.formulas import FORMULAS, formula, outcome, overall
from grids.outcomes.registered import closing_flags
from tests.oracle import outcomes as oracle
from tests.strategies import DAY0

few = settings(max_examples=60)
UTC_US = "datetime64[us, UTC]"


def day(n):
    return DAY0 + timedelta(days=n)


def only(code, **counts):
    return outcome(pd.DataFrame({name: [count] for name, count in counts.items()}), code).iloc[0]


def test_huangshi_took_486_of_2989_non_police_calls_off_the_police():
    calls, non_police, mediators, diverted = 7421, 2989, 97, 389
    found = only("relieved", settled_by_mediators=mediators, diverted=diverted, non_police=non_police, calls=calls)
    assert (found["numerator"], found["denominator"]) == (486, 2989)
    assert f"{found['share']:.1%}" == "16.3%"
    assert (found["low"], found["high"]) == pytest.approx(wilson(486, 2989))


def test_jinmen_settled_87_2_per_cent_on_the_spot():
    found = only("on_spot", settled_on_spot=872, settled=1000)
    assert f"{found['share']:.1%}" == "87.2%"
    assert (found["low"], found["high"]) == pytest.approx((0.8499, 0.8913), abs=5e-5)


def test_qingdao_settled_195_of_215_mediations():
    found = only("mediation", mediated_settled=195, mediated=215)
    assert f"{found['share']:.1%}" == "90.7%"
    assert f"{found['low']:.1%} {found['high']:.1%}" == "86.1% 93.9%"


def test_huangshi_closed_97_6_per_cent_of_its_3675_diversions():
    assert f"{only('done', diverted_done=3587, diverted=3675)['share']:.1%}" == "97.6%"


parts = st.tuples(st.integers(0, 900), st.integers(0, 900))


@few
@given(st.sampled_from(list(FORMULAS)), st.lists(parts, min_size=1, max_size=4))
def test_every_formula_shows_its_counts_and_the_whole_is_the_sum_of_its_rows(code, drawn):
    names = formula(code)
    below = {name: [k + rest for k, rest in drawn] for name in names.below}
    counts = pd.DataFrame(below | {name: [k // len(names.above) for k, _ in drawn] for name in names.above})
    rows, all_of_it = outcome(counts, code), overall(counts, code)
    for _, row in rows.iterrows():
        low, high = wilson(int(row["numerator"]), int(row["denominator"]))
        assert [row["low"], row["high"]] == pytest.approx([low, high], nan_ok=True)
        assert math.isnan(row["share"]) == (row["denominator"] == 0)
    assert all_of_it["numerator"] == rows["numerator"].sum()
    assert all_of_it["denominator"] == rows["denominator"].sum()


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ({"settled": [3]}, "needs the counts settled_on_spot"),
        ({"settled": [3], "settled_on_spot": [None]}, "is missing: write 0"),
        ({"settled": [3], "settled_on_spot": [4]}, "part of"),
    ],
)
def test_counts_that_make_no_share_are_refused(counts, wanted):
    with pytest.raises(InputError, match=wanted):
        outcome(pd.DataFrame(counts), "on_spot")


def test_an_unknown_outcome_is_told_which_there_are():
    with pytest.raises(NotFound, match="on_spot, mediation"):
        formula("luck")


days = st.integers(0, 60).map(day)
events = st.lists(st.fixed_dictionaries({"matter": st.integers(1, 4), "at": days}), max_size=12)
closings = st.lists(
    st.fixed_dictionaries(
        {"matter": st.integers(1, 5), "closed_at": days, "stood": st.none() | st.integers(1, 50)}
    ).map(
        lambda made: {
            "matter": made["matter"],
            "closed_at": made["closed_at"],
            "reopened_at": None if made["stood"] is None else made["closed_at"] + timedelta(days=made["stood"]),
            "contained": made["matter"] != 5,
        }
    ),
    max_size=8,
)


def frame_of(rows, columns, times):
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(times, UTC_US))


@few
@given(closings, events, days)
def test_held_equals_the_oracle_closing_by_closing(made, troubles, at):
    rows = frame_of(made, ["matter", "closed_at", "reopened_at", "contained"], ["closed_at", "reopened_at"])
    flags = held_flags(rows, frame_of(troubles, ["matter", "at"], ["at"]), at)
    wanted = [oracle.held(each, troubles, at) for each in made]
    assert list(zip(flags["closed_long_ago"], flags["held"], strict=True)) == wanted


@few
@given(closings, events, days)
def test_revisits_equal_the_oracle_closing_by_closing(made, revisits, at):
    rows = frame_of(made, ["matter", "closed_at", "reopened_at", "contained"], ["closed_at", "reopened_at"])
    flags = revisit_flags(rows, frame_of(revisits, ["matter", "at"], ["at"]), at)
    wanted = [oracle.revisited(each, revisits, at) for each in made]
    assert list(zip(flags["revisit_due"], flags["revisited"], strict=True)) == wanted


def test_a_repeat_on_the_thirtieth_day_breaks_a_settlement_and_on_the_next_it_does_not():
    rows = frame_of(
        [(1, day(0), None, True), (2, day(0), None, True), (3, day(0), None, False), (4, day(9), None, True)],
        ["matter", "closed_at", "reopened_at", "contained"],
        ["closed_at", "reopened_at"],
    )
    repeats = frame_of([(1, day(30)), (2, day(31)), (2, day(0))], ["matter", "at"], ["at"])
    flags = held_flags(rows, repeats, day(38))
    assert flags["closed_long_ago"].tolist() == [True, True, True, False]
    assert flags["held"].tolist() == [False, True, False, False]


matter_rows = st.lists(
    st.fixed_dictionaries({"opened_at": days, "closed_at": st.none() | days, "deadline_at": st.none() | days}),
    max_size=8,
)


@few
@given(matter_rows, days, days, days)
def test_closing_and_on_time_equal_the_oracle_matter_by_matter(made, start, end, at):
    names = ["opened_at", "closed_at", "deadline_at"]
    flags = closing_flags(frame_of(made, names, names), start, end, at)
    assert flags.to_dict("records") == [oracle.closing(each, start, end, at) for each in made]


def test_times_without_a_zone_are_refused():
    naive = pd.DataFrame({"opened_at": [pd.Timestamp("2026-03-01")], "closed_at": [pd.NaT], "deadline_at": [pd.NaT]})
    with pytest.raises(InputError, match="'opened_at' have no time zone"):
        closing_flags(naive, day(0), day(1), day(1))


def test_one_community_can_send_more_than_half_of_a_stations_calls():
    calls = pd.DataFrame({"station": ["S1"] * 4, "community": ["C1", "C2", "C2", None], "calls": [300, 500, 60, 140]})
    found = largest_community(calls)
    assert found.loc["S1"].tolist() == ["C2", 560, 1000]
    assert f"{outcome(found, 'one_community').loc['S1', 'share']:.0%}" == "56%"
