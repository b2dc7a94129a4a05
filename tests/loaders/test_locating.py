"""`locate`: every row of a file comes back in its order with the cell and beat that hold its point."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from db.cells import write_cells
from db.cluster import Cluster
from db.engine import begin
from db.record import Record, open_record
from db.settings import Settings
from geo.crs import from_wgs84
from geo.errors import InputError, NotFound
from loaders.locating import ADDED, locate_file
from loaders.options import LoadOptions
from tests.commands import manage
from tests.conftest import copy_database, drop_database
from tests.factories import SIDE, SOUTH, WEST, middle, square
from tests.loaders.town import TOWN, load_town

CELLS = {row["code"]: row for row in TOWN["cells"]}
PLAIN = LoadOptions()


Town = tuple[Settings, Record]


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    made = copy_database(cluster, template, folder)
    record = open_record(made)
    load_town(record, folder, ("areas", "units", "beats", "cells"))
    yield made, record
    record.engine.dispose()
    drop_database(cluster, made)


def scattered(count: int) -> pd.DataFrame:
    """Points in and around the town, in no order; `wanted`: the cell by looking at each."""
    dice = np.random.default_rng(7)
    lon, lat = WEST + SIDE * dice.uniform(-1, 4, count), SOUTH + SIDE * dice.uniform(-1, 3, count)
    frame = pd.DataFrame({"no": np.arange(count), "lon": lon, "lat": lat})
    frame["wanted"] = [
        next((code for code, row in CELLS.items() if row["geometry"].intersects(shapely.Point(x, y))), None)
        for x, y in zip(lon, lat, strict=True)
    ]
    return frame


@pytest.mark.parametrize("crs", ["EPSG:4326", "gcj02", "EPSG:4549"])
def test_rows_come_back_in_order_with_the_cells_that_hold_them(town: Town, tmp_path: Path, crs: str) -> None:
    points = scattered(3_000)
    x, y = from_wgs84(points["lon"], points["lat"], crs)
    path = tmp_path / "points.csv"
    points[["no"]].assign(east=x, north=y).to_csv(path, index=False)
    found = locate_file(town[1], path, "east", "north", LoadOptions(crs=crs))
    assert found.rows["no"].tolist() == [str(no) for no in points["no"]]
    wanted = points["wanted"].fillna("")
    assert (found.rows["cell"].fillna("").to_numpy() == wanted.to_numpy()).mean() > 0.999
    beats = found.rows["cell"].map({code: row["beat"] for code, row in CELLS.items()})
    assert found.rows["beat"].fillna("").tolist() == beats.fillna("").tolist()
    assert found.remarks == [f"{found.rows['cell'].notna().sum():,} of 3,000 points lie in a cell."]


def test_columns_of_the_files_own_are_kept_under_another_name(town: Town, tmp_path: Path) -> None:
    lon, lat = middle(2, 1)
    path = tmp_path / "points.csv"
    path.write_text(f"beat,X,Y,cell\n1834,{lon},{lat},G9\n77,east,,G8\n")
    found = locate_file(town[1], path, "x", "Y", PLAIN)
    assert found.rows.columns.tolist() == ["beat in file", "X", "Y", "cell in file", *ADDED]
    assert found.rows.iloc[0].tolist()[:7] == ["1834", str(lon), str(lat), "G9", "G21", "B2", "point"]
    assert found.rows["placed_by"].tolist() == ["point", "none"]
    assert found.remarks[1] == "1 rows have no two numbers and are in no cell."


def test_swapped_columns_are_suspected(town: Town, tmp_path: Path) -> None:
    lon, lat = middle(0, 0)
    path = tmp_path / "points.csv"
    path.write_text(f"lon,lat\n{lon},{lat}\n")
    assert "are --lon and --lat swapped" in locate_file(town[1], path, "lat", "lon", PLAIN).remarks[-1]


def test_snapping_says_how_far(town: Town, tmp_path: Path) -> None:
    lon, lat = square(0, 0).bounds[0] - 30 / 89_900, middle(0, 0)[1]
    path = tmp_path / "points.csv"
    path.write_text(f"lon,lat\n{lon},{lat}\n")
    (row,) = locate_file(town[1], path, "lon", "lat", LoadOptions(snap_m=50)).rows.to_dict("records")
    assert (row["cell"], row["placed_by"]) == ("G00", "snap")
    assert row["snapped_m"] == pytest.approx(30, abs=0.5)


def test_boundaries_are_those_of_the_date_asked_for(record: Record, tmp_path: Path) -> None:
    drawn = {"line": 1, "code": "G1", "beat": "B1", "geometry": square(0, 0)}
    redrawn = drawn | {"geometry": square(5, 5), "valid_from": datetime(2026, 5, 1, tzinfo=UTC)}
    with begin(record.engine, "test") as conn:
        write_cells(conn, [drawn])
        write_cells(conn, [redrawn])
    path = tmp_path / "points.csv"
    path.write_text("lon,lat\n" + "\n".join(f"{x},{y}" for x, y in (middle(0, 0), middle(5, 5))))

    def asked(at: datetime | None) -> list[bool]:
        return locate_file(record, path, "lon", "lat", PLAIN, at).rows["cell"].notna().tolist()

    assert asked(datetime(2026, 4, 1)) == [True, False]  # noqa: DTZ001 - a day of the city
    # Midnight in Shanghai is 16:00 of the day before in UTC, when the new shape was not in force.
    assert asked(datetime(2026, 5, 1)) == [True, False]  # noqa: DTZ001
    assert asked(datetime(2026, 5, 2)) == [False, True]  # noqa: DTZ001


def test_what_cannot_be_located_is_said(town: Town, record: Record, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("lon,lat\n120.3,36.05\n")
    with pytest.raises(InputError, match="no column 'east': it has lon, lat"):
        locate_file(town[1], path, "east", "lat", PLAIN)
    with pytest.raises(NotFound, match="load cells first"):
        locate_file(record, path, "lon", "lat", PLAIN)
    path.write_text("lon,lat\n120.3,36.05,7\n")
    with pytest.raises(InputError, match="first in line 2"):
        locate_file(town[1], path, "lon", "lat", PLAIN)


def test_the_command_prints_csv_or_writes_a_workbook(town: Town, tmp_path: Path) -> None:
    book, out = tmp_path / "points.xlsx", tmp_path / "located.xlsx"
    pd.DataFrame([middle(0, 1), middle(9, 9)], columns=["经度", "纬度"]).to_excel(book, sheet_name="点", index=False)
    done = manage(town[0], "locate", book, "--lon", "经度", "--lat", "纬度", "--sheet", "点", "--out", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 of 2 points lie in a cell.\n")
    assert pd.read_excel(out, engine="openpyxl")["cell"].fillna("").tolist() == ["G01", ""]
