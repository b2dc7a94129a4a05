"""Rules between the fields of one row."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from grids.steps import STEP_KINDS
from loaders.checks.findings import Findings
from loaders.field_types import Field

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


_RULES: dict[str, Callable[[pd.DataFrame, Findings], None]] = {
    "postings": _postings, "incidents": _incidents, "steps": _steps,
}  # fmt: skip
