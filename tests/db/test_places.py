"""Areas, units and beats: inserted, updated or left alone by code; what they name must exist."""

import pytest
import shapely
from sqlalchemy import text

from db.areas import write_areas
from db.backdrop import write_backdrop
from db.beats import write_beats
from db.facts import Filter
from db.metrics import workload
from db.people import write_units
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_unit,
    middle,
    only_label,
    square,
)  # fmt: skip


def parents(conn):
    query = "SELECT a.code, p.code AS parent FROM area a LEFT JOIN area p ON p.id = a.parent_id ORDER BY a.id"
    return {row.code: row.parent for row in conn.execute(text(query))}


def column(conn, table, name):
    return conn.execute(text(f"SELECT {name} FROM {table} ORDER BY id")).scalars().all()


def test_an_area_is_inserted_once_then_unchanged_then_updated(conn):
    told = ({}, {}, {"name": "new"}, {"geometry": square(0, 0, 2, 2)})
    labels = [only_label(make_area(conn, **more)) for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated"]
    assert column(conn, "area", "name") == ["C1"]


def test_one_code_may_name_areas_of_two_levels(conn):
    make_area(conn, "X", "street", square(0, 0, 5, 5))
    make_area(conn, "X", "community", square(0, 0, 1, 1))
    assert column(conn, "area", "level") == ["street", "community"]


def test_an_area_repeated_in_the_same_rows_is_written_once(conn):
    row = {"level": "street", "code": "T", "name": "T", "geometry": square(0, 0)}
    outcome = write_areas(conn, [row | {"line": 1}, row | {"line": 2}, row | {"line": 3, "name": "U"}])
    assert outcome.labels == {1: "inserted", 2: "unchanged", 3: "updated"}


def test_a_parent_is_taken_by_code_or_else_by_place_whatever_the_order_of_rows(conn):
    rows = [
        {"level": "community", "code": "C", "name": "C", "geometry": square(0, 0)},
        {"level": "community", "code": "D", "name": "D", "geometry": square(9, 9), "parent": "T"},
        {"level": "street", "code": "T", "name": "T", "geometry": square(0, 0, 5, 5)},
        {"level": "district", "code": "K", "name": "K", "geometry": square(0, 0, 9, 9)},
    ]
    write_areas(conn, [row | {"line": line} for line, row in enumerate(rows)])
    assert parents(conn) == {"C": "T", "D": "T", "T": "K", "K": None}


def test_an_area_loaded_between_two_levels_is_taken_as_the_nearer_parent(conn):
    make_area(conn, "K", "district", square(0, 0, 9, 9))
    make_area(conn, "C", "community", square(0, 0))
    assert parents(conn)["C"] == "K"
    make_area(conn, "T", "street", square(0, 0, 5, 5))
    assert parents(conn) == {"K": None, "C": "T", "T": "K"}


def test_an_unknown_parent_is_rejected_with_a_sentence_and_the_other_rows_are_kept(conn):
    rows = [
        {"line": 1, "level": "street", "code": "T", "name": "T", "geometry": square(0, 0), "parent": "nowhere"},
        {"line": 2, "level": "street", "code": "U", "name": "U", "geometry": square(0, 0)},
    ]
    outcome = write_areas(conn, rows)
    assert outcome.rejects == {1: ["parent 'nowhere' is not known: load it first or leave parent empty"]}
    assert column(conn, "area", "code") == ["U"]


def test_a_polygon_is_stored_as_one_multipolygon_and_heights_are_dropped(conn):
    high = shapely.force_3d(shapely.union_all([square(0, 0), square(5, 5)]), 12.0)
    assert only_label(make_area(conn, geometry=high)) == "inserted"
    assert only_label(make_area(conn, geometry=high)) == "unchanged"
    assert column(conn, "area", "ST_GeometryType(geom) || ST_NDims(geom)") == ["ST_MultiPolygon2"]


def test_communities_hanging_under_a_district_count_for_the_district_and_not_as_a_street(conn, keys):
    make_area(conn, "K", "district", square(0, 0, 9, 9))
    make_area(conn, "C", "community", square(0, 0))
    make_cell(conn)
    make_category(conn)
    make_incident(conn, keys, "1", 0, 0)
    flt = Filter(day(-1), day(1))
    assert workload(conn, flt, "street")["key"].tolist() == [None]
    assert workload(conn, flt, "district")["key"].tolist() == ["K"]
    assert len(workload(conn, Filter(day(-1), day(1), place="street:K"), "cell")) == 0


def test_a_unit_is_inserted_once_then_unchanged_then_updated(conn):
    lon, lat = middle(0, 0)
    told = {"lead_for": "quarrel; noise；pets、", "lon": lon, "lat": lat, "phone": "0532"}
    changes = ({}, {}, {"lon": lon + 1e-9}, {"lead_for": None})
    labels = [only_label(make_unit(conn, **(told | more))) for more in changes]
    assert labels == ["inserted", "unchanged", "updated", "updated"]


def test_what_a_unit_leads_is_split_at_every_kind_of_semicolon(conn):
    make_unit(conn, lead_for="quarrel; noise；pets、 ")
    assert column(conn, "unit", "lead_for") == [["quarrel", "noise", "pets"]]


def test_a_unit_in_an_unknown_area_is_rejected(conn):
    row = {"line": 5, "code": "S1", "name": "S1", "kind": "station", "level": "street", "area": "nowhere"}
    assert write_units(conn, [row]).rejects == {
        5: ["area 'nowhere' is not known: load areas first or leave it empty"]
    }  # fmt: skip


def test_a_beat_keeps_what_a_later_file_does_not_say(conn):
    make_unit(conn)
    make_area(conn)
    labels = [
        only_label(make_beat(conn, **told))
        for told in ({"station": "S1", "community": "C1"}, {}, {"station": "S1"}, {"name": "new"})
    ]
    assert labels == ["inserted", "unchanged", "unchanged", "updated"]
    assert column(conn, "beat", "station_id IS NOT NULL AND community_id IS NOT NULL") == [True]


def test_a_beat_names_its_community_by_code_or_by_a_name_that_is_unique(conn):
    make_area(conn, "C1", name="东海")
    make_area(conn, "C2", name="西海")
    make_area(conn, "C3", name="西海")
    assert only_label(make_beat(conn, "B1", community="东海")) == "inserted"
    assert make_beat(conn, "B2", community="西海").rejects


def test_every_unknown_reference_of_a_beat_is_told_at_once(conn):
    make_unit(conn, "R1", "mediation_room")
    outcome = write_beats(conn, [{"line": 7, "code": "B", "name": "B", "station": "R1", "community": "nowhere"}])
    assert [reason.split(":")[0] for reason in outcome.rejects[7]] == [
        "station 'R1' is not known",
        "community 'nowhere' is not known",
    ]


@pytest.mark.parametrize("kind", ["sea", "road"])
def test_a_drawn_thing_is_there_once_however_often_it_is_loaded(conn, kind):
    line = shapely.LineString([(120, 36), (121, 37)])
    rows = [{"line": 1, "kind": kind, "name": None, "rank": None, "geometry": line}]
    assert [only_label(write_backdrop(conn, rows)) for _ in range(2)] == ["inserted", "unchanged"]
    assert only_label(write_backdrop(conn, [rows[0] | {"name": "same place, another name"}])) == "inserted"
