"""Cells: drawn, corrected, moved, redrawn; always in a beat, with a past that stays."""

import pytest
import shapely
from sqlalchemy import text

from db import readmodel
from db.beats import beat_ids, hold
from db.cells import write_cells
from db.facts import Filter
from db.metrics import cells, workload
from db.planning.board import Boards
from db.planning.costs import cost_of
from db.planning.drafts import begin_plan
from db.replacing import place_again
from geo.errors import Refused
from grids.policies import policy
from grids.rights import operator
from tests.factories import (
    DAY0,
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_officer,
    make_posting,
    middle,
    only_label,
    square,
)  # fmt: skip

HISTORY = """
    SELECT c.code, b.code AS beat, lower(bc.valid) AS since, upper(bc.valid) AS until
    FROM beat_cell bc JOIN cell c ON c.id = bc.cell_id JOIN beat b ON b.id = bc.beat_id ORDER BY c.id, bc.valid"""
POSTINGS = "SELECT cell_id, lower(valid), upper(valid) FROM posting ORDER BY valid, cell_id"


def history(conn):
    return [tuple(row) for row in conn.execute(text(HISTORY))]


def cell_id(conn, code="G1"):
    return conn.execute(text("SELECT max(id) FROM cell WHERE code = :code"), {"code": code}).scalar_one()


def rows_of(conn, query):
    return [tuple(row) for row in conn.execute(text(query))]


