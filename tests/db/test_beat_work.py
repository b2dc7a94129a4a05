"""What a beat has to do, whose it is, where one stands; steps and visits that are sent twice are taken once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from db import cases
from db.beat_work import beat_work, stories
from db.engine import act_as, begin
from db.my_beats import covered_beats, my_beats
from db.own_visits import record_own_visits
from db.where import where
from geo.datums import gcj02_from_wgs84
from geo.errors import Denied, InputError, Refused
from grids.doors import nearest_doors
from grids.rights import operator
from tests.beat_town import ANALYST, FRESH, LATE, OFFICER, REVISIT, build
from tests.factories import middle

NOW = datetime.now(UTC)
WELL = {"way": "visit", "kept": True, "grievance": False, "new_dispute": False}


@pytest.fixture
def town(conn, keys):
    build(conn, keys, NOW)
    act_as(conn, OFFICER)
    return conn


def kinds(conn, number):
    act_as(conn, operator("test"))
    found = [step.kind for step in cases.places.find(conn, number).steps]
    act_as(conn, OFFICER)
    return found


def test_the_pressing_comes_first_and_says_why(town):
    work = beat_work(town, "B1", NOW)
    assert work[["number", "why"]].values.tolist() == [[LATE, "overdue"], [REVISIT, "revisit"], [FRESH, "open"]]
    assert beat_work(town, "B2", NOW).empty


def test_a_revisit_leaves_the_list_when_it_was_made_and_when_it_lapsed_a_month_ago(town, keys):
    assert REVISIT not in set(beat_work(town, "B1", NOW + timedelta(days=40))["number"])
    cases.USE_CASES["revisit"](town, keys, OFFICER, REVISIT, **WELL)
    assert REVISIT not in set(beat_work(town, "B1", NOW)["number"])


def test_many_stories_read_at_once_say_what_each_case_says_alone(town, keys):
    work = beat_work(town, "B1", NOW)
    told = stories(town, OFFICER, work)
    for row in work.itertuples():
        alone = cases.read(town, keys, OFFICER, row.number)
        assert told[row.id]["allowed"] == alone.allowed
        assert [step["kind"] for step in told[row.id]["steps"]] == [step["kind"] for step in alone.steps]
        assert row.steps == alone.version
    assert all(story["allowed"] == [] for story in stories(town, ANALYST, work).values())


def test_my_beats_are_those_of_my_posting_and_those_that_i_cover(town):
    assert my_beats(town, "P1", NOW)[["code", "role"]].values.tolist() == [["B1", "beat_lead"]]
    covered = covered_beats(town, "P1", NOW)
    assert covered[["code", "name", "holder"]].values.tolist() == [["B2", "第二警格", "P2"]]
    assert covered_beats(town, "P2", NOW).empty
    assert covered_beats(town, "nobody", NOW).empty
    assert my_beats(town, "P1", NOW - timedelta(days=500)).empty


@pytest.mark.parametrize("crs", ["EPSG:4326", "gcj02"])
def test_where_one_stands_whatever_datum_the_phone_speaks(town, crs):
    lon, lat = middle(2, 0)
    said = (lon, lat) if crs == "EPSG:4326" else tuple(float(value) for value in gcj02_from_wgs84(lon, lat))
    found = where(town, *said, crs, NOW)
    assert (found.cell, found.beat, found.station_name) == ("G3", "B2", "东海派出所")
    assert found.lon == pytest.approx(lon, abs=1e-6)
    assert set(found.team["holder"]) == {"P2"}
    assert set(found.team["officer"]) == {"P1"}


def test_outside_every_cell_one_stands_in_none(town):
    assert where(town, 121.9, 36.0, "EPSG:4326", NOW).cell is None
    with pytest.raises(InputError, match="no place"):
        where(town, 200.0, 95.0, "EPSG:4326", NOW)


def test_the_nearest_doors_are_pressing_ones_unless_these_are_few(town):
    work = beat_work(town, "B1", NOW)
    doors = nearest_doors(work, *middle(1, 0))
    # Two pressing cases at one address are one door, so the open one fills the list up.
    assert sorted(zip(doors["address"], map(len, doors["numbers"]), strict=True)) == [
        ("示范路12号", 2),
        ("香港路9号", 1),
    ]
    assert doors["metres"].is_monotonic_increasing
    lon = [120.31, 120.32, 120.33, 120.34]
    row = work[work["number"] == LATE].iloc[[0, 0, 0, 0]].assign(address=list("ABCD"), lon=lon)
    assert list(nearest_doors(row, 120.331, float(row["lat"].iloc[0]))["address"]) == ["C", "D", "B"]
    assert nearest_doors(work.iloc[:0], 120.0, 36.0).empty


def test_a_step_that_is_sent_twice_is_taken_once(town, keys):
    version = cases.read(town, keys, OFFICER, REVISIT).version
    for _ in range(3):
        told = cases.USE_CASES["revisit"](town, keys, OFFICER, REVISIT, key="phone-key-1", version=version, **WELL)
        assert told.version == version + 1
    assert kinds(town, REVISIT).count("revisit") == 1
    with pytest.raises(Refused, match="another step"):
        cases.USE_CASES["meet"](town, keys, OFFICER, REVISIT, key="phone-key-1")
    cases.USE_CASES["meet"](town, keys, OFFICER, REVISIT, key="phone-key-2")
    assert kinds(town, REVISIT)[-2:] == ["revisit", "meet"]


def test_a_bad_revisit_that_is_sent_twice_reopens_once(town, keys):
    for _ in range(2):
        cases.USE_CASES["revisit"](town, keys, OFFICER, REVISIT, key="phone-key-1", **WELL | {"grievance": True})
    assert kinds(town, REVISIT)[-2:] == ["revisit", "reopen"]


def test_two_phones_that_send_one_step_at_once_make_one(record):
    with begin(record.engine, "test") as conn:
        build(conn, record.keys, NOW)

    def send(_):
        with begin(record.engine, OFFICER) as conn:
            revisit = cases.USE_CASES["revisit"]
            return revisit(conn, record.keys, OFFICER, REVISIT, key="one-and-the-same", **WELL).version

    with ThreadPoolExecutor(4) as pool:
        versions = set(pool.map(send, range(4)))
    assert len(versions) == 1
    with begin(record.engine, OFFICER) as conn:
        assert kinds(conn, REVISIT).count("revisit") == 1


def visit(n, **more):
    return {"source_no": f"key-{n:06}", "at": NOW, "kind": "household", "cell": "G1"} | more


def test_visits_in_bulk_hold_up_no_other_and_are_taken_once(town, keys):
    rows = [visit(1, count=3), visit(2, cell="G9"), visit(3, cell="G3"), visit(4, cell=None, address="香港路9号")]
    first = record_own_visits(town, keys, OFFICER, rows)
    assert [row["status"] for row in first] == ["inserted", "rejected", "rejected", "inserted"]
    assert "G9" in first[1]["reasons"][0]
    assert "own places" in first[2]["reasons"][0]
    again = record_own_visits(town, keys, OFFICER, rows)
    assert [row["status"] for row in again] == ["unchanged", "rejected", "rejected", "unchanged"]
    assert town.execute(text("SELECT sum(count) FROM visit")).scalar_one() == 4


def test_visits_ask_for_the_right_to_work_and_for_no_more_than_fits(town, keys):
    with pytest.raises(Denied):
        record_own_visits(town, keys, ANALYST, [visit(1)])
    with pytest.raises(InputError, match="At most"):
        record_own_visits(town, keys, OFFICER, [visit(1)] * 201)
