"""Did it last, and did anybody ask? Closings and what followed each of them within so many days."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from grids.outcomes.registered import aware
from grids.step_columns import NEVER, Ints

HELD_DAYS = 30
REVISIT_DAYS = 14


def held_flags(closings: pd.DataFrame, troubles: pd.DataFrame, at: datetime, days: int = HELD_DAYS) -> pd.DataFrame:
    """closed_long_ago, held (bool), aligned with `closings`; sum them by whatever key.

    `closings`: matter, closed_at, reopened_at (NaT = never), contained (bool). `troubles`: matter, at; every
    repeat and every bad revisit. closed_long_ago: at least `days` before `at`. held: of these, contained, with no
    trouble and no reopening later than the closing and up to `days` after it.
    """
    closed_at, reopened_at = aware(closings, "closed_at"), aware(closings, "reopened_at")
    term = closed_at + timedelta(days=days)
    old = closed_at.notna() & (term <= at)
    troubled = (next_after(closings["matter"], closed_at, troubles) <= term) | (reopened_at <= term)
    return pd.DataFrame({"closed_long_ago": old, "held": old & closings["contained"].astype(bool) & ~troubled})


def revisit_flags(
    closings: pd.DataFrame, revisits: pd.DataFrame, at: datetime, days: int = REVISIT_DAYS
) -> pd.DataFrame:
    """revisit_due, revisited (bool), aligned with `closings`; sum them by whatever key.

    `closings`: matter, closed_at. `revisits`: matter, at. revisit_due: closed at least `days` before `at`;
    revisited: of these, visited or called later than the closing and at most `days` after it.
    """
    closed_at = aware(closings, "closed_at")
    term = closed_at + timedelta(days=days)
    due = closed_at.notna() & (term <= at)
    asked = next_after(closings["matter"], closed_at, revisits) <= term
    return pd.DataFrame({"revisit_due": due, "revisited": due & asked})


def next_after(matter: pd.Series, since: pd.Series, events: pd.DataFrame) -> pd.Series:
    """The first event (matter, at) of each row's matter that is later than its `since`; NaT where there is none.

    Aligned with `matter` and `since`.
    """
    codes, _ = pd.factorize(pd.concat([matter, events["matter"]], ignore_index=True))
    own, others = codes[: len(matter)], codes[len(matter) :]
    found = following(own, _microseconds(since), others, _microseconds(aware(events, "at")))
    times = np.where(found == NEVER, np.iinfo(np.int64).min, found).view("datetime64[us]")
    return pd.Series(times, index=matter.index).dt.tz_localize("UTC")


def following(matter: Ints, since: Ints, event_matter: Ints, event_at: Ints) -> Ints:
    """The instant of the first event of each row's matter that is later than `since`; NEVER where there is none.

    Matters are any numbers, instants numbers of one unit, NEVER for a missing one. Rows and events are laid in one
    order of matter and time, events first where both fall together; then what follows a row is the next event in
    line, if it is of the same matter.
    """
    codes, at = np.concatenate([matter, event_matter]), np.concatenate([since, event_at])
    is_row = np.arange(len(at)) < len(matter)
    order = np.lexsort((is_row, at, codes))
    place = np.where(is_row[order], len(order), np.arange(len(order)))
    next_place = np.minimum.accumulate(place[::-1])[::-1]
    event = np.append(order, -1)[next_place]
    same = (event >= 0) & (codes[event] == codes[order]) & (at[event] < NEVER) & (at[order] < NEVER)
    found = np.full(len(at), NEVER)
    found[order] = np.where(same, at[event], NEVER)
    return found[: len(matter)]


def _microseconds(times: pd.Series) -> Ints:
    """µs since 1970 UTC, never for missing ones, so that they stand last in their matter."""
    values = times.to_numpy(dtype="datetime64[us]").view(np.int64)
    return np.where(times.isna().to_numpy(), NEVER, values)
