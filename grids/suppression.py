"""Small counts hidden from roles that must not single out people."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.errors import InputError

DERIVED = ("share", "low", "high", "value", "points", "met", "why_zh", "why_en")


def suppress(
    frame: pd.DataFrame,
    k: int = 5,
    counts: tuple[str, str] = ("numerator", "denominator"),
    derived: Sequence[str] = DERIVED,
    total_of: str | None = None,
) -> pd.DataFrame:
    """A copy of frame in which no share tells of fewer than `k` people, with `suppressed` (bool) added.

    Hidden is a row whose numerator, denominator or their difference lies in 1 … k − 1: both counts and whatever
    of `derived` there is become missing. 0 hides nobody and stays. With `total_of`, a column that names the
    groups whose totals are shown elsewhere, a group with only one hidden row hides its next smallest too, which
    subtraction would else give away: A. Hundepool et al., "Statistical Disclosure Control" (2012), ch. 4. Raises
    InputError for a k below 2 or columns that are missing.
    """
    absent = [name for name in (*counts, *([total_of] if total_of else [])) if name not in frame]
    if absent:
        raise InputError(f"Small counts are sought in {', '.join(absent)}: add these columns.")
    if k < 2:
        raise InputError(f"Counts below {k} would be hidden, which hides nothing: give 2 or more.")
    part, whole = (frame[name].astype("float64") for name in counts)
    hidden = _small(part, k) | _small(whole, k) | _small(whole - part, k)
    if total_of is not None:
        hidden |= _second(hidden, part, frame[total_of])
    blanked = frame.assign(**{name: _blank(frame[name], hidden) for name in (*counts, *derived) if name in frame})
    return blanked.assign(suppressed=hidden)


def _small(count: pd.Series, k: int) -> pd.Series:
    return (count > 0) & (count < k)


def _second(hidden: pd.Series, count: pd.Series, group: pd.Series) -> pd.Series:
    """Of each group with exactly one hidden row, the smallest of the other rows that counted anything."""
    lonely = hidden.groupby(group).transform("sum") == 1
    others = count.where(lonely & ~hidden & (count > 0)).dropna()
    first = others.sort_values(kind="stable").groupby(group).head(1).index
    return pd.Series(hidden.index.isin(first), index=hidden.index)


def _blank(column: pd.Series, hidden: pd.Series) -> pd.Series:
    whole = np.issubdtype(column.dtype, np.integer) if isinstance(column.dtype, np.dtype) else False
    return (column.astype("Int64") if whole else column).mask(hidden)
