"""Small counts hidden from roles that must not single out people, so that no subtraction gives them back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError

DERIVED = ("share", "low", "high", "value", "points", "met", "why_zh", "why_en")
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def suppress(
    frame: pd.DataFrame,
    k: int = 5,
    counts: tuple[str, str] = ("numerator", "denominator"),
    derived: Sequence[str] = DERIVED,
    total_of: str | None = None,
    forced: Mask | None = None,
    also: Sequence[str] = (),
) -> pd.DataFrame:
    """A copy of frame in which no share tells of fewer than `k` people, with `suppressed` (bool) added.

    Hidden is a row whose numerator, denominator, their difference or a count of `also` lies in 1 … k − 1: all of
    these counts and whatever of `derived` there is become missing. 0 hides nobody and stays. With `total_of`, a
    column that names the groups whose totals are shown elsewhere, the next smallest rows of a group are hidden too
    until what is hidden is at least two rows and together not small itself, or else subtraction would give it away:
    A. Hundepool et al., "Statistical Disclosure Control" (2012), ch. 4. `forced`: rows of groups whose own total is
    hidden; what they count is hidden whatever its size. Raises InputError for a k below 2 or columns that are missing.
    """
    absent = [name for name in (*counts, *also, *([total_of] if total_of else [])) if name not in frame]
    if absent:
        raise InputError(f"Small counts are sought in {', '.join(absent)}: add these columns.")
    if k < 2:
        raise InputError(f"Counts below {k} would be hidden, which hides nothing: give 2 or more.")
    part, whole = (frame[name].astype("float64").to_numpy() for name in counts)
    more = [frame[name].astype("float64").to_numpy() for name in also]
    table = np.column_stack([part, whole, whole - part, *more])
    hidden: Mask = np.asarray(_small(table, k).any(axis=1))
    if forced is not None:
        hidden |= forced & (table > 0).any(axis=1)
    if total_of is not None:
        for rows in frame.reset_index(drop=True).groupby(total_of, dropna=False).indices.values():
            _hide_more(hidden, table, np.asarray(rows), k)
    flags = pd.Series(hidden, index=frame.index)
    blanked = frame.assign(**{name: _blank(frame[name], flags) for name in (*counts, *also, *derived) if name in frame})
    return blanked.assign(suppressed=hidden)


def _small(table: Floats, k: int) -> Mask:
    return np.asarray((table > 0) & (table < k))


def _hide_more(hidden: Mask, table: Floats, rows: npt.NDArray[Any], k: int) -> None:
    """Hide the next smallest rows that count anything until the hidden ones of the group are safe together."""
    left = [row for row in rows if not hidden[row] and (table[row] > 0).any()]
    left.sort(key=lambda row: (table[row, 0] == 0, table[row, 0], table[row, 1], row))
    while hidden[rows].any() and left and _is_exposed(table[rows[hidden[rows]]], k):
        hidden[left.pop(0)] = True


def _is_exposed(hidden: Floats, k: int) -> bool:
    """Whether the difference between a total and the rows shown tells of one row, or of fewer than k."""
    return len(hidden) == 1 or bool(_small(hidden.sum(axis=0), k).any())


def _blank(column: pd.Series, hidden: pd.Series) -> pd.Series:
    whole = np.issubdtype(column.dtype, np.integer) if isinstance(column.dtype, np.dtype) else False
    return (column.astype("Int64") if whole else column).mask(hidden)
