"""Deadlines: so many hours after a report, by the clock or in working hours of the city's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError

DayKind = Literal["off", "work"]
Hours = tuple[tuple[time, time], ...]
Ints = npt.NDArray[np.int64]
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS: Hours = ((time(9), time(12)), (time(13), time(17, 30)))
HOUR_US = 3_600_000_000
FARTHEST_DAYS = 366 * 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and when: weekdays but the days named "off", weekend days named "work" too.

    days: the exceptions; a day that is not named is what its weekday says. zone: of the city. hours: the working
    spans of a day in wall time, in order, not overlapping. InputError otherwise.
    """

    days: Mapping[date, DayKind] = field(default_factory=dict, hash=False)
    zone: ZoneInfo = SHANGHAI
    hours: Hours = OFFICE_HOURS

    def __post_init__(self) -> None:
        edges = [edge for span in self.hours for edge in span]
        if not edges or any(late <= early for early, late in pairwise(edges)):
            raise InputError("Give working hours as spans in order that do not overlap.")

    def works(self, day: date) -> bool:
        """Whether people work on that day."""
        kind = self.days.get(day)
        return kind == "work" if kind is not None else day.weekday() < 5

    def spans(self, first: date, last: date) -> tuple[Ints, Ints]:
        """Starts and ends of all working spans from `first` to `last` (included), µs since 1970 UTC."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        spans = [(day, start, end) for day in days if self.works(day) for start, end in self.hours]
        edges = [[_us(datetime.combine(day, edge, self.zone)) for edge in (start, end)] for day, start, end in spans]
        found = np.array(edges, dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def due_many(at: pd.Series, hours: pd.Series, clock: pd.Series, calendar: Calendar) -> pd.Series:
    """When `hours` after `at` have passed: datetime64[us, UTC] on the index of `at`, NaT where hours or at is missing.

    at: aware instants; hours: float, not below 0; clock: "clock" or "working" (the earliest instant by which so much
    work time has passed). InputError for a naive time, hours below 0, or a calendar that never works so long.
    """
    start = _instants(at)
    need = hours.astype("float64").to_numpy()
    known = ~np.isnan(need) & (start != _NAT)
    if (need[known] < 0).any():
        raise InputError("A deadline lies after the report: give hours that are not below 0.")
    span = np.where(known, np.round(np.nan_to_num(need) * HOUR_US), 0).astype(np.int64)
    ends = np.where(known, start + span, _NAT)
    chosen = known & (clock == "working").to_numpy(dtype=bool) & (span > 0)
    if chosen.any():
        ends[chosen] = _worked(start[chosen], span[chosen], calendar)
    return pd.Series(ends.view("datetime64[us]"), index=at.index).dt.tz_localize("UTC")


def _worked(start: Ints, span: Ints, calendar: Calendar) -> Ints:
    """The instant at which `span` µs of work since `start` are done."""
    first = (_EPOCH + timedelta(microseconds=int(start.min()))).date() - timedelta(days=1)
    latest = (_EPOCH + timedelta(microseconds=int(start.max()))).date() + timedelta(days=1)
    reach = 14
    while reach <= FARTHEST_DAYS:
        begins, ends = calendar.spans(first, latest + timedelta(days=reach))
        done = np.cumsum(ends - begins)
        before = _work_before(start, begins, done)
        if len(done) and (before + span <= done[-1]).all():
            held = np.searchsorted(done, before + span, side="left")
            return ends[held] - (done[held] - before - span)
        reach *= 4
    raise InputError("The calendar has too few working days for this deadline: correct the holidays.")


def _work_before(at: Ints, begins: Ints, done: Ints) -> Ints:
    """µs of work in the spans before each instant; done: work until the end of each span."""
    if not len(done):
        return np.zeros(len(at), dtype=np.int64)
    whole = np.concatenate([[0], done])
    held = np.searchsorted(begins, at, side="right") - 1
    length = np.diff(whole)
    part = np.minimum(at - begins[held], length[held])
    return np.where(held < 0, 0, whole[held] + part)


def _instants(at: pd.Series) -> Ints:
    if at.dtype == object:
        at = pd.to_datetime(at, utc=True)
    if not isinstance(at.dtype, pd.DatetimeTZDtype):
        raise InputError("Give the times of reports their time zone.")
    values: Ints = at.dt.tz_convert("UTC").dt.as_unit("us").to_numpy(dtype="datetime64[us]").view(np.int64)
    return values


def _us(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
