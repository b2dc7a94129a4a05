"""Cell and beat of every row of a file: placing without recording anything."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.beats import holders
from db.bulk import frame_of
from db.cells import dated_cells
from db.city import city
from db.engine import begin
from db.record import Record
from geo.crs import parse_crs, to_wgs84
from geo.errors import InputError, NotFound
from grids.placing import DatedCells
from loaders.options import LoadOptions
from loaders.readers import BROKEN, GEOMETRY, RECORD, Source, open_source

ADDED = ("cell", "beat", "placed_by", "snapped_m")


@dataclass(frozen=True)
class Located:
    """The file's rows in their order with ADDED at the end, and remarks on how many lie in a cell."""

    rows: pd.DataFrame
    remarks: list[str]


def locate_file(
    record: Record, path: Path, lon: str, lat: str, options: LoadOptions, at: datetime | None = None
) -> Located:
    """Place the point of every row on the boundaries of `at` (a naive time is the city's; default: now).

    A column of the file's own that is called like one of ADDED is kept as "… in file". A row without two numbers is in
    no cell; snapped_m is in metres. Raises InputError for columns that are not there, NotFound before cells are.
    """
    with open_source(path, sheet=options.sheet, layer=options.layer, encoding=options.encoding) as source:
        frame, (lon, lat) = _rows(source), (_column(source, name) for name in (lon, lat))
    x, y = (pd.to_numeric(frame[column], errors="coerce").to_numpy(float) for column in (lon, lat))
    given = np.isfinite(x) & np.isfinite(y)
    x, y = to_wgs84(x, y, parse_crs(options.crs or "EPSG:4326"))
    with begin(record.engine, record.actor) as conn:
        placed = _placed(conn, np.asarray(x), np.asarray(y), options.snap_m, at)
    kept = frame.rename(columns={name: f"{name} in file" for name in ADDED if name in frame})
    rows = pd.concat([kept, placed.set_index(frame.index)], axis=1)
    return Located(rows, _remarks(placed, given))


def _rows(source: Source) -> pd.DataFrame:
    frame = pd.concat(list(source.chunks()))
    if BROKEN in frame:
        lines = frame.index[frame[BROKEN].notna()]
        raise InputError(
            f"{source.path.name} has rows that cannot be split, first in line {lines[0]}"
            f" ({frame[BROKEN].dropna().iloc[0]}): mend them first."
        )
    return frame.drop(columns=[name for name in (GEOMETRY, BROKEN, RECORD) if name in frame and source.has_geometry])


def _column(source: Source, wanted: str) -> str:
    found = [name for name in source.columns if name == wanted or name.casefold() == wanted.casefold()]
    if not found:
        raise InputError(f"{source.path.name} has no column {wanted!r}: it has {', '.join(source.columns)}.")
    return wanted if wanted in found else found[0]


def _placed(conn: Connection, x: np.ndarray, y: np.ndarray, snap_m: float, at: datetime | None) -> pd.DataFrame:
    at = at or datetime.now(UTC)
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(city(conn).zone))
    cells = dated_cells(conn)
    if cells.empty:
        raise NotFound("There are no cells yet: load cells first.")
    beats = frame_of(conn, "SELECT id, code FROM beat").set_index("id")["code"]
    placed = DatedCells(cells).place(x, y, pd.Series(pd.Timestamp(at), index=range(len(x))), snap_m)
    ids = pd.Series(placed.cell)
    return pd.DataFrame({
        "cell": ids.map(cells.set_index("id")["code"]), "beat": ids.map(holders(conn, at)).map(beats),
        "placed_by": placed.placed_by, "snapped_m": np.round(placed.snapped_m, 2),
    })  # fmt: skip


def _remarks(placed: pd.DataFrame, given: np.ndarray) -> list[str]:
    inside, snapped = int(placed["cell"].notna().sum()), int((placed["placed_by"] == "snap").sum())
    told = f"{inside:,} of {len(placed):,} points lie in a cell" + (f", {snapped:,} of them snapped" if snapped else "")
    remarks = [f"{told}."]
    if not given.all():
        remarks.append(f"{int((~given).sum()):,} rows have no two numbers and are in no cell.")
    if given.any() and not inside:
        remarks.append("None lies in a cell: are --lon and --lat swapped, or is --crs another?")
    return remarks
