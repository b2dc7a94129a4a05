"""Handling steps: added once, never edited; matters follow, however the files were cut and ordered."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.checksums import checksums
from grids.levels import LEVELS
from tests.factories import (
    day,
    make_category,
    make_incident,
    make_incidents,
    make_officer,
    make_step,
    make_steps,
    make_unit,
    only_label,
)  # fmt: skip
from tests.oracle.casework import replay_rows
from tests.strategies import DAY0, histories

TOLD = (
    *(f"reached_{level}" for level in LEVELS),
    *("lead_level", "severity_initial", "severity_now", "severity", "severity_at", "closed_at", "last_at", "steps"),
)


@pytest.fixture
def opened(conn, keys):
    """Incident 110:1 of a category of grade 1."""
    make_category(conn)
    make_incident(conn, keys, "1")
    return conn


def stored(conn):
    """Matter id → its derived columns and closures, as the oracle tells them."""
    found = {row["id"]: dict(row) for row in conn.execute(text("SELECT * FROM matter")).mappings()}
    closures = conn.execute(text("SELECT * FROM closure ORDER BY matter_id, closed_at")).all()
    return {
        matter: {name: row[name] for name in TOLD}
        | {"closures": [[c.closed_at, c.reopened_at] for c in closures if c.matter_id == matter]}
        for matter, row in found.items()
    }


def by_oracle(conn):
    """The same, replayed by the oracle from the raw rows; the first grade is that of the earliest report."""
    query = """SELECT DISTINCT ON (i.matter_id) i.matter_id, coalesce(i.severity, k.default_severity) AS initial
               FROM incident i JOIN category k ON k.id = i.category_id
               ORDER BY i.matter_id, i.reported_at, i.channel, i.source_no"""
    steps = [dict(row) for row in conn.execute(text("SELECT * FROM step")).mappings()]
    found = {}
    for row in conn.execute(text(query)):
        state = replay_rows([step for step in steps if step["matter_id"] == row.matter_id], row.initial)
        # Of closures at one instant only the last stood for any time, and only it is kept.
        last = {closed: [closed, again] for closed, again in state["closures"]}
        found[row.matter_id] = state | {"closures": list(last.values())}
    return found


def test_a_repeated_step_is_unchanged_and_one_with_other_content_is_rejected(opened, keys):
    rows = [{"step_no": 1, "at": day(1), "kind": "handle", "minutes": 5.0, "note": "n", "line": 1}]
    assert only_label(make_steps(opened, keys, rows)) == "inserted"
    assert only_label(make_steps(opened, keys, rows)) == "unchanged"
    outcome = make_steps(opened, keys, [rows[0] | {"minutes": 6.0}])
    assert outcome.rejects == {
        1: ["step 1 of 110:1 is recorded with other content: add a new step that corrects it"]
    }  # fmt: skip
    assert opened.execute(text("SELECT minutes FROM step")).scalar_one() == 5.0


def test_repeats_within_one_chunk_are_told_apart_the_same_way(opened, keys):
    row = {"step_no": 1, "at": day(1), "kind": "handle"}
    outcome = make_steps(opened, keys, [row | {"line": 1}, row | {"line": 2}, row | {"line": 3, "minutes": 1.0}])
    assert outcome.labels == {1: "inserted", 2: "unchanged"}
    assert list(outcome.rejects) == [3]


def test_a_step_of_an_unknown_incident_is_rejected_and_the_others_are_kept(opened, keys):
    row = {"step_no": 1, "at": day(1), "kind": "handle"}
    outcome = make_steps(opened, keys, [row | {"line": 1}, row | {"line": 2, "source_no": "9"}])
    assert outcome.labels == {1: "inserted"}
    assert outcome.rejects == {2: ["incident 110:9 is not known: load incidents first"]}


def test_an_empty_chunk_of_steps_is_no_trouble(opened, keys):
    assert make_steps(opened, keys, []).labels == {}


def test_only_handling_minutes_count_as_recorded(opened, keys):
    for number, (kind, minutes) in enumerate((("dispatch", 100.0), ("handle", 20.0), ("mediate", 0.5), ("urge", 7.0))):
        make_step(opened, keys, kind, day(1), number, minutes=minutes)
    assert opened.execute(text("SELECT recorded_minutes FROM matter")).scalar_one() == 20.5


def test_minutes_of_nothing_are_recorded_as_nothing_and_not_as_unknown(opened, keys):
    make_step(opened, keys, "handle", day(1), minutes=0.0)
    assert opened.execute(text("SELECT recorded_minutes FROM matter")).scalar_one() == 0.0


def test_the_leading_unit_is_that_of_the_last_step_that_took_the_lead(opened, keys):
    make_unit(opened, "S1")
    make_unit(opened, "C1", "street_centre")
    make_step(opened, keys, "take_lead", day(1), 1, level="cell", unit="S1")
    make_step(opened, keys, "divert_accept", day(2), 2, level="street", unit="C1")
    make_step(opened, keys, "divert", day(3), 3, level="city", unit="S1")
    query = "SELECT u.code FROM matter m JOIN unit u ON u.id = m.lead_unit_id"
    assert opened.execute(text(query)).scalar_one() == "C1"


def test_a_matter_closed_reopened_and_closed_again_at_one_instant_is_closed_once(opened, keys):
    for number, kind in enumerate(("close", "reopen", "close", "reopen", "close"), 1):
        make_step(opened, keys, kind, day(1), number)
    assert opened.execute(text("SELECT closed_at, reopened_at FROM closure")).all() == [(day(1), None)]
    assert stored(opened) == by_oracle(opened)


def test_steps_of_all_reports_of_a_matter_count_together(opened, keys):
    make_incident(opened, keys, "2", matter="110:1")
    make_step(opened, keys, "take_lead", day(1), 1, level="cell")
    make_step(opened, keys, "take_lead", day(2), 1, level="beat", source_no="2")
    make_step(opened, keys, "close", day(3), 2, source_no="2")
    assert stored(opened) == by_oracle(opened)
    assert next(iter(stored(opened).values()))["steps"] == 3


@st.composite
def caseloads(draw):
    """Up to five incidents in up to three matters, each with steps numbered as they come."""
    incidents, steps = [], []
    for number in range(draw(st.integers(1, 5))):
        matter = draw(st.sampled_from([None, *range(number)]))
        told = {"source_no": str(number), "severity": draw(st.none() | st.integers(1, 3))}
        incidents.append(told | {"matter": None if matter is None else f"110:{matter}"})
        for step_no, step in enumerate(draw(histories), 1):
            row = {"source_no": str(number), "step_no": step_no, "at": step.at, "kind": step.kind, "level": step.level}
            minutes = draw(st.none() | st.sampled_from([0.0, 0.1, 0.2, 0.3, 1e9]))
            steps.append(row | {"severity": step.severity, "minutes": minutes})
    return incidents, steps


def load(conn, keys, incidents, steps, rng=None):
    """Everything at once; with `rng` steps in random order, cut into a few random chunks, some of them loaded twice."""
    make_category(conn)
    make_incidents(conn, keys, incidents)
    if rng is None:
        assert not make_steps(conn, keys, steps).rejects
        return
    mixed = rng.sample(steps, len(steps))
    cuts = sorted(rng.randint(0, len(steps)) for _ in range(2))
    for start, end in zip([0, *cuts], [*cuts, len(steps)], strict=True):
        for _ in range(rng.choice([1, 1, 2])):
            assert not make_steps(conn, keys, mixed[start:end]).rejects


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(caseloads(), st.randoms(use_true_random=False))
def test_matters_equal_the_oracle_however_their_steps_were_cut_and_ordered(conn, keys, caseload, rng):
    sums = []
    for mixed in (None, rng):
        with conn.begin_nested() as undo:
            load(conn, keys, *caseload, mixed)
            assert stored(conn) == by_oracle(conn)
            sums.append(checksums(conn))
            undo.rollback()
    assert sums[0] == sums[1]


def test_checksums_do_not_depend_on_ids_or_on_the_order_of_loading(conn, keys):
    rng = random.Random(7)
    incidents = [{"source_no": str(n), "phone": f"1380000000{n}"} for n in range(6)]
    steps = [
        {"source_no": str(n), "step_no": k, "at": day(k), "kind": kind, "minutes": 0.1 * k, "level": "beat"}
        for n in range(6)
        for k, kind in enumerate(("take_lead", "handle", "mediate", "close", "reopen", "close"), 1)
    ]
    sums = []
    for _ in range(3):
        with conn.begin_nested() as undo:
            load(conn, keys, rng.sample(incidents, 6), steps, rng)
            sums.append(checksums(conn))
            undo.rollback()
    assert sums[0] == sums[1] == sums[2]
    assert {name: rows for name, (rows, _) in sums[0].items()} == {
        "incidents": 6, "matters": 6, "closures": 12, "steps": 36,
    }  # fmt: skip


def test_a_changed_record_has_another_checksum(opened, keys):
    before = checksums(opened)
    make_officer(opened, keys)
    assert checksums(opened) == before
    make_step(opened, keys, "close", DAY0)
    after = checksums(opened)
    assert {name for name in after if after[name] != before[name]} == {"steps", "matters", "closures"}
