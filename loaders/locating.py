"""Cell and beat of every row of a file: placing without recording anything."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from db.beats import holders
from db.bulk import frame_of
from db.cells import dated_cells
from db.engine import begin
from db.record import Record
from geo.crs import parse_crs, to_wgs84
from geo.errors import InputError
from grids.placing import DatedCells
from loaders.readers import open_source


def locate_file(
    record: Record, path: Path, lon: str, lat: str, crs: str | None, snap_m: float, at: datetime | None
) -> pd.DataFrame:
    """The file's rows in order with cell, beat, placed_by and snapped_m (metres) added.

    Raises InputError for columns that are not there. A row without two numbers is in no cell.
    """
    at = at or datetime.now(UTC)
    with open_source(path) as source:
        frame = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=source.columns)])
    for column in (lon, lat):
        if column not in frame:
            raise InputError(f"{path.name} has no column {column!r}: it has {', '.join(map(str, frame.columns))}.")
    x, y = (pd.to_numeric(frame[column], errors="coerce").to_numpy(float) for column in (lon, lat))
    x, y = to_wgs84(x, y, parse_crs(crs or "EPSG:4326"))
    with begin(record.engine, record.actor) as conn:
        cells = dated_cells(conn)
        beat_of = holders(conn, at)
        beats = frame_of(conn, "SELECT id, code FROM beat").set_index("id")["code"]
    instants = pd.Series(pd.Timestamp(at), index=range(len(frame)))
    placed = DatedCells(cells).place(x, y, instants, snap_m)
    codes = cells.set_index("id")["code"]
    ids = pd.Series(placed.cell, index=frame.index)
    return frame.assign(
        cell=ids.map(codes),
        beat=ids.map(beat_of).map(beats),
        placed_by=placed.placed_by,
        snapped_m=np.round(placed.snapped_m, 2),
    )
