"""Small counts hidden in tables that have no places above them: hours, doors, peaks, lines."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grids.suppression import suppress


def hide(
    frame: pd.DataFrame, k: int | None, count: str, also: Sequence[str] = (), within: str | None = None
) -> pd.DataFrame:
    """`frame` without the counts in 1 … k − 1 of column `count` and what `also` tells of them; k None: as it is.

    A column suppressed (bool) is added. What is hidden of a table, or of each group of column `within`, is never one
    row alone nor few together, so that a total shown elsewhere does not give it back (grids.suppression).
    """
    if k is None or frame.empty:
        return frame if k is None else frame.assign(suppressed=np.zeros(0, np.bool_))
    group = np.zeros(len(frame)) if within is None else frame[within]
    told = suppress(frame.assign(__group=group), k, (count, count), tuple(also), "__group")
    return told.drop(columns="__group")


def blank(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """`frame` with nothing in these columns where its row is suppressed."""
    if "suppressed" not in frame:
        return frame
    return frame.assign(**{name: frame[name].astype(object).mask(frame["suppressed"], None) for name in names})
