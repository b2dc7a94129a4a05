"""The commands of people at work, typed as a user types them: tables, JSON and exit codes."""

import json

import pytest
from sqlalchemy import text

from db.engine import begin
from db.plates import write_plates
from db.registers import write_registers
from tests.commands import words_of
from tests.db.test_places_at_work import at as plate_at
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_officer,
    make_posting,
    make_unit,
)


@pytest.fixture
def run(settings, record):
    """Runs manage.py's words in this process on a small town: (exit code, stdout, stderr)."""
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_unit(conn)
        make_beat(conn, station="S1", community="C1")
        make_cell(conn, now=day(-99))
        for code, kind in (("P1", "police"), ("P2", "police")):
            make_officer(conn, record.keys, code, kind, phone="13800000000")
        make_posting(conn, "P1", "beat_lead", beat="B1", valid_from=day(-99))
        make_category(conn)
        make_incident(conn, record.keys, "1", 0, 0)
    return words_of(settings)


def told(answer):
    assert answer[0] == 0, answer
    return json.loads(answer[1])


NOON = "2026-03-02T12:00"


def test_a_shift_is_added_and_its_officer_is_on(run):
    added = told(run("roster", "add", "P1", "--from", "2026-03-02 08:00", "--to", "2026-03-02 17:00", "--json"))
    assert added == {"officer": "P1", "status": "inserted"}
    (row,) = told(run("roster", "now", "beat:B1", "--at", NOON, "--json"))
    assert (row["name"], row["phone"], row["role"], row["duty"]) == ("Mr P1", "13800000000", "beat_lead", "day")
    assert row["until"] == "2026-03-02T09:00:00+00:00"
    shown = run("roster", "now", "beat:B1", "--at", NOON)[1]
    assert "Mr P1" in shown
    assert "2026-03-02 17:00" in shown
    assert run("roster", "now", "beat:B1", "--at", "2026-03-02T20:00")[1] == "Nobody.\n"
    assert len(told(run("roster", "now", "beat:B1", "--all", "--at", "2026-03-02T20:00", "--json"))) == 1


def test_an_absence_gives_its_cover_the_beat_and_gaps_say_what_is_missing(run):
    run(
        "roster", "add", "P1", "--from", "2026-03-02", "--to", "2026-03-05", "--away", "--kind", "sick", "--cover", "P2"
    )
    (row,) = told(run("roster", "cover", "P2", "--at", NOON, "--json"))
    assert (row["holder"], row["post"], row["away"]) == ("P1", "B1", "sick")
    found = told(run("roster", "gaps", "S1", "--at", NOON, "--json"))
    assert (found["beats_without_lead"], found["cells_without_worker"], found["on_duty"]) == ([], ["G1"], 0)
    assert len(found["teams"]) == 3
    shown = run("roster", "gaps", "S1", "--at", NOON)[1]
    assert "Beats with nobody on: 1 (B1)" in shown
    assert "1+2: 0 of 1 complete" in shown


@pytest.mark.parametrize(("words", "code", "said"), [
    (("roster", "now", "beat:B9"), 3, "no beat 'B9'"), (("roster", "now", "B1"), 2, "KIND:CODE"),
    (("roster", "add", "P9", "--from", NOON, "--to", "2026-03-03"), 2, "officer 'P9' is not known"),
    (("roster", "gaps", "S9"), 3, "no station"), (("visit", "add", "P1", "--kind", "nap"), 2, "none of household"),
    (("plate", "show", "M9"), 3, "no door plate"), (("meeting", "agenda", "B9"), 3, "no beat"),
    (("meeting", "record", "B1", "--matter", "110:9=x"), 2, "matter '110:9' is not known"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence_with_its_exit_code(run, words, code, said):
    ended, out, err = run(*words)
    assert (ended, out) == (code, "")
    assert said in err
    assert err.startswith("beatgrid: ")
    assert "Traceback" not in err


def test_visits_are_entered_one_by_one_and_in_bulk_and_listed(run, record, tmp_path):
    done = told(run("visit", "add", "P1", "--kind", "venue", "--cell", "G1", "--count", "3", "--note", "ok", "--json"))
    assert (done["status"], done["cell"]) == ("inserted", "G1")
    path = tmp_path / "visits.json"
    path.write_text(json.dumps([{"officer": "P1", "kind": "firm", "cell": "G1", "source": "a", "source_no": "1"},
                                {"officer": "P1", "kind": "nap"}]))  # fmt: skip
    code, out, _ = run("visit", "bulk", path)
    assert code == 0
    assert out.startswith("1 of 2 visits recorded.\n  item 1: kind 'nap'")
    assert [row["status"] for row in told(run("visit", "bulk", path, "--json"))] == ["updated", "rejected"]
    assert sorted(row["count"] for row in told(run("visit", "list", "--place", "beat:B1", "--json"))) == [1, 3]
    (totals,) = told(run("visit", "list", "--totals", "--json"))
    assert (totals["officer"], totals["visits"]) == ("P1", 4)
    path.write_text(json.dumps([{"kind": "nap"}]))
    assert run("visit", "bulk", path)[0] == 2
    path.write_text("{")
    assert run("visit", "bulk", path)[0] == 2
    with begin(record.engine, "test") as conn:
        assert conn.execute(text("SELECT count(*) FROM visit")).scalar_one() == 2


def test_registers_and_plates_are_shown(run, record):
    import pandas as pd

    row = plate_at(0) | {"cell": None, "valid_from": pd.NaT}
    with begin(record.engine, "test") as conn:
        write_plates(conn, pd.DataFrame([row], index=[1]))
        counts = {"cell": ["G1"], "kind": ["firms"], "day": [day(0).date()], "count": [5]}
        write_registers(conn, pd.DataFrame(counts, index=[1]))
    (found,) = told(run("register", "show", "beat:B1", "--day", "2026-03-02", "--json"))
    assert (found["kind"], found["count"], found["newest"]) == ("firms", 5, "2026-03-01")
    assert run("register", "show", "beat:B1", "--day", "2025-03-02")[1] == "No registers are loaded for that place.\n"
    door = told(run("plate", "show", "M1", "--at", NOON, "--json"))
    assert (door["cell"], door["beat"], door["people"][0]["name"]) == ("G1", "B1", "Mr P1")
    assert "cell G1, beat B1, station S1" in run("plate", "show", "M1")[1]


def test_a_meeting_is_prepared_and_recorded(run):
    found = told(run("meeting", "agenda", "B1", "--at", NOON, "--json"))
    assert [row["no"] for row in found["open"]] == ["110:1"]
    assert "Open 在办: 1" in run("meeting", "agenda", "B1", "--at", NOON)[1]
    done = told(run("meeting", "record", "B1", "--matter", "110:1=ask the estate", "--at", NOON, "--json"))
    assert (done["matters"], done["steps"]) == (1, 1)
    assert run("meeting", "record", "B1", "--matter", "110:1", "--code", done["code"])[0] == 4
