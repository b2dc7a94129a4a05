"""Checks times: readable, not before 1990, not in the future where that cannot be."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.checks.clock import Ints, read_instants
from loaders.checks.findings import Findings, Mask, shown
from loaders.checks.values import Texts
from loaders.field_types import Field

EARLIEST = 1990
OPEN_END = 9999  # the year that many systems write for "until further notice"
SLACK = timedelta(days=1)


def times(
    field: Field,
    values: Texts,
    findings: Findings,
    label: str,
    zone: ZoneInfo,
    pattern: str | None,
    now: datetime,
) -> pd.Series:
    """UTC instants, datetime64[us, UTC]; the year 9999 is taken as no time at all."""
    read = read_instants(values, zone, pattern)
    given = np.array([value is not None for value in values], dtype=bool)
    unread, early = given & (read.year == 0), given & (read.year > 0) & (read.year < EARLIEST)
    findings.where(
        unread,
        lambda at: f"{label} {shown(values[at])} is no time that can be read: write 2026-03-04 05:06:07",
    )
    findings.where(
        early,
        lambda at: f"{label} {shown(values[at])} lies in the year {read.year[at]:04d}, before {EARLIEST}",
    )
    late = _late(field, read.utc, read.year, now)
    findings.where(late, lambda at: f"{label} {shown(values[at])} lies in the future")
    utc = np.where(unread | early | late | (read.year == OPEN_END), np.datetime64("NaT", "us"), read.utc)
    return pd.Series(pd.DatetimeIndex(utc).tz_localize("UTC"))


def days(
    field: Field,
    values: Texts,
    findings: Findings,
    label: str,
    zone: ZoneInfo,
    pattern: str | None,
    now: datetime,
) -> list[date | None]:
    """Days of the calendar in `zone`: what is read as a time counts as the day that it lies in there."""
    found = times(field, values, findings, label, zone, pattern, now).dt.tz_convert(zone)
    return [None if pd.isna(at) else at.date() for at in found]


def _late(field: Field, utc: NDArray[np.datetime64], year: Ints, now: datetime) -> Mask:
    if not field.past:
        return np.asarray((year > 2200) & (year != OPEN_END), dtype=bool)
    limit = np.datetime64((now.astimezone(UTC) + SLACK).replace(tzinfo=None), "us")
    late: Mask = utc > limit
    return late
