"""What the next quarter may bring: intervals that hold what they promise, seasons and growth, odd records."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from grids.planning.outlook import QUARTER, YEAR, coverage, interval, outlook, rates, straying


def city(cells, weeks, seed, season=None, spread=1.0, drift=0.0):
    """Weekly counts of cells whose rates are gamma, with a season (week → factor) and a drift of each quarter."""
    dice = np.random.default_rng(seed)
    rate = dice.gamma(1 / spread, 2.0 * spread, cells)[:, None]
    factor = np.array([season(week) if season else 1.0 for week in range(weeks)])
    strays = dice.gamma(1 / drift, drift, (cells, -(-weeks // QUARTER))).repeat(QUARTER, 1)[:, :weeks] if drift else 1.0
    return dice.poisson(rate * factor * strays).astype(np.float64)


@pytest.mark.parametrize("drift", [0.0, 0.05, 0.3])
def test_intervals_hold_as_much_as_they_promise(drift):
    seen = [coverage(city(400, 2 * YEAR, seed, drift=drift)) for seed in range(5)]
    for name, least, most in (("80", 0.76, 0.90), ("95", 0.92, 0.99)):
        assert least < np.mean([each[name] for each in seen]) < most


def test_sums_of_beats_are_held_too():
    groups = np.arange(400, dtype=np.int32) // 8
    seen = [coverage(city(400, 2 * YEAR, seed, drift=0.05), groups) for seed in range(8)]
    assert 0.70 < np.mean([each["80"] for each in seen]) < 0.95
    assert np.mean([each["95"] for each in seen]) > 0.90


def test_a_quiet_winter_is_foreseen():
    def season(week):
        return 0.5 if week % YEAR < QUARTER else 1.2

    told = rates(city(300, 2 * YEAR, 1, season))
    real = 300 * 2.0 * 0.5 * QUARTER
    assert told.season == pytest.approx(0.5 / (0.25 * 0.5 + 0.75 * 1.2), rel=0.05)
    assert told.matters.sum() == pytest.approx(real, rel=0.15)


def test_growth_is_believed_by_half_and_within_reason():
    steady, grown = np.full((5, 2 * YEAR), 10.0), np.full((5, 2 * YEAR), 10.0)
    grown[:, YEAR:] = 100.0
    assert rates(steady).trend == 1.0
    assert rates(grown).trend == pytest.approx(1.4 ** (0.5 * 32.5 / 52))


def test_cells_of_few_matters_are_drawn_towards_the_city():
    weeks = np.zeros((50, YEAR))
    weeks[1:] = 4.0
    weeks[1::2] = 2.0
    told = rates(weeks).matters
    assert 0 < told[0] < told[1] < told[2] < 4 * QUARTER


def test_minutes_follow_the_matters_and_the_citys_own_where_there_are_few():
    weeks = np.full((2, YEAR), 10.0)
    told = outlook(weeks, np.array([52 * 10 * 30.0, 52 * 10 * 60.0]), 52 * 10 * (30.0**2 + 60.0**2))
    assert told.minutes / told.matters == pytest.approx([30.0, 60.0], rel=0.03)
    table = told.by_beat(np.arange(2, dtype=np.int32), 2)
    assert (table["low95"] <= table["low"]).all()
    assert (table["low"] <= table["expected"]).all()
    assert (table["expected"] <= table["high"]).all()
    whole = told.by_beat(np.zeros(2, np.int32), 1).loc[0]
    assert whole["expected"] == pytest.approx(told.minutes.sum())
    assert whole["high"] - whole["low"] < (table["high"] - table["low"]).sum()


@given(st.integers(0, 60), st.integers(0, 3))
def test_any_record_has_a_finite_outlook_or_none(weeks, calls):
    told = outlook(np.full((3, weeks), float(calls)), np.full(3, 30.0 * calls * weeks), 900.0 * calls * weeks * 3)
    assert (told is None) == (weeks < 8)
    if told is not None:
        table = told.by_beat(np.arange(3, dtype=np.int32), 3).to_numpy()
        assert np.isfinite(table).all()
        assert (table >= 0).all()


def test_what_is_never_and_what_is_certain_have_no_width():
    told = interval(np.array([0.0, 5.0]), np.array([0.0, 0.0]))
    assert [ends.tolist() for ends in told.values()] == [[0.0, 5.0]] * 4


def test_a_short_past_is_taken_for_as_uncertain_as_others_are():
    assert straying(np.ones((4, YEAR))) == (0.02, 0.01)
    assert np.isnan(coverage(np.ones((4, QUARTER)))["80"])


def test_counts_below_0_and_a_cell_too_many_are_refused():
    for weeks in (np.full((2, 20), -1.0), np.ones((3, 20))):
        with pytest.raises(InputError, match="week by week"):
            outlook(weeks, np.ones(2), 1.0)
