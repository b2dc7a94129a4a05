"""Several people at once: one visit a number, one shift an officer, meetings and cases that never wait in a circle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from db.cases import USE_CASES
from db.engine import act_as, begin
from db.meeting_records import record_meeting
from db.roster import add_shift
from db.visits import add_visits
from geo.errors import BeatgridError
from grids.rights import Who, operator
from tests.factories import day, make_area, make_beat, make_category, make_cell, make_incident, make_officer, make_unit

HOST = operator("test")


@pytest.fixture
def town(record):
    """Beats B1 (G1) and B2 (G2), officers P1 and P2, matters 1 and 2 in G1."""
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_unit(conn)
        for n in (1, 2):
            make_beat(conn, f"B{n}", station="S1", community="C1")
            make_cell(conn, f"G{n}", n - 1, 0, f"B{n}", now=day(-9))
            make_officer(conn, record.keys, f"P{n}")
        make_category(conn)
        for n in (1, 2):
            make_incident(conn, record.keys, str(n), 0, 0)
    return record


def at_once(town, count, act):
    """What each of `count` threads got from act(conn, number), all started together; an error as its sentence."""
    ready = Barrier(count)

    def one(number):
        ready.wait(30)
        try:
            with begin(town.engine, "test") as conn:
                return act(conn, number)
        except BeatgridError as error:
            return str(error)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def one_number(town, query):
    with begin(town.engine, "test") as conn:
        return conn.execute(text(query)).scalar_one()


def test_one_visit_sent_by_many_at_once_is_recorded_once(town):
    item = {"officer": "P1", "kind": "care", "cell": "G1", "at": day(1), "source": "app", "source_no": "1"}
    found = at_once(town, 4, lambda conn, _: add_visits(conn, town.keys, HOST, [item])[0]["status"])
    assert sorted(found) == ["inserted", "unchanged", "unchanged", "unchanged"]
    assert one_number(town, "SELECT count(*) FROM visit") == 1


def test_of_shifts_that_overlap_one_wins_and_the_others_are_told(town):
    def add(conn, number):
        row = {"officer": "P1", "start": day(number / 24), "end": day(1)}
        return add_shift(conn, town.keys, HOST, row)

    found = at_once(town, 4, add)
    assert found.count("inserted") == 1
    assert sum("is on duty already" in said for said in found) == 3
    assert one_number(town, "SELECT count(*) FROM shift") == 1


def test_meetings_and_case_workers_on_the_same_matters_all_get_through(town):
    def act(conn, number):
        if number % 2:
            USE_CASES["meet"](conn, town.keys, HOST, f"110:{number // 2 % 2 + 1}", decision="seen")
            return "step"
        matters = {"110:1": "a", "110:2": "b"} if number % 4 else {"110:2": "b", "110:1": "a"}
        record_meeting(conn, town.keys, HOST, {"beat": "B1", "code": f"H{number}", "matters": matters})
        return "meeting"

    found = at_once(town, 8, act)
    assert sorted(found) == ["meeting"] * 4 + ["step"] * 4
    assert one_number(town, "SELECT count(*) FROM step WHERE kind = 'meet'") == 4 + 2 * 4
    assert one_number(town, "SELECT count(*) FROM (SELECT incident_id, no FROM step GROUP BY 1, 2) s") == 12


@pytest.mark.parametrize("statement", [
    """INSERT INTO visit (source, source_no, at, officer_id, cell_id, kind, content_hash)
       SELECT 's', 'n', now(), o.id, c.id, 'care', '' FROM cell c, officer o WHERE c.code = 'G2' AND o.code = 'P1'""",
    """INSERT INTO register_count (cell_id, kind, day, count)
       SELECT id, 'firms', '2026-01-01', 5 FROM cell WHERE code = 'G2'""",
    "INSERT INTO meeting (code, at, beat_id) SELECT 'X', now(), id FROM beat WHERE code = 'B2'",
    "INSERT INTO shift (officer_id, during) SELECT id, tstzrange('2026-01-01', '2026-01-02') FROM officer",
    "INSERT INTO holiday (day, kind) VALUES ('2026-01-01', 'off')",
    "INSERT INTO plate (code, address, cell_id) SELECT 'M', 'a', id FROM cell WHERE code = 'G2'",
])  # fmt: skip
def test_in_plain_sql_an_officer_writes_nothing_outside_their_places_and_rights(town, statement):
    with begin(town.engine, Who("wang", ("officer",), ("beat:B1",))) as conn:
        with pytest.raises(ProgrammingError, match="row-level security"), conn.begin_nested():
            conn.execute(text(statement))
        act_as(conn, HOST)
        conn.execute(text(statement))
