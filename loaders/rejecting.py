"""Rejected rows for people: as a list to read, as a file to mend, and the command that loads that file again."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from db.bulk import frame_of
from db.engine import begin
from db.loads import rejected_rows
from db.record import Record
from loaders.profiles import load_profile
from loaders.readers import RECORD

LINE, REASONS, UNSPLIT = "rejected line", "why rejected", "unsplit row"


@dataclass(frozen=True)
class Rejects:
    """The rejected rows of one run; `about` is that run's row of load_run, None when no run has any.

    rows: line, reasons (list of text); raw: the rows' own columns as text, in the same order; a row that could not be
    split into columns has its text in the column UNSPLIT.
    """

    about: Mapping[str, Any] | None
    rows: pd.DataFrame
    raw: pd.DataFrame

    def as_json(self) -> list[dict[str, Any]]:
        """One object a row: run, line, reasons, and its own columns under `raw`."""
        raw = self.raw.astype(object).where(self.raw.notna(), None).to_dict("records")
        run = None if self.about is None else int(self.about["id"])
        told = zip(self.rows["line"], self.rows["reasons"], raw, strict=True)
        return [{"run": run, "line": int(line), "reasons": why, "raw": row} for line, why, row in told]

    def as_table(self) -> pd.DataFrame:
        """Line and reasons in front of the row's own columns: what is written to a file to be mended."""
        return pd.concat([self._front(), self.raw], axis=1)

    def in_words(self) -> str:
        """Each row's line, each of its reasons, and what it holds."""
        if self.about is None or self.rows.empty:
            return "No rejected rows."
        lines = [f"Run {self.about['id']}, {self.about['kind']} from {self.about['path']}: {len(self.rows):,} rejected"]
        for line, why, (_, row) in zip(self.rows["line"], self.rows["reasons"], self.raw.iterrows(), strict=True):
            lines += [f"line {line}", *(f"  - {reason}" for reason in why)]
            lines.append("  holds " + ", ".join(f"{name}={_short(value)}" for name, value in row.dropna().items()))
        return "\n".join(lines)

    def command(self, file: Path) -> str:
        """The command that loads the mended `file` as the run's own file was read; "" for what was pushed."""
        if self.about is None or self.about["kind"] == "push":
            return ""
        said = dict(self.about["options"])
        words = ["manage.py", "load", str(self.about["kind"]), str(file)]
        words += [word for name in ("profile", "crs") for word in _option(name, said)]
        words += _encoding_and_sheet(said.get("profile", ""), file)
        words += [word for name in ("snap_m", "valid_from") for word in _option(name, said)]
        words += [word for field, column in said.get("map", {}).items() for word in ("--map", f"{field}={column}")]
        return shlex.join(words)

    def _front(self) -> pd.DataFrame:
        return pd.DataFrame({LINE: self.rows["line"], REASONS: self.rows["reasons"].map("; ".join)})


def rejects_of(record: Record, run: int | None = None) -> Rejects:
    """The rejected rows of a run, by default the newest that has any. Raises NotFound for an unknown run."""
    with begin(record.engine, record.actor) as conn:
        frame = rejected_rows(conn, record.keys, run)
        number = run if run is not None or frame.empty else int(frame.iloc[:, 0].max())
        told = frame_of(conn, "SELECT id, kind, path, options FROM load_run WHERE id = :run", run=number)
    # By place: the rows' own columns may have any title, "line" and "reasons" among them.
    rows, raw = frame.iloc[:, 1:3], frame.iloc[:, 3:]
    # A mended file brings our own titles back; they are no part of a row's content, but for what is still unsplit.
    raw = raw.drop(columns=[name for name in (LINE, REASONS) if name in raw])
    if RECORD in raw:
        unsplit = raw.pop(RECORD)
        raw[UNSPLIT] = raw[UNSPLIT].combine_first(unsplit) if UNSPLIT in raw else unsplit
    about = {str(name): value for name, value in told.iloc[0].items()} if len(told) else None
    return Rejects(about, rows, raw)


def _option(name: str, said: Mapping[str, Any]) -> list[str]:
    value = said.get(name)
    if not value or (name, value) == ("profile", "beatgrid"):
        return []
    if name == "valid_from":
        value = str(value)[:19]
    return [{"snap_m": "--snap", "valid_from": "--valid-from"}.get(name, f"--{name}"), str(value)]


def _encoding_and_sheet(profile: str, file: Path) -> list[str]:
    """What the profile says of the source's own file and the mended one does not follow."""
    try:
        found = load_profile(profile or "beatgrid")
    except Exception:  # the profile has gone: the command still says all else
        return []
    if file.suffix.lower() == ".xlsx":
        return ["--sheet", "Sheet1"] if found.sheet else []
    return ["--encoding", "utf-8"] if found.encoding else []


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
