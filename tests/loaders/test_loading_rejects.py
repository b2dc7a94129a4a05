"""Rejected rows: written out, mended, and loaded again by the command that is told."""

import json
import shlex
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from db.bulk import frame_of
from db.engine import begin
from db.record import Record
from loaders.rejecting import rejects_of
from tests.factories import square
from tests.loaders.town import incidents_file, layer, placed_incidents


def test_rejects_are_written_mended_and_loaded_by_the_command_that_is_told(
    command: Any, record: Record, tmp_path: Path
) -> None:
    rows = [
        "110,N1,2026-03-04,吵闹,,,路,13900000000", "110,N2,0024-03-04,吵闹,east,36.05,路,",
        "110,007,2026-03-04,吵闹,,,=路,,,surplus",
    ]  # fmt: skip
    path = incidents_file(tmp_path / "a.csv", rows)
    assert command("load", "incidents", path)[0] == 0
    out = tmp_path / "rejects.xlsx"
    code, shown, said = command("rejects", "--out", out)
    assert (code, shown) == (0, "")
    assert out.stat().st_mode & 0o077 == 0
    frame = pd.read_excel(out, dtype=str, engine="openpyxl")
    assert frame["rejected line"].tolist() == ["3", "4"]
    assert "0024" in frame["why rejected"][0]
    assert "not a number" in frame["why rejected"][0]
    assert frame["unsplit row"][1] == rows[2]
    # Loaded as it is, it is rejected again and loses nothing.
    again = command("load", "incidents", out, "--json")
    assert json.loads(again[1])["rejected"] == 2
    assert rejects_of(record).raw["unsplit row"].tolist()[1] == rows[2]
    frame.loc[0, ["报警时间", "经度", "纬度"]] = ["2024-03-04", None, None]
    frame.loc[1, ["渠道", "警情编号", "报警时间", "警情地址"]] = ["110", "007", "2026-03-04", "=路"]
    frame.drop(columns="why rejected").to_excel(out, index=False)
    words = shlex.split(said.splitlines()[-1])
    assert words[:3] == ["manage.py", "load", "incidents"]
    assert command(*words[1:])[0] == 0
    assert placed_incidents(record).index.tolist() == ["N1", "N2", "007"]


def test_rejected_shapes_come_back_in_their_own_system_under_their_own_profile(
    command: Any, record: Record, tmp_path: Path
) -> None:
    (tmp_path / "gis.toml").write_text(
        'encoding = "gb18030"\n[cells]\nauto = false\n[cells.columns]\ncode = "BH"\nname = "BH"\nbeat = "JG"\n'
    )
    bow_tie = shapely.Polygon([(120.4, 36.05), (120.41, 36.06), (120.41, 36.05), (120.4, 36.06)])
    rows = [{"BH": "G1", "JG": "B1", "geometry": square(0, 0)}, {"BH": "G2", "JG": "B1", "geometry": bow_tie}]
    path = tmp_path / "cells.shp"
    layer(rows, "EPSG:4549").to_file(path, encoding="gb18030", engine="pyogrio")
    assert command("load", "cells", path, "--profile", tmp_path / "gis.toml")[0] == 0
    out = tmp_path / "rejects.csv"
    _, _, said = command("rejects", "--out", out)
    words = shlex.split(said.splitlines()[-1])
    assert words[words.index("--crs") + 1] == "EPSG:4549"
    frame = pd.read_csv(out, dtype=str)
    frame["geometry"] = gpd.GeoSeries([square(1, 0)], crs=4326).to_crs(4549).to_wkt(rounding_precision=6)
    frame.to_csv(out, index=False)
    code, told, _ = command(*words[1:])
    assert (code, "1 inserted" in told) == (0, True)
    with begin(record.engine, "test") as conn:
        found = frame_of(conn, "SELECT code, ST_AsBinary(geom) AS geom FROM cell ORDER BY code")
    assert found["code"].tolist() == ["G1", "G2"]
    assert shapely.from_wkb(bytes(found["geom"][1])).symmetric_difference(square(1, 0)).area < 1e-10


def test_rejected_rows_may_have_columns_called_like_ours(command: Any, record: Record, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("line,reasons,run_id,channel,reported_at\n7,none,8,110,\n")
    assert command("load", "incidents", path, "--map", "source_no=line")[0] == 2
    (row,) = json.loads(command("rejects", "--json")[1])
    assert (row["line"], row["reasons"]) == (2, ["reported_at is missing"])
    assert row["raw"] == {"line": "7", "reasons": "none", "run_id": "8", "channel": "110", "reported_at": None}
