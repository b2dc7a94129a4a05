"""Incidents: written once by (channel, number), corrected, joined into matters."""

import pandas as pd
import pytest
from sqlalchemy import text

from db.checksums import checksums
from tests.factories import (
    DAY0,
    day,
    make_area,
    make_category,
    make_cell,
    make_incident,
    make_incidents,
    make_step,
    make_steps,
    middle,
    only_label,
)  # fmt: skip


@pytest.fixture
def ready(conn):
    """Category quarrel (grade 2, 48 hours), cells G1 and G2 side by side."""
    make_area(conn)
    make_category(conn, default_severity=2, deadline_hours=48.0)
    make_cell(conn, "G1", 0, 0)
    make_cell(conn, "G2", 1, 0)
    return conn


def rows_of(conn, query):
    return [tuple(row) for row in conn.execute(text(query))]


def matters(conn):
    query = """SELECT i.source_no, dense_rank() OVER (ORDER BY i.matter_id) AS matter FROM incident i ORDER BY 1"""
    return dict(rows_of(conn, query))


def test_a_second_load_changes_nothing_and_says_so(ready, keys):
    rows = [{"source_no": str(n), "narrative": "x", "lon": middle(n, 0)[0], "lat": middle(n, 0)[1]} for n in range(3)]
    assert only_label(make_incidents(ready, keys, rows)) == "inserted"
    before = checksums(ready)
    assert only_label(make_incidents(ready, keys, rows)) == "unchanged"
    assert checksums(ready) == before


def test_a_corrected_row_updates_and_nothing_else_changes(ready, keys):
    make_incident(ready, keys, "1", 0, 0, address="old")
    make_incident(ready, keys, "2", 0, 0)
    assert only_label(make_incident(ready, keys, "1", 0, 0, address="new")) == "updated"
    assert rows_of(ready, "SELECT source_no, address FROM incident ORDER BY 1") == [("1", "new"), ("2", None)]


def test_one_number_in_two_channels_is_two_incidents(ready, keys):
    make_incident(ready, keys, "1", channel="110")
    assert only_label(make_incident(ready, keys, "1", channel="12345")) == "inserted"


def test_unplaced_incidents_are_kept_and_counted(ready, keys):
    rows = [{"source_no": "1"}, {"source_no": "2", "lon": 0.0, "lat": 0.0}]
    outcome = make_incidents(ready, keys, rows)
    assert (outcome.count("inserted"), outcome.unplaced) == (2, 2)
    assert make_incidents(ready, keys, rows).unplaced == 2


def test_an_empty_chunk_is_no_trouble(ready, keys):
    outcome = make_incidents(ready, keys, [])
    assert (outcome.labels, outcome.rejects, outcome.unplaced) == ({}, {}, 0)


def test_a_new_channel_and_a_new_category_are_made_and_not_containable(ready, keys):
    make_incident(ready, keys, "1", channel="drone", category="unheard of")
    assert rows_of(ready, "SELECT name_zh FROM channel WHERE code = 'drone'") == [("drone",)]
    query = "SELECT containable, known, group_name FROM category WHERE code = 'unheard of'"
    assert rows_of(ready, query) == [(False, False, "未分类")]


def test_an_incident_opens_a_matter_with_grade_and_deadline_of_its_category(ready, keys):
    make_incident(ready, keys, "1", 0, 0)
    query = "SELECT opened_at, due_at, severity_initial, severity, severity_now, steps, closed_at FROM matter"
    assert rows_of(ready, query) == [(DAY0, day(2), 2, 2, 2, 0, None)]


def test_the_grade_of_a_report_goes_before_that_of_its_category(ready, keys):
    make_incident(ready, keys, "1", severity=3)
    assert rows_of(ready, "SELECT severity_initial, severity FROM matter") == [(3, 3)]


def test_reports_join_the_matter_of_the_report_they_name(ready, keys):
    rows = [
        {"source_no": "1"},
        {"source_no": "2", "matter": "110:1"},
        {"source_no": "3", "matter": "110:2"},
        {"source_no": "4"},
    ]
    assert only_label(make_incidents(ready, keys, rows)) == "inserted"
    make_incident(ready, keys, "5", channel="12345", matter="110:3")
    found = matters(ready)
    assert found["1"] == found["2"] == found["3"] == found["5"] != found["4"]


def test_a_first_report_that_names_itself_opens_its_matter(ready, keys):
    rows = [{"source_no": "1", "matter": "110:1"}, {"source_no": "2", "matter": "110:1"}]
    outcome = make_incidents(ready, keys, rows)
    assert only_label(outcome) == "inserted"
    assert len(set(matters(ready).values())) == 1


def test_a_number_may_hold_a_colon(ready, keys):
    make_incident(ready, keys, "2026:1")
    assert only_label(make_incident(ready, keys, "2", matter="110:2026:1")) == "inserted"
    assert len(set(matters(ready).values())) == 1


@pytest.mark.parametrize("reference", ["110:9", "9", "", ":", "12345:1", "110:1 "])
def test_a_wrong_reference_is_rejected_with_a_sentence_and_the_others_are_kept(ready, keys, reference):
    rows = [{"source_no": "1", "line": 1}, {"source_no": "2", "matter": reference, "line": 2}]
    outcome = make_incidents(ready, keys, rows)
    assert outcome.labels == {1: "inserted"}
    assert outcome.rejects == {2: [f"matter {reference!r} is not known: load its first report before this one"]}
    assert rows_of(ready, "SELECT count(*) FROM incident") == [(1,)]


