"""两降一升 and 三降一升: a line is reached only when its change is beyond noise."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFound
from grids.scorecards.panels import PANELS, is_reached, judge_panel, panel
from tests.oracle import trends as oracle

COLUMNS = ["measure", "now_numerator", "now_denominator", "before_numerator", "before_denominator"]
# A station of 71,600 people and 36 staff, a month of 30 days against one of 31.
FIGURES = pd.DataFrame(
    [
        ("repeat_rate", 60, 900, 130, 1200),
        ("incident_rate", 900, 71_600 * 30, 1200, 71_600 * 31),
        ("load_per_head", 890, 36 * 30, 1190, 36 * 31),
        ("efficiency", 860, 890, 1050, 1190),
    ],
    columns=COLUMNS,
)


def test_a_station_that_improved_everywhere_reaches_three_down_one_up():
    judged = judge_panel(panel("3down1up"), FIGURES)
    assert judged["direction"].tolist() == ["down", "down", "down", "up"]
    assert judged["reached"].tolist() == [True] * 4
    assert is_reached(judged) is True
    assert judged.loc["incident_rate", "now"] == pytest.approx(900 / 71_600 / 30 * 10_000)
    assert judged.loc["efficiency", ["now_numerator", "now_denominator"]].tolist() == [860, 890]


def test_a_change_within_noise_is_unchanged_and_reaches_nothing():
    quiet = FIGURES.assign(now_numerator=[92, 900, 890, 860], before_numerator=[130, 935, 925, 1050])
    judged = judge_panel(panel("2down1up"), quiet)
    assert judged["direction"].tolist() == ["unchanged", "unchanged", "up"]
    assert is_reached(judged) is False


def test_an_unknown_line_leaves_the_panel_open_unless_another_failed():
    empty = FIGURES.assign(before_denominator=[1200, 71_600 * 31, 0, 1190])
    judged = judge_panel(panel("3down1up"), empty)
    assert judged["direction"].tolist() == ["down", "down", "unknown", "up"]
    assert is_reached(judged) is None
    failed = judge_panel(panel("3down1up"), empty.assign(now_numerator=[900, 900, 890, 860]))
    assert is_reached(failed) is False


two_shares = st.tuples(st.integers(1, 300), st.integers(1, 300)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@settings(max_examples=40)
@given(two_shares, two_shares, st.tuples(*[st.integers(1, 3000)] * 4), st.tuples(*[st.integers(1, 3000)] * 4))
def test_every_line_is_judged_as_the_oracle_judges_it(repeats, efficiency, incidents, load):
    rows = {"repeat_rate": repeats, "incident_rate": incidents, "load_per_head": load, "efficiency": efficiency}
    table = pd.DataFrame([(name, *row) for name, row in rows.items()], columns=COLUMNS)
    judged = judge_panel(panel("3down1up"), table)
    for name in ("incident_rate", "load_per_head"):
        k_now, n_now, k_before, n_before = rows[name]
        assert judged.loc[name, "direction"] == oracle.direction(oracle.z_of_counts(k_now, k_before, n_now, n_before))
    for name in ("repeat_rate", "efficiency"):
        size = oracle.chi_square_of_shares(*rows[name]) ** 0.5
        k_now, n_now, k_before, n_before = rows[name]
        sign = 1 if k_now * n_before >= k_before * n_now else -1
        assert judged.loc[name, "direction"] == oracle.direction(sign * size)


def test_figures_that_are_absent_or_twice_there_are_refused():
    with pytest.raises(InputError, match="'load_per_head', not 0"):
        judge_panel(panel("3down1up"), FIGURES[FIGURES["measure"] != "load_per_head"])
    with pytest.raises(InputError, match="'repeat_rate', not 2"):
        judge_panel(panel("2down1up"), pd.concat([FIGURES, FIGURES[:1]]))


def test_an_unknown_panel_is_told_which_there_are():
    with pytest.raises(NotFound, match=", ".join(PANELS)):
        panel("4down")
