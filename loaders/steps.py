"""Handling steps on their way in: units and officers looked up, levels, roles and details filled, contents hashed."""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection

from db.outcome import Outcome
from db.people import officer_ids, unit_ids
from db.record import Record
from db.steps import write_steps
from grids.casework import STEP_KINDS
from loaders.details import ANSWERS, OFFERS, Known, detail_of
from loaders.hashing import keyed_hashes
from loaders.writing import Writer

HASHED = (
    "channel", "source_no", "step_no", "at", "kind", "level", "unit", "officer", "role", "severity", "minutes",
    "result", "note",
)  # fmt: skip
LATER = ("to_unit", "detail")  # in the hash only where given: steps of earlier versions keep theirs
FIELDS = (*HASHED, *LATER)
TAKES_LEAD = [kind for kind, about in STEP_KINDS.items() if about.takes_lead]
DEFAULT_ROLES = {kind: about.default_role for kind, about in STEP_KINDS.items() if about.default_role}
Units = Mapping[str, tuple[int, str]]


class StepWriter(Writer):
    """Writes handling steps; units and officers are read once a load."""

    def __init__(self, record: Record) -> None:
        self._keys = record.keys
        self._units: Units | None = None
        self._officers: Mapping[str, int] = {}

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Fill, check and write a chunk of steps."""
        if self._units is None:
            self._units, self._officers = unit_ids(conn), officer_ids(conn)
        rows = rows.reindex(columns=list(FIELDS))
        rows = rows.assign(content_hash=self._hashes(rows))
        outcome = Outcome()
        filled = self._filled(self._detailed(rows, self._units, outcome), self._units)
        self._refuse(filled, outcome)
        written = write_steps(conn, filled.drop(index=list(outcome.rejects)), run_id)
        written.rejects |= outcome.rejects
        return written

    def _hashes(self, rows: pd.DataFrame) -> pd.Series:
        hashes = keyed_hashes(rows, HASHED, self._keys)
        more = rows[rows[list(LATER)].notna().any(axis=1)]
        if len(more):
            hashes.loc[more.index] = keyed_hashes(more, FIELDS, self._keys)
        return hashes

    def _detailed(self, rows: pd.DataFrame, units: Units, outcome: Outcome) -> pd.DataFrame:
        """Rows with their detail as it is kept; only those that have one, or answer, are looked at one by one."""
        answering = rows["kind"].isin(ANSWERS) & rows["unit"].notna()
        some = rows[rows[list(LATER)].notna().any(axis=1) | answering]
        names = ("kind", "unit", *LATER)
        plain = [[value if isinstance(value, str) else None for value in some[name]] for name in names]
        known, found, details = Known(units, self._officers), {}, {}
        for line, said in zip(some.index, zip(*plain, strict=True), strict=True):
            if said not in found:  # most steps say what others say too
                found[said] = detail_of(dict(zip(names, said, strict=True)), known)
            details[line], told = found[said]
            for why in told:
                outcome.reject(int(line), why)
        column = pd.Series(details, index=rows.index, dtype=object)
        return rows.assign(detail=column.where(column.notna(), None))

    def _filled(self, rows: pd.DataFrame, units: Units) -> pd.DataFrame:
        levels = {code: unit[1] for code, unit in units.items()}
        offered = rows["to_unit"].where(rows["kind"].isin(OFFERS))
        level = rows["level"].where(rows["level"].notna(), offered.map(levels))
        handling = rows["kind"].map(DEFAULT_ROLES)
        notes = [self._keys.seal({"note": note}) if isinstance(note, str) else None for note in rows["note"]]
        return rows.assign(
            unit_id=rows["unit"].map({code: unit[0] for code, unit in units.items()}).astype("Int64"),
            officer_id=rows["officer"].map(self._officers).astype("Int64"),
            level=level.where(level.notna(), rows["unit"].map(levels)),
            role=rows["role"].where(rows["role"].notna() & handling.notna(), handling),
            note=pd.Series(notes, index=rows.index, dtype=object),
        )

    def _refuse(self, rows: pd.DataFrame, outcome: Outcome) -> None:
        """Say everything that is wrong with a step that its columns alone do not show."""
        unknown = "is not known: load {0} first or correct the code"
        findings = (
            (rows["unit"].notna() & rows["unit_id"].isna(), "unit", unknown.format("units")),
            (rows["officer"].notna() & rows["officer_id"].isna(), "officer", unknown.format("officers")),
            (
                rows["kind"].isin(TAKES_LEAD) & rows["level"].isna() & rows["unit"].isna(),
                "kind",
                "takes the lead: name its level or unit",
            ),
            ((rows["kind"] == "grade") & rows["severity"].isna(), "kind", "approves a grade: give severity 1, 2 or 3"),
        )
        for wrong, column, sentence in findings:
            for line, value in rows.loc[wrong, column].items():
                outcome.reject(int(str(line)), f"{column} {value!r} {sentence}")
