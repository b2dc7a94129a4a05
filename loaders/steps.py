"""Handling steps on their way in: units and officers looked up, levels and roles filled, contents hashed."""

import pandas as pd
from sqlalchemy import Connection

from db.outcome import Outcome
from db.people import officer_ids, unit_ids
from db.record import Record
from db.steps import write_steps
from grids.casework import STEP_KINDS
from loaders.hashing import keyed_hashes
from loaders.writing import Writer

FIELDS = (
    "channel", "source_no", "step_no", "at", "kind", "level", "unit", "officer", "role", "severity", "minutes",
    "result", "note",
)  # fmt: skip
TAKES_LEAD = [kind for kind, about in STEP_KINDS.items() if about.takes_lead]
DEFAULT_ROLES = {kind: about.default_role for kind, about in STEP_KINDS.items() if about.default_role}


class StepWriter(Writer):
    """Writes handling steps; units and officers are read once a load."""

    def __init__(self, record: Record) -> None:
        self._keys = record.keys
        self._units: dict[str, tuple[int, str]] | None = None
        self._officers: dict[str, int] = {}

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Fill, check and write a chunk of steps."""
        if self._units is None:
            self._units, self._officers = unit_ids(conn), officer_ids(conn)
        rows = rows.reindex(columns=list(FIELDS))
        rows = rows.assign(content_hash=keyed_hashes(rows, FIELDS, self._keys))
        outcome = Outcome()
        filled = self._filled(rows, self._units)
        self._refuse(filled, outcome)
        written = write_steps(conn, filled.drop(index=list(outcome.rejects)), run_id)
        written.rejects |= outcome.rejects
        return written

    def _filled(self, rows: pd.DataFrame, units: dict[str, tuple[int, str]]) -> pd.DataFrame:
        level_of_unit = rows["unit"].map({code: unit[1] for code, unit in units.items()})
        handling = rows["kind"].map(DEFAULT_ROLES)
        notes = [self._keys.seal({"note": note}) if isinstance(note, str) else None for note in rows["note"]]
        return rows.assign(
            unit_id=rows["unit"].map({code: unit[0] for code, unit in units.items()}).astype("Int64"),
            officer_id=rows["officer"].map(self._officers).astype("Int64"),
            level=rows["level"].where(rows["level"].notna(), level_of_unit),
            role=rows["role"].where(rows["role"].notna() & handling.notna(), handling),
            note=pd.Series(notes, index=rows.index, dtype=object),
        )

    def _refuse(self, rows: pd.DataFrame, outcome: Outcome) -> None:
        """Say everything that is wrong with a step that its columns alone do not show."""
        findings = (
            (
                rows["unit"].notna() & rows["unit_id"].isna(),
                "unit",
                "is not known: load units first or correct the code",
            ),
            (
                rows["officer"].notna() & rows["officer_id"].isna(),
                "officer",
                "is not known: load officers first or correct it",
            ),
            (
                rows["kind"].isin(TAKES_LEAD) & rows["level"].isna() & rows["unit"].isna(),
                "kind",
                "takes the lead: name its level or unit",
            ),
            (
                (rows["kind"] == "grade") & rows["severity"].isna(),
                "kind",
                "approves a grade: give severity 1, 2 or 3",
            ),
        )
        for wrong, column, sentence in findings:
            for line, value in rows.loc[wrong, column].items():
                outcome.reject(int(str(line)), f"{column} {value!r} {sentence}")
