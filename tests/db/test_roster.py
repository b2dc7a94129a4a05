"""The duty roster: no officer twice at once, who is on now, who stands in for whom, what a station lacks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.engine import act_as
from db.roster import add_absence, add_shift, covered_by, gaps, on_now, team, write_absences, write_shifts
from db.timetables import Timetable
from geo.errors import Denied, InputError, NotFound
from grids.rights import Who, operator
from tests.factories import day, make_area, make_beat, make_cell, make_officer, make_posting, make_unit, square

HOST = operator("test")


@pytest.fixture
def staffed(conn, keys):
    """Station S1 with beats B1 (cells G1, G2) and B2 (G3); P1 leads B1, P2 leads B2, A1 helps both, W1 holds G1, C1 is
    at the station; M1 is in the room of community C1."""
    make_area(conn)
    make_unit(conn, code="S1")
    make_unit(conn, code="R1", kind="mediation_room", level="community", area="C1")
    for code in ("B1", "B2"):
        make_beat(conn, code, station="S1", community="C1")
    for code, i, beat in (("G1", 0, "B1"), ("G2", 1, "B1"), ("G3", 2, "B2")):
        make_cell(conn, code, i, 0, beat, now=day(-9), community="C1")
    kinds = {"P1": "police", "P2": "police", "C1": "police", "A1": "auxiliary", "W1": "grid_worker", "M1": "mediator"}
    for code, kind in kinds.items():
        make_officer(conn, keys, code, kind)
    make_posting(conn, "P1", "beat_lead", beat="B1")
    make_posting(conn, "P2", "beat_lead", beat="B2")
    make_posting(conn, "A1", "auxiliary", beat="B1")
    make_posting(conn, "A1", "auxiliary", beat="B2")
    make_posting(conn, "W1", "grid_worker", cell="G1")
    make_posting(conn, "C1", "police", unit="S1")
    make_posting(conn, "M1", "mediator", unit="R1")
    return conn


def shift(officer="P1", start=0.0, end=0.4, line=1, **more):
    return {"line": line, "officer": officer, "start": day(start), "end": day(end)} | more


def absence(officer="P1", start=0.0, end=5.0, cover=None, line=1, **more):
    return shift(officer, start, end, line, cover=cover) | more


def held(conn, table="shift"):
    rows = conn.execute(text(f"SELECT o.code, lower(during), upper(during), t.kind FROM {table} t"
                             " JOIN officer o ON o.id = t.officer_id ORDER BY 1, 2"))  # fmt: skip
    return [tuple(row) for row in rows]


def test_a_shift_is_inserted_once_then_unchanged_then_ended_earlier(staffed):
    told = [{}, {}, {"kind": "night"}, {"kind": "night", "end": day(0.3)}]
    labels = [write_shifts(staffed, [shift() | more]).labels[1] for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated"]
    assert held(staffed) == [("P1", day(0), day(0.3), "night")]


def test_a_shift_that_overlaps_one_in_the_record_or_the_file_is_refused_naming_it(staffed):
    write_shifts(staffed, [shift(start=0, end=0.5)])
    rows = [shift(start=0.4, end=0.6, line=2), shift(start=0.5, end=0.7, line=3), shift(start=0.6, end=0.8, line=4),
            shift("P2", start=0.4, end=0.6, line=5)]  # fmt: skip
    outcome = write_shifts(staffed, rows)
    assert outcome.labels == {3: "inserted", 5: "inserted"}
    assert set(outcome.rejects) == {2, 4}
    first = "officer 'P1' is on duty already from 2026-03-01 08:00 to 2026-03-01 20:00: mend the times"
    assert outcome.rejects[2] == [first]
    assert "from 2026-03-01 20:00" in outcome.rejects[4][0]


def test_a_shift_cut_short_makes_room_for_the_next_of_the_same_file(staffed):
    write_shifts(staffed, [shift(start=0, end=0.5)])
    outcome = write_shifts(staffed, [shift(start=0.3, end=0.6, line=1), shift(start=0, end=0.3, line=2)])
    assert outcome.labels == {1: "inserted", 2: "updated"}


@pytest.mark.parametrize("row", [{"officer": "nobody"}, {"end": day(0)}, {"end": day(-1)}])
def test_a_shift_of_nobody_or_without_a_length_is_refused(staffed, row):
    assert write_shifts(staffed, [shift() | row]).rejects[1]
    assert held(staffed) == []


def test_the_record_itself_keeps_an_officer_from_two_shifts_at_once(staffed):
    write_shifts(staffed, [shift()])
    with pytest.raises(IntegrityError, match="ex_shift_once"):
        staffed.execute(text("INSERT INTO shift (officer_id, during) SELECT officer_id, during FROM shift"))


hours = st.integers(0, 40)
spans = st.lists(st.tuples(hours, st.integers(1, 12)), max_size=20)


@settings(max_examples=60)
@given(spans)
def test_a_timetable_takes_what_overlaps_nothing_and_names_what_stands_in_the_way(wanted):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times, kept = Timetable(), []
    for first, long in wanted:
        span = (start + timedelta(hours=first), start + timedelta(hours=first + long))
        others = [other for other in kept if other[0] != span[0]]
        clashes = [other for other in others if other[0] < span[1] and span[0] < other[1]]
        found = times.place(1, *span)
        assert (found in clashes) if clashes else found is None
        kept = kept if clashes else [*others, span]


def test_absences_name_who_stands_in_and_warn_when_that_one_is_away_too(staffed):
    assert write_absences(staffed, [absence("P2", 1, 3)]).labels == {1: "inserted"}
    outcome = write_absences(staffed, [absence("P1", 2, 4, cover="P2", kind="sick")])
    assert outcome.labels == {1: "inserted"}
    assert outcome.notes == {"absences have a cover who is away too: manage.py roster gaps": 1}
    assert held(staffed, "absence") == [("P1", day(2), day(4), "sick"), ("P2", day(1), day(3), "leave")]


@pytest.mark.parametrize(("row", "said"), [
    ({"cover": "P1"}, "cover is the officer who is away"), ({"cover": "X"}, "cover 'X' is not known"),
    ({"start": day(2), "end": day(9)}, "is away already from 2026-03-01 08:00 to 2026-03-06 08:00"),
])  # fmt: skip
def test_an_absence_that_cannot_be_is_refused_in_a_sentence(staffed, row, said):
    write_absences(staffed, [absence()])
    assert said in write_absences(staffed, [absence(start=6, end=7) | row]).rejects[1][0]


def test_on_now_are_those_on_a_shift_nearest_first_with_what_they_hold(staffed, keys):
    write_shifts(staffed, [shift(code, line=n) for n, code in enumerate(("C1", "P1", "W1", "P2"))])
    found = on_now(staffed, "cell:G1", day(0.2))
    assert found[["officer", "role", "post_kind", "post"]].to_numpy().tolist() == [
        ["W1", "grid_worker", "cell", "G1"], ["P1", "beat_lead", "beat", "B1"], ["C1", "police", "unit", "S1"],
    ]  # fmt: skip
    assert keys.open(bytes(found["personal"][0]))["name"] == "Mr W1"
    assert on_now(staffed, "beat:B2", day(0.2))["officer"].tolist() == ["P2", "C1"]
    assert on_now(staffed, "cell:G1", day(0.5)).empty
    assert on_now(staffed, "unit:R1", day(0.2)).empty


@pytest.mark.parametrize(("place", "who"), [
    ("beat:B1", {"P1", "A1", "W1", "C1"}), ("beat:B2", {"P2", "A1", "C1"}), ("cell:G2", {"P1", "A1", "C1"}),
    ("station:S1", {"P1", "P2", "A1", "W1", "C1"}), ("unit:R1", {"M1"}),
    ("community:C1", {"P1", "P2", "A1", "W1", "M1"}),
])  # fmt: skip
def test_the_team_of_a_place_is_everybody_posted_there(staffed, place, who):
    assert set(team(staffed, place, day(1))["officer"]) == who


def test_who_stands_in_answers_with_the_holders_role_and_place(staffed):
    write_absences(staffed, [absence("P1", 1, 3, cover="P2")])
    write_shifts(staffed, [shift("P2", 1, 1.4)])
    found = on_now(staffed, "beat:B1", day(1.2))
    assert found[["holder", "officer", "role", "away"]].to_numpy().tolist() == [["P1", "P2", "beat_lead", "leave"]]
    assert covered_by(staffed, "P2", day(1.2))[["holder", "post"]].to_numpy().tolist() == [["P1", "B1"]]
    assert covered_by(staffed, "P2", day(3)).empty
    assert covered_by(staffed, "P1", day(1.2)).empty


def test_cover_goes_on_to_a_third_and_a_circle_ends_in_nobody(staffed):
    write_absences(staffed, [absence("P1", 1, 3, cover="P2"), absence("P2", 1, 3, cover="C1", line=2)])
    assert set(covered_by(staffed, "C1", day(2))["post"]) == {"B1", "B2"}
    write_absences(staffed, [absence("C1", 1, 3, cover="P1")])
    assert covered_by(staffed, "C1", day(2)).empty
    assert gaps(staffed, "S1", day(2)).away_without_cover == ["C1", "P1", "P2"]


def test_gaps_name_what_is_missing_and_nothing_else(staffed):
    write_shifts(staffed, [shift("P1", 0, 0.4)])
    found = gaps(staffed, "S1", day(0.2))
    assert (found.beats_without_lead, found.cells_without_worker) == ([], ["G2", "G3"])
    assert (found.beats_with_nobody_on, found.on_duty, found.away_without_cover) == (["B2"], 1, [])
    lacking = {(row.shape, row.place): row.lacking for row in found.teams.itertuples()}
    assert lacking == {
        ("1+1+N", "B1"): [], ("1+1+N", "B2"): ["grid worker 0 of 1"], ("4+N", "C1"): ["grid lead 0 of 1"],
        ("1+2", "B1"): ["auxiliary 1 of 2"], ("1+2", "B2"): ["auxiliary 1 of 2"],
    }  # fmt: skip


def test_a_lead_away_without_cover_leaves_the_beat_without_a_lead(staffed):
    write_absences(staffed, [absence("P1", 1, 3), absence("P2", 1, 3, cover="C1", line=2)])
    found = gaps(staffed, "S1", day(2))
    assert (found.beats_without_lead, found.away_without_cover) == (["B1"], ["P1"])
    assert gaps(staffed, "S1", day(3)).beats_without_lead == []


def test_a_redrawn_cell_keeps_its_worker(staffed):
    make_cell(staffed, "G1", geometry=square(0, 0, 1, 2), valid_from=day(4))
    assert "W1" in set(team(staffed, "cell:G1", day(5))["officer"])
    assert gaps(staffed, "S1", day(5)).cells_without_worker == ["G2", "G3"]


@pytest.mark.parametrize(("place", "error"), [("B1", InputError), ("room:R1", InputError), ("beat:B9", NotFound),
                                              ("station:R1", NotFound), ("cell:G9", NotFound)])  # fmt: skip
def test_a_place_that_is_not_there_is_said(staffed, place, error):
    with pytest.raises(error):
        team(staffed, place, day(1))
    with pytest.raises(NotFound):
        covered_by(staffed, "nobody", day(1))


def test_adding_by_hand_needs_the_right_and_is_audited(staffed, keys):
    planner, officer = (Who("somebody", (role,)) for role in ("planner", "officer"))
    act_as(staffed, planner)
    assert add_shift(staffed, keys, planner, shift()) == "inserted"
    assert add_absence(staffed, keys, planner, absence("P2", 1, 2)) == "inserted"
    for bad in ({"start": day(0.1)}, {"kind": "noon"}):
        with pytest.raises(InputError):
            add_shift(staffed, keys, planner, shift() | bad)
    with pytest.raises(Denied, match="keep the roster"):
        add_shift(staffed, keys, officer, shift(start=2, end=3))
    act_as(staffed, HOST)
    assert staffed.execute(text("SELECT action, object FROM audit ORDER BY no")).all() == [
        ("roster.shift", "P1"), ("roster.absence", "P2"),
    ]  # fmt: skip
