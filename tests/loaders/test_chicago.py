"""Chicago's beats and 50,000 incidents of 2019, through the shipped profile."""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from db.bulk import frame_of
from db.checksums import checksums
from db.cluster import Cluster
from db.engine import begin
from db.labels import LabelReport, label_report
from db.loads import rejected_rows
from db.record import Record, open_record
from loaders.options import LoadOptions, LoadReport
from loaders.running import load_file
from tests.conftest import copy_database, drop_database

pytestmark = pytest.mark.realdata
CHICAGO = LoadOptions(profile="chicago")
INCIDENTS = "chicago/incidents_2019_50k.csv.gz"


@pytest.fixture(scope="module")
def chicago(
    cluster: Cluster, template: str, realdata: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Record, LoadReport]]:
    made = copy_database(cluster, template, tmp_path_factory.mktemp("chicago"))
    record = open_record(made)
    load_file(record, "cells", realdata / "chicago/police_beats.zip", CHICAGO)
    yield record, load_file(record, "incidents", realdata / INCIDENTS, CHICAGO)
    record.engine.dispose()
    drop_database(cluster, made)


@pytest.fixture(scope="module")
def labels(chicago: tuple[Record, LoadReport]) -> LabelReport:
    with begin(chicago[0].engine, "test") as conn:
        return label_report(conn)


def test_every_row_of_the_file_is_accounted_for(chicago: tuple[Record, LoadReport]) -> None:
    counts = chicago[1].counts
    assert counts["read"] == 50_000
    assert counts["inserted"] == 50_000
    assert counts["rejected"] == 0


def test_incidents_without_coordinates_are_kept_unplaced(chicago: tuple[Record, LoadReport]) -> None:
    with begin(chicago[0].engine, "test") as conn:
        found = frame_of(
            conn, "SELECT geom IS NULL AS bare, cell_then IS NULL AS lost, count(*) FROM incident GROUP BY 1, 2"
        )
    assert found.set_index(["bare", "lost"])["count"].to_dict() == {
        (True, True): 266,
        (False, True): 139,
        (False, False): 49_595,
    }


def test_labels_agree_as_often_as_was_measured_independently(labels: LabelReport) -> None:
    assert labels.with_coordinates == 49_734
    assert 100 * labels.exact / labels.with_coordinates == pytest.approx(91.16, abs=0.05)
    assert 100 * labels.within_1m / labels.with_coordinates == pytest.approx(99.83, abs=0.05)
    assert 100 * labels.beat_exact / labels.with_coordinates == pytest.approx(98.38, abs=0.05)


def test_placing_equals_a_geopandas_join_row_by_row(chicago: tuple[Record, LoadReport], realdata: Path) -> None:
    with begin(chicago[0].engine, "test") as conn:
        ours = frame_of(
            conn,
            """SELECT i.source_no, c.code FROM incident i LEFT JOIN cell c ON c.id = i.cell_then
               WHERE i.geom IS NOT NULL""",
        ).set_index("source_no")["code"]
    beats = gpd.read_file(realdata / "chicago/police_beats.zip").dissolve("BEAT_NUM", sort=False).reset_index()
    table = pd.read_csv(realdata / INCIDENTS, dtype={"id": str}).dropna(subset="longitude")
    points = gpd.GeoDataFrame(table[["id"]], geometry=gpd.points_from_xy(table.longitude, table.latitude), crs=4326)
    joined = gpd.sjoin(points, beats[["BEAT_NUM", "geometry"]], how="left", predicate="intersects")
    allowed = joined.groupby("id")["BEAT_NUM"].agg(set)
    unique = allowed.map(len) == 1
    theirs = allowed[unique].map(lambda found: next(iter(found)))
    assert unique.mean() > 0.999
    same = ours.reindex(theirs.index).where(ours.notna(), None) == theirs
    both_lost = ours.reindex(theirs.index).isna() & theirs.isna()
    assert (same | both_lost).all()
    shared = allowed[~unique]
    assert all(ours[number] in found for number, found in shared.items())


def test_a_second_load_changes_nothing_and_says_so(chicago: tuple[Record, LoadReport], realdata: Path) -> None:
    record = chicago[0]
    with begin(record.engine, "test") as conn:
        before = checksums(conn)
    again = load_file(record, "incidents", realdata / INCIDENTS, CHICAGO)
    with begin(record.engine, "test") as conn:
        assert checksums(conn) == before
    assert (again.counts["inserted"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 50_000)


def test_a_dry_run_keeps_nothing(record: Record, realdata: Path) -> None:
    report = load_file(record, "cells", realdata / "chicago/police_beats.zip", LoadOptions("chicago", dry_run=True))
    assert report.counts["inserted"] == 277
    with begin(record.engine, "test") as conn:
        counts = frame_of(conn, "SELECT (SELECT count(*) FROM cell) AS cells, (SELECT count(*) FROM load_run) AS runs")
    assert counts.to_numpy().tolist() == [[0, 0]]


def test_cells_in_several_rows_become_one_cell(chicago: tuple[Record, LoadReport]) -> None:
    with begin(chicago[0].engine, "test") as conn:
        parts = frame_of(conn, "SELECT code, ST_NumGeometries(geom) AS parts FROM cell").set_index("code")["parts"]
    assert len(parts) == 275
    assert parts["3100"] == 3


def test_qingdao_areas_find_their_parents(record: Record, realdata: Path) -> None:
    report = load_file(record, "areas", realdata / "qingdao/areas_osm.geojson", LoadOptions("qingdao-osm"))
    with begin(record.engine, "test") as conn:
        rejects = rejected_rows(conn, record.keys, report.run)
        levels = frame_of(conn, "SELECT level, count(*), count(parent_id) AS children FROM area GROUP BY level")
    assert len(rejects) == 0
    found = levels.set_index("level")
    assert found["count"].to_dict() == {"city": 1, "district": 10, "street": 135}
    assert found.loc["street", "children"] == 135
    assert np.isclose(found.loc["district", "children"], 10)
