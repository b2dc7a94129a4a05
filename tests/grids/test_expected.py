"""The expectation of today: counted right, its limits hold what they promise, and little data says nothing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.arrivals import history
from grids.expected import dispersion, expected_by_hour, limits
from tests.oracle import expected as oracle
from tests.oracle.expected import expected_by_now

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 6, 30, 6, 30, tzinfo=UTC)  # Tuesday 14:30 in Shanghai
PROFILE = np.array([2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 6, 6, 7, 7, 8, 9, 9, 8, 7, 6, 5, 3]) / 127


def series(times):
    return pd.Series(pd.to_datetime(times, utc=True)).astype("datetime64[us, UTC]")


def made_up_city(seed, mean, excess, days=460):
    """Instants of `days` local days in Shanghai: weekdays differ, the year swells, days vary by a gamma factor."""
    random, begin = np.random.default_rng(seed), pd.Timestamp("2025-01-06", tz=SHANGHAI)
    day = np.arange(days)
    level = mean * (1 + 0.15 * np.isin(day % 7, [4, 5])) * (1 + 0.08 * np.sin(2 * np.pi * day / 365))
    luck = random.gamma(1 / excess, excess, days) if excess else np.ones(days)
    count = random.poisson(level * luck)
    hour = random.choice(24, count.sum(), p=PROFILE)
    seconds = np.repeat(day, count) * 86_400 + hour * 3600 + random.integers(0, 3600, count.sum())
    return begin, series(begin.tz_convert("UTC") + pd.to_timedelta(np.sort(seconds), unit="s"))


@pytest.mark.parametrize(("mean", "excess", "weeks"), [(45, 0.0, 8), (45, 0.02, 8), (160, 0.01, 13)])
def test_limits_hold_95_of_100_days_of_a_simulated_year(mean, excess, weeks):
    begin, times = made_up_city(20260301, mean, excess)
    found = []
    for day in range(95, 460):
        now = begin + timedelta(days=day, hours=[9, 14, 20, 24][day % 4], minutes=-1)
        near = times[(times >= now - timedelta(days=7 * weeks + 2)) & (times < now + timedelta(days=1))]
        found.append(expected_by_now(history(near, now, SHANGHAI, weeks)).verdict)
    within = np.mean([verdict == "within" for verdict in found])
    print(f"mean {mean}, excess {excess}, {weeks} weeks: {within:.1%} of 365 days within the 95 % limits")
    assert 0.93 <= within <= 0.97


moments = st.integers(0, 5 * 7 * 24 * 2).map(lambda halves: NOW - timedelta(minutes=30 * halves))


@settings(max_examples=50)
@given(st.lists(moments, max_size=30), st.sampled_from([SHANGHAI, "America/Chicago"]), st.booleans())
def test_counts_by_this_time_of_day_equal_the_oracle(times, zone, skips):
    skip = {date(2026, 6, 23)} if skips else set()
    told = history(series(times), NOW, zone, 4, skip)
    today, before = oracle.by_now(times, NOW, zone, 4, skip)
    assert told.today == today
    assert told.before[told.weekday == told.same].tolist() == before[::-1]
    midnight = NOW.astimezone(ZoneInfo(zone)).replace(hour=23, minute=59, second=59, microsecond=999_999)
    _, whole_days = oracle.by_now(times, midnight, zone, 4, skip)
    assert told.by_hour[told.weekday == told.same].sum(axis=1).tolist() == whole_days[::-1]
    assert told.today_by_hour.sum() == today


def test_a_call_at_this_very_instant_of_the_clock_has_not_come_yet():
    week_ago = NOW - timedelta(weeks=1)
    told = history(series([week_ago, week_ago - timedelta(microseconds=1), NOW]), NOW, SHANGHAI, 4)
    assert told.before[told.weekday == told.same].tolist() == [0, 0, 0, 1]
    assert told.today == 0


def test_a_day_with_twice_the_calls_is_above_and_a_silent_one_below():
    _, times = made_up_city(1, 45, 0.0, 240)
    now = pd.Timestamp("2025-09-01 14:00", tz=SHANGHAI)
    today = times >= pd.Timestamp("2025-09-01", tz=SHANGHAI)
    usual = expected_by_now(history(times, now, SHANGHAI))
    assert usual.verdict == "within"
    assert usual.low <= usual.expected <= usual.high
    twice = series([*times, *times[today & (times < now)]])
    assert expected_by_now(history(twice, now, SHANGHAI)).verdict == "above"
    assert expected_by_now(history(times[~today], now, SHANGHAI)).verdict == "below"


def test_the_curve_of_the_day_ends_at_the_days_mean_and_shows_no_hour_that_is_not_over():
    _, times = made_up_city(1, 45, 0.0, 240)
    told = history(times, pd.Timestamp("2025-09-01 14:30", tz=SHANGHAI), SHANGHAI)
    curve = expected_by_hour(told)
    assert curve["observed"].notna().tolist() == [True] * 14 + [False] * 10
    assert curve["expected"].iloc[-1] == told.by_hour[told.weekday == 0].sum(axis=1).mean()
    assert (curve["low"] <= curve["expected"]).all()
    assert (curve["expected"] <= curve["high"]).all()


def test_festivals_and_days_before_the_first_data_are_no_comparison():
    _, times = made_up_city(1, 45, 0.0, 240)
    now = pd.Timestamp("2025-09-01 14:00", tz=SHANGHAI)
    told = expected_by_now(history(times, now, SHANGHAI, 8, {date(2025, 8, 25)}, since=date(2025, 7, 20)))
    assert told.days == 5
    few = expected_by_now(history(times, now, SHANGHAI, 8, since=date(2025, 8, 10)))
    assert (few.verdict, few.days) == ("unknown", 3)
    assert np.isnan(few.expected)
    assert expected_by_hour(history(times, now, SHANGHAI, 8, since=date(2025, 8, 10)))["low"].isna().all()


def test_limits_of_the_documented_example():
    assert limits(np.array([18, 22, 20, 16, 25, 19, 21, 19]), 0.0) == (11, 30)
    assert limits(np.array([18, 22, 20, 16, 25, 19, 21, 19]), 0.05) == (9, 35)


def test_after_days_without_a_call_one_call_is_no_alarm():
    assert limits(np.zeros(8, dtype=np.int64), 0.0) == (0, 1)


def test_the_dispersion_is_found_again_and_poisson_has_almost_none():
    random, groups = np.random.default_rng(2), np.repeat(np.arange(7), 400)
    mean = 20 + 10 * groups
    assert dispersion(random.poisson(mean), groups) < 0.003
    assert dispersion(random.poisson(mean * random.gamma(10, 0.1, len(groups))), groups) == pytest.approx(0.1, rel=0.1)
    assert dispersion(np.array([3, 9]), np.array([0, 1])) == 0


@pytest.mark.parametrize(
    "bad",
    [
        lambda: history(series([]), NOW, SHANGHAI, 3),
        lambda: history(series([]), NOW, "Asia/Qingdao"),
        lambda: history(series([]), NOW.replace(tzinfo=None), SHANGHAI),
        lambda: limits(np.array([], dtype=np.int64), 0.0),
        lambda: limits(np.array([1]), 0.0, 1.0),
    ],
)
def test_what_makes_no_sense_is_refused(bad):
    with pytest.raises(InputError):
        bad()
