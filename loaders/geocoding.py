"""`geocode`: places every address of a file from a gazetteer file, without a database."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from geo.crs import parse_crs, to_wgs84
from geo.errors import InputError
from geo.gazetteer import COLUMNS, Gazetteer
from loaders.fields import fields_of
from loaders.mapping import plan_mapping
from loaders.profiles import load_profile
from loaders.readers import BROKEN, RECORD, Source, open_source

BLOCK_ROWS = 20_000


def geocode_file(
    path: Path,
    column: str,
    base: Path,
    *,
    district: str | None = None,
    crs: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """The file's rows in their order with lon, lat (WGS-84), radius_m, method, score, matched at the end.

    base: a table with address, lon, lat (in `crs`, default WGS-84) and, where known, district, street, community, name.
    district: the column that says an address's district. Raises InputError for columns that are not there.
    """
    gazetteer = Gazetteer(read_base(base, crs))
    with open_source(path) as source:
        frame = _whole(source)
    for named in (column, *([district] if district else [])):
        if named not in frame:
            raise InputError(f"{path.name} has no column {named!r}: it has {', '.join(map(str, frame.columns))}.")
    parts = []
    for start in range(0, len(frame), BLOCK_ROWS):
        block = frame.iloc[start : start + BLOCK_ROWS]
        parts.append(gazetteer.locate(_texts(block[column]), _texts(block[district]) if district else None))
        if progress is not None:
            progress(min(start + BLOCK_ROWS, len(frame)), len(frame))
    found = pd.concat(parts, ignore_index=True).set_axis(frame.index)
    kept = frame.rename(columns={name: f"{name} in file" for name in COLUMNS if name in frame})
    return pd.concat([kept, found], axis=1)


def read_base(path: Path, crs: str | None = None) -> pd.DataFrame:
    """A gazetteer file as address, lon, lat (WGS-84) and what else it knows; titles as the loader `addresses` knows."""
    with open_source(path) as source:
        mapping = plan_mapping(source.columns, "addresses", load_profile(), {}, False)
        frame = _whole(source)
    names = [field.name for field in fields_of("addresses") if field.name in mapping.columns]
    table = pd.DataFrame({name: frame[mapping.columns[name]] for name in names})
    lon, lat = (pd.to_numeric(table[name], errors="coerce").to_numpy(float) for name in ("lon", "lat"))
    lon, lat = to_wgs84(lon, lat, parse_crs(crs or "EPSG:4326"))
    return table.assign(lon=np.asarray(lon), lat=np.asarray(lat)).reset_index(drop=True)


def summary(found: pd.DataFrame) -> str:
    """How many addresses were placed, and how."""
    answered = int(found["lon"].notna().sum())
    methods = ", ".join(f"{method} {count:,}" for method, count in found["method"].value_counts().items())
    return f"{answered:,} of {len(found):,} addresses were placed ({methods})."


def _whole(source: Source) -> pd.DataFrame:
    frame = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=source.columns)])
    if BROKEN in frame:
        first = frame.index[frame[BROKEN].notna()][0]
        raise InputError(f"{source.path.name} has rows that cannot be split, first in line {first}: mend them first.")
    return frame.drop(columns=[name for name in (BROKEN, RECORD) if name in frame])


def _texts(values: pd.Series) -> list[str]:
    return ["" if value is None or value != value else str(value) for value in values]
