"""Turns values of any type into trimmed text columns."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from loaders.readers.source import BROKEN, RECORD

Broken = tuple[str, str]  # reason, text of the record


def text_frame(
    columns: Sequence[str],
    lines: Sequence[int],
    values: Iterable[Sequence[str | None]],
    broken: dict[int, Broken] | None = None,
) -> pd.DataFrame:
    """A frame of object columns from columns of text, index "line"; `broken` by position."""
    index = pd.Index(np.asarray(lines, dtype=np.int64), name="line")
    cells = np.empty((len(columns), len(index)), dtype=object)  # one block, column after column
    for place, column in enumerate(values):
        cells[place] = column
    frame = pd.DataFrame(cells.T, index=index, columns=list(columns), dtype=object, copy=False)
    if broken:
        for name, part in ((BROKEN, 0), (RECORD, 1)):
            marks = [broken[at][part] if at in broken else None for at in range(len(index))]
            frame[name] = pd.Series(marks, index=index, dtype=object)
    return frame


def trimmed(values: Iterable[str | None]) -> list[str | None]:
    """Text without surrounding blanks (full-width ones too); nothing but blanks is None."""
    texts = [value or "" for value in values]
    stripped = list(map(str.strip, texts))
    return [value or None for value in stripped] if "" in stripped else list(stripped)


def as_text(value: Any) -> str | None:
    """What a person would read in the cell: whole floats without ".0", times as ISO 8601; None stays None."""
    if value is None or isinstance(value, str):
        return value.strip() or None if value else None
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return _number(float(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return _other(value)


def _number(value: float) -> str | None:
    if value != value:
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)


def _other(value: Any) -> str | None:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, bytes):
        return value.hex() or None
    return str(value).strip() or None
