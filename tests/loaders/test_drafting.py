"""Drafts from files: cut, numbered, written, loaded unchanged; what cannot be drafted is refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

import manage
from db.engine import begin
from db.record import Record
from geo.codes import check_code
from geo.errors import InputError
from geo.metric import MetricPlane
from geo.topology import check_cells
from geo.vertices import as_shapes
from loaders.boundaries import check_record
from tests.loaders.town import load

WEST, EAST = shapely.box(120.3, 36.0, 120.31, 36.01), shapely.box(120.31, 36.0, 120.32, 36.012)
CODES = ["370202001001", "370202001002"]


def areas(folder: Path, file: str = "areas.geojson", crs: str = "EPSG:4326", **columns: Any) -> Path:
    """Two neighbouring communities as a layer; a column told None is left out."""
    told = {"code": CODES, "name": ["甲社区", "乙社区"], "level": ["community"] * 2} | columns
    frame = pd.DataFrame({column: values for column, values in told.items() if values is not None})
    path = folder / file
    gpd.GeoDataFrame(frame, geometry=[WEST, EAST], crs="EPSG:4326").to_crs(crs).to_file(path)
    return path


def draft(path: Path, *words: object) -> Any:
    """`manage.py draft` to its end, with an error as the exception of the result."""
    out = path.with_name("cells.geojson")
    return CliRunner().invoke(manage.app, ["draft", str(path), "--out", str(out), *map(str, words)])


def drawn(path: Path, *words: object) -> gpd.GeoDataFrame:
    result = draft(path, *words)
    assert result.exit_code == 0, result.output or result.exception
    return gpd.read_file(path.with_name("cells.geojson"))


def refused(path: Path, *words: object) -> str:
    result = draft(path, *words)
    assert isinstance(result.exception, InputError), result.output
    assert not path.with_name("cells.geojson").exists()
    return str(result.exception)


@pytest.mark.parametrize("words", ["--size 250", "--shape hexagon --size 150", "--shape balanced --size 300"])
def test_a_draft_covers_its_communities_with_numbered_cells_that_fit(tmp_path: Path, words: str) -> None:
    cells = drawn(areas(tmp_path), *words.split())
    assert list(cells.columns) == ["code", "name", "community", "kind", "households", "geometry"]
    assert cells["code"].is_unique
    assert not any(check_code(code) for code in cells["code"])
    assert (cells["code"].str[:12] == cells["community"]).all()
    assert set(cells["community"]) == set(CODES)
    assert set(cells["kind"]) == {"basic"}
    assert cells["name"].is_unique
    communities = pd.DataFrame({"code": CODES, "geometry": [WEST, EAST]})
    assert check_cells(pd.DataFrame(cells[["code", "geometry"]]), communities) == []


def test_codes_run_from_west_to_east_in_rows_from_the_north(tmp_path: Path) -> None:
    cells = drawn(areas(tmp_path), "--size", 400)
    first = cells[cells["community"] == CODES[0]].sort_values("code").geometry.representative_point()
    assert first.iloc[0].y > first.iloc[-1].y
    assert first.iloc[0].x < first.iloc[1].x


def test_a_draft_is_loaded_unchanged_and_the_record_is_sound(tmp_path: Path, record: Record) -> None:
    path = areas(tmp_path)
    count = len(drawn(path, "--size", 250))
    load(record, "areas", path)
    report = load(record, "cells", tmp_path / "cells.geojson")
    assert (report.counts["inserted"], report.counts["read"]) == (count, count)
    assert report.unknown_columns == []
    with begin(record.engine, "test") as conn:
        found = check_record(conn)
    assert (found.cells, found.communities) == (count, 2)
    assert {each.kind for each in found.findings} == {"beatless"}


@pytest.mark.parametrize(
    ("name", "columns"),
    [("a.gpkg", {}), ("a.shp", {"level": None}), ("a.geojson", {"code": None, "区划代码": CODES, "level": None})],
)
def test_communities_are_read_from_any_layer_and_by_known_titles(
    tmp_path: Path, name: str, columns: dict[str, Any]
) -> None:
    crs = "EPSG:4326" if name.endswith("json") else "EPSG:4549"
    cells = drawn(areas(tmp_path, name, crs, **columns), "--size", 300)
    assert set(cells["community"]) == set(CODES)
    assert cells.geometry.union_all().symmetric_difference(WEST | EAST).area < 1e-9


def test_only_communities_are_cut_where_levels_are_given(tmp_path: Path) -> None:
    cells = drawn(areas(tmp_path, level=["community", "street"]), "--size", 300)
    assert set(cells["community"]) == {CODES[0]}


def test_balanced_cells_hold_about_their_target_and_cross_no_road(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    homes = pd.DataFrame({"lon": dice.uniform(120.3, 120.32, 900), "lat": dice.uniform(36.0, 36.01, 900)})
    homes.assign(户数=dice.integers(1, 6, 900)).to_csv(tmp_path / "homes.csv", index=False)
    roads = [shapely.LineString([(120.29, y), (120.33, y)]) for y in np.arange(36.0005, 36.012, 0.001)]
    roads += [shapely.LineString([(x, 35.99), (x, 36.02)]) for x in np.arange(120.3005, 120.32, 0.001)]
    gpd.GeoDataFrame(geometry=roads, crs="EPSG:4326").to_file(tmp_path / "roads.gpkg")
    words = ["--shape", "balanced", "--target", 300, "--homes", tmp_path / "homes.csv"]
    cells = drawn(areas(tmp_path), *words, "--lines", tmp_path / "roads.gpkg")
    told = pd.read_csv(tmp_path / "homes.csv")["户数"].sum()
    assert cells["households"].sum() == told
    assert cells["households"].between(200, 400).all()
    lines = shapely.union_all([*roads, WEST.boundary, EAST.boundary]).buffer(1e-8)
    assert all(line.within(lines) for line in cells.geometry.boundary)


def test_households_are_counted_in_squares_too_one_a_point(tmp_path: Path) -> None:
    (tmp_path / "homes.csv").write_text("lon,lat\n120.301,36.001\n120.3011,36.001\n120.315,36.005\n")
    cells = drawn(areas(tmp_path), "--size", 300, "--homes", tmp_path / "homes.csv")
    assert sorted(cells["households"])[-2:] == [1, 2]
    assert cells["households"].sum() == 3


def test_json_tells_counts_and_sizes(tmp_path: Path) -> None:
    path = areas(tmp_path)
    answer = json.loads(draft(path, "--size", 250, "--json").output)
    cells = gpd.read_file(tmp_path / "cells.geojson")
    assert (answer["cells"], answer["communities"], answer["households"]) == (len(cells), 2, None)
    sizes = shapely.area(MetricPlane(as_shapes(cells.geometry)).lay(as_shapes(cells.geometry)))
    assert (answer["smallest_m2"], answer["largest_m2"]) == (round(sizes.min()), round(sizes.max()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "--size METRES for the side of a square"), ("--size 0", "metres above 0"), ("--size -5", "above 0"),
        ("--size 2", "999 is the most"), ("--shape circle --size 9", "square, hexagon, balanced"),
        ("--size 200 --target 9", "give --shape balanced and --homes"), ("--shape balanced", "--target HOUSEHOLDS"),
        ("--shape balanced --size 0", "metres above 0"), ("--size 200 --crs moon", "not known"),
        ("--size 200 --crs EPSG:4549", "line 1: geometry lies outside"),
        ("--size 200 --map code=CODE2", "no such column"), ("--size 200 --homes none.csv", "There is no file none.csv"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_fulfilled_is_refused_with_what_to_do(tmp_path: Path, words: str, said: str) -> None:
    assert said in refused(areas(tmp_path), *words.split())


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"code": None}, "areas need code"), ({"code": [None, CODES[1]]}, "line 1: code is missing"),
        ({"code": ["C1", "C2"]}, "not 12 digits"), ({"name": None}, "areas need name"),
        ({"level": ["street", "city"]}, "holds no communities"), ({"code": [CODES[0]] * 2}, "line 2: the number"),
    ],
)  # fmt: skip
def test_areas_that_cannot_be_numbered_are_refused(tmp_path: Path, columns: dict[str, Any], said: str) -> None:
    assert said in refused(areas(tmp_path, **columns), "--size", 300)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lon,lat,households\n120.3,36.0,many\n", "line 2: 'many' is no number of households"),
        ("lon,lat,households\n120.3,36.0,-1\n", "line 2: '-1' is no number"),
        ("lon,lat\n120.3,\n", "line 2: lon is given without lat"), ("lon,lat\n36.0,120.3\n", "look swapped"),
        ("lon,lat,a\n,,x\n", "line 2: a home needs lon and lat"),
    ],
)  # fmt: skip
def test_homes_that_cannot_be_counted_are_refused_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "homes.csv").write_text(text)
    words = ["--shape", "balanced", "--target", 300, "--homes", tmp_path / "homes.csv"]
    assert said in refused(areas(tmp_path), *words)


def test_a_layer_is_written_only_as_geojson_and_into_a_folder_that_is_there(tmp_path: Path) -> None:
    for out, said in (("x.csv", "ending .geojson"), ("none/x.geojson", "there is no folder")):
        result = CliRunner().invoke(manage.app, ["draft", str(areas(tmp_path)), "--size", "300", "--out", out])
        assert said in str(result.exception)


def test_check_codes_lists_the_wrong_ones_with_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_text(f"网格编号\n{CODES[0]}001\n{CODES[0]}01\n{CODES[0]}000\n")
    result = CliRunner().invoke(manage.app, ["check", "codes", str(path)])
    assert result.exit_code == 2
    assert "3 codes checked: 2 wrong" in result.output
    assert "line 3: 37020200100101 has 14 digits instead of 15" in result.output
    assert "line 4: 370202001001000 has zeros where the cell stands" in result.output
    told = json.loads(CliRunner().invoke(manage.app, ["check", "codes", str(path), "--json"]).output)
    assert (told["checked"], told["wrong"], [each["line"] for each in told["codes"]]) == (3, 2, [3, 4])


def test_check_codes_of_a_draft_finds_nothing_and_of_a_row_without_code_says_so(tmp_path: Path) -> None:
    path = areas(tmp_path)
    drawn(path, "--size", 300)
    result = CliRunner().invoke(manage.app, ["check", "codes", str(tmp_path / "cells.geojson")])
    assert (result.exit_code, "0 wrong" in result.output) == (0, True)
    bare = areas(tmp_path, "bare.geojson", code=[CODES[0] + "001", None])
    assert "line 2: it has no code" in CliRunner().invoke(manage.app, ["check", "codes", str(bare)]).output
    nameless = CliRunner().invoke(manage.app, ["check", "codes", str(areas(tmp_path, "n.geojson", code=None))])
    assert "cells need code" in str(nameless.exception)
