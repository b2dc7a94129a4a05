"""Small counts told together, so that a list of categories or communities singles out nobody."""

from collections.abc import Sequence

import pandas as pd

from grids.suppression import suppress


def fold(rows: Sequence[tuple[str, int]], small: int) -> list[tuple[str | None, int, int]]:
    """(name, kinds, n) of rows (name, n), largest first; those below `small` stand together as (None, how many, n).

    Never one alone, which the total would give away, and never fewer than `small` in all while there is another to
    add. small 0: every row by itself.
    """
    ordered = sorted((row for row in rows if row[1] > 0), key=lambda row: (-row[1], row[0]))
    told, hidden = [row for row in ordered if row[1] >= small], [row for row in ordered if row[1] < small]
    while hidden and told and (len(hidden) == 1 or sum(n for _, n in hidden) < small):
        hidden.append(told.pop())
    found: list[tuple[str | None, int, int]] = [(name, 1, n) for name, n in told]
    return [*found, (None, len(hidden), sum(n for _, n in hidden))] if hidden else found


def hide(frame: pd.DataFrame, small: int, part: str, whole: str, derived: tuple[str, ...] = ()) -> pd.DataFrame:
    """The frame without the counts of rows whose part, whole or rest is small (grids.suppression)."""
    return suppress(frame, small, (part, whole), derived) if small else frame.assign(suppressed=False)
