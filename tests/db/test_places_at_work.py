"""Registers, households, door plates and the calendar: counted by cell and day, answered for now."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from db.calendar import calendar, write_holidays
from db.engine import act_as
from db.plates import door, write_plates
from db.registers import register_counts, write_households, write_registers
from db.roster import write_absences, write_shifts
from geo.errors import NotFound
from grids.deadlines import due_many
from grids.rights import Who
from tests.factories import (
    DAY0,
    day,
    make_area,
    make_beat,
    make_cell,
    make_officer,
    make_posting,
    make_unit,
    middle,
    square,
)


@pytest.fixture
def ground(conn, keys):
    """Beat B1 (cells G1, G2) led by P1, G1 worked by W1; beat B2 (G3), with nobody."""
    make_area(conn)
    make_unit(conn, phone="0532-110")
    for code in ("B1", "B2"):
        make_beat(conn, code, station="S1", community="C1")
    for i, beat in enumerate(("B1", "B1", "B2")):
        make_cell(conn, f"G{i + 1}", i, 0, beat, now=day(-9), residents=100)
    for code, kind in (("P1", "police"), ("P2", "police"), ("W1", "grid_worker")):
        make_officer(conn, keys, code, kind)
    make_posting(conn, "P1", "beat_lead", beat="B1")
    make_posting(conn, "W1", "grid_worker", cell="G1")
    return conn


def counted(conn, *rows):
    names = ["cell", "kind", "day", "count"]
    return write_registers(conn, pd.DataFrame(list(rows), columns=names, index=range(1, len(rows) + 1)))


D1, D2 = date(2026, 1, 1), date(2026, 2, 1)


def test_a_count_is_inserted_once_then_unchanged_then_updated(ground):
    told = [("G1", "firms", D1, 5), ("G1", "firms", D1, 5), ("G1", "firms", D1, 6), ("G1", "firms", D2, 6)]
    assert [counted(ground, row).labels[1] for row in told] == ["inserted", "unchanged", "updated", "inserted"]
    assert counted(ground, ("G9", "firms", D1, 5), ("G2", "firms", D1, 5)).rejects == {
        1: ["cell 'G9' is not known: load cells first or correct the code"]
    }


def test_registers_show_the_newest_count_of_each_cell_up_to_a_day(ground):
    counted(ground, ("G1", "firms", D1, 5), ("G1", "firms", D2, 7), ("G2", "firms", D1, 10), ("G3", "malls", D2, 1))
    whole = register_counts(ground, None, D2).set_index("kind")
    assert whole["count"].to_dict() == {"firms": 17, "malls": 1}
    assert whole.loc["firms", ["cells", "newest", "oldest"]].tolist() == [2, D2, D1]
    assert register_counts(ground, "beat:B1", D1)["count"].tolist() == [15]
    for place in ("cell:G1", "station:S1", "community:C1"):
        assert register_counts(ground, place, D2)["count"].tolist()[0] == (7 if place == "cell:G1" else 17)
    assert register_counts(ground, "beat:B2", D1).empty


def test_an_officer_sees_the_registers_of_their_own_cells(ground):
    counted(ground, ("G1", "firms", D1, 5), ("G3", "firms", D1, 9))
    act_as(ground, Who("wang", ("officer",), ("beat:B1",)))
    assert register_counts(ground, None, D2)["count"].tolist() == [5]


def test_households_change_what_is_told_and_nothing_else(ground):
    told = [("G1", 40, None), ("G2", None, 100), ("G9", None, 1)]
    names = ("cell", "households", "residents")
    rows = [dict(zip(names, row, strict=True)) | {"line": line} for line, row in enumerate(told, 1)]
    outcome = write_households(ground, rows)
    assert (outcome.labels, set(outcome.rejects)) == ({1: "updated", 2: "unchanged"}, {3})
    found = ground.execute(text("SELECT households, residents FROM cell WHERE code = 'G1'")).one()
    assert tuple(found) == (40, 100)


def plated(conn, *rows):
    plain = {"lon": np.nan, "lat": np.nan, "cell": None, "valid_from": pd.NaT}
    frame = pd.DataFrame([plain | row for row in rows], index=range(1, len(rows) + 1))
    return write_plates(conn, frame.assign(valid_from=pd.to_datetime(frame["valid_from"], utc=True)))


def at(i, code="M1", **more):
    return {"code": code, "address": f"海滨路{code}号"} | dict(zip(("lon", "lat"), middle(i, 0), strict=True)) | more


def test_a_plate_is_inserted_once_then_unchanged_then_moved(ground):
    told = [at(0), at(0), at(2), at(2, valid_from=DAY0), at(2)]
    labels = [plated(ground, row).labels[1] for row in told]
    assert labels == ["inserted", "unchanged", "updated", "updated", "unchanged"]
    assert door(ground, "M1", day(1)).cell == "G3"


def test_a_plate_needs_a_place_that_is_there(ground):
    outcome = plated(ground, {"code": "M1", "address": "a"}, {"code": "M2", "address": "b", "cell": "G9"}, at(9, "M3"),
                     {"code": "M4", "address": "c", "cell": "G2"})  # fmt: skip
    assert set(outcome.rejects) == {1, 2}
    assert (outcome.unplaced, door(ground, "M3", day(1)).cell, door(ground, "M4", day(1)).cell) == (1, None, "G2")
    assert door(ground, "M3", day(1)).people.empty
    with pytest.raises(NotFound, match="no door plate 'M9'"):
        door(ground, "M9", day(1))


def test_for_a_door_answer_its_beat_lead_and_grid_worker_those_on_duty_first(ground):
    plated(ground, at(0))
    write_shifts(ground, [{"line": 1, "officer": "P1", "start": day(1), "end": day(1.4)}])
    found = door(ground, "M1", day(1.2))
    assert (found.beat, found.station, found.station_phone) == ("B1", "S1", "0532-110")
    assert found.people[["officer", "role", "duty"]].astype(object).where(
        found.people["duty"].notna(), None
    ).to_numpy()[0].tolist() == ["P1", "beat_lead", "day"]
    assert found.people["officer"].tolist() == ["P1", "W1"]
    write_absences(ground, [{"line": 1, "officer": "P1", "start": day(2), "end": day(4), "cover": "P2"}])
    assert door(ground, "M1", day(3)).people["officer"].tolist() == ["W1", "P2"]


def test_a_door_follows_its_cell_when_that_is_redrawn(ground):
    plated(ground, at(0), {"code": "M2", "address": "b", "cell": "G1"})
    make_cell(ground, "G1", geometry=square(0, 1), beat="B2", valid_from=day(4))
    assert [door(ground, code, day(3)).beat for code in ("M1", "M2")] == ["B1", "B1"]
    assert [door(ground, code, day(5)).cell for code in ("M1", "M2")] == [None, "G1"]
    assert door(ground, "M2", day(5)).beat == "B2"


def test_holidays_are_kept_by_day_and_deadlines_go_by_them(conn):
    friday = date(2026, 3, 6)
    rows = [
        {"line": 1, "day": friday, "kind": "off", "name": "x"},
        {"line": 2, "day": date(2026, 3, 7), "kind": "work"},
    ]
    assert write_holidays(conn, rows).labels == {1: "inserted", 2: "inserted"}
    assert write_holidays(conn, [rows[0] | {"name": "y"}, rows[1]]).labels == {1: "updated", 2: "unchanged"}
    days = calendar(conn)
    assert (days.works(friday), days.works(date(2026, 3, 7)), days.works(date(2026, 3, 8))) == (False, True, False)
    # Thursday 17:30 in Shanghai is the end of work; one working hour later is Saturday 10:00.
    asked = day(4.0).replace(hour=9, minute=30)
    found = due_many(pd.Series([asked] * 2), pd.Series([1.0] * 2), pd.Series(["working", "clock"]), days)
    assert found[0].isoformat() == "2026-03-07T02:00:00+00:00"
    assert found[1] == asked.replace(hour=10)
