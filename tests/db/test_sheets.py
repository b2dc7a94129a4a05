"""What maps and beat pages are sent: cells, beats, places, people and open matters."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import text

from db import geography
from db.backdrop import write_backdrop
from db.beat_sheets import beat_list, beat_sheet
from db.beats import beat_ids, hold
from db.catalogue import categories, channels
from db.labels import label_report
from db.replacing import place_again
from geo.errors import NotFound
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
    make_step,
    make_unit,
    middle,
    square,
)


@pytest.fixture
def town(conn):
    """Station S1, street T1 with community C1, beats B1 (G1, G2) and B2 (G3)."""
    make_area(conn, "K", "district", square(0, 0, 9, 9))
    make_area(conn, "T1", "street", square(0, 0, 5, 5))
    make_area(conn, "C1", "community", square(0, 0, 2, 2), name="东海社区")
    make_unit(conn, "S1", phone="0532-110")
    make_beat(conn, "B1", station="S1", community="C1")
    make_beat(conn, "B2", station="S1")
    make_cell(conn, "G1", 0, 0, "B1", residents=10)
    make_cell(conn, "G2", 1, 0, "B1")
    make_cell(conn, "G3", 2, 0, "B2")
    make_category(conn, deadline_hours=24.0)
    return conn


def features(collection):
    return {feature["id"]: feature for feature in json.loads(collection)["features"]}


def test_cells_are_sent_with_everything_that_a_map_shows(town):
    found = features(geography.cells_geojson(town))
    assert list(found) == ["G1", "G2", "G3"]
    told = found["G1"]["properties"]
    assert (told["beat"], told["community"], told["community_name"], told["station"]) == ("B1", "C1", "东海社区", "S1")
    assert found["G3"]["properties"]["community"] is None
    assert shape(found["G1"]["geometry"]).equals_exact(shapely.MultiPolygon([square(0, 0)]).normalize(), 1e-5) or (
        shape(found["G1"]["geometry"]).symmetric_difference(square(0, 0)).area < 1e-9
    )


def test_cells_and_beats_of_a_past_instant_are_sent_as_they_were(town):
    cell = town.execute(text("SELECT id FROM cell WHERE code = 'G2'")).scalar_one()
    hold(town, cell, beat_ids(town)["B2"], day(10))
    for at, beat, counts in ((day(9), "B1", {"B1": 2, "B2": 1}), (day(10), "B2", {"B1": 1, "B2": 2})):
        assert features(geography.cells_geojson(town, at))["G2"]["properties"]["beat"] == beat
        beats = features(geography.beats_geojson(town, at))
        assert {code: feature["properties"]["cells"] for code, feature in beats.items()} == counts


def test_a_redrawn_cell_is_sent_once_at_every_instant(town):
    make_cell(town, "G1", geometry=square(0, 0, 1, 2), valid_from=day(10))
    for at, high in ((day(9), 1), (day(10), 2), (None, None)):
        found = features(geography.cells_geojson(town, at))
        assert list(found) == ["G1", "G2", "G3"]
        if high:
            assert shape(found["G1"]["geometry"]).symmetric_difference(square(0, 0, 1, high)).area < 1e-9


def test_a_beat_is_the_union_of_its_cells(town):
    outline = shape(features(geography.beats_geojson(town))["B1"]["geometry"])
    assert outline.symmetric_difference(square(0, 0, 2, 1)).area < 1e-9


def test_places_form_a_tree_in_which_every_parent_comes_first(town):
    frame = geography.places(town)
    seen = set()
    for row in frame.itertuples():
        assert row.parent is None or row.parent != row.parent or row.parent in seen
        seen.add(f"{row.kind}:{row.code}")
    assert seen == {
        "district:K", "street:T1", "community:C1", "station:S1", "beat:B1", "beat:B2", "cell:G1", "cell:G2", "cell:G3",
    }  # fmt: skip


def test_the_extent_holds_all_live_cells(town, conn):
    assert geography.extent(town) == pytest.approx(square(0, 0, 3, 1).bounds)


def test_without_cells_there_is_no_extent_and_an_empty_collection(conn):
    assert geography.extent(conn) is None
    assert json.loads(geography.cells_geojson(conn)) == {"type": "FeatureCollection", "features": []}
    assert geography.places(conn).empty


def test_the_backdrop_is_sent_from_the_bottom_up(conn):
    kinds = ["road", "building", "park", "water", "sea"]
    rows = [
        {"line": n, "kind": kind, "name": kind, "rank": 1, "geometry": square(0, 0)} for n, kind in enumerate(kinds)
    ]
    write_backdrop(conn, rows)
    sent = json.loads(geography.backdrop_geojson(conn))["features"]
    assert [feature["properties"]["kind"] for feature in sent] == ["sea", "water", "park", "building", "road"]


def test_a_beat_sheet_shows_cells_people_and_open_matters(town, keys):
    for officer, role, place in (("P1", "grid_worker", {"cell": "G2"}), ("P2", "beat_lead", {"beat": "B1"})):
        make_officer(town, keys, officer, phone=f"138{officer}")
        make_posting(town, officer, role, **place)
    make_officer(town, keys, "P3")
    make_posting(town, "P3", "police", beat="B1", valid_to=day(1))
    now = day(5)
    for number, at in (("late", day(1)), ("today", day(4.2)), ("tomorrow", day(4.9)), ("closed", day(4))):
        make_incident(town, keys, number, 1, 0, reported_at=at)
    make_incident(town, keys, "elsewhere", 2, 0, reported_at=day(4))
    make_step(town, keys, "close", day(4.5), source_no="closed")
    sheet = beat_sheet(town, "B1", now, keys)
    assert (sheet.name, sheet.station, sheet.station_phone, sheet.community) == (
        "beat B1",
        "S1",
        "0532-110",
        "东海社区",
    )
    assert sheet.cells["code"].tolist() == ["G1", "G2"]
    assert sheet.cells.crs.to_epsg() == 4326
    assert sheet.people[["name", "role", "phone"]].values.tolist() == [
        ["Mr P2", "beat_lead", "138P2"],
        ["Mr P1", "grid_worker", "138P1"],
    ]
    assert sheet.open_matters["no"].tolist() == ["110:late", "110:today", "110:tomorrow"]
    assert sheet.open_matters["overdue"].tolist() == [True, False, False]
    # 5 March, 08:00 in Shanghai: due by midnight there, which is 16:00 UTC.
    assert sheet.due_today["no"].tolist() == ["110:late", "110:today"]


def test_a_beat_that_is_not_there_is_not_found(conn):
    with pytest.raises(NotFound, match="There is no beat 'B9'"):
        beat_sheet(conn, "B9", DAY0)


def test_the_list_of_beats_counts_as_their_sheets_do_after_a_redrawing(town, keys):
    for number, i in (("1", 0), ("2", 1), ("3", 2)):
        make_incident(town, keys, number, i, 0, reported_at=day(-3))
    now = datetime.now(UTC)
    make_cell(town, "G1", geometry=square(0, 0, 1, 2), valid_from=now - timedelta(days=1))
    make_cell(town, "G2", 1, 0, "B2", valid_from=now - timedelta(days=1))
    place_again(town)
    listed = beat_list(town).set_index("code")
    assert listed["cells"].to_dict() == {"B1": 1, "B2": 2}
    shown = {code: len(beat_sheet(town, code, now).open_matters) for code in ("B1", "B2")}
    assert listed["open_matters"].to_dict() == shown == {"B1": 1, "B2": 2}


def test_labels_are_compared_with_the_place_of_the_point(town, keys):
    lon, lat = middle(0, 0)
    edge = lon + 0.005
    rows = [
        ("a", {"lon": lon, "lat": lat, "cell_label": "G1", "beat_label": "B1"}),
        ("b", {"lon": edge + 0.000005, "lat": lat, "cell_label": "G1", "beat_label": "B2"}),
        ("c", {"lon": edge + 0.00003, "lat": lat, "cell_label": "G1"}),
        ("d", {"lon": lon, "lat": lat, "cell_label": "G9"}),
        ("e", {"cell_label": "G1"}),
        ("f", {"lon": lon, "lat": lat}),
    ]
    for number, told in rows:
        make_incident(town, keys, number, **told)
    report = label_report(town)
    counts = (report.incidents, report.with_coordinates, report.labelled, report.exact)
    assert counts == (6, 5, 4, 1)
    assert (report.within_1m, report.within_5m, report.unknown) == (2, 3, {"G9": 1})
    assert (report.beat_labelled, report.beat_exact) == (2, 1)
    assert report.disagreeing[["cell", "labelled", "elsewhere", "most_often_in"]].values.tolist() == [
        ["G1", 3, 2, "G2"]
    ]
    assert label_report(town, "12345").incidents == 0


def test_catalogue_and_channels_are_listed_by_code(town):
    make_category(town, "a first one")
    assert categories(town)["code"].tolist() == ["a first one", "quarrel"]
    assert channels(town)["code"].is_monotonic_increasing
