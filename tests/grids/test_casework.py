"""Replaying one matter: worked cases by name, and equality with the oracle on made-up histories."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from grids.casework import STEP_KINDS, Closure, Step, replay
from grids.levels import LEVELS
from tests.oracle import casework as oracle
from tests.oracle import workload as workload_oracle
from tests.strategies import DAY0, histories, matters, severities, step_rows, steps


def hour(n):
    """n hours after the first instant."""
    return DAY0 + timedelta(hours=n)


def as_oracle_tells_it(state):
    told = {f"reached_{level}": state.reached.get(level) for level in LEVELS}
    names = (
        "lead_level",
        "severity_initial",
        "severity_now",
        "severity",
        "severity_at",
        "closed_at",
        "last_at",
    )
    told |= {name: getattr(state, name) for name in (*names, "steps")}
    return told | {"closures": [[each.closed_at, each.reopened_at] for each in state.closures]}


@given(matters)
def test_replay_equals_the_oracle(matter):
    history, initial = matter
    assert as_oracle_tells_it(replay(history, initial)) == oracle.replay_rows(step_rows(history), initial)


@given(matters, st.randoms())
def test_order_of_steps_does_not_matter(matter, random):
    history, initial = matter
    mixed = random.sample(history, len(history))
    assert replay(mixed, initial) == replay(history, initial)


@given(histories, severities, st.lists(steps(kinds=("divert", "divert_bounce", "attend", "assist", "whistle"))))
def test_diversion_not_accepted_and_help_never_raise_the_height(history, initial, helped):
    assert replay([*history, *helped], initial).reached == replay(history, initial).reached


def test_matter_without_steps_is_open_with_its_initial_grade():
    state = replay([], 2)
    assert (state.steps, state.severity, state.severity_at, state.closed_at, state.lead_level) == (
        0,
        2,
        None,
        None,
        None,
    )


def test_grade_is_fixed_when_the_lead_leaves_the_cell():
    state = replay(
        [
            Step(hour(0), 1, "take_lead", "cell"),
            Step(hour(1), 2, "grade", severity=2),
            Step(hour(2), 3, "take_lead", "beat"),
            Step(hour(3), 4, "grade", severity=3),
            Step(hour(4), 5, "close"),
        ],
        1,
    )
    assert (state.severity, state.severity_at, state.severity_now) == (2, hour(2), 3)


def test_grade_is_fixed_at_closing_when_none_was_approved_before_leaving():
    state = replay(
        [
            Step(hour(0), 1, "take_lead", "beat"),
            Step(hour(1), 2, "grade", severity=3),
            Step(hour(2), 3, "close"),
            Step(hour(3), 4, "grade", severity=1),
        ],
        1,
    )
    assert (state.severity, state.severity_at, state.severity_now) == (3, hour(2), 1)


def test_grade_as_of_an_instant_is_the_initial_one_before_the_fix_moment():
    state = replay([Step(hour(1), 1, "grade", severity=3), Step(hour(2), 2, "close")], 1)
    assert [state.severity_as_of(hour(n)) for n in (0, 1, 2, 3)] == [1, 1, 3, 3]


def test_grade_is_provisional_until_it_is_fixed():
    state = replay([Step(hour(1), 1, "grade", severity=3)], 1)
    assert (state.severity, state.severity_at) == (3, None)


def test_second_close_and_idle_reopen_change_nothing():
    kinds = ("reopen", "close", "close", "reopen", "reopen", "close")
    state = replay([Step(hour(n), n, kind) for n, kind in enumerate(kinds)], 1)
    assert state.closures == (Closure(hour(1), hour(3)), Closure(hour(5)))


def test_grade_at_the_same_instant_as_leaving_counts():
    state = replay([Step(hour(1), 1, "take_lead", "beat"), Step(hour(1), 2, "grade", severity=2)], 1)
    assert (state.severity, state.severity_at) == (2, hour(1))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"at": datetime(2026, 3, 1)}, "time zone"),  # noqa: DTZ001
        ({"kind": "vanish"}, "unknown kind 'vanish'"),
        ({"level": None}, "say at which level"),
        ({"level": "province"}, "unknown level 'province'"),
        ({"severity": 4}, "not 4"),
        ({"kind": "grade"}, "say which"),
    ],
)
def test_step_that_cannot_be_read_is_refused(change, says):
    good = Step(hour(0), 1, "take_lead", "beat")
    with pytest.raises(InputError, match=says):
        replace(good, **change)


def test_kinds_of_steps_are_those_of_the_oracles():
    assert list(STEP_KINDS) == oracle.KINDS
    assert {k for k, kind in STEP_KINDS.items() if kind.takes_lead} == set(oracle.LEADING)
    handling = {k: kind.default_role for k, kind in STEP_KINDS.items() if kind.default_role}
    assert handling == workload_oracle.ROLE_OF
