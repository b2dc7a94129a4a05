"""Any format, encoding, coordinate system, wording and profile: the same content lands in the same cells."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from db.bulk import frame_of
from db.engine import begin
from db.record import Record
from geo.crs import from_wgs84
from geo.errors import InputError
from loaders.mapping import parse_overrides
from loaders.options import KINDS
from tests.factories import middle, square
from tests.loaders.town import (
    LAYER_FORMATS,
    LAYERED,
    TABLE_FORMATS,
    TOWN,
    incidents_file,
    layer,
    load,
    placed_incidents,
    table,
    write,
)  # fmt: skip


def _format_cases() -> list[tuple[str, str]]:
    tables = [(kind, ending) for kind in TOWN for ending in TABLE_FORMATS]
    return tables + [(kind, ending) for kind in LAYERED for ending in LAYER_FORMATS]


@pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized/laundered field name")
@pytest.mark.parametrize(("kind", "ending"), _format_cases())
def test_the_same_content_in_any_format_is_the_same_content(
    town: Record, tmp_path: Path, kind: str, ending: str
) -> None:
    path = write(TOWN[kind], tmp_path / f"{kind}.{ending}")
    # A shapefile cuts titles to ten characters.
    overrides = {"reported_at": "reported_a"} if kind == "incidents" and "shp" in ending else {}
    counts = load(town, kind, path, overrides=overrides).counts
    assert counts["unchanged"] == counts["read"] == len(TOWN[kind])


def test_the_town_has_something_of_every_kind() -> None:
    assert set(TOWN) == set(KINDS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_told_apart(town: Record, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "incidents.csv"
    table(TOWN["incidents"]).to_csv(path, index=False, encoding=encoding)
    assert load(town, "incidents", path).counts["unchanged"] == len(TOWN["incidents"])


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4549", "gcj02", "bd09"])
def test_points_of_any_system_land_within_a_metre_in_their_cell(town: Record, tmp_path: Path, crs: str) -> None:
    wanted = [middle(i, j) for i in range(3) for j in range(2)]
    x, y = from_wgs84(*np.transpose(wanted), crs)
    rows = [f"{crs},{at},2026-03-04 05:06,{x[at]:.10f},{y[at]:.10f}" for at in range(len(wanted))]
    path = tmp_path / "points.csv"
    path.write_text("channel,source_no,reported_at,x,y\n" + "\n".join(rows))
    assert load(town, "incidents", path, crs=crs).counts["inserted"] == len(wanted)
    found = placed_incidents(town).query("channel == @crs")
    assert found["cell"].tolist() == [f"G{i}{j}" for i in range(3) for j in range(2)]
    metres = np.hypot(*((found[["lon", "lat"]].to_numpy(float) - wanted) * (90_000, 111_000)).T)
    assert metres.max() < 1


@pytest.mark.parametrize("ending", ["shp", "gpkg", "geoparquet"])
def test_cells_in_gauss_krueger_say_so_themselves(record: Record, tmp_path: Path, ending: str) -> None:
    frame = layer(TOWN["cells"], "EPSG:4549")
    path = tmp_path / f"cells.{ending}"
    frame.to_parquet(path) if ending == "geoparquet" else frame.to_file(path, engine="pyogrio")
    assert load(record, "cells", path).counts["inserted"] == 6
    with begin(record.engine, "test") as conn:
        found = frame_of(conn, "SELECT code, ST_AsBinary(geom) AS geom FROM cell ORDER BY code")
    for row, wkb in zip(TOWN["cells"], found["geom"], strict=True):
        assert shapely.from_wkb(bytes(wkb)).symmetric_difference(row["geometry"]).area < 1e-12


def test_map_names_columns_and_the_rest_is_reported(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "cells.shp"
    layer(TOWN["cells"]).rename(columns={"code": "WGBH", "beat": "JGBH"}).to_file(path, engine="pyogrio")
    with pytest.raises(
        InputError, match=r"cells need code \(网格编号\).*WGBH, name, JGBH, residents.*--map FIELD=COLUMN"
    ):
        load(record, "cells", path)
    report = load(record, "cells", path, overrides=parse_overrides(["code=WGBH", "beat=jgbh"]))
    assert (report.counts["inserted"], report.unknown_columns) == (6, [])
    report = load(record, "cells", path, overrides=parse_overrides(["code=WGBH"]))
    assert report.unknown_columns == ["JGBH"]


PROFILE = """
zone = "Asia/Shanghai"
crs = "gcj02"
encoding = "gb18030"
[incidents]
auto = false
[incidents.columns]
source_no = ["新编号", "旧编号"]
reported_at = "时刻"
severity = "色"
lon = "X"
lat = "Y"
cell_label = "格"
[incidents.constants]
channel = "110"
[incidents.values.severity]
"橙" = "2"
[incidents.formats]
reported_at = "%d/%m/%Y %H.%M"
[incidents.pad]
cell_label = 4
"""


def test_a_profile_of_ones_own_is_obeyed_to_the_letter(town: Record, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE)
    x, y = (float(value) for value in from_wgs84(*middle(1, 1), "gcj02"))
    rows = [
        "新编号,旧编号,时刻,色,X,Y,格,address",
        f"PR1,,04/03/2026 05.06,橙,{x},{y},7,海",
        ",PR2,05/03/2026 23.59,红,,,12,海",
    ]
    path = tmp_path / "export.csv"
    path.write_bytes("\n".join(rows).encode("gb18030"))
    report = load(town, "incidents", path, profile=str(tmp_path / "ours.toml"))
    assert (report.counts["inserted"], report.unknown_columns) == (2, ["address"])
    with begin(town.engine, "test") as conn:
        found = frame_of(
            conn, "SELECT source_no, channel, severity, cell_label, address FROM incident WHERE source_no LIKE 'PR%'"
        )
    assert found.to_numpy().tolist() == [["PR1", "110", 2, "0007", None], ["PR2", "110", 3, "0012", None]]
    assert placed_incidents(town).loc["PR1", "cell"] == "G11"
    assert placed_incidents(town).loc["PR1", "reported_at"].isoformat() == "2026-03-03T21:06:00+00:00"


def test_snap_takes_a_point_into_the_nearest_cell_within_the_metres_and_records_it(
    town: Record, tmp_path: Path
) -> None:
    west, lat = square(0, 0).bounds[0], middle(0, 0)[1]
    near, far = west - 30 / 89_900, west - 80 / 89_900
    rows = [f"snap,1,2026-03-04,,{near},{lat},,", f"snap,2,2026-03-04,,{far},{lat},,"]
    report = load(town, "incidents", incidents_file(tmp_path / "a.csv", rows), snap_m=50)
    found = placed_incidents(town).query("channel == 'snap'")
    assert report.counts["unplaced"] == 1
    assert found["placed_by"].tolist() == ["snap", "none"]
    assert found["cell"].dropna().to_dict() == {"1": "G00"}
    assert found["snapped_m"].iloc[0] == pytest.approx(30, abs=0.5)


def test_incidents_loaded_before_their_cells_are_placed_when_those_come(record: Record, tmp_path: Path) -> None:
    report = load(record, "incidents", write(TOWN["incidents"], tmp_path / "incidents.csv"))
    assert report.counts["unplaced"] == len(TOWN["incidents"])
    cells = load(record, "cells", write(TOWN["cells"], tmp_path / "cells.csv"))
    assert f"{len(TOWN['incidents'])} incidents were placed on the new boundaries" in cells.notes
    found = placed_incidents(record)
    assert found["cell"].tolist() == [f"G{n % 3}{n % 2}" for n in range(len(TOWN["incidents"]))]
    assert found["matter_cell"].tolist() == found["cell"].tolist()
