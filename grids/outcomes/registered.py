"""Closed, and closed by the deadline: flags of matters as they stand at an instant."""

from datetime import datetime

import pandas as pd

from geo.errors import InputError


def closing_flags(matters: pd.DataFrame, start: datetime, end: datetime, at: datetime) -> pd.DataFrame:
    """registered, closed, due, closed_on_time (bool), aligned with `matters`; sum them by whatever key.

    `matters`: opened_at, closed_at (of the closing that stands, NaT = open), deadline_at (NaT = none), all aware.
    registered: opened in [start, end); closed: of these, closed by `at`. due: the deadline fell in [start, end)
    and has passed at `at`; closed_on_time: of these, closed by it. A matter closed before a deadline that is still
    to come is not due yet, or being early would count twice as fast as being late.
    """
    opened, closed_at, deadline = (aware(matters, name) for name in ("opened_at", "closed_at", "deadline_at"))
    registered = (opened >= start) & (opened < end)
    due = (deadline >= start) & (deadline < end) & (deadline <= at)
    flags = {"registered": registered, "closed": registered & (closed_at <= at)}
    return pd.DataFrame(flags | {"due": due, "closed_on_time": due & (closed_at <= deadline)})


def aware(frame: pd.DataFrame, name: str) -> pd.Series:
    """The column as aware times in UTC; InputError where it is missing or has no time zone."""
    if name not in frame:
        raise InputError(f"The column {name!r} is missing: add it, with aware times.")
    column = frame[name]
    if column.isna().all():
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        raise InputError(f"The times of {name!r} have no time zone: give them one.")
    return column.dt.tz_convert("UTC").dt.as_unit("us")
