"""Handling steps as sorted columns of numbers, read from a frame and checked for rules over whole columns."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from grids.grading import SEVERITIES
from grids.levels import LEVELS
from grids.steps import STEP_KINDS

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
COLUMNS = ("matter", "at", "no", "kind", "level", "severity", "initial")
OPTIONAL = ("unit", "to", "satisfaction")
NEVER = np.iinfo(np.int64).max  # later than every instant, so that min() needs no special case
KIND = {kind: code for code, kind in enumerate(STEP_KINDS)}
TAKES_LEAD = np.array([kind.takes_lead for kind in STEP_KINDS.values()])


@dataclass(frozen=True)
class StepColumns:
    """Steps as columns, sorted by matter, time, number, kind, level, grade; times are µs since 1970 UTC."""

    matter: Ints  # position in the index of matters
    at: Ints
    kind: Ints
    level: Ints  # position in LEVELS, -1 for none
    severity: Ints  # 0 for none
    unit: Ints  # position in the sorted codes of units, -1 for none
    to: Ints
    satisfaction: Ints  # 0 for none

    def where(self, mask: Mask) -> "StepColumns":
        return StepColumns(*(getattr(self, each.name)[mask] for each in fields(self)))


def read_steps(frame: pd.DataFrame) -> tuple[pd.Index, Ints, StepColumns, pd.Index]:
    """(matters, sorted; default grade of each; their steps; codes of units, sorted) of `summarise`'s frame.

    Raises InputError naming the first matter whose step cannot be read, or the columns that are missing.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise InputError(f"Give the steps these columns too: {', '.join(missing)}.")
    codes, matters = pd.factorize(frame["matter"], sort=True)
    if (codes < 0).any():
        raise InputError("Give every step the matter that it belongs to.")
    index = pd.Index(matters, name="matter")
    initial = np.zeros(len(index), dtype=np.int64)
    initial[codes] = _grades(frame["initial"])
    _refuse(index, initial == 0, "has no default grade of 1, 2 or 3")
    frame = frame.assign(**{name: None for name in OPTIONAL if name not in frame.columns})
    units = pd.Index(pd.unique(pd.concat([frame["unit"], frame["to"]]).dropna())).astype(object).sort_values()
    return index, initial, _sorted(frame, codes, index, units), units


def _sorted(frame: pd.DataFrame, codes: Ints, matters: pd.Index, units: pd.Index) -> StepColumns:
    real = frame["kind"].notna().to_numpy()
    if not real.all():
        frame, codes = frame[real], codes[real]
    at = _microseconds(frame["at"])
    kind = _positions(frame["kind"], KIND)
    level = _positions(frame["level"], {name: code for code, name in enumerate(LEVELS)})
    severity = _grades(frame["severity"])
    _check(frame, matters[codes], at, kind, level, severity)
    known = {code: position for position, code in enumerate(units)}
    unit, to = _positions(frame["unit"], known), _positions(frame["to"], known)
    satisfaction = _whole(frame["satisfaction"], range(1, 6))
    tie = (kind * 8 + level + 1) * 4 + severity
    order = np.lexsort((satisfaction, to, unit, tie, frame["no"].to_numpy(dtype=np.int64), at, codes))
    columns = (codes, at, kind, level, severity, unit, to, satisfaction)
    return StepColumns(*(column[order] for column in columns))


def _check(frame: pd.DataFrame, matters: pd.Index, at: Ints, kind: Ints, level: Ints, severity: Ints) -> None:
    _refuse(matters, frame["no"].isna().to_numpy(), "has a step without a number")
    _refuse(matters, at == NEVER, "has a step without a time")
    _refuse(matters, kind < 0, f"has a step of unknown kind (known are {', '.join(STEP_KINDS)})")
    named = frame["level"].notna().to_numpy()
    _refuse(matters, (level < 0) & named, f"has a step of unknown level (known are {', '.join(LEVELS)})")
    _refuse(matters, (level < 0) & TAKES_LEAD[kind], "has its lead taken at no level")
    _refuse(matters, (severity == 0) & frame["severity"].notna().to_numpy(), "has a grade that is not 1, 2 or 3")
    _refuse(matters, (severity == 0) & (kind == KIND["grade"]), "has a grade step that does not say the grade")


def _refuse(matters: pd.Index, wrong: Mask, finding: str) -> None:
    if wrong.any():
        raise InputError(f"Matter {matters[int(np.argmax(wrong))]} {finding}: correct that step and load it again.")


def _positions(column: pd.Series, known: Mapping[str, int]) -> Ints:
    """Each value's number in `known`, -1 for what is not there; looks up distinct values only."""
    codes, distinct = pd.factorize(column)
    table = np.array([known.get(value, -1) for value in distinct] + [-1], dtype=np.int64)
    return table[codes]


def _grades(column: pd.Series) -> Ints:
    """Grades 1..3 as numbers, 0 for everything else."""
    return _whole(column, SEVERITIES)


def _whole(column: pd.Series, allowed: Container[object]) -> Ints:
    codes, distinct = pd.factorize(column)
    table = np.array([int(each) if each in allowed else 0 for each in distinct] + [0], dtype=np.int64)
    return table[codes]


def _microseconds(column: pd.Series) -> Ints:
    """Aware times as µs since 1970 UTC, never for null; InputError for times without a zone."""
    if column.dtype == object and any(getattr(at, "tzinfo", None) is None for at in column.dropna()):
        raise InputError("Give the times of the steps their time zone.")
    if column.dtype == object or column.isna().all():
        column = pd.to_datetime(column, utc=True)
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        raise InputError("Give the times of the steps their time zone.")
    values: Ints = column.dt.tz_convert("UTC").dt.as_unit("us").to_numpy(dtype="datetime64[us]").view(np.int64)
    return np.where(column.isna().to_numpy(), NEVER, values)
