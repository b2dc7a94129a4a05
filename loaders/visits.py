"""Visits on their way in: a chunk at a time, each number once a file."""

import pandas as pd
from sqlalchemy import Connection

from db.outcome import Outcome
from db.record import Record
from db.visits import write_visits
from loaders.checks import content_hashes
from loaders.repeats import Repeats
from loaders.writing import Writer


class VisitWriter(Writer):
    """Writes visits; a number that stands twice in a file with other content is rejected the second time."""

    def __init__(self, record: Record) -> None:
        self._keys = record.keys
        self._repeats = Repeats("number")

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Look up, place and write a chunk of checked visits."""
        outcome = Outcome()
        fresh = self._without_repeats(rows, outcome)
        written = write_visits(conn, fresh, self._keys, run_id)
        written.labels |= outcome.labels
        written.rejects |= outcome.rejects
        return written

    def remember(self, rows: pd.DataFrame) -> None:
        """Note the numbers of a chunk that is written already."""
        self._without_repeats(rows, Outcome())

    def _without_repeats(self, rows: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
        numbers = zip(rows["source"], rows["source_no"], strict=True)
        return self._repeats.first_only(rows, numbers, map(int, content_hashes(rows)), outcome)
