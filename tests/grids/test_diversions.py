"""Ledgers of diversions and whistles, tags and parts: worked cases, and equality with the oracle."""

from dataclasses import astuple
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from grids.casework import Step, replay
from grids.diversions import LEDGER_KINDS, Diversion, followers, ledger, report_by, whistles
from tests.oracle import casework as oracle
from tests.strategies import DAY0, severities, step_rows, travels


def hour(n):
    """n hours after the first instant."""
    return DAY0 + timedelta(hours=n)


def test_a_diversion_bounced_twice_is_kept_by_its_first_receiver():
    told = [
        Step(hour(0), 1, "take_lead", "street", unit="S1"),
        Step(hour(1), 2, "divert", unit="S1", detail={"to": "D1"}),
        Step(hour(2), 3, "divert_bounce", unit="D1"),
        Step(hour(3), 4, "divert", unit="S1", detail={"to": "D2"}),
        Step(hour(4), 5, "divert_bounce", unit="D2"),
        Step(hour(5), 6, "keep", "street", unit="S1"),
    ]
    assert ledger(told) == (
        Diversion(hour(1), 2, "S1", "D1", bounced_at=hour(2)),
        Diversion(hour(3), 4, "S1", "D2", bounced_at=hour(4), kept=True),
    )
    state = replay(told, 1)
    assert (state.lead_unit, state.offered_unit, list(state.reached)) == ("S1", None, ["street"])


def test_the_sender_of_an_accepted_diversion_keeps_following():
    told = [
        Step(hour(0), 1, "take_lead", "street", unit="S1"),
        Step(hour(1), 2, "divert", unit="S1", detail={"to": "D1"}),
        Step(hour(2), 3, "divert_accept", "district", unit="D1"),
        Step(hour(3), 4, "close", unit="D1"),
    ]
    assert followers(told, "D1") == {"S1"}
    assert ledger(told)[0].done_at == hour(3)


def test_every_called_department_is_on_the_list_until_it_reports_in():
    told = [
        Step(hour(0), 1, "whistle", detail={"departments": ["D1", "D2"], "report_by": hour(4).isoformat()}),
        Step(hour(1), 2, "attend", unit="D2"),
    ]
    assert [(call.unit, call.report_by, call.attended_at) for call in whistles(told)] == [
        ("D1", hour(4), None),
        ("D2", hour(4), hour(1)),
    ]


def test_a_time_that_cannot_be_read_is_no_time():
    for said in (None, "soon", "2026-03-01T10:00", 7):
        assert report_by(Step(hour(0), 1, "whistle", detail={"report_by": said})) is None


@settings(max_examples=300)
@given(travels, severities)
def test_ledgers_equal_the_oracle(history, initial):
    state, told = replay(history, initial), oracle.travel_rows(step_rows(history))
    assert [list(astuple(line)) for line in state.diversions] == told["diversions"]
    assert [list(astuple(call)) for call in state.whistles] == told["whistles"]
    assert list(state.tags) == told["tags"]
    assert {(unit, "kept") for unit in followers(history, state.lead_unit)} == {
        told for told in told["parts"] if told[1] == "kept"
    }
    for name in ("lead_unit", "offered_level", "offered_unit", "grade_asked", "settled_at", "revisit_due_at"):
        assert getattr(state, name) == told[name]


@given(travels, st.randoms())
def test_order_of_steps_does_not_matter(history, random):
    assert replay(random.sample(history, len(history)), 1) == replay(history, 1)


@given(travels)
def test_without_kinds_of_the_ledger_all_ledgers_are_empty(history):
    state = replay([step for step in history if step.kind not in LEDGER_KINDS], 1)
    assert (state.diversions, state.whistles, state.tags) == ((), (), ())
