"""The model keeps up with a record that others write at the same time, and is built by one process at a time."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from db import readmodel
from db.engine import begin, make_engine
from db.facts import Filter
from db.readmodel import keeping, open_model, whole
from db.readmodel.recounting import recount
from db.sums import SUMS, count_in_sql, sums
from geo.errors import NotFound, Unavailable
from tests.commands import manage
from tests.factories import day, make_incidents, make_step
from tests.two_stations import make_two_stations

PERIOD = Filter(day(-9), day(99))
CLOSED = "SELECT count(*) FROM closure"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "readmodel"


@pytest.fixture
def filled(record):
    """A record with two cases, committed."""
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys, rows=False)
    return record


def add(record, *numbers):
    with begin(record.engine, "test") as conn:
        make_incidents(conn, record.keys, [{"source_no": number, "channel": "new"} for number in numbers])


def ids(model):
    return sorted(whole(model).rows("matter")["id"].tolist())


def age(settings):
    """Three days pass for the notes; only the owner of the tables may say so."""
    with create_engine(settings.database_url, poolclass=NullPool).begin() as owner:
        owner.execute(text("UPDATE matter_change SET at = at - interval '3 days'"))


def reopened(model):
    return int((whole(model).rows("closing")["reopened"] != model.ticks.never).sum())


def in_record(record):
    with begin(record.engine, "test") as conn:
        return sorted(conn.execute(text("SELECT id FROM matter")).scalars())


def test_it_is_built_once_patched_when_something_changed_and_else_left_alone(filled, home):
    first = readmodel.current(filled.engine, home)
    assert readmodel.current(filled.engine, home).newest == first.newest
    assert readmodel.current(filled.engine, home, before=first) is first
    add(filled, "1", "2")
    second = readmodel.current(filled.engine, home, before=first)
    assert (second.folder, second.deltas, len(second)) == (first.folder, 1, len(first) + 2)
    assert len(first) == len(first._parts[0]), "the reader's own model has changed under it"
    assert ids(second) == in_record(filled)


def test_a_change_that_says_nothing_of_a_version_is_found_all_the_same(filled, home):
    before = readmodel.current(filled.engine, home)
    with begin(filled.engine, "test") as conn:
        make_step(conn, filled.keys, "reopen", day(5), 9, source_no="CASE-1")
    after = readmodel.current(filled.engine, home)
    assert (before.data_version, before.deltas) == (after.data_version, 0)
    assert (after.deltas, len(after._parts[1])) == (1, 1)


@pytest.mark.parametrize("later_first", [False, True])
def test_what_a_slower_transaction_writes_is_read_when_it_ends(filled, home, later_first):
    """Transactions end in another order than they begin: none that was under way at a reading is lost."""
    readmodel.current(filled.engine, home)
    reopen = text("UPDATE closure SET reopened_at = closed_at + interval '1 day' WHERE matter_id = :matter")
    one, other = in_record(filled)
    with begin(filled.engine, "test") as slow:
        slow.execute(reopen, {"matter": one})
        if later_first:
            with begin(filled.engine, "test") as quick:
                quick.execute(reopen, {"matter": other})
        during = readmodel.current(filled.engine, home)
        assert during.deltas == int(later_first)
        assert reopened(during) == later_first
    assert reopened(readmodel.current(filled.engine, home)) == 1 + later_first


def test_a_build_while_somebody_writes_takes_what_they_write_at_the_next_look(filled, home):
    with begin(filled.engine, "test") as slow:
        make_incidents(slow, filled.keys, [{"source_no": "slow"}])
        built = readmodel.current(filled.engine, home)
    assert len(readmodel.current(filled.engine, home)) == len(built) + 1


def test_a_rolled_back_change_changes_nothing(filled, home):
    before = readmodel.current(filled.engine, home)
    with filled.engine.connect() as conn:
        conn.execute(text("SELECT pg_current_xact_id()"))
        conn.rollback()
    assert readmodel.current(filled.engine, home).newest == before.newest


def test_redrawn_or_renamed_places_call_for_a_new_model(filled, home):
    before = readmodel.current(filled.engine, home)
    for statement in ("UPDATE city SET boundary_version = boundary_version + 1", "UPDATE beat SET name = 'renamed'"):
        with begin(filled.engine, "test") as conn:
            conn.execute(text(statement))
            conn.execute(text("UPDATE city SET data_version = data_version + 1"))
        after = readmodel.current(filled.engine, home)
        assert after.folder != before.folder
        before = after
    assert set(after.spots.table["beat_label"].dropna()) == {"renamed"}


def test_a_model_of_another_database_is_not_taken_for_ones_own(filled, home):
    readmodel.current(filled.engine, home)
    about = open_model(home).newest / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"record": "another"}))
    stranger = open_model(home)
    assert readmodel.current(filled.engine, home).folder != stranger.folder


def test_notes_of_changes_are_removed_when_old_and_who_missed_them_builds_anew(filled, settings, home, tmp_path):
    readmodel.current(filled.engine, home)
    elsewhere = tmp_path / "other machine"
    behind = readmodel.current(filled.engine, elsewhere)
    add(filled, "1")
    ahead = readmodel.current(filled.engine, home)
    age(settings)
    with begin(filled.engine, keeping.ACTOR) as conn:
        keeping.prune(conn)
        left = conn.execute(text("SELECT count(*) FILTER (WHERE matters IS NULL), count(*) FROM matter_change")).one()
    assert tuple(left) == (1, 1)
    assert readmodel.current(filled.engine, home).newest == ahead.newest
    renewed = readmodel.current(filled.engine, elsewhere)
    assert renewed.folder != behind.folder
    assert ids(renewed) == in_record(filled)
    with begin(filled.engine, keeping.ACTOR) as conn:
        keeping.prune(conn)
        assert conn.execute(text("SELECT count(*) FROM matter_change")).scalar_one() == 1


def test_of_many_that_ask_at_once_one_builds(filled, home, monkeypatch):
    built = []
    really, together = keeping.build, threading.Barrier(4)

    def counted(*told):
        built.append(1)
        return really(*told)

    def ask(_):
        together.wait()
        return readmodel.current(filled.engine, home)

    monkeypatch.setattr(keeping, "build", counted)
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(ask, range(4)))
    assert (len(built), len({model.newest for model in models})) == (1, 1)


@pytest.mark.parametrize("step", ["write_folder", "point_to"])
def test_a_patch_that_is_cut_off_leaves_the_model_before_it(filled, home, monkeypatch, step):
    before = readmodel.current(filled.engine, home)
    add(filled, "1")

    def fails(*_):
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(f"db.readmodel.building.{step}", fails)
        with pytest.raises(OSError, match="no space"):
            readmodel.current(filled.engine, home)
    assert open_model(home).newest == before.newest
    assert ids(readmodel.current(filled.engine, home)) == in_record(filled)


def test_sums_beside_a_model_follow_the_record(filled, home):
    readmodel.current(filled.engine, home)
    add(filled, "1", "2")
    view = whole(readmodel.current(filled.engine, home))
    with begin(filled.engine, "test") as conn:
        for name in SUMS:
            counted = count_in_sql(conn, name)
            assert sums(view, name)["opened"].sum() == counted["opened"].sum() == len(view.about)


def test_without_a_database_it_is_said_in_a_sentence(filled, home, settings):
    filled.engine.dispose()
    nowhere = make_engine(replace(settings, app_database_url="postgresql://nobody@/nothing?host=/nowhere"))
    with pytest.raises(Unavailable, match="does not answer"):
        readmodel.current(nowhere, home)


def test_the_commands_build_tell_and_recount(filled, settings):
    missing = manage(settings, "db", "readmodel", "status")
    assert (missing.returncode, "build it first" in missing.stderr) == (3, True)
    built = manage(settings, "db", "readmodel", "build")
    assert (built.returncode, "2 matters" in built.stdout) == (0, True), built.stderr
    assert manage(settings, "db", "readmodel", "status").returncode == 0
    add(filled, "1")
    behind = manage(settings, "db", "readmodel", "status", "--json")
    assert (behind.returncode, json.loads(behind.stdout)["changed"]) == (4, 1)
    same = manage(settings, "db", "recount", "--json")
    assert (same.returncode, json.loads(same.stdout)["differing"]) == (0, 0), same.stderr
    assert manage(settings, "db", "readmodel", "build", "--anew").returncode == 0


def test_a_damaged_table_of_events_is_found_told_and_mended(filled, settings):
    manage(settings, "db", "readmodel", "build")
    folder = open_model(keeping.home_of(settings)).folder
    kinds = np.load(folder / "report-kind.npy")
    np.save(folder / "report-kind.npy", np.full_like(kinds, 2))
    looked = manage(settings, "db", "recount", "--look")
    assert (looked.returncode, "4 of events differed" in looked.stdout) == (4, True), looked.stdout + looked.stderr
    assert "Nothing was changed" in looked.stdout
    assert "Mended" in manage(settings, "db", "recount").stdout
    assert "Nothing differs" in manage(settings, "db", "recount").stdout


def test_counts_of_the_present_model_are_those_of_the_record(filled, home):
    view = whole(readmodel.current(filled.engine, home))
    with begin(filled.engine, "test") as conn:
        closed = conn.execute(text(CLOSED)).scalar_one()
    assert len(readmodel.ask(view, "closing", PERIOD)) == closed


def test_a_model_of_another_format_is_built_anew(filled, home):
    before = readmodel.current(filled.engine, home)
    about = before.newest / "about.json"
    about.write_text(json.dumps({"format": 0, "forgotten": True}))
    with pytest.raises(NotFound, match="another version"):
        open_model(home)
    assert readmodel.current(filled.engine, home).folder != before.folder


def test_a_damaged_file_is_told_and_building_anew_helps(filled, settings):
    home = keeping.home_of(settings)
    column = readmodel.current(filled.engine, home).folder / "opened.npy"
    column.write_bytes(column.read_bytes()[:40])
    told = manage(settings, "db", "readmodel", "build")
    assert (told.returncode, "--anew" in told.stderr) == (5, True), told.stderr
    assert manage(settings, "db", "readmodel", "build", "--anew").returncode == 0
    assert manage(settings, "db", "recount").returncode == 0


def test_of_the_demo_city_nothing_differs(demo_db, tmp_path):
    home = tmp_path / "readmodel"
    model = readmodel.current(demo_db.engine, home)
    with begin(demo_db.engine, keeping.ACTOR) as conn:
        found = recount(conn, home, mend=False)
    assert (found.differing, found.compared["matter"]) == (0, len(model))
    assert min(found.compared.values()) > 0
