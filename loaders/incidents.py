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
from loaders.writing import Writer

TEXTS = ("category", "address", "cell_label", "beat_label", "matter", *PERSONAL)
NUMBERS = ("lon", "lat", "severity", "radius_m")
HASHED = ("channel", "source_no", "reported_at", *TEXTS, *NUMBERS)


class IncidentWriter(Writer):
    """Writes incidents; cells are read once, so one load works on one state of the boundaries."""

    def __init__(self, record: Record, options: LoadOptions) -> None:
        self._keys = record.keys
        self._placer = Placer(options.snap_m)
        self._seen: dict[tuple[str, str], tuple[bytes, int]] = {}

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Place and write a chunk of checked incidents."""
        outcome = Outcome()
        rows = self._without_repeats(self._hashed(rows), outcome)
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


def _note_doubt(rows: pd.DataFrame, outcome: Outcome) -> None:
    """Tell how many were placed by their address, and how many lie in doubt between cells."""
    by_address = int((rows["placed_by"] == "address").sum())
    if by_address:
        outcome.notes["incidents without coordinates were placed by their address"] += by_address
    if rows["ambiguous"].any():
        outcome.notes["incidents may lie in more than one cell: manage.py queue list"] += int(rows["ambiguous"].sum())
