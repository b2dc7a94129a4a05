"""Rules between the fields of one row, and of numbers that are kept for beatgrid itself."""

import re
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd

from grids.steps import STEP_KINDS
from loaders.checks.findings import Findings
from loaders.field_types import Field

OWN_NUMBERS = 100_000
LONGEST_SHIFT, LONGEST_ABSENCE = timedelta(days=31), timedelta(days=731)
_REFERENCE = re.compile(r"[^:]+:.+")
_LEAD_TAKING = tuple(kind for kind, about in STEP_KINDS.items() if about.takes_lead)


def missing(fields: tuple[Field, ...], given: dict[str, np.ndarray], findings: Findings) -> None:
    """Every required field must hold something; `given`: field → mask of rows that hold text or a shape."""
    for field in fields:
        if field.required:
            findings.where(~given[field.name], f"{field.name} is missing")


def between_fields(kind: str, rows: pd.DataFrame, findings: Findings) -> None:
    """The rules of `kind`; values already found faulty are missing from `rows` and break no further rule."""
    if kind in _RULES:
        _RULES[kind](rows, findings)


def _postings(rows: pd.DataFrame, findings: Findings) -> None:
    places = rows[["beat", "cell", "unit"]].notna().sum(axis=1).to_numpy()
    findings.where(places != 1, lambda at: f"exactly one of beat, cell and unit must be given, not {places[at]}")
    reverse = (rows["valid_to"] <= rows["valid_from"]).to_numpy(dtype=bool)
    findings.where(reverse, "valid_to does not come after valid_from")


def _incidents(rows: pd.DataFrame, findings: Findings) -> None:
    matter = rows["matter"]
    wrong = matter.notna() & ~matter.astype("string").str.fullmatch(r"[^:]+:.+").fillna(False).astype(bool)
    findings.where(wrong.to_numpy(dtype=bool), "matter is not channel:source_no of the first report")


def _steps(rows: pd.DataFrame, findings: Findings) -> None:
    homeless = rows["kind"].isin(_LEAD_TAKING) & rows["level"].isna() & rows["unit"].isna()
    findings.where(
        homeless.to_numpy(), lambda at: f"{rows['kind'].iloc[at]} needs the level or unit that took the lead"
    )
    ungraded = (rows["kind"] == "grade") & rows["severity"].isna()
    findings.where(ungraded.to_numpy(dtype=bool), "grade needs the severity that was approved")
    ours = (rows["step_no"] >= OWN_NUMBERS).fillna(False).to_numpy(dtype=bool)
    findings.where(ours, f"step_no is kept for steps taken in beatgrid: number those of files below {OWN_NUMBERS:,}")


def _between(rows: pd.DataFrame, findings: Findings, longest: timedelta) -> None:
    """A time from start to end, not longer than `longest`: a slip in a date would block the officer for years."""
    lasts = rows["end"] - rows["start"]
    findings.where((lasts <= timedelta(0)).to_numpy(dtype=bool), "end does not come after start")
    findings.where((lasts > longest).to_numpy(dtype=bool), f"it lasts longer than {longest.days} days: mend its end")


def _roster(rows: pd.DataFrame, findings: Findings) -> None:
    _between(rows, findings, LONGEST_SHIFT)


def _absences(rows: pd.DataFrame, findings: Findings) -> None:
    _between(rows, findings, LONGEST_ABSENCE)
    own = rows["cover"].notna() & (rows["cover"] == rows["officer"])
    findings.where(own.to_numpy(dtype=bool), "cover is the officer who is away: name somebody else or nobody")


def _visits(rows: pd.DataFrame, findings: Findings) -> None:
    _incidents(rows, findings)


def _households(rows: pd.DataFrame, findings: Findings) -> None:
    nothing = rows["households"].isna() & rows["residents"].isna()
    findings.where(nothing.to_numpy(dtype=bool), "households or residents must be given")


def _meetings(rows: pd.DataFrame, findings: Findings) -> None:
    """As many decisions as matters, in their order; a decision that was not taken is written "-"."""
    matters, decisions = ([_parts(text) for text in rows[name]] for name in ("matters", "decisions"))
    wrong = [any(not _REFERENCE.fullmatch(no) for no in parts) for parts in matters]
    findings.where(np.array(wrong, dtype=bool), "matters are not channel:source_no with ; between")
    uneven = [len(decided) not in (0, len(spoken)) for spoken, decided in zip(matters, decisions, strict=True)]
    findings.where(np.array(uneven, dtype=bool), "decisions are not as many as matters: write - where none was taken")


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in re.split("[;；]", text) if part.strip()] if text else []


_RULES: dict[str, Callable[[pd.DataFrame, Findings], None]] = {
    "postings": _postings, "incidents": _incidents, "steps": _steps, "roster": _roster, "absences": _absences,
    "visits": _visits, "households": _households, "meetings": _meetings,
}  # fmt: skip
