"""GIS layers and Parquet: attributes as text, geometry as shapes, the file's own CRS."""

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from loaders.readers import open_source
from tests.loaders.layers import shapefile, squares


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp", "parquet"])
def test_every_format_gives_the_same_rows(tmp_path: Path, suffix: str) -> None:
    made, path = squares(5, households=[1, 2, 3, 4, 5]), tmp_path / f"cells.{suffix}"
    made.to_parquet(path) if suffix == "parquet" else made.to_file(path, engine="pyogrio")
    with open_source(path) as source:
        frame = pd.concat(list(source.chunks(2)))
        rest = pd.concat(list(source.chunks(2, start=3)))
        assert (source.total, source.crs, source.has_geometry) == (5, "EPSG:4326", True)
        assert source.columns == ["code", "name", "households"]
    assert frame.index.tolist() == [1, 2, 3, 4, 5]
    assert frame["name"].tolist() == ["网格0", "网格1", "网格2", "网格3", "网格4"]
    assert frame["households"].tolist() == list("12345")
    assert all(shapely.equals_exact(frame["geometry"].to_numpy(), made.geometry.to_numpy(), 1e-6, normalize=True))
    assert (rest.index.tolist(), rest["code"].tolist()) == ([4, 5], ["C3", "C4"])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_shapefile_without_cpg_is_read_in_the_encoding_of_its_table(tmp_path: Path, encoding: str) -> None:
    with open_source(shapefile(tmp_path, encoding, drop=(".cpg",))) as source:
        assert next(source.chunks())["name"].tolist() == ["网格0", "网格1", "网格2"]


def test_a_zipped_shapefile_is_read_from_any_folder_inside(tmp_path: Path) -> None:
    path = shapefile(tmp_path, drop=(".prj",))
    with zipfile.ZipFile(tmp_path / "cells.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
        for part in tmp_path.glob("cells.*"):
            if part.suffix != ".zip":
                archive.write(part, f"导出/{part.name}")
    with open_source(tmp_path / "cells.zip") as source:
        assert (source.path.name, source.format, source.crs) == ("cells.zip", "shapefile", None)
        assert len(next(source.chunks())) == 3
        folder = source.file.parent
    assert path.exists()
    assert not folder.exists()


def test_a_projected_layer_names_its_crs(tmp_path: Path) -> None:
    squares().to_crs("EPSG:4549").to_file(tmp_path / "t.gpkg", engine="pyogrio")
    with open_source(tmp_path / "t.gpkg") as source:
        assert source.crs == "EPSG:4549"


def test_a_parquet_table_without_geometry_is_a_table(tmp_path: Path) -> None:
    pd.DataFrame({"编号": [1, 2], "时间": [pd.Timestamp("2026-03-04"), pd.NaT]}).to_parquet(tmp_path / "t.parquet")
    with open_source(tmp_path / "t.parquet") as source:
        assert not source.has_geometry
        assert next(source.chunks()).to_numpy().tolist() == [["1", "2026-03-04 00:00:00"], ["2", None]]


def test_two_layers_ask_which(tmp_path: Path) -> None:
    for layer in ("网格", "警格"):
        squares().to_file(tmp_path / "t.gpkg", layer=layer, engine="pyogrio")
    with pytest.raises(InputError, match="'网格' or '警格' with --layer"):
        open_source(tmp_path / "t.gpkg")
    with pytest.raises(InputError, match="no layer '街道'"):
        open_source(tmp_path / "t.gpkg", layer="街道")
    with open_source(tmp_path / "t.gpkg", layer="警格") as source:
        assert source.part == "警格"


def test_a_zip_with_several_tables_asks_which(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y\n3,4\n")
    with pytest.raises(InputError, match=r"a\.csv, b\.csv"):
        open_source(tmp_path / "t.zip")
    with open_source(tmp_path / "t.zip", layer="b") as source:
        assert next(source.chunks()).iloc[0].tolist() == ["3", "4"]


def test_missing_geometry_and_z_values_come_through(tmp_path: Path) -> None:
    made = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[shapely.Point(1, 2, 3), None], crs="EPSG:4326")
    made.to_file(tmp_path / "t.gpkg", engine="pyogrio")
    with open_source(tmp_path / "t.gpkg") as source:
        shapes = next(source.chunks())["geometry"].tolist()
    assert shapes[0].has_z
    assert shapes[1] is None


@pytest.mark.realdata
def test_the_real_files_are_read_whole(realdata: Path) -> None:
    totals = {
        "chicago/police_beats.zip": 277,
        "chicago/incidents_2019_50k.csv.gz": 50_000,
        "qingdao/areas_osm.geojson": 146,
    }
    for name, total in totals.items():
        with open_source(realdata / name) as source:
            assert source.total == sum(len(chunk) for chunk in source.chunks()) == total
