"""Periods in the city's own time, never past the present minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.reading.periods import bounds, days
from dashboard.reading.view import PERIODS, View

NOW = datetime(2026, 3, 1, 17, 30, 20, tzinfo=UTC)  # already 2 March in Shanghai
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("period", "start"),
    [
        ("today", "2026-03-01T16:00"),
        ("7d", "2026-02-23T16:00"),
        ("30d", "2026-01-31T16:00"),
        ("month", "2026-02-28T16:00"),
        ("year", "2025-03-02T16:00"),
    ],
)
def test_a_preset_starts_at_local_midnight_and_ends_with_the_running_minute(period: str, start: str) -> None:
    found = bounds(View(period=period), NOW, ZONE)
    assert found == (datetime.fromisoformat(start).replace(tzinfo=UTC), datetime(2026, 3, 1, 17, 31, tzinfo=UTC))


def test_a_custom_period_holds_both_its_days() -> None:
    view = View(period="custom", first=date(2026, 1, 1), last=date(2026, 1, 31))
    start, end = bounds(view, NOW, ZONE)
    assert (start, end - start) == (datetime(2025, 12, 31, 16, tzinfo=UTC), timedelta(days=31))


def test_a_day_of_the_clock_change_has_23_hours() -> None:
    view = View(period="custom", first=date(2026, 3, 8), last=date(2026, 3, 8))
    start, end = bounds(view, datetime(2026, 6, 1, tzinfo=UTC), "America/Chicago")
    assert end - start == timedelta(hours=23)


@given(
    st.sampled_from(PERIODS[:-1]),
    st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC)),
)
def test_a_preset_holds_the_present(period: str, now: datetime) -> None:
    start, end = bounds(View(period=period), now, ZONE)
    assert start <= now < end <= now + timedelta(minutes=1)


def test_a_period_to_come_is_empty_but_still_a_period() -> None:
    view = View(period="custom", first=date(2030, 1, 1), last=date(2030, 1, 2))
    start, end = bounds(view, NOW, ZONE)
    assert start < end
    assert days(view, NOW.date()) == (date(2030, 1, 1), date(2030, 1, 2))
