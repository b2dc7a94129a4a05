"""The read model as a serving process holds it: for whoever asks, kept up with the record, told when it is behind."""

import threading

import numpy as np
import pytest
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.reading import figures as module
from dashboard.reading.desk import Desk
from dashboard.reading.figures import Figures
from db import readmodel
from db.engine import begin
from db.facts import Filter
from db.readmodel import ask
from geo.errors import Denied, Unavailable
from grids.rights import Who
from tests.factories import day, make_incidents
from tests.signing import signed_in
from tests.two_stations import make_two_stations

EVER = Filter(day(-99), day(999))


@pytest.fixture
def filled(record):
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys, rows=False)
    return record


@pytest.fixture
def desk(settings, filled):
    return Desk(settings, filled.engine)


def add(record, number):
    with begin(record.engine, "test") as conn:
        make_incidents(conn, record.keys, [{"source_no": number, "channel": "new", "lon": 120.305, "lat": 36.055}])


def reader(*places, roles=("analyst",)):
    return Who("somebody", roles, places)


def count(desk):
    return len(ask(desk.view(), "matter", EVER))


def test_without_a_thread_each_question_is_of_the_record_as_it_is(desk, filled):
    assert count(desk) == 2
    add(filled, "1")
    assert desk.figures.is_behind()
    assert count(desk) == 3
    assert not desk.figures.is_behind()


def test_everybody_counts_what_lies_in_their_places(desk):
    for place, expected in (("*", 2), ("station:S1", 1), ("cell:G2", 1), ("beat:nowhere", 0)):
        assert count(desk.under(reader(place))) == expected
    with pytest.raises(Denied, match="figures"):
        desk.under(Who("a feed", ("feed",), ("*",), channel="110")).view()


def test_a_view_is_kept_for_its_places_and_roles_and_for_one_state_of_the_record(desk, filled):
    narrow = desk.under(reader("station:S1"))
    assert narrow.view() is narrow.view()
    assert narrow.view() is not desk.under(reader("station:S2")).view()
    before = narrow.view()
    add(filled, "1")
    assert narrow.view() is not before


def test_a_place_that_changes_hands_is_believed_for_seconds_only(desk, filled, monkeypatch):
    narrow = desk.under(reader("beat:B1"))
    assert count(narrow) == 1
    with begin(filled.engine, "test") as conn:
        conn.execute(
            text("""UPDATE beat_cell SET beat_id = (SELECT id FROM beat WHERE code = 'B2')
            WHERE beat_id = (SELECT id FROM beat WHERE code = 'B1')""")
        )
    monkeypatch.setattr(module, "SCOPES_LIVE_S", -1.0)
    assert count(narrow) == 0


def test_a_thread_brings_the_model_up_to_the_record_while_serving(settings, filled, monkeypatch):
    looked = threading.Semaphore(0)
    kept = Figures(settings, filled.engine)
    really = kept.refresh

    def refresh(*told):
        found = really(*told)
        looked.release()
        return found

    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(kept, "refresh", refresh)
    desk = Desk(settings, filled.engine, figures=kept)
    with kept.followed():
        assert count(desk) == 2
        add(filled, "1")
        # Two looks that both end after the change: the second began after it too.
        while looked.acquire(blocking=False):
            pass
        looked.acquire()
        looked.acquire()
        assert count(desk) == 3


def test_while_the_first_model_is_built_that_is_said(settings, filled, monkeypatch):
    begun, done = threading.Event(), threading.Event()

    def slow(*_):
        begun.set()
        done.wait()
        raise Unavailable("Told to end.")

    monkeypatch.setattr(readmodel, "current", slow)
    monkeypatch.setattr(module, "WAIT_S", 0.0)
    kept = Figures(settings, filled.engine)
    with kept.followed():
        begun.wait()
        with pytest.raises(Unavailable, match="first time"):
            kept.view(reader("*"))
        done.set()


def test_a_thread_that_cannot_reach_the_record_leaves_the_model_before_it(settings, filled, monkeypatch):
    failed = threading.Event()
    kept = Figures(settings, filled.engine)
    before = kept.refresh()

    def fails(*_):
        failed.set()
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(readmodel, "current", fails)
    with kept.followed():
        failed.wait()
        assert kept.view(reader("*")).about is before


def test_the_application_tells_whether_figures_are_behind(settings, filled):
    kept = Figures(settings, filled.engine)
    client = signed_in(create_app(settings, filled.engine, figures=kept), filled.engine)
    assert "beatgrid_figures_behind 1" in client.get("/metrics").text
    kept.refresh()
    assert "beatgrid_figures_behind 0" in client.get("/metrics").text


def test_counts_of_a_view_are_those_of_the_readers_own_sql(desk, filled):
    for place in ("*", "station:S1", "community:C2", "district:D"):
        who = reader(place)
        with begin(filled.engine, who) as conn:
            seen = sorted(conn.execute(text("SELECT id FROM matter")).scalars())
        rows = desk.under(who).view().rows("matter")
        chosen = np.arange(len(rows)) if rows.seen is None else rows.seen
        assert sorted(rows["id"][chosen].tolist()) == seen
