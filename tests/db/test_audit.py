"""The audit: numbered without gaps, sealed row to row, only added to, and telling which row was altered by hand."""

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db import audit
from db.engine import act_as, begin
from db.keys import load_keys
from geo.errors import InputError
from grids.rights import Who, operator

HOST = operator("host")
VISITOR = Who("wang", ("officer",), ("beat:B1",))


@pytest.fixture
def told(record):
    """A record whose audit has five rows."""
    with begin(record.engine, VISITOR) as conn:
        for n in range(1, 6):
            audit.note(conn, record.keys, VISITOR, "export", f"beat:{n}", reason="因为", detail={"n": n, "x": 1.5})
    return record


def verdict(record, head=None, keys=None):
    with begin(record.engine, HOST) as conn:
        return audit.verify(conn, keys or record.keys, head)


def by_hand(settings, statement):
    """What somebody does who owns the database: the trigger is no hindrance to them."""
    with create_engine(settings.database_url, poolclass=NullPool).begin() as conn:
        conn.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        conn.execute(text(statement))
        conn.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))


def test_what_was_only_added_to_holds(told):
    found = verdict(told)
    assert (found.rows, found.row, found.trouble) == (5, None, None)
    assert found.head.startswith("5:")
    assert verdict(told, found.head) == found


def test_an_empty_audit_holds(record):
    assert verdict(record).head == "0:"


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET actor = 'li' WHERE no = 3", 3),
        ("UPDATE audit SET roles = 'admin' WHERE no = 1", 1),
        ("UPDATE audit SET action = 'sign_in' WHERE no = 5", 5),
        ("UPDATE audit SET object = NULL WHERE no = 2", 2),
        ("UPDATE audit SET reason = reason || ' ' WHERE no = 4", 4),
        ("""UPDATE audit SET detail = '{"n": 9, "x": "1.5"}' WHERE no = 4""", 4),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE no = 2", 2),
        (r"UPDATE audit SET seal = '\x00' WHERE no = 2", 2),
        ("DELETE FROM audit WHERE no = 1", 1),
        ("DELETE FROM audit WHERE no = 3", 3),
        (r"INSERT INTO audit VALUES (6, now(), 'li', '', 'export', NULL, NULL, NULL, '\x01')", 6),
        (r"INSERT INTO audit VALUES (0, now(), 'li', '', 'export', NULL, NULL, NULL, '\x01')", 1),
        ("UPDATE audit SET no = -no WHERE no IN (2, 3); UPDATE audit SET no = 5 + no WHERE no < 0", 2),
    ],
)
def test_a_row_touched_by_hand_is_named(told, settings, statement, row):
    by_hand(settings, statement)
    found = verdict(told)
    assert found.row == row
    assert f"row {row} was" in found.trouble


def test_a_removed_end_is_found_by_the_head_that_was_noted_before(told, settings):
    head = verdict(told).head
    by_hand(settings, "DELETE FROM audit WHERE no > 3")
    assert verdict(told).trouble is None
    found = verdict(told, head)
    assert (found.row, found.trouble) == (4, "rows 4 to 5 were removed by hand")


def test_an_end_that_was_written_anew_is_found_by_the_head(told, settings):
    head = verdict(told).head
    by_hand(settings, "DELETE FROM audit WHERE no = 5")
    with begin(told.engine, VISITOR) as conn:
        audit.note(conn, told.keys, VISITOR, "export", "beat:6")
    assert verdict(told).trouble is None
    assert verdict(told, head).row == 5


def test_whoever_lacks_the_key_cannot_make_a_row_that_holds(told, tmp_path):
    assert verdict(told, keys=load_keys(tmp_path / "others")).row == 1


@pytest.mark.parametrize("head", ["5", "x:y", ":", ""])
def test_a_head_that_is_not_one_is_refused(told, head):
    with pytest.raises(InputError, match="NUMBER:SEAL"):
        verdict(told, head)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'li'", "DELETE FROM audit", "TRUNCATE audit"])
def test_nobody_changes_it_through_the_programme_and_the_owner_not_by_mistake(told, settings, statement):
    with begin(told.engine, HOST) as conn, pytest.raises(DBAPIError, match="permission denied"):
        conn.execute(text(statement))
    owner = create_engine(settings.database_url, poolclass=NullPool)
    with owner.begin() as conn, pytest.raises(DBAPIError, match="only added to"):
        conn.execute(text(statement))


def test_nobody_writes_under_another_name_or_reads_without_the_right(told):
    with begin(told.engine, VISITOR) as conn:
        assert conn.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            audit.note(conn, told.keys, Who("li", ("admin",)), "sign_in")


def test_what_is_rolled_back_leaves_no_gap(told):
    with told.engine.connect() as conn:
        act_as(conn, VISITOR)
        audit.note(conn, told.keys, VISITOR, "export")
        conn.rollback()
    with begin(told.engine, VISITOR) as conn:
        audit.note(conn, told.keys, VISITOR, "export")
    assert verdict(told).rows == 6
    assert verdict(told).trouble is None


def test_many_at_once_still_make_one_row_of_rows(record):
    def write(name):
        who = Who(name, ("officer",))
        for _ in range(5):
            with begin(record.engine, who) as conn:
                audit.note(conn, record.keys, who, "export")

    writers = [threading.Thread(target=write, args=(f"p{n}",)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert verdict(record).rows == 30
    assert verdict(record).trouble is None


values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just(datetime(2026, 1, 1, tzinfo=UTC))
)
anything = st.recursive(
    values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.none() | st.text(max_size=10), st.dictionaries(st.text(max_size=5), anything, max_size=4))
def test_whatever_is_told_comes_back_as_it_was_sealed(conn, keys, said, detail):
    audit.note(conn, keys, operator("test"), "export", said, reason=said, detail=detail)
    assert audit.verify(conn, keys).trouble is None


def test_the_newest_come_first(told):
    with begin(told.engine, HOST) as conn:
        assert list(audit.entries(conn, 2)["object"]) == ["beat:5", "beat:4"]
        assert audit.entries(conn, actor="li").empty
        assert len(audit.entries(conn, action="export")) == 5