def test_the_origin_of_a_matter_is_its_earliest_report_whenever_that_comes(ready, keys):
    make_category(ready, "noise", default_severity=1)
    make_incident(ready, keys, "1", 0, 0, reported_at=day(1))
    make_incident(ready, keys, "2", 1, 0, reported_at=DAY0, matter="110:1", category="noise", channel="12345")
    query = """SELECT m.opened_at, m.channel, k.code, c.code, m.severity_initial, m.due_at
               FROM matter m JOIN category k ON k.id = m.category_id JOIN cell c ON c.id = m.cell_id"""
    assert rows_of(ready, query) == [(DAY0, "12345", "noise", "G2", 1, None)]


def test_of_reports_at_one_instant_the_origin_does_not_depend_on_who_came_first(ready, keys):
    found = []
    for order in ("ab", "ba"):
        with ready.begin_nested() as undo:
            for number in order:
                i = "ab".index(number)
                make_incident(ready, keys, number, i, 0, matter=None if number == order[0] else f"110:{order[0]}")
            found.append(rows_of(ready, "SELECT c.code FROM matter m JOIN cell c ON c.id = m.cell_id"))
            undo.rollback()
    assert found[0] == found[1]


def test_a_correction_moves_origin_grade_and_deadline_of_its_matter(ready, keys):
    make_category(ready, "noise", default_severity=3, deadline_hours=24.0)
    make_incident(ready, keys, "1", 0, 0)
    make_step(ready, keys, "close", day(5))
    make_incident(ready, keys, "1", 1, 0, reported_at=day(1), category="noise")
    query = """SELECT m.opened_at, m.due_at, m.severity_initial, m.severity, c.code
               FROM matter m JOIN cell c ON c.id = m.cell_id"""
    assert rows_of(ready, query) == [(day(1), day(2), 3, 3, "G2")]


def test_a_correction_that_moves_the_point_places_it_anew(ready, keys):
    make_incident(ready, keys, "1", 0, 0)
    make_incident(ready, keys, "1", 1, 0)
    query = "SELECT t.code, n.code FROM incident i JOIN cell t ON t.id = i.cell_then JOIN cell n ON n.id = i.cell_now"
    assert rows_of(ready, query) == [("G2", "G2")]
    make_incident(ready, keys, "1")
    assert rows_of(ready, "SELECT geom, cell_then, placed_by FROM incident") == [(None, None, "none")]


def test_a_correction_that_leaves_the_point_leaves_its_place(ready, keys):
    lon, lat = middle(0, 0)
    where = {"lon": lon - 0.0055, "lat": lat}
    make_incident(ready, keys, "1", **where, snap_m=100.0)
    assert only_label(make_incident(ready, keys, "1", **where, address="corrected")) == "updated"
    assert rows_of(ready, "SELECT address, placed_by, cell_then IS NOT NULL, cell_now IS NOT NULL FROM incident") == [
        ("corrected", "snap", True, True)
    ]


def test_snapping_is_recorded_with_its_metres(ready, keys):
    lon, lat = middle(0, 0)
    make_incident(ready, keys, "1", lon=lon - 0.0055, lat=lat, snap_m=100.0)
    ((placed_by, metres),) = rows_of(ready, "SELECT placed_by, snapped_m FROM incident")
    assert placed_by == "snap"
    assert metres == pytest.approx(0.0005 * 111_320 * 0.8084, rel=0.01)


def test_a_catalogue_that_comes_after_its_incidents_gives_them_grade_and_deadline(conn, keys):
    make_incident(conn, keys, "1", category="late")
    make_incident(conn, keys, "2", category="late", severity=1)
    make_step(conn, keys, "close", day(1))
    make_category(conn, "late", default_severity=3, deadline_hours=24.0)
    assert rows_of(conn, "SELECT severity_initial, severity, due_at FROM matter ORDER BY id") == [
        (3, 3, day(1)),
        (1, 1, day(1)),
    ]


def test_a_later_change_of_the_catalogue_does_not_regrade_the_past(ready, keys):
    make_incident(ready, keys, "1")
    assert only_label(make_category(ready, default_severity=3)) == "updated"
    assert rows_of(ready, "SELECT severity_initial FROM matter") == [(2,)]


def test_a_category_is_inserted_once_then_unchanged_then_updated(conn):
    told = [{}, {}, {"minutes": 45.0}, {"minutes": 45.0, "deadline_hours": 0.5}, {}]
    labels = [only_label(make_category(conn, **more)) for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated", "updated"]


def test_times_keep_their_microseconds(ready, keys):
    instant = pd.Timestamp("2026-03-01T08:00:00.123456+08:00").to_pydatetime()
    make_incident(ready, keys, "1", reported_at=instant)
    assert rows_of(ready, "SELECT reported_at FROM incident") == [(instant,)]
    make_steps(ready, keys, [{"step_no": 1, "kind": "close", "at": instant}])
    assert rows_of(ready, "SELECT closed_at FROM matter") == [(instant,)]
