"""Incidents on their way in: categories looked up, points placed into cells, contents hashed."""

import pandas as pd
from sqlalchemy import Connection

from db.catalogue import NO_CATEGORY, category_ids, ensure_channels
from db.incidents import PERSONAL, write_incidents
from db.outcome import Outcome
from db.record import Record
from loaders.hashing import keyed_hashes
from loaders.options import LoadOptions
from loaders.placing import Placer
from loaders.repeats import Repeats
from loaders.writing import Writer

TEXTS = ("category", "address", "cell_label", "beat_label", "matter", *PERSONAL)
NUMBERS = ("lon", "lat", "severity", "radius_m")
HASHED = ("channel", "source_no", "reported_at", *TEXTS, *NUMBERS)


class IncidentWriter(Writer):
    """Writes incidents; cells are read once, so one load works on one state of the boundaries."""

    def __init__(self, record: Record, options: LoadOptions, placer: Placer | None = None) -> None:
        """`placer`: one that has read cells and addresses before, to be used again."""
        self._keys = record.keys
        self._placer = placer or Placer(options.snap_m)
        self._repeats = Repeats("number")

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Place and write a chunk of checked incidents."""
        outcome = Outcome()
        rows = self._first_only(self._hashed(rows), outcome)
        ensure_channels(conn, rows["channel"].unique(), outcome)
        named = rows["category"].where(rows["category"].notna(), NO_CATEGORY)
        ids = category_ids(conn, named.unique(), outcome)
        rows, candidates = self._placer.place(conn, rows.assign(category_id=named.map(ids)))
        written = write_incidents(conn, rows, self._keys, run_id, candidates)
        _note_doubt(rows, written)
        written.labels |= outcome.labels
        written.rejects |= outcome.rejects
        written.notes.update(outcome.notes)
        return written

    def remember(self, rows: pd.DataFrame) -> None:
        """Note the numbers of a chunk that is written already."""
        self._first_only(self._hashed(rows), Outcome())

    def _hashed(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.reindex(columns=list(HASHED)).assign(content_hash=keyed_hashes(rows, HASHED, self._keys))

    def _first_only(self, rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
        numbers = zip(rows["channel"], rows["source_no"], strict=True)
        return self._repeats.first_only(rows, numbers, rows["content_hash"], outcome)


def _note_doubt(rows: pd.DataFrame, outcome: Outcome) -> None:
    """Tell how many were placed by their address, and how many lie in doubt between cells."""
    by_address = int((rows["placed_by"] == "address").sum())
    if by_address:
        outcome.notes["incidents without coordinates were placed by their address"] += by_address
    if rows["ambiguous"].any():
        outcome.notes["incidents may lie in more than one cell: manage.py queue list"] += int(rows["ambiguous"].sum())
