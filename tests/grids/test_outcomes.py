"""Outcomes: the figures that places published, and laws against counting by hand."""

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFound
from grids.containment import wilson
from grids.outcomes.communities import largest_community
from grids.outcomes.followups import following
from grids.outcomes.formulas import FORMULAS, formula, outcome
from grids.step_columns import NEVER
from tests.oracle import outcomes as oracle
from tests.strategies import DAY0

few = settings(max_examples=60)


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
    rows, all_of_it = outcome(counts, code), outcome(counts.sum().to_frame().T, code).iloc[0]
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


instants = st.integers(0, 9) | st.just(NEVER)
happened = st.lists(st.tuples(st.integers(1, 4), instants), max_size=12)


@few
@given(happened, happened)
def test_what_follows_is_the_next_event_of_the_same_matter(rows, events):
    found = following(*np.array(rows, np.int64).reshape(-1, 2).T, *np.array(events, np.int64).reshape(-1, 2).T)
    wanted = [min((at for m, at in events if m == matter and at > since), default=NEVER) for matter, since in rows]
    assert found.tolist() == wanted


def test_a_repeat_on_the_thirtieth_day_breaks_a_settlement_and_on_the_next_it_does_not():
    repeats = [{"matter": 1, "at": day(30)}, {"matter": 2, "at": day(31)}, {"matter": 2, "at": day(0)}]
    rows = [(1, day(0), True), (2, day(0), True), (3, day(0), False), (4, day(9), True)]
    closings = [dict(zip(("matter", "closed_at", "contained"), row, strict=True)) for row in rows]
    found = [oracle.held(each | {"reopened_at": None}, repeats, day(38)) for each in closings]
    assert found == [(True, False), (True, True), (True, False), (False, False)]


def test_one_community_can_send_more_than_half_of_a_stations_calls():
    calls = pd.DataFrame({"station": ["S1"] * 4, "community": ["C1", "C2", "C2", None], "calls": [300, 500, 60, 140]})
    found = largest_community(calls)
    assert found.loc["S1"].tolist() == ["C2", 560, 1000]
    assert f"{outcome(found, 'one_community').loc['S1', 'share']:.0%}" == "56%"
