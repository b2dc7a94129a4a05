"""Assignments as files: (cell, beat) read from CSV, Excel or GeoPackage with their lines, and written to them."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import InputError
from loaders.files_out import ENDINGS, check_out, write_table
from loaders.readers import BROKEN, open_source

LAYER = "assignment"
# Titles under which sheets have these columns, in any case.
TITLES = {
    "cell": ("cell", "cell_code", "code", "网格", "网格编码", "网格代码"),
    "beat": ("beat", "beat_code", "警格", "警格编码", "警格代码"),
}


def read_assignment(path: Path, sheet: str | None = None, layer: str | None = None) -> pd.DataFrame:
    """cell, beat (text; None for an empty field) of a file, index: its lines.

    Raises InputError for a file that cannot be read or has no such columns.
    """
    with open_source(path, sheet=sheet, layer=layer, encoding=None) as source:
        rows = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=list(source.columns))])
        columns = {field: _column(list(source.columns), field, path) for field in TITLES}
    rows = rows[rows[BROKEN].isna()] if BROKEN in rows else rows
    # Object columns, since pandas would make its own NaN of None in a column of text.
    told = {field: np.array([_text(each) for each in rows[column]], object) for field, column in columns.items()}
    return pd.DataFrame(told, index=rows.index, dtype=object)


def write_assignment(frame: pd.DataFrame, out: Path) -> None:
    """Write db.planning.exchange.sheet_of to .csv, .xlsx or .gpkg (with the cells' shapes, WGS-84).

    Raises InputError for another ending or a file that cannot be written.
    """
    if out.suffix.lower() != ".gpkg":
        if out.suffix.lower() not in ENDINGS:
            raise InputError(f"{out}: an assignment is written as .csv, .xlsx or .gpkg, so give the file that ending.")
        write_table(frame.drop(columns="geometry", errors="ignore"), out)
        return
    check_out(out.with_suffix(".csv"))
    try:
        gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326").to_file(out, layer=LAYER, driver="GPKG")
    except (OSError, ValueError) as error:
        raise InputError(f"{out} cannot be written ({error}): close it where it is open or choose another.") from None


def _column(columns: list[str], field: str, path: Path) -> str:
    for title in TITLES[field]:
        found = [column for column in columns if column.strip().lower() == title]
        if found:
            return found[0]
    raise InputError(f"{path.name} has no column for the {field}: name one of its columns {field!r}.")


def _text(value: object) -> str | None:
    told = "" if value is None or value is pd.NA or value != value else str(value).strip()
    return told or None
