"""Contained, escaped or pending: worked cases of the definitions, and laws for every history."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from grids.casework import Step, replay
from grids.containment import Decision, decide, height, judge, wilson, with_shares
from grids.levels import LEVELS, Ladder
from grids.policies import policy
from tests.grids.test_casework import hour
from tests.oracle import containment as oracle
from tests.strategies import caseloads, instants, ladders, matters, policies, step_rows

LADDER = Ladder.default()


def outcomes(steps, initial, code, *at, ladder=LADDER):
    """The outcome at each hour of `at`."""
    state = replay(steps, initial)
    return [judge(state, policy(code), ladder, hour(n)).outcome for n in at]


def test_jinmen_yellow_matter_that_calls_departments_into_the_community_is_contained():
    steps = [
        Step(hour(0), 1, "register"),
        Step(hour(0), 2, "take_lead", "cell"),
        Step(hour(1), 3, "grade", severity=2),
        Step(hour(2), 4, "take_lead", "community"),
        Step(hour(3), 5, "whistle", "street"),
        Step(hour(4), 6, "attend", "district"),
        Step(hour(5), 7, "assist", "street"),
        Step(hour(6), 8, "mediate", "street"),
        Step(hour(7), 9, "close", "community"),
    ]
    assert outcomes(steps, 1, "JM", 6, 7) == ["pending", "contained"]
    assert outcomes(steps, 1, "QD", 2) == ["escaped"]


def test_escaped_stays_escaped_after_regrading():
    steps = [
        Step(hour(0), 1, "grade", severity=2),
        Step(hour(1), 2, "take_lead", "street"),
        Step(hour(2), 3, "grade", severity=3),
        Step(hour(3), 4, "close"),
    ]
    assert outcomes(steps, 1, "JM", 1, 2, 3, 9) == ["escaped"] * 4


def test_diversion_that_is_not_accepted_raises_nothing():
    sent = [Step(hour(0), 1, "take_lead", "cell"), Step(hour(1), 2, "divert", "district")]
    bounced = [*sent, Step(hour(2), 3, "divert_bounce", "district"), Step(hour(3), 4, "close")]
    accepted = [*sent, Step(hour(2), 3, "divert_accept", "district"), Step(hour(3), 4, "close")]
    assert height(replay(bounced, 1), LADDER, hour(9)) == "cell"
    assert outcomes(bounced, 1, "QD", 1, 3) == ["pending", "contained"]
    assert outcomes(accepted, 1, "QD", 1, 3) == ["pending", "escaped"]


def test_closed_then_reopened_and_not_closed_again_is_pending():
    steps = [Step(hour(1), 1, "close"), Step(hour(3), 2, "reopen")]
    assert outcomes(steps, 1, "QD", 0, 1, 2, 3, 9) == [
        "pending",
        "contained",
        "contained",
        "pending",
        "pending",
    ]


def test_ladder_with_community_equal_to_beat_keeps_the_community_inside_a_beat_ceiling():
    tied = Ladder({"cell": 0, "beat": 1, "community": 1, "street": 2, "district": 3, "city": 4})
    steps = [
        Step(hour(0), 1, "grade", severity=2),
        Step(hour(1), 2, "take_lead", "community"),
        Step(hour(2), 3, "close"),
    ]
    assert outcomes(steps, 1, "QD", 2, ladder=tied) == ["contained"]
    assert outcomes(steps, 1, "QD", 2) == ["escaped"]


def test_decided_at_is_the_first_crossing_or_the_closing_that_stands():
    steps = [
        Step(hour(1), 1, "close"),
        Step(hour(2), 2, "reopen"),
        Step(hour(3), 3, "close"),
        Step(hour(5), 4, "take_lead", "street"),
        Step(hour(6), 5, "take_lead", "city"),
    ]
    state = replay(steps, 1)
    assert decide(state, ("street", "city"), hour(4)) == Decision("contained", hour(3))
    assert decide(state, ("street", "city"), hour(9)) == Decision("escaped", hour(5))


@given(caseloads, policies, ladders, instants)
def test_every_matter_is_contained_escaped_or_pending_as_the_oracle_says(caseload, chosen, ladder, at):
    counts = dict.fromkeys(("contained", "escaped", "pending"), 0)
    for history, initial in caseload.values():
        found = judge(replay(history, initial), chosen, ladder, at)
        assert found == oracle.state_at(step_rows(history), initial, chosen.ceilings, at, ladder.ranks)
        counts[found.outcome] += 1
    assert sum(counts.values()) == len(caseload)


@given(caseloads, policies, ladders, instants, instants)
def test_period_of_the_oracle_equals_judging_each_matter(caseload, chosen, ladder, start, end):
    """The oracle that other tests trust agrees with the rules, matter by matter."""
    rows = [
        {
            "opened_at": start,
            "containable": True,
            "initial": initial,
            "steps": step_rows(history),
            "ranks": ladder.ranks,
        }
        for history, initial in caseload.values()
    ]
    counted = oracle.containment(rows, chosen.ceilings, start, end).get(None, {"contained": 0, "pending": 0})
    found = [judge(replay(history, initial), chosen, ladder, end) for history, initial in caseload.values()]
    found = [each for each in found if start < end]
    within = [each for each in found if each.decided_at is not None and start <= each.decided_at < end]
    assert counted["contained"] == sum(each.outcome == "contained" for each in within)
    assert counted["pending"] == sum(each.outcome == "pending" for each in found)


@given(matters, ladders, instants, instants)
def test_height_never_falls(matter, ladder, one, other):
    state = replay(*matter)
    ranks = [-1 if (h := height(state, ladder, at)) is None else ladder.ranks[h] for at in sorted([one, other])]
    assert ranks == sorted(ranks)


@given(matters, st.sets(st.sampled_from(LEVELS)), instants, instants)
def test_escaped_is_for_good(matter, beyond, one, other):
    early, late = (decide(replay(*matter), beyond, at) for at in sorted([one, other]))
    assert early.outcome != "escaped" or late == early


counts = st.integers(0, 2000)


@given(counts, counts)
def test_share_lies_within_its_interval(contained, escaped):
    n = contained + escaped
    low, high = wilson(contained, n)
    if n == 0:
        assert math.isnan(low)
        assert math.isnan(high)
    else:
        assert 0 <= low <= contained / n <= high <= 1


@given(counts, st.integers(1, 2000))
def test_interval_equals_the_roots_of_its_equation(contained, escaped):
    found, wanted = (
        wilson(contained, contained + escaped),
        oracle.wilson_by_roots(contained, contained + escaped),
    )
    assert found == pytest.approx(wanted, abs=1e-9)


def test_interval_of_the_documented_example():
    assert wilson(41, 50) == pytest.approx((0.6920, 0.9023), abs=5e-5)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_count_that_is_no_part_is_refused(k, n):
    with pytest.raises(InputError, match="between 0 and"):
        wilson(k, n)


def test_shares_stand_beside_their_counts():
    frame = pd.DataFrame({"key": ["A", "B"], "contained": [41, 0], "escaped": [9, 0], "pending": [7, 2]})
    shares = with_shares(frame)
    assert list(shares.columns) == [
        "key",
        "contained",
        "escaped",
        "pending",
        "decided",
        "share",
        "low",
        "high",
    ]
    assert shares["decided"].tolist() == [50, 0]
    assert shares.loc[0, "share"] == pytest.approx(0.82)
    assert shares.loc[1, ["share", "low", "high"]].isna().all()
    assert list(frame.columns) == ["key", "contained", "escaped", "pending"]
