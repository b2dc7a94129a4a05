"""Standard addresses on their way in."""

import pandas as pd
from sqlalchemy import Connection

from db.addresses import write_addresses
from db.outcome import Outcome
from db.record import Record
from loaders.checks import content_hashes
from loaders.repeats import Repeats
from loaders.writing import Writer


class AddressWriter(Writer):
    """Writes the gazetteer's addresses a chunk at a time; an address stands once in a file."""

    def __init__(self, record: Record) -> None:
        self._actor = record.actor
        self._repeats = Repeats("address")

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:  # noqa: ARG002
        """Write a chunk; rows without coordinates are rejected."""
        outcome = Outcome()
        for line in rows.index[rows["lon"].isna() | rows["lat"].isna()]:
            outcome.reject(int(line), "an address needs lon and lat: give both or leave the row out")
        fresh = self._first_only(rows.drop(index=list(outcome.rejects)), outcome)
        written = write_addresses(conn, fresh, self._actor)
        written.labels |= outcome.labels
        written.rejects |= outcome.rejects
        return written

    def remember(self, rows: pd.DataFrame) -> None:
        """Note the addresses of a chunk that is written already."""
        self._first_only(rows, Outcome())

    def _first_only(self, rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
        return self._repeats.first_only(rows, rows["address"], content_hashes(rows).tolist(), outcome)
