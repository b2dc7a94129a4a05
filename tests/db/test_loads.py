"""Runs: begun once, gone on with, always adding up, with rejected rows kept and told to nobody else."""

import select

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from db.city import city
from db.engine import begin
from db.loads import (
    begin_run,
    check_position,
    finish_run,
    hold_load_lock,
    mark_changed,
    record_chunk,
    rejected_rows,
    runs,
)
from db.outcome import Outcome
from geo.errors import NotFound, Refused
from tests.factories import make_run


def outcome(**rejects):
    made = Outcome(unplaced=1)
    made.label([1, 2], "inserted")
    made.label([3], "updated")
    made.label([4], "unchanged")
    made.reject(5, "first reason")
    made.reject(5, 'second, with "quotes", \\ and 汉字')
    return made


def test_a_chunk_adds_up_and_its_rejects_are_kept_with_every_reason(conn, keys):
    run = make_run(conn)
    raw = {5: {"编号": "7", "note": None}}
    for _ in range(2):
        record_chunk(conn, run, Outcome(labels=outcome().labels, unplaced=1), {}, keys, boundary=False)
    record_chunk(conn, run, outcome(), raw, keys, boundary=False)
    told = runs(conn).iloc[0]
    counts = ("read", "inserted", "updated", "unchanged", "rejected", "unplaced")
    assert [told[name] for name in counts] == [13, 6, 3, 3, 1, 3]
    frame = rejected_rows(conn, keys)
    assert frame["line"].tolist() == [5]
    assert frame["reasons"].tolist() == [["first reason", 'second, with "quotes", \\ and 汉字']]
    assert frame["编号"].tolist() == ["7"]


def test_an_unfinished_run_of_the_same_file_goes_on(conn, keys):
    first = begin_run(conn, kind="cells", path="p", fingerprint="f", profile="b", options={}, actor="a")
    assert (first.resumed, set(first.counts.values())) == (False, {0})
    record_chunk(conn, first.id, outcome(), {5: {}}, keys, boundary=False)
    for state in ("running", "interrupted", "failed"):
        finish_run(conn, first.id, state, "why")
        again = begin_run(conn, kind="cells", path="p", fingerprint="f", profile="b", options={}, actor="a")
        assert (again.id, again.resumed, again.counts["read"]) == (first.id, True, 5)
    finish_run(conn, first.id, "done")
    new = begin_run(conn, kind="cells", path="p", fingerprint="f", profile="b", options={}, actor="a")
    assert (new.id != first.id, new.resumed) == (True, False)
    other = begin_run(conn, kind="steps", path="p", fingerprint="f", profile="b", options={}, actor="a")
    assert not other.resumed


def test_a_run_that_another_process_moved_is_not_gone_on_with(conn, keys):
    run = make_run(conn)
    check_position(conn, run, 0)
    record_chunk(conn, run, outcome(), {5: {}}, keys, boundary=False)
    with pytest.raises(Refused, match=f"Run {run} is being loaded by another process"):
        check_position(conn, run, 0)
    check_position(conn, run, 5)


def test_an_unknown_run_is_not_found_and_no_rejects_are_an_empty_table(conn, keys):
    assert rejected_rows(conn, keys).empty
    with pytest.raises(NotFound, match="There is no run 999999"):
        rejected_rows(conn, keys, 999_999)
    assert rejected_rows(conn, keys, make_run(conn)).empty


def test_versions_rise_only_when_something_changed(conn, keys):
    start = city(conn)
    nothing = Outcome(labels={1: "unchanged"}, rejects={2: ["no"]})
    record_chunk(conn, make_run(conn), nothing, {2: {}}, keys, boundary=True)
    assert city(conn) == start
    record_chunk(conn, make_run(conn), Outcome(labels={1: "updated"}), {}, keys, boundary=False)
    record_chunk(conn, make_run(conn), Outcome(labels={1: "inserted"}), {}, keys, boundary=True)
    after = city(conn)
    assert (after.data_version - start.data_version, after.boundary_version - start.boundary_version) == (2, 1)


def test_a_change_is_told_with_a_number_and_nothing_else(shared):
    listener = create_engine(shared.engine.url, poolclass=NullPool).raw_connection()
    listener.set_session(autocommit=True)
    listener.cursor().execute("LISTEN beatgrid")
    with begin(shared.engine, "test") as conn:
        mark_changed(conn)
    select.select([listener.dbapi_connection], [], [], 10)
    listener.poll()
    assert [note.payload.isdigit() for note in listener.notifies] == [True]
    listener.close()
    with begin(shared.engine, "test") as conn:
        conn.execute(text("UPDATE city SET data_version = 0"))


def test_two_loads_of_one_kind_wait_for_each_other_and_of_two_kinds_do_not(shared):
    with begin(shared.engine, "test") as one, begin(shared.engine, "test") as other:
        hold_load_lock(one, "cells")
        hold_load_lock(other, "steps")
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with other.begin_nested() as savepoint:
            with pytest.raises(OperationalError, match="lock timeout"):
                hold_load_lock(other, "cells")
            savepoint.rollback()


def test_a_row_has_a_label_or_reasons_and_never_both():
    made = Outcome()
    made.label([1], "inserted")
    made.reject(1, "no")
    assert (made.labels, made.rejects, made.count("inserted")) == ({}, {1: ["no"]}, 0)
