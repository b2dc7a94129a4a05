"""How far matters travelled: the flow from level to level, what stayed in the street, and what was regraded."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd

from grids.containment import with_shares
from grids.levels import LEVELS, Ladder, Level
from grids.outcomes.registered import aware
from grids.step_columns import NEVER, Ints, Mask

CLOSED, OPEN = "closed", "open"
TARGETS = (*LEVELS, CLOSED, OPEN)


def flow(matters: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Matters that went from one level straight to another by `at`: source, target, numerator, denominator, share,
    low, high; in the order of LEVELS, then closed, then open.

    `matters`: reached_cell … reached_city (first time the lead was held there) and closed_at, aware or NaT. Levels
    count in the order of their first times, ties in the order of LEVELS; the last one flows to closed or open.
    denominator: matters that reached the source, so that the shares of a source sum to 1.
    """
    closed = (aware(matters, "closed_at") <= at).to_numpy()
    return flow_shares(flow_counts(_reached(matters, at), closed, np.zeros(len(matters), np.int64), 1)[0])


def flow_counts(reached: Ints, closed: Mask, key: Ints, keys: int) -> Ints:
    """Matters that went straight from level to level, by key: [key, source, target], targets then closed and open.

    reached: [matter, level] first instants (numbers of one unit), NEVER for what is not reached; closed: whether
    each stands closed; key: 0 … keys − 1. Order and ties as in `flow`.
    """
    sources, targets = len(LEVELS), len(TARGETS)
    counts = np.zeros(keys * sources * targets, dtype=np.int64)
    for here, source, target in moves(reached, closed):
        counts += np.bincount((key[here] * sources + source) * targets + target, minlength=len(counts))
    return counts.reshape(keys, sources, targets)


def moves(reached: Ints, closed: Mask) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Step by step which matters (rows of `reached`) went on, from which of LEVELS to which of TARGETS (places)."""
    order = np.argsort(reached, axis=1, kind="stable")
    length = (reached < NEVER).sum(axis=1)
    ends = np.where(closed, len(LEVELS), len(LEVELS) + 1)
    for step in range(int(length.max(initial=0))):
        here = np.flatnonzero(length > step)
        onward = order[here, min(step + 1, len(LEVELS) - 1)]
        yield here, order[here, step], np.where(length[here] > step + 1, onward, ends[here])


def flow_shares(counts: Ints) -> pd.DataFrame:
    """Counts [source, target] as the rows of `flow`."""
    source, target = np.nonzero(counts)
    names = np.array(TARGETS)
    numerator, denominator = counts[source, target], counts.sum(axis=1)[source]
    shares = with_shares(pd.DataFrame({"contained": numerator, "escaped": denominator - numerator}))
    frame = pd.DataFrame({"source": names[source], "target": names[target], "numerator": numerator})
    return frame.assign(denominator=denominator).join(shares[["share", "low", "high"]])


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
