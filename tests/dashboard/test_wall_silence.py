"""A wall tells a quiet hour from a feed that has stopped, and compares no further than its data reaches."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import isnan
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.live import silence
from dashboard.live.looking import Looking, Wanted
from dashboard.live.scenes import situation
from dashboard.live.silence import ODDS, data_until, is_no_chance, missed
from dashboard.reading.desk import Desk
from db.measures import MEASURES
from grids.rights import Who
from tests.conftest import DEMO_UNTIL, LoadedDatabase

HERE = ZoneInfo("Asia/Shanghai")
EVEN = [7.0 * hour for hour in range(1, 25)]  # seven an hour, 168 a day
WALL = Who("wall", ("wall",))
MICRO = timedelta(microseconds=1)


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


def test_a_feed_that_stopped_in_the_morning_ends_the_comparison_there() -> None:
    assert data_until(at(9, 59), at(14, 22), lambda: EVEN) == at(9, 59) + MICRO


@pytest.mark.parametrize("minutes", [0, 29, 60, 80])
def test_a_quiet_hour_is_no_silence(minutes: int) -> None:
    assert data_until(at(9), at(9) + timedelta(minutes=minutes), lambda: EVEN) == at(9) + timedelta(minutes=minutes)


def test_a_busy_feed_is_given_half_an_hour_and_asks_for_no_expectation_before() -> None:
    now = at(9, 29)
    assert data_until(at(9), now, lambda: pytest.fail("asked")) == now
    assert data_until(at(9), at(9, 31), lambda: [hour * 100.0 for hour in EVEN]) == at(9) + MICRO


def test_without_days_to_compare_with_nothing_is_called_silent() -> None:
    assert data_until(at(9), at(23), lambda: [float("nan")] * 24) == at(23)


def test_a_silence_since_yesterday_is_measured_across_midnight() -> None:
    assert missed(at(22, 30, day=21), at(0, 30), EVEN) == pytest.approx(14)
    assert missed(at(22, 30, day=19), at(0, 30), EVEN) == pytest.approx(14 + 2 * 168)
    assert data_until(at(22, 30, day=21), at(0, 30), lambda: EVEN) == at(22, 30, day=21) + MICRO


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 5000))
def test_the_longer_the_silence_the_surer_it_is(one: float, other: float, a_day: float) -> None:
    assert is_no_chance(min(one, other), a_day) <= is_no_chance(max(one, other), a_day)


@pytest.mark.parametrize("a_day", [40, 160, 900])
def test_simulated_days_of_ordinary_reports_are_hardly_ever_called_silent(a_day: int) -> None:
    random, days = np.random.default_rng(20261122), 20_000
    counts = random.poisson(a_day, days)
    longest = [np.diff(np.sort(random.random(count))).max(initial=0.0) * a_day for count in counts]
    wrong = np.mean([is_no_chance(gap, a_day) for gap in longest])
    print(f"{a_day} a day: {wrong:.2%} of {days} days have a silence that is called no chance")
    assert ODDS / 4 < wrong <= ODDS * 1.2


@contextmanager
def looking(demo_db: LoadedDatabase, now: datetime) -> Iterator[Looking]:
    """The demo city as a wall reads it at an instant."""
    desk = Desk(demo_db.settings, demo_db.engine, lambda: now).under(WALL)
    with desk.connection() as conn:
        yield Looking(desk, Wanted(), conn)


def known(observed: list[float]) -> list[float]:
    return [count for count in observed if not isnan(count)]


def test_while_reports_come_the_day_is_compared_up_to_now(demo_db: LoadedDatabase) -> None:
    with looking(demo_db, DEMO_UNTIL) as look:
        assert look.until == DEMO_UNTIL
        assert situation.today(look)["until"] is None


def test_of_a_stopped_feed_neither_line_nor_expectation_goes_on(
    demo_db: LoadedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "SHORTEST", timedelta(0))
    monkeypatch.setattr(silence, "ODDS", 1e9)  # so that any silence is one
    with looking(demo_db, DEMO_UNTIL) as look:
        today, hours = situation.today(look), situation.hours(look)
        now, then = (
            next(MEASURES["expected today"](look.conn, look.view, look.today, now=instant).itertuples())
            for instant in (look.now, look.until)
        )
        assert look.today.start < today["until"] == look.until < DEMO_UNTIL
    assert today["reports"] == now.observed, "the last report counts itself"
    assert today["expected"] == then.expected <= now.expected
    assert len(known(hours["observed"])) == int(today["hour"])


def test_a_day_of_which_nothing_has_come_is_unheard_and_not_nought(
    demo_db: LoadedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "ODDS", 1e9)
    with looking(demo_db, DEMO_UNTIL + timedelta(days=2)) as look:
        today, hours = situation.today(look), situation.hours(look)
    assert today.items() >= {"reports": None, "verdict": "unheard", "expected": None}.items()
    assert known(hours["observed"]) == []
