"""From checked rows to the record: for each kind what is looked up, placed and hashed before db writes it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from db.areas import write_areas
from db.backdrop import write_backdrop
from db.beats import write_beats
from db.calendar import write_holidays
from db.catalogue import write_catalogue
from db.meetings import write_meetings
from db.outcome import Outcome
from db.people import write_officers, write_postings, write_units
from db.plates import write_plates
from db.record import Record
from db.registers import write_households, write_registers
from db.replacing import place_again
from db.roster import write_absences, write_shifts
from loaders.checks import Checked, content_hashes
from loaders.options import LoadOptions

Rows = Sequence[dict[str, Any]]


class Writer(ABC):
    """Writes the checked rows of one load, a chunk at a time."""

    moves_boundaries = False

    @abstractmethod
    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Write a chunk (index: line) in the caller's transaction."""

    def examine(self, conn: Connection, checked: Checked) -> None:  # noqa: B027 - most kinds have nothing to examine
        """Raise InputError when the chunk as a whole must not be written."""

    def remember(self, rows: pd.DataFrame) -> None:  # noqa: B027 - most kinds have nothing to remember
        """Take note of a chunk that an earlier, interrupted run of this load has written."""


class ReferenceWriter(Writer):
    """Places, people and catalogue: small files, written row by row by code."""

    def __init__(
        self, write: Callable[[Connection, Rows], Outcome], options: LoadOptions, moves_boundaries: bool
    ) -> None:
        self._write = write
        self._since = options.valid_from
        self.moves_boundaries = moves_boundaries

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:  # noqa: ARG002
        """Write all rows of the file."""
        records = as_records(rows)
        if self._since is not None:
            records = [{**row, "valid_from": row.get("valid_from") or self._since} for row in records]
        return self._write(conn, records)


class FrameWriter(Writer):
    """Files that go to the database as a whole: registers, plates."""

    def __init__(self, write: Callable[[Connection, pd.DataFrame], Outcome], options: LoadOptions) -> None:
        self._write = write
        self._since = options.valid_from

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:  # noqa: ARG002
        """Write all rows of the file; a number that it repeats is unchanged."""
        outcome = Outcome()
        again = content_hashes(rows)
        repeats = pd.Series(again, index=rows.index).duplicated()
        if self._since is not None and "valid_from" in rows:
            rows = rows.assign(valid_from=rows["valid_from"].fillna(pd.Timestamp(self._since)))
        written = self._write(conn, rows[~repeats])
        outcome.label(rows.index[repeats], "unchanged")
        written.labels |= outcome.labels
        return written


def writer_for(kind: str, record: Record, options: LoadOptions) -> Writer:
    """The writer of a kind."""
    if kind == "incidents":
        from loaders.incidents import IncidentWriter

        return IncidentWriter(record, options)
    if kind == "steps":
        from loaders.steps import StepWriter

        return StepWriter(record)
    if kind == "cells":
        from loaders.cells import CellWriter

        return CellWriter(options)
    if kind == "addresses":
        from loaders.addresses import AddressWriter

        return AddressWriter(record)
    if kind == "visits":
        from loaders.visits import VisitWriter

        return VisitWriter(record)
    if kind in ("registers", "plates"):
        return FrameWriter(write_registers if kind == "registers" else write_plates, options)
    plain: dict[str, Callable[[Connection, Rows], Outcome]] = {
        "areas": write_areas,
        "units": write_units,
        "beats": write_beats,
        "backdrop": write_backdrop,
        "officers": lambda conn, rows: write_officers(conn, rows, record.keys),
        "postings": write_postings,
        "catalogue": write_catalogue,
        "holidays": write_holidays,
        "roster": write_shifts,
        "absences": write_absences,
        "households": write_households,
        "meetings": lambda conn, rows: write_meetings(conn, rows, record.keys),
    }
    return ReferenceWriter(plain[kind], options, moves_boundaries=kind in ("areas", "beats", "backdrop"))


def after_load(conn: Connection, kind: str, options: LoadOptions) -> list[str]:
    """What a finished load sets off: new or redrawn cells place waiting incidents."""
    if kind != "cells":
        return []
    placed = place_again(conn, options.snap_m)
    return [f"{placed} incidents were placed on the new boundaries"] if placed else []


def as_records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts with their line, every kind of missing value as None, instants as datetime."""
    plain = rows.astype(object).where(rows.notna(), None)
    records = plain.assign(line=[int(line) for line in rows.index]).to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in records]


def _plain(value: Any) -> Any:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
