"""What `check boundaries` reads, says and writes, for files of any kind and for the record."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import typer
from typer.testing import CliRunner

from db.engine import begin
from geo.errors import InputError
from loaders.boundaries import (
    check_files,
    check_record,
    findings_geojson,
    read_boundaries,
    told,
)
from loaders.boundary_commands import check_boundaries
from loaders.options import LoadOptions

WEST, EAST = shapely.box(120.30, 36.0, 120.31, 36.01), shapely.box(120.309, 36.0, 120.32, 36.01)
UNCLOSED = {"type": "Polygon", "coordinates": [[[120.3, 36.0], [120.31, 36.0], [120.31, 36.01], [120.3, 36.01]]]}


@pytest.fixture
def overlapping(tmp_path):
    path = tmp_path / "cells.geojson"
    rows = {"code": ["A1", "A2"], "name": ["one", "two"], "beat": ["J1", None]}
    gpd.GeoDataFrame(rows, geometry=[WEST, EAST], crs="EPSG:4326").to_file(path)
    return path


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(check_boundaries)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def written(path, features):
    rows = [{"type": "Feature", "properties": attributes, "geometry": shape} for attributes, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def test_findings_are_told_and_written_and_errors_end_with_2(overlapping, run, tmp_path):
    out = tmp_path / "findings.geojson"
    result = run(overlapping, "--out", out)
    assert result.exit_code == 2
    assert "2 cells checked: 1 errors, 1 warnings (1 overlap, 1 beatless)" in result.output
    found = gpd.read_file(out)
    assert found["kind"].tolist() == ["overlap", "beatless"]
    assert found.geometry[0].symmetric_difference(WEST & EAST).area < 1e-10  # seven decimals


def test_json_has_counts_and_every_finding(overlapping, run):
    answer = json.loads(run(overlapping, "--json").output)
    assert (answer["cells"], answer["errors"], answer["warnings"]) == (2, 1, 1)
    assert answer["kinds"] == {"overlap": 1, "beatless": 1}
    assert answer["findings"][0]["cells"] == ["A1", "A2"]
    assert answer["findings"][0]["area_m2"] > 0


def test_a_sound_file_ends_with_0(tmp_path, run):
    path = written(tmp_path / "one.geojson", [({"code": "A", "name": "a"}, json.loads(shapely.to_geojson(WEST)))])
    result = run(path)
    assert (result.exit_code, result.output) == (0, "1 cells checked: nothing found.\n")


def test_a_ring_that_is_not_closed_is_named_as_such_in_any_coordinate_system(tmp_path):
    path = written(tmp_path / "open.geojson", [({"code": "A", "name": "a"}, UNCLOSED)])
    for crs in (None, "gcj02"):
        (found,) = check_files([path], options=LoadOptions(crs=crs)).findings
        assert found.kind == "unclosed"
    table = tmp_path / "open.csv"
    table.write_text('code,name,wkt\nA,a,"POLYGON((0 0, 0 1, 1 1))"\n')
    (found,) = check_files([table]).findings
    assert found.kind == "unclosed"


def test_coordinates_are_read_in_the_system_of_the_file(tmp_path, overlapping):
    moved = tmp_path / "moved.gpkg"
    gpd.read_file(overlapping).to_crs("EPSG:4549").to_file(moved)
    one, other = check_files([overlapping]).findings, check_files([moved]).findings
    assert [found.kind for found in one] == [found.kind for found in other]
    assert one[0].area_m2 == pytest.approx(other[0].area_m2, rel=1e-4)


def test_cells_are_checked_against_the_finest_areas_of_another_file(tmp_path, overlapping):
    areas = tmp_path / "areas.geojson"
    shapes = [shapely.box(120.3, 36.0, 120.305, 36.01), shapely.box(120.305, 36.0, 120.32, 36.01)]
    gpd.GeoDataFrame({"level": ["community", "community", "city"], "code": ["C1", "C2", "S"], "name": ["a", "b", "c"]},
                     geometry=[*shapes, shapely.box(120, 36, 121, 37)], crs="EPSG:4326").to_file(areas)  # fmt: skip
    report = check_files([overlapping], against=areas)
    assert report.communities == 2
    assert {found.kind for found in report.findings} == {"overlap", "across", "beatless"}


def test_several_files_are_one_map(tmp_path):
    west = written(tmp_path / "west.geojson", [({"code": "W", "name": "w"}, json.loads(shapely.to_geojson(WEST)))])
    east = written(tmp_path / "east.geojson", [({"code": "E", "name": "e"}, json.loads(shapely.to_geojson(EAST)))])
    assert [found.kind for found in check_files([west, east]).findings] == ["overlap"]


def test_areas_are_checked_level_by_level(tmp_path):
    areas = tmp_path / "areas.geojson"
    gpd.GeoDataFrame({"level": ["city", "street", "street"], "code": ["1", "2", "3"], "name": ["a", "b", "c"]},
                     geometry=[WEST | EAST, WEST, EAST], crs="EPSG:4326").to_file(areas)  # fmt: skip
    (found,) = check_files([areas], "areas").findings
    assert (found.kind, found.cells) == ("overlap", ("2", "3"))


def test_a_row_without_code_is_named_by_its_line(tmp_path):
    shape = json.loads(shapely.to_geojson(WEST))
    path = written(
        tmp_path / "x.geojson", [({"code": None, "name": None}, shape), ({"code": None, "name": None}, shape)]
    )
    (found,) = check_files([path]).findings
    assert found.cells == ("line 1", "line 2")


def test_another_kind_is_refused(overlapping):
    with pytest.raises(InputError, match="--kind cells or --kind areas"):
        check_files([overlapping], "officers")


def test_long_reports_are_cut_with_a_way_to_see_all(overlapping):
    report = check_files([overlapping])
    assert "… and 1 more: see all with --out findings.geojson" in told(report, 1)
    assert len(findings_geojson(report.findings)["features"]) == 2


def test_reading_keeps_every_row(overlapping):
    frame = read_boundaries(overlapping, "cells", LoadOptions())
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["code", "name", "beat", "geometry"]
    assert len(frame) == 2


@pytest.mark.realdata
def test_the_unharmed_maps_of_chicago_and_qingdao_have_these_findings_and_no_error(realdata):
    chicago = check_files([realdata / "chicago" / "police_beats.zip"], options=LoadOptions("chicago"))
    assert [(found.kind, found.severity, found.cells) for found in chicago.findings] == [
        ("duplicate", "warning", ("3100", "3100", "3100"))
    ]
    qingdao = check_files([realdata / "qingdao" / "areas_osm.geojson"], "areas", LoadOptions("qingdao-osm"))
    assert {(found.kind, found.severity) for found in qingdao.findings} == {("island", "warning")}


def test_the_record_of_the_demo_city_is_sound(demo_db):
    with begin(demo_db.engine, "test") as conn:
        report = check_record(conn)
    assert (report.cells, report.communities, report.findings) == (260, 24, [])
