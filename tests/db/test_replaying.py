"""Replaying a whole record: what an earlier version left unfilled is filled, what is right stays as it is."""

import pytest
from sqlalchemy import text

from db.engine import begin
from db.replaying import replay_all
from tests.commands import manage
from tests.factories import day, make_category, make_incidents, make_steps, make_unit

DERIVED = ("closure", "diversion", "whistle", "matter_unit")
EMPTIED = "UPDATE matter SET settled_at = NULL, tags = '{}', lead_unit_id = NULL, offered_level = NULL, steps = 0"


@pytest.fixture
def told(record):
    """Three matters with ledgers, settling and tags; the record that holds them."""
    with begin(record.engine, "test") as conn:
        make_category(conn)
        for code in ("S1", "D1"):
            make_unit(conn, code)
        make_incidents(conn, record.keys, [{"source_no": number} for number in "123"])
        make_steps(conn, record.keys, [
            {"source_no": "1", "step_no": 1, "at": day(1), "kind": "take_lead", "level": "street", "unit": "S1"},
            {"source_no": "1", "step_no": 2, "at": day(2), "kind": "divert", "unit": "S1", "detail": {"to": "D1"}},
            {"source_no": "2", "step_no": 1, "at": day(1), "kind": "tag", "detail": {"tag": "bone"}},
            {"source_no": "2", "step_no": 2, "at": day(2), "kind": "settle"},
            {"source_no": "2", "step_no": 3, "at": day(3), "kind": "close"},
        ])  # fmt: skip
    return record


def everything(record):
    with begin(record.engine, "test") as conn:
        return {
            name: conn.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2, 3")).fetchall()
            for name in ("matter", *DERIVED)
        }


@pytest.mark.parametrize("chunk", [1, 2, 3, 1000])
def test_what_was_not_filled_is_replayed_from_the_steps_and_then_nothing_changes(told, chunk):
    right = everything(told)
    assert right["diversion"]
    assert right["closure"]
    with begin(told.engine, "test") as conn:
        conn.execute(text(EMPTIED))
        for name in DERIVED:
            conn.execute(text(f"DELETE FROM {name}"))
    assert everything(told) != right
    seen = []
    assert replay_all(told.engine, "test", lambda done, total: seen.append((done, total)), chunk) == 3
    assert seen[-1] == (3, 3)
    assert everything(told) == right
    replay_all(told.engine, "test")
    assert everything(told) == right


def test_the_command_says_how_many(told, settings):
    ran = manage(settings, "db", "replay")
    assert (ran.returncode, ran.stdout) == (0, "3 matters replayed from their steps.\n")
