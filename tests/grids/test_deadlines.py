"""Deadlines: worked cases over nights, weekends and holidays, and equality with counting every minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.deadlines import Calendar, due_many
from tests.oracle import deadlines as oracle

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The spring of 2026 with a long holiday whose last weekend is worked off.
SPRING = {date(2026, 2, 16) + timedelta(days=n): "off" for n in range(7)} | {
    date(2026, 2, 14): "work",
    date(2026, 2, 28): "work",
}


def due(at, hours, clock, calendar):
    return due_many(pd.Series([pd.Timestamp(at)]), pd.Series([hours]), pd.Series([clock]), calendar).iloc[0]


def local(day, hour, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "hours", "clock", "expected"),
    [
        (local(6, 16, 0), 24, "clock", local(7, 16)),
        (local(6, 16, 0), 1, "working", local(6, 17)),
        (local(6, 16, 0), 1.5, "working", local(6, 17, 30)),  # ends with the day, not with the next morning
        (local(6, 17, 0), 1, "working", local(9, 9, 30)),  # over a weekend
        (local(6, 11, 30), 1, "working", local(6, 13, 30)),  # over noon
        (local(7, 10, 0), 2, "working", local(9, 11)),  # reported on a Saturday
        (local(6, 3, 0), 7.5, "working", local(6, 17, 30)),  # one working day
        (local(13, 17, 0, 2), 1, "working", local(14, 9, 30, 2)),  # a Saturday that is worked
        (local(14, 17, 0, 2), 1, "working", local(23, 9, 30, 2)),  # over the whole holiday
        (local(7, 10, 0), 0, "working", local(7, 10)),
    ],
)
def test_worked_cases(at, hours, clock, expected):
    assert due(at, hours, clock, Calendar(SPRING)) == expected


days = st.dictionaries(
    st.integers(0, 20).map(lambda n: date(2026, 2, 9) + timedelta(days=n)), st.sampled_from(["off", "work"])
)
minutes_in = st.integers(0, 14 * 1440).map(lambda n: datetime(2026, 2, 10, tzinfo=UTC) + timedelta(minutes=n))
zones = st.sampled_from(["Asia/Shanghai", "UTC", "Asia/Kathmandu"]).map(ZoneInfo)


@settings(max_examples=60)
@given(minutes_in, st.integers(0, 1500), st.sampled_from(["clock", "working"]), days, zones)
def test_a_deadline_equals_counting_every_minute(at, minutes, clock, exceptions, zone):
    found = due(at, minutes / 60, clock, Calendar(exceptions, zone))
    assert found == oracle.due(at, minutes, clock, exceptions, zone)


@given(minutes_in, minutes_in, st.floats(0, 60), st.floats(0, 60), days)
def test_deadlines_never_run_backwards(one, other, fewer, more, exceptions):
    calendar = Calendar(exceptions)
    first, last = sorted([one, other])
    assert first <= due(first, fewer, "working", calendar) <= due(last, fewer, "working", calendar)
    shorter, longer = sorted([fewer, more])
    assert due(first, shorter, "working", calendar) <= due(first, longer, "working", calendar)
    assert due(first, shorter, "clock", calendar) <= due(first, shorter, "working", calendar)


rows = st.lists(st.tuples(minutes_in, st.none() | st.floats(0, 200), st.sampled_from(["clock", "working"])), max_size=8)


@given(rows, days)
def test_many_at_once_equal_one_by_one(rows, exceptions):
    calendar = Calendar(exceptions)
    at, hours, clock = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    made = due_many(
        pd.Series(at, dtype="datetime64[us, UTC]"), pd.Series(hours, dtype=float), pd.Series(clock, dtype=str), calendar
    )
    expected = [None if need is None else due(*row, calendar) for row in rows for need in [row[1]]]
    assert [None if pd.isna(each) else each for each in made] == expected


def test_missing_hours_and_times_have_no_deadline():
    at = pd.Series([pd.Timestamp(local(6, 9)), pd.NaT], index=[7, 9])
    made = due_many(at, pd.Series([np.nan, 5.0], index=[7, 9]), pd.Series(["working"] * 2, index=[7, 9]), Calendar())
    assert made.isna().all()
    assert list(made.index) == [7, 9]


def test_clocks_that_change_are_followed_in_wall_time():
    # On Sunday 29 March 2026 at 02:00 Berlin jumps to 03:00: 10 hours by the clock end at 05:00 wall time.
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime(2026, 3, 27, 17, 0, tzinfo=berlin)
    assert due(at, 1, "working", Calendar(zone=berlin)) == datetime(2026, 3, 30, 9, 30, tzinfo=berlin)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: due(datetime(2026, 3, 1), 1, "clock", Calendar()), "time zone"),  # noqa: DTZ001
        (lambda: due(local(6, 9), -1, "clock", Calendar()), "not below 0"),
        (lambda: Calendar(hours=((time(9), time(12)), (time(11), time(13)))), "do not overlap"),
        (lambda: Calendar(hours=()), "spans in order"),
    ],
)
def test_what_cannot_be_reckoned_is_refused(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_a_calendar_without_work_never_ends_in_a_deadline():
    off = {date(2026, 1, 1) + timedelta(days=n): "off" for n in range(366 * 60)}
    with pytest.raises(InputError, match="too few working days"):
        due(local(6, 9), 1, "working", Calendar(off))
