"""Random histories by several people at once against the real record: nothing is lost, nothing contradicts itself."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db import cases
from db.engine import begin
from db.record import open_record
from tests.conftest import copy_database, drop_database
from tests.db.acting import MONDAY, ZONE, build, report
from tests.db.histories import EVERYBODY, attempt, check
from tests.oracle import deadlines

HOLIDAYS = {date(2026, 3, 3) + timedelta(days=n): "off" for n in range(3)} | {date(2026, 3, 7): "work"}
_numbers = itertools.count(1)
relaxed = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)


@pytest.fixture(scope="module")
def busy(cluster, template, tmp_path_factory):
    """A record in which people work at once, with a holiday in its first week and a deadline in working hours."""
    made = copy_database(cluster, template, tmp_path_factory.mktemp("busy"))
    record = open_record(made)
    with begin(record.engine, "test") as conn:
        build(conn, record.keys)
        for day, kind in HOLIDAYS.items():
            conn.execute(text("INSERT INTO holiday (day, kind) VALUES (:day, :kind)"), {"day": day, "kind": kind})
        conn.execute(text("UPDATE category SET deadline_clock = 'working', deadline_hours = 20 WHERE code = 'quarrel'"))
    yield record
    record.engine.dispose()
    drop_database(cluster, made)


def register(record, category="quarrel", channel="12345", reported_at=MONDAY):
    """The number of a new case."""
    who = EVERYBODY["station"]
    with begin(record.engine, who) as conn:
        told = report(str(next(_numbers)), category, channel, reported_at=reported_at)
        return cases.register(conn, record.keys, who, told, at=reported_at).number


seeds = st.integers(0, 2**32)
categories = st.sampled_from(["quarrel", "quarrel", "knife", "alert"])


def play(record, category, told):
    """A history in which one person after the other acts, at told times; checked now and then and at the end."""
    number = register(record, category, "sensor" if category == "alert" else "12345")
    at, before, made = MONDAY, (), 0
    for turn, (seed, hours) in enumerate(told):
        at += timedelta(hours=hours)
        move, case = attempt(record, number, seed, at)
        if move is not None:
            made += 1
            assert any(step["kind"] == move and step["at"] == at for step in case.steps)
        if turn % 20 == 19:
            before = check(record, number, before)
    rows = check(record, number, before)
    assert len(rows) >= 1 + made


def histories(longest):
    """Turns (seed of a person's choice, hours since the one before), any number up to `longest`."""
    return st.integers(1, longest).flatmap(lambda n: st.lists(turns, min_size=n, max_size=n))


turns = st.tuples(seeds, st.sampled_from([0, 0.5, 1, 24, 24 * 8]))


@settings(relaxed, max_examples=6)
@given(categories, histories(20))
def test_any_history_keeps_the_rules_and_equals_its_replay(busy, category, told):
    play(busy, category, told)


@pytest.mark.prove
@settings(relaxed, max_examples=20)
@given(categories, histories(200))
def test_any_long_history_keeps_the_rules_and_equals_its_replay(busy, category, told):
    play(busy, category, told)


def crowd(record, seeds_of_each):
    """Several people act on one case at the same time; every step that was accepted is there, once."""
    number = register(record)

    def work(own):
        return [attempt(record, number, seed) for seed in own]

    with ThreadPoolExecutor(len(seeds_of_each)) as pool:
        outcomes = [outcome for found in pool.map(work, seeds_of_each) for outcome in found]
    rows = check(record, number)
    accepted = [(move, case) for move, case in outcomes if move is not None]
    # Whoever was accepted saw the version before: each accepted move has a version of its own.
    versions = [case.version for _, case in accepted]
    assert len(versions) == len(set(versions))
    followed = sum(case.steps[-1]["kind"] != move for move, case in accepted)  # a bad revisit reopens
    assert len(rows) == 1 + len(accepted) + followed
    for move, case in accepted:
        assert any(row["kind"] == move and row["no"] < 100_000 + case.version for row in rows)
    return outcomes


@settings(relaxed, max_examples=3)
@given(st.lists(st.lists(seeds, min_size=3, max_size=5), min_size=3, max_size=4))
def test_people_who_act_at_once_lose_no_step(busy, seeds_of_each):
    crowd(busy, seeds_of_each)


@pytest.mark.prove
@settings(relaxed, max_examples=10)
@given(st.lists(st.lists(seeds, min_size=10, max_size=40), min_size=2, max_size=6))
def test_crowds_who_act_at_once_lose_no_step(busy, seeds_of_each):
    crowd(busy, seeds_of_each)


def test_of_two_who_saw_the_same_version_one_is_told_to_look_again(busy):
    number = register(busy)
    people = [EVERYBODY["station"], EVERYBODY["beat"], EVERYBODY["chief"]]

    def take(who):
        try:
            with begin(busy.engine, who) as conn:
                return cases.USE_CASES["take_lead"](conn, busy.keys, who, number, level="beat", version=1).version
        except Exception as refusal:
            return str(refusal)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(take, people))
    assert answers.count(2) == 1
    assert sum("Somebody else added: 接办" in str(answer) for answer in answers) == 2
    check(busy, number)


def test_a_number_that_several_register_at_once_is_one_case(busy):
    told = report(f"同时{next(_numbers)}", reported_at=MONDAY)

    def take(who):
        with begin(busy.engine, who) as conn:
            return cases.register(conn, busy.keys, who, told, at=MONDAY)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(take, list(EVERYBODY.values())[:4]))
    assert {(case.number, case.version) for case in found} == {(f"12345:{told.source_no}", 1)}


@settings(relaxed, max_examples=8)
@given(st.integers(0, 10 * 1440))
def test_deadlines_in_working_hours_are_right_over_holidays(busy, minutes):
    at = MONDAY + timedelta(minutes=minutes)
    number = register(busy, reported_at=at)
    with begin(busy.engine, "test") as conn:
        due_at = cases.read(conn, busy.keys, EVERYBODY["station"], number).facts["due_at"]
    assert due_at == deadlines.due(at, 20 * 60, "working", HOLIDAYS, ZONE)
