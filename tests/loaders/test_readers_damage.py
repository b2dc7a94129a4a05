"""Files that are damaged or not what they seem end in one sentence that says what to do."""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from loaders.readers import open_source
from tests.loaders.layers import shapefile, squares
from tests.loaders.test_readers_sheets import workbook

TABLE = b"a,b\n" + b"1,2\n" * 5_000


def half(path: Path) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def saved(data: bytes, name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", TABLE)
    return folder / "t.zip"


def layer(suffix: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        squares(200).to_file(folder / f"t.{suffix}", engine="pyogrio")
        return folder / f"t.{suffix}"

    return make


def parquet(folder: Path) -> Path:
    pd.DataFrame({"a": range(5_000)}).to_parquet(folder / "t.parquet")
    return folder / "t.parquet"


def book(folder: Path) -> Path:
    return workbook(folder / "t.xlsx", a=[["a", "b"], [1, 2]])


def bad_member(folder: Path) -> Path:
    """A zip whose directory is whole and whose content is not."""
    path = zipped(folder)
    data = bytearray(path.read_bytes())
    data[45:60] = b"\xff" * 15
    path.write_bytes(data)
    return path


def locked_zip(folder: Path) -> Path:
    path = zipped(folder)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


NO_FEATURES = b'{"type":"FeatureCollection","features":[]}'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 1000

DAMAGE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no file": (lambda folder: folder / "none.csv", "no file"),
    "a folder": (lambda folder: folder, "is a folder"),
    "no bytes": (saved(b"", "t.csv"), "empty"),
    "only titles": (saved(b"a,b\n", "t.csv"), "not one row"),
    "only blank lines": (saved(b"\n\n\n", "t.csv"), "no column titles"),
    "an unknown ending": (saved(b"a", "t.dat"), "no ending"),
    "a part of a shapefile": (saved(b"a", "t.dbf"), "name the .shp"),
    "a cut-off gzip": (lambda folder: half(saved(gzip.compress(TABLE), "t.csv.gz")(folder)), "cut off"),
    "a layer in a gzip": (saved(gzip.compress(TABLE), "t.geojson.gz"), "gunzip"),
    "a cut-off zip": (lambda folder: half(zipped(folder)), "not a complete zip"),
    "a zip with a bad member": (bad_member, "not a complete zip"),
    "a zip with a password": (locked_zip, "password"),
    "a cut-off workbook": (lambda folder: half(book(folder)), "not a complete Excel"),
    "a workbook with a password": (saved(LOCKED, "t.xlsx"), "protected by a password"),
    "a broken old workbook": (saved(OLE, "t.xls"), "not a complete Excel"),
    "an empty workbook": (lambda folder: workbook(folder / "t.xlsx", a=[]), "is empty"),
    "cut-off GeoJSON": (lambda folder: half(layer("geojson")(folder)), "cut off or not JSON"),
    "other JSON": (saved(json.dumps({"a": 1}).encode(), "t.json"), "no GeoJSON"),
    "GeoJSON in GBK": (saved('{"type":"FeatureCollection","名":[}'.encode("gbk"), "t.geojson"), "not UTF-8"),
    "GeoJSON without features": (saved(NO_FEATURES, "t.geojson"), "not one row"),
    "a cut-off GeoPackage": (lambda folder: half(layer("gpkg")(folder)), "not a complete GeoPackage"),
    "a cut-off Parquet": (lambda folder: half(parquet(folder)), "not a complete Parquet"),
    "a cut-off shapefile": (lambda folder: half(shapefile(folder, count=50)), "not complete"),
    "a shapefile without .dbf": (lambda folder: shapefile(folder, drop=(".dbf",)), "without its .dbf"),
    "a shapefile without .shx": (lambda folder: shapefile(folder, drop=(".shx",)), "without its .shx"),
    "a workbook called .csv": (lambda folder: book(folder).rename(folder / "t.csv"), "rename it to end in .xlsx"),
    "text called .xlsx": (saved(TABLE, "t.xlsx"), "holds text, not an Excel workbook"),
    "a web page called .xls": (saved(b"<html><table></table></html>", "t.xls"), "a web page"),
    "text called .gpkg": (saved(TABLE, "t.gpkg"), "holds text, not a GeoPackage"),
    "a quote never closed": (saved(b'a,b\n1,2\n3,"4\n5,6\n', "t.csv"), "opens in line 3 is never closed"),
    "a title twice": (saved(b"a,b,a\n1,2,3\n", "t.csv"), "'a' 2 times .columns 1, 3."),
    "a kept title": (saved(b"a,__broken__\n1,2\n", "t.csv"), "rename it"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_ends_in_one_sentence(tmp_path: Path, case: str) -> None:
    make, said = DAMAGE[case]
    with pytest.raises(InputError, match=said) as caught:
        open_source(make(tmp_path))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "make", [zipped, layer("gpkg"), layer("geojson"), parquet, saved(gzip.compress(TABLE), "t.csv.gz")]
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_flipped_or_lost_bytes_never_end_in_anything_but_input_error(
    tmp_path: Path, make: Callable[[Path], Path], data: st.DataObject
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    path = make(tmp_path)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 255))
    else:
        del content[at:]
    path.write_bytes(content)
    try:
        with open_source(path) as source:
            for _ in source.chunks():
                pass
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - damage may also go unnoticed
