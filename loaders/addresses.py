"""Standard addresses on their way in."""

import pandas as pd
from sqlalchemy import Connection

from db.addresses import write_addresses
from db.outcome import Outcome
from db.record import Record
from loaders.checks import content_hashes
from loaders.writing import Writer


class AddressWriter(Writer):
    """Writes the gazetteer's addresses a chunk at a time; an address stands once in a file."""

    def __init__(self, record: Record) -> None:
        self._actor = record.actor
        self._seen: dict[str, tuple[int, int]] = {}

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:  # noqa: ARG002
        """Write a chunk; rows without coordinates are rejected."""
        outcome = Outcome()
        for line in rows.index[rows["lon"].isna() | rows["lat"].isna()]:
            outcome.reject(int(line), "an address needs lon and lat: give both or leave the row out")
        fresh = self._without_repeats(rows.drop(index=list(outcome.rejects)), outcome)
        written = write_addresses(conn, fresh, self._actor)
        written.labels |= outcome.labels
        written.rejects |= outcome.rejects
        return written

    def remember(self, rows: pd.DataFrame) -> None:
        """Note the addresses of a chunk that is written already."""
        self._without_repeats(rows, Outcome())

    def _without_repeats(self, rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
        """The first row of each address; a later one is unchanged when alike, rejected when it differs."""
        hashes = content_hashes(rows)
        repeated = []
        for line, address, content in zip(rows.index, rows["address"], hashes, strict=True):
            before, first = self._seen.setdefault(address, (int(content), int(line)))
            if first == line:
                continue
            repeated.append(line)
            if before == content:
                outcome.label([line], "unchanged")
            else:
                reason = f"the address {address!r} is already in line {first} with other content: keep one of the two"
                outcome.reject(int(line), reason)
        return rows.drop(index=repeated)
