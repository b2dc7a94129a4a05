"""More, less or unchanged: the test flags noise as rarely as it says, and periods are the ones people mean."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from geo.errors import InputError
from grids.trends import (
    Days,
    count_interval,
    count_z,
    direction,
    last_year,
    previous,
    share_z,
    with_changes,
    with_share_changes,
)
from tests.oracle import trends as oracle

few = settings(max_examples=60)
counts = st.integers(0, 5000)
lengths = st.floats(0.5, 400)
parts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@few
@given(counts, counts, lengths, lengths)
def test_z_of_counts_equals_the_oracle(now, before, per_now, per_before):
    wanted = oracle.z_of_counts(now, before, per_now, per_before)
    assert float(count_z(now, before, per_now, per_before)) == pytest.approx(wanted, abs=1e-9)


@few
@given(counts, counts)
def test_equal_periods_give_the_plain_difference_of_roots(now, before):
    wanted = math.sqrt(2) * (math.sqrt(now + 3 / 8) - math.sqrt(before + 3 / 8))
    assert float(count_z(now, before, 31, 31)) == pytest.approx(wanted, abs=1e-9)
    assert abs(wanted - math.sqrt(2) * (math.sqrt(now) - math.sqrt(before))) < 0.87  # what ⅜ can change at most


@few
@given(counts, counts, lengths, lengths, st.floats(0.01, 100))
def test_z_is_free_of_the_unit_of_time(now, before, per_now, per_before, unit):
    wanted = float(count_z(now, before, per_now, per_before))
    assert float(count_z(now, before, per_now * unit, per_before * unit)) == pytest.approx(wanted, abs=1e-6)


@few
@given(parts, parts)
def test_squared_z_of_shares_is_the_chi_square_of_the_table(now, before):
    z = float(share_z(*now, *before))
    assert z**2 == pytest.approx(oracle.chi_square_of_shares(*now, *before), rel=1e-9, abs=1e-9)
    assert z == pytest.approx(-float(share_z(*before, *now)))


@pytest.mark.parametrize(("days_now", "days_before"), [(30, 30), (28, 31), (7, 30), (30, 365)])
def test_flags_two_to_four_in_a_thousand_of_pure_poisson_noise(days_now, days_before):
    random = np.random.default_rng(20260301)
    rate = random.uniform(2, 40, 200_000)
    now, before = random.poisson(rate * days_now), random.poisson(rate * days_before)
    flagged = np.isin(direction(count_z(now, before, days_now, days_before)), ["up", "down"]).mean()
    print(f"{days_now} against {days_before} days: {flagged:.4%} of 200,000 flagged")
    assert 0.002 < flagged < 0.004


@pytest.mark.parametrize("mean", [5, 8, 12, 20, 50, 150, 1000, 5000])
def test_exactly_two_to_four_in_a_thousand_of_poisson_noise_lie_past_the_flag(mean):
    """No sample: P(|z| > 3) summed over all pairs of independent counts of one mean, to 12 σ."""
    assert 0.002 < _flagged_exactly(mean) < 0.004


@pytest.mark.parametrize("mean", [0.1, 0.5, 1, 2, 3, 4])
def test_of_rare_events_fewer_are_flagged_never_more(mean):
    assert _flagged_exactly(mean) < 0.003


def _flagged_exactly(mean):
    counts = np.arange(max(0, int(mean - 12 * mean**0.5)), int(mean + 12 * mean**0.5 + 20))
    chance = poisson.pmf(counts, mean)
    flagged = direction(count_z(counts[:, None], counts[None, :])) != "unchanged"
    return float((chance[:, None] * chance[None, :])[flagged].sum())


@pytest.mark.parametrize(("mean_a_day", "days_now", "days_before"), [(0.3, 30, 31), (1, 7, 30), (0.5, 30, 365)])
def test_flags_no_more_than_half_a_per_cent_of_noise_in_small_and_unequal_counts(mean_a_day, days_now, days_before):
    random = np.random.default_rng(20260303)
    now, before = random.poisson(mean_a_day * days_now, 200_000), random.poisson(mean_a_day * days_before, 200_000)
    flagged = np.isin(direction(count_z(now, before, days_now, days_before)), ["up", "down"]).mean()
    print(f"{mean_a_day} a day, {days_now} against {days_before} days: {flagged:.4%} of 200,000 flagged")
    assert flagged < 0.005


def test_flags_two_to_four_in_a_thousand_of_pure_chance_in_shares():
    random, n = np.random.default_rng(20260302), 200_000
    p, n_now, n_before = random.uniform(0.05, 0.95, n), random.integers(200, 2000, n), random.integers(200, 2000, n)
    z = share_z(random.binomial(n_now, p), n_now, random.binomial(n_before, p), n_before)
    flagged = np.isin(direction(z), ["up", "down"]).mean()
    print(f"shares: {flagged:.4%} of 200,000 flagged")
    assert 0.002 < flagged < 0.004


def test_a_real_change_is_flagged_though_the_months_differ_in_length():
    table = pd.DataFrame({"now": [280, 280, 0], "before": [310, 465, 0], "per_now": 28, "per_before": 31})
    found = with_changes(table)
    assert found["direction"].tolist() == ["unchanged", "down", "unchanged"]
    assert found["rate_now"].tolist() == [10, 10, 0]
    assert found.loc[1, "z"] == pytest.approx(-5.448, abs=1e-3)


def test_without_length_or_cases_a_change_is_unknown_and_never_zero():
    assert direction(count_z([5, 5], [5, 5], [0, 1], [1, 0])).tolist() == ["unknown", "unknown"]
    assert direction(share_z([0, 3], [0, 5], [3, 0], [5, 0])).tolist() == ["unknown", "unknown"]


def test_shares_stand_beside_the_change():
    found = with_share_changes(pd.DataFrame({"k_now": [60], "n_now": [400], "k_before": [100], "n_before": [400]}))
    assert found.loc[0, ["share_now", "share_before"]].tolist() == [0.15, 0.25]
    assert found.loc[0, "z"] == pytest.approx(-3.536, abs=1e-3)
    assert found.loc[0, "direction"] == "down"


@pytest.mark.parametrize("bad", [lambda: count_z(-1, 2), lambda: share_z(4, 3, 1, 2), lambda: share_z(1, 3, -1, 2)])
def test_counts_that_cannot_be_are_refused(bad):
    with pytest.raises(InputError):
        bad()


def test_whole_months_go_back_by_months_and_other_periods_by_their_length():
    assert previous(Days(date(2026, 3, 1), date(2026, 4, 1))) == (date(2026, 2, 1), date(2026, 3, 1))
    assert previous(Days(date(2026, 1, 1), date(2026, 4, 1))) == (date(2025, 10, 1), date(2026, 1, 1))
    assert previous(Days(date(2026, 3, 2), date(2026, 3, 9))) == (date(2026, 2, 23), date(2026, 3, 2))


def test_last_year_is_the_same_dates_and_the_day_before_stands_in_for_a_leap_day():
    assert last_year(Days(date(2026, 3, 1), date(2026, 4, 1))) == (date(2025, 3, 1), date(2025, 4, 1))
    assert last_year(Days(date(2028, 2, 29), date(2028, 3, 1))) == (date(2027, 2, 28), date(2027, 3, 1))
    assert last_year(Days(date(2028, 2, 28), date(2028, 2, 29))) == (date(2027, 2, 28), date(2027, 3, 1))
    assert last_year(Days(date(2028, 2, 1), date(2028, 3, 1))) == (date(2027, 2, 1), date(2027, 3, 1))


@few
@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 800))
def test_the_previous_period_ends_where_this_one_begins(first, length):
    days = Days(first, first + timedelta(days=length))
    before = previous(days)
    assert before.end == days.first
    assert before.length >= 1
    assume(first.day != 1 or days.end.day != 1)
    assert before.length == days.length


def test_a_period_without_a_day_is_refused():
    with pytest.raises(InputError, match="holds no day"):
        previous(Days(date(2026, 3, 1), date(2026, 3, 1)))


def test_the_interval_of_a_count_is_garwoods() -> None:
    low, high = count_interval([0, 1, 10, np.nan])
    assert low[:3] == pytest.approx([0.0, 0.0253, 4.7954], abs=1e-4)
    assert high[:3] == pytest.approx([3.6889, 5.5716, 18.3904], abs=1e-4)
    assert np.isnan([low[3], high[3]]).all()
    with pytest.raises(InputError, match="below 0"):
        count_interval([-1])
