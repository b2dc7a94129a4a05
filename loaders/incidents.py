"""Incidents on their way in: categories looked up, points placed into cells, contents hashed."""

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.catalogue import NO_CATEGORY, category_ids, ensure_channels
from db.cells import dated_cells
from db.incidents import PERSONAL, write_incidents
from db.outcome import Outcome
from db.record import Record
from grids.placing import NOWHERE, DatedCells
from loaders.hashing import keyed_hashes
from loaders.options import LoadOptions
from loaders.writing import Writer

TEXTS = ("category", "address", "cell_label", "beat_label", "matter", *PERSONAL)
NUMBERS = ("lon", "lat", "severity", "radius_m")
HASHED = ("channel", "source_no", "reported_at", *TEXTS, *NUMBERS)


class IncidentWriter(Writer):
    """Writes incidents; cells are read once, so one load works on one state of the boundaries."""

    def __init__(self, record: Record, options: LoadOptions) -> None:
        self._keys = record.keys
        self._snap_m = options.snap_m
        self._cells: DatedCells | None = None
        self._seen: dict[tuple[str, str], tuple[bytes, int]] = {}

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Place and write a chunk of checked incidents."""
        outcome = Outcome()
        rows = self._without_repeats(self._hashed(rows), outcome)
        ensure_channels(conn, rows["channel"].unique(), outcome)
        named = rows["category"].where(rows["category"].notna(), NO_CATEGORY)
        ids = category_ids(conn, named.unique(), outcome)
        rows = self._placed(conn, rows.assign(category_id=named.map(ids)))
        written = write_incidents(conn, rows, self._keys, run_id)
        written.labels |= outcome.labels
        written.rejects |= outcome.rejects
        written.notes.update(outcome.notes)
        return written

    def _placed(self, conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
        if self._cells is None:
            self._cells = DatedCells(dated_cells(conn))
        lon, lat = rows["lon"].to_numpy(float, na_value=np.nan), rows["lat"].to_numpy(float, na_value=np.nan)
        placed = self._cells.place(lon, lat, rows["reported_at"], self._snap_m)
        now = placed.cell.copy()
        stale = ~self._cells.current(now)
        now[stale] = self._cells.place_now(lon[stale], lat[stale])
        return rows.assign(
            cell_then=_ids(placed.cell, rows.index),
            cell_now=_ids(now, rows.index),
            placed_by=placed.placed_by,
            snapped_m=placed.snapped_m,
        )

    def remember(self, rows: pd.DataFrame) -> None:
        """Note the numbers of a chunk that is written already."""
        self._without_repeats(self._hashed(rows), Outcome())

    def _hashed(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.reindex(columns=list(HASHED)).assign(content_hash=keyed_hashes(rows, HASHED, self._keys))

    def _without_repeats(self, rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
        """The first row of each number in the file; a later one is unchanged when alike, rejected when it differs."""
        repeated = []
        numbers = zip(rows.index, rows["channel"], rows["source_no"], rows["content_hash"], strict=True)
        for line, channel, source_no, digest in numbers:
            before, first = self._seen.setdefault((channel, source_no), (digest, line))
            if first == line:
                continue
            repeated.append(line)
            if before == digest:
                outcome.label([line], "unchanged")
            else:
                reason = f"the number {channel}:{source_no} is already in line {first} with other content"
                outcome.reject(int(line), reason)
        return rows.drop(index=repeated) if repeated else rows


def _ids(values: "np.ndarray[Any, np.dtype[np.int64]]", index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype="Int64").replace(NOWHERE, pd.NA)
