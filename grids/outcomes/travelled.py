"""How far matters travelled: the flow from level to level, what stayed in the street, and what was regraded."""

from datetime import datetime

import numpy as np
import pandas as pd

from grids.containment import with_shares
from grids.levels import LEVELS, Ladder, Level
from grids.outcomes.registered import aware
from grids.step_columns import NEVER, Ints, Mask

CLOSED, OPEN = "closed", "open"


def flow(matters: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Matters that went from one level straight to another by `at`: source, target, numerator, denominator, share,
    low, high; in the order of LEVELS, then closed, then open.

    `matters`: reached_cell … reached_city (first time the lead was held there) and closed_at, aware or NaT. Levels
    count in the order of their first times, ties in the order of LEVELS; the last one flows to closed or open.
    denominator: matters that reached the source, so that the shares of a source sum to 1.
    """
    reached = _reached(matters, at)
    order = np.argsort(reached, axis=1, kind="stable")
    length = (reached < NEVER).sum(axis=1)
    ends = np.where((aware(matters, "closed_at") <= at).to_numpy(), len(LEVELS), len(LEVELS) + 1)
    counts = np.zeros((len(LEVELS), len(LEVELS) + 2), dtype=np.int64)
    for step in range(len(LEVELS)):
        here = length > step
        onward = order[:, step + 1] if step + 1 < len(LEVELS) else ends
        target = np.where(length > step + 1, onward, ends)
        np.add.at(counts, (order[here, step], target[here]), 1)
    return _flow_frame(counts)


def travel_flags(matters: pd.DataFrame, ladder: Ladder, at: datetime) -> pd.DataFrame:
    """left_beat, left_beat_in_street (bool), aligned with `matters`: the third clause of QD's promise.

    `matters`: reached_cell … reached_city. left_beat: by `at` the lead was held above the beat; in the street: and
    never above the street.
    """
    left, above = (_held_beyond(matters, ladder, level, at) for level in ("beat", "street"))
    return pd.DataFrame({"left_beat": left, "left_beat_in_street": left & ~above}, index=matters.index)


def regrade_flags(matters: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """grade_fixed, regraded (bool), aligned with `matters`.

    `matters`: severity (the grade that counts), severity_now (the last one), severity_at (when it was fixed, or
    NaT). regraded: fixed by `at`, and now something else; it changes no other figure.
    """
    fixed = aware(matters, "severity_at") <= at
    return pd.DataFrame({"grade_fixed": fixed, "regraded": fixed & (matters["severity"] != matters["severity_now"])})


def _held_beyond(matters: pd.DataFrame, ladder: Ladder, ceiling: Level, at: datetime) -> Mask:
    beyond = [aware(matters, f"reached_{level}") <= at for level in ladder.beyond(ceiling)]
    return np.asarray(np.logical_or.reduce(beyond) if beyond else np.zeros(len(matters)), dtype=np.bool_)


def _reached(matters: pd.DataFrame, at: datetime) -> Ints:
    """First times as µs, one column a level, never for what is not reached by `at`."""
    columns = [aware(matters, f"reached_{level}") for level in LEVELS]
    held = [column.where(column <= at).to_numpy(dtype="datetime64[us]").view(np.int64) for column in columns]
    table = np.stack(held, axis=1)
    return np.where(table == np.iinfo(np.int64).min, NEVER, table)


def _flow_frame(counts: Ints) -> pd.DataFrame:
    source, target = np.nonzero(counts)
    names = np.array([*LEVELS, CLOSED, OPEN])
    numerator, denominator = counts[source, target], counts.sum(axis=1)[source]
    shares = with_shares(pd.DataFrame({"contained": numerator, "escaped": denominator - numerator}))
    frame = pd.DataFrame({"source": names[source], "target": names[target], "numerator": numerator})
    return frame.assign(denominator=denominator).join(shares[["share", "low", "high"]])
