"""Writes frames as files whose content depends on nothing but the frames."""

import csv
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyogrio

FIXED_DATE = "2026-01-01T00:00:00.000Z"


def write_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """GeoJSON (RFC 7946), six decimals: every vertex of the city lies on that lattice."""
    _replace(path)
    pyogrio.write_dataframe(frame, path, driver="GeoJSON", COORDINATE_PRECISION=6, RFC7946="NO")


def write_gpkg(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    """GeoPackage with one layer; the date inside is fixed."""
    _replace(path)
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    try:
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer=layer)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def write_text(frame: pd.DataFrame, path: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Small tables: CSV or TSV in any encoding, empty for what is missing."""
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(_plain(frame))


def write_big_csv(frame: pd.DataFrame, path: Path, *, encoding: str = "utf-8", quoted: bool = False) -> None:
    """Large tables, written by Arrow, and recoded if they must not be UTF-8; `quoted` where texts hold commas."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pa_csv.write_csv(table, path, pa_csv.WriteOptions(quoting_style="needed" if quoted else "none"))
    if encoding != "utf-8":
        path.write_bytes(path.read_bytes().decode().encode(encoding))


def write_xlsx(frame: pd.DataFrame, path: Path, sheet: str) -> None:
    """A workbook with one sheet, titles in the first row."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.append(list(frame.columns))
    for row in _plain(frame):
        page.append(row)
    book.save(path)


def _plain(frame: pd.DataFrame) -> list[list[object]]:
    """Rows of plain Python values, None for what is missing."""
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return [list(row) for row in rows]


def _replace(path: Path) -> None:
    path.unlink(missing_ok=True)
