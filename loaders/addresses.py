"""Standard addresses on their way in."""

import pandas as pd
from sqlalchemy import Connection

from db.addresses import write_addresses
from db.outcome import Outcome
from db.record import Record
from loaders.writing import Writer


class AddressWriter(Writer):
    """Writes the gazetteer's addresses a chunk at a time."""

    def __init__(self, record: Record) -> None:
        self._actor = record.actor

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:  # noqa: ARG002
        """Write a chunk; rows without coordinates are rejected."""
        outcome = Outcome()
        placed = rows["lon"].notna() & rows["lat"].notna()
        for line in rows.index[~placed]:
            outcome.reject(int(line), "an address needs lon and lat: give both or leave the row out")
        written = write_addresses(conn, rows[placed], self._actor)
        written.rejects |= outcome.rejects
        return written