def test_a_cell_is_inserted_once_then_unchanged_then_updated(conn, commit):
    told = [{}, {}, {"name": "new"}, {"residents": 900}, {"residents": 900, "kind": "dedicated"}, {}]
    labels = [only_label(make_cell(conn, **more)) for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated", "updated", "unchanged"]
    assert rows_of(conn, "SELECT name, residents, kind FROM cell") == [("new", 900, "dedicated")]
    commit()


def test_a_beat_first_named_by_a_cell_is_made_and_said(conn):
    outcome = make_cell(conn, beat="B7")
    assert any("1 beats were named here for the first time" in note for note in outcome.notes)
    assert "B7" in beat_ids(conn)


def test_a_cell_that_names_no_beat_waits_in_the_holding_beat(conn, commit):
    outcome = make_cell(conn, beat=None)
    assert any("wait in the holding beat 'unassigned'" in note for note in outcome.notes)
    assert history(conn) == [("G1", "unassigned", None, None)]
    commit()


def test_a_waiting_cell_is_given_to_its_first_beat_for_its_whole_life(conn):
    make_cell(conn, beat=None)
    assert only_label(make_cell(conn, beat="B1")) == "updated"
    assert history(conn) == [("G1", "B1", None, None)]


def test_a_cell_that_comes_to_wait_again_keeps_its_past(conn, commit):
    make_cell(conn, beat="B1")
    make_cell(conn, beat="unassigned", now=day(10))
    assert only_label(make_cell(conn, beat="B2", now=day(20))) == "updated"
    assert history(conn)[0] == ("G1", "B1", None, day(10))
    assert history(conn)[-1][1] == "B2"
    commit()


def test_a_cell_file_that_names_no_beat_leaves_the_cell_where_it_is(conn):
    make_cell(conn, beat="B1")
    assert only_label(make_cell(conn, beat=None)) == "unchanged"
    assert history(conn) == [("G1", "B1", None, None)]


def test_another_beat_holds_from_now_or_from_the_date_told(conn, commit):
    make_cell(conn, beat="B1")
    make_cell(conn, beat="B2", now=day(3))
    make_cell(conn, beat="B3", valid_from=day(5), now=day(9))
    wanted = [("B1", None, day(3)), ("B2", day(3), day(5)), ("B3", day(5), None)]
    assert history(conn) == [("G1", *row) for row in wanted]
    commit()


def test_hold_refuses_when_a_later_change_is_recorded(conn):
    for code in ("B1", "B2", "B3"):
        make_beat(conn, code)
    make_cell(conn)
    beats = beat_ids(conn)
    hold(conn, cell_id(conn), beats["B2"], day(10))
    before = history(conn)
    with pytest.raises(Refused, match="choose a later date"):
        hold(conn, cell_id(conn), beats["B3"], day(9))
    assert history(conn) == before
    hold(conn, cell_id(conn), beats["B3"], day(10))
    assert [row[1] for row in history(conn)] == ["B1", "B3"]


def test_hold_refuses_a_date_before_the_cell_was_drawn(conn):
    make_beat(conn, "B2")
    make_cell(conn, valid_from=day(5))
    with pytest.raises(Refused):
        hold(conn, cell_id(conn), beat_ids(conn)["B2"], day(4))


def test_a_file_against_a_later_change_rejects_that_row_and_keeps_the_others(conn):
    make_cell(conn, "G1", 0, 0)
    make_beat(conn, "B2")
    hold(conn, cell_id(conn), beat_ids(conn)["B2"], day(100_000))
    rows = [
        {"line": 1, "code": "G1", "beat": "B3", "name": "changed", "geometry": square(0, 0)},
        {"line": 2, "code": "G2", "beat": "B1", "geometry": square(1, 0)},
    ]
    outcome = write_cells(conn, rows)
    assert outcome.labels == {2: "inserted"}
    assert "choose a later date" in outcome.rejects[1][0]
    assert rows_of(conn, "SELECT name FROM cell WHERE code = 'G1'") == [("G1",)]


def test_a_planned_change_does_not_disturb_a_file_that_says_what_holds_today(conn):
    make_cell(conn)
    make_beat(conn, "B2")
    hold(conn, cell_id(conn), beat_ids(conn)["B2"], day(100_000))
    assert only_label(make_cell(conn)) == "unchanged"


def test_a_cell_drawn_for_a_later_date_loads_twice_without_change(conn):
    labels = [only_label(make_cell(conn, valid_from=day(100_000))) for _ in range(2)]
    assert labels == ["inserted", "unchanged"]


def test_an_unknown_community_is_rejected_and_no_community_is_found_by_place(conn):
    make_area(conn, "C1")
    assert make_cell(conn, community="nowhere").rejects
    make_cell(conn, "G1")
    make_cell(conn, "G2", 20, 20)
    query = "SELECT c.code, a.code FROM cell c LEFT JOIN area a ON a.id = c.community_id ORDER BY 1"
    assert rows_of(conn, query) == [("G1", "C1"), ("G2", None)]


def parts(*squares, **more):
    return [{"line": n, "code": "G1", "beat": "B1", "geometry": shape} | more for n, shape in enumerate(squares, 1)]


def test_rows_of_one_code_are_the_parts_of_one_cell(conn):
    outcome = write_cells(conn, parts(square(0, 0), square(5, 5)))
    assert outcome.labels == {1: "inserted", 2: "inserted"}
    assert rows_of(conn, "SELECT ST_NumGeometries(geom) FROM cell") == [(2,)]
    again = write_cells(conn, parts(square(5, 5), square(0, 0)))
    assert again.labels == {1: "unchanged", 2: "unchanged"}


def test_a_part_that_overlaps_or_names_another_beat_is_rejected(conn):
    rows = parts(square(0, 0), square(0, 0, 2, 1), square(5, 5))
    rows[2]["beat"] = "B2"
    outcome = write_cells(conn, rows)
    assert outcome.labels == {1: "inserted"}
    assert "overlaps it: keep one of the two" in outcome.rejects[2][0]
    assert "in another beat: give it one beat" in outcome.rejects[3][0]


def test_parts_that_touch_are_one_cell(conn):
    outcome = write_cells(conn, parts(square(0, 0), square(1, 0)))
    assert outcome.labels == {1: "inserted", 2: "inserted"}
    assert rows_of(conn, "SELECT ST_NumGeometries(geom) FROM cell") == [(1,)]


def test_the_order_of_corners_in_a_file_is_no_new_shape(conn):
    make_cell(conn)
    turned = shapely.Polygon(list(square(0, 0).exterior.coords)[2:-1] + list(square(0, 0).exterior.coords)[:3])
    assert turned.equals(square(0, 0))
    assert only_label(make_cell(conn, geometry=turned)) == "unchanged"


def test_a_new_shape_is_a_new_cell_with_lineage_from_its_date_on(conn, commit):
    make_cell(conn, geometry=square(0, 0, 2, 1), residents=70, name="north", valid_from=day(-50))
    old = cell_id(conn)
    assert only_label(make_cell(conn, geometry=square(0, 0), valid_from=day(10))) == "updated"
    new = cell_id(conn)
    query = "SELECT id, lower(valid), upper(valid), residents, name FROM cell ORDER BY id"
    assert rows_of(conn, query) == [(old, day(-50), day(10), 70, "north"), (new, day(10), None, 70, "north")]
    assert rows_of(conn, "SELECT parent_id, child_id, round(share::numeric, 6) FROM cell_lineage") == [(old, new, 0.5)]
    assert history(conn) == [("G1", "B1", day(-50), day(10)), ("G1", "B1", day(10), None)]
    commit()


def test_a_redrawing_before_the_cell_was_drawn_is_rejected_with_a_sentence(conn):
    make_cell(conn, valid_from=day(10))
    outcome = make_cell(conn, geometry=square(0, 0, 2, 1), valid_from=day(10))
    assert "was drawn later than 2026-03-11: give valid_from a later date" in next(iter(outcome.rejects.values()))[0]


def test_a_redrawing_before_a_planned_change_of_beat_is_rejected_with_a_sentence(conn, commit):
    make_cell(conn)
    make_beat(conn, "B2")
    hold(conn, cell_id(conn), beat_ids(conn)["B2"], day(100))
    outcome = make_cell(conn, geometry=square(0, 0, 2, 1), valid_from=day(50))
    assert "choose a later date" in next(iter(outcome.rejects.values()))[0]
    assert len(history(conn)) == 2
    commit()


def test_postings_follow_a_redrawn_cell_without_doubling(conn, keys):
    make_cell(conn)
    for officer, since, until in (("P1", 0, None), ("P2", 0, 5), ("P3", 10, None), ("P4", 20, 30), ("P5", 0, 10)):
        make_officer(conn, keys, officer)
        ends = None if until is None else day(until)
        make_posting(conn, officer, valid_from=day(since), cell="G1", valid_to=ends)
    old = cell_id(conn)
    make_cell(conn, geometry=square(0, 0, 2, 1), valid_from=day(10))
    new = cell_id(conn)
    wanted = [
        (old, day(0), day(5)), (old, day(0), day(10)), (old, day(0), day(10)),
        (new, day(10), None), (new, day(10), None), (new, day(20), day(30)),
    ]  # fmt: skip
    assert sorted(rows_of(conn, POSTINGS), key=str) == sorted(wanted, key=str)


def test_cell_then_is_fixed_and_cell_now_follows_a_redrawing(conn, keys):
    make_category(conn)
    make_cell(conn, "G1", geometry=square(0, 0, 2, 1))
    make_cell(conn, "G2", 2, 0)
    for number, i in (("1", 0), ("2", 1), ("3", 2)):
        make_incident(conn, keys, number, i, 0, reported_at=DAY0)
    old, beside = cell_id(conn), cell_id(conn, "G2")
    make_cell(conn, "G1", geometry=square(0, 0), valid_from=day(10))
    new = cell_id(conn)
    assert place_again(conn) == 2
    query = "SELECT source_no, cell_then, cell_now FROM incident ORDER BY source_no"
    assert rows_of(conn, query) == [("1", old, new), ("2", old, None), ("3", beside, beside)]
    assert place_again(conn) == 0


def test_incidents_that_waited_for_their_cell_are_placed_when_it_comes(conn, keys):
    make_category(conn)
    make_incident(conn, keys, "1", 0, 0)
    make_incident(conn, keys, "2")
    assert place_again(conn) == 0
    make_cell(conn)
    assert place_again(conn) == 1
    assert rows_of(conn, "SELECT cell_then IS NOT NULL, placed_by FROM incident ORDER BY source_no") == [
        (True, "point"),
        (False, "none"),
    ]
    assert rows_of(conn, "SELECT cell_id IS NOT NULL FROM matter ORDER BY id") == [(True,), (False,)]


def test_a_point_snapped_to_a_cell_is_in_it_now_as_well(conn, keys):
    make_category(conn)
    lon, lat = middle(0, 0)
    make_incident(conn, keys, "1", lon=lon - 0.0055, lat=lat)
    make_cell(conn)
    assert place_again(conn, snap_m=100.0) == 1
    assert rows_of(conn, "SELECT placed_by, cell_then = cell_now FROM incident") == [("snap", True)]
    assert place_again(conn, snap_m=100.0) == 0


def test_a_point_of_a_time_before_the_cell_was_drawn_is_in_no_cell_then(conn, keys):
    make_category(conn)
    make_cell(conn, valid_from=day(5))
    make_incident(conn, keys, "1", 0, 0, reported_at=day(4))
    make_incident(conn, keys, "2", 0, 0, reported_at=day(5))
    assert rows_of(conn, "SELECT cell_then IS NULL, cell_now IS NULL FROM incident ORDER BY source_no") == [
        (True, False),
        (False, False),
    ]


def test_a_cell_redrawn_under_a_new_name_is_one_row_in_every_figure(conn, keys, tmp_path):
    make_category(conn)
    make_cell(conn, name="old name")
    make_incident(conn, keys, "1", 0, 0, reported_at=day(1))
    make_cell(conn, name="new name", geometry=square(0, 0, 2, 1), valid_from=day(10))
    make_incident(conn, keys, "2", 0, 0, reported_at=day(11))
    make_beat(conn, "B2")
    flt = Filter(DAY0, day(20))
    assert workload(conn, flt, "cell")[["key", "matters"]].to_dict("records") == [{"key": "G1", "matters": 2}]
    table = cells(conn, flt, policy("QD"))
    assert table[["code", "incidents", "matters", "pending"]].values.tolist() == [["G1", 2, 2, 2]]
    view = readmodel.whole(readmodel.build(conn, tmp_path / "readmodel"))
    plan = begin_plan(conn, operator("test"), "Both beats", at=day(20))
    assert cost_of(Boards().sit(conn, view, plan.code, day(20))).beats["demand_before"].sum() == 60
