"""Scorecards: every line says what was counted and why it got its points; what cannot be judged is no failure."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFound
from grids.levels import Name
from grids.scorecards.counted import counted_categories
from grids.scorecards.rules import FOUR_GOALS, FOUR_TYPES, MONTHLY_STAR, SCORECARDS, Rule, scorecard
from grids.scorecards.scoring import earned, score, stars, totals
from grids.suppression import suppress
from tests.oracle import scorecards as oracle

few = settings(max_examples=25)
ZEROS = [rule.above[0] for rule in FOUR_TYPES.rules]
cards = st.sampled_from(list(SCORECARDS.values()))


def counted(card):
    """The counts that a card names."""
    return list(dict.fromkeys(name for rule in card.rules for name in (*rule.above, *rule.below)))


@st.composite
def counts_of_a_card(draw):
    card = draw(cards)
    names, some = counted(card), st.integers(0, 30).map(float) | st.just(math.nan)
    rows = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, some)), min_size=1, max_size=2))
    return card, pd.DataFrame(rows, columns=names, index=[f"G{n}" for n in range(len(rows))])


@few
@given(counts_of_a_card())
def test_every_line_and_every_sum_equal_the_oracle(made):
    card, counts = made
    scored = score(counts, card)
    assert len(scored) == len(counts) * len(card.rules)
    for _, row in scored.iterrows():
        rule = next(rule for rule in card.rules if rule.code == row["rule"])
        wanted = oracle.line(
            counts.loc[row["unit"]], rule.above, rule.below, rule.bound, rule.threshold, rule.points, rule.fewest
        )
        assert (None if row["met"] is pd.NA else row["met"], row["points"], row["of"]) == wanted
    summed = totals(scored)
    for unit, lines in scored.groupby("unit"):
        assert summed.loc[unit, "points"] == lines["points"].sum()
        assert summed.loc[unit, "judged"] == lines["met"].notna().sum()


@pytest.mark.parametrize("card", list(SCORECARDS.values()), ids=list(SCORECARDS))
def test_shipped_cards_are_worth_a_hundred_points(card):
    assert sum(rule.points for rule in card.rules) == 100
    assert {rule.group for rule in card.rules} == set(card.groups)


def test_a_cell_with_eight_zeros_is_of_all_four_types_and_one_fire_costs_one_of_them():
    counts = pd.DataFrame(0, index=["G1", "G2"], columns=ZEROS)
    counts.loc["G2", "fires"] = 1
    scored = score(counts, FOUR_TYPES)
    types = earned(scored)["earned"]
    assert types.loc["G1"].to_dict() == dict.fromkeys(["harmonious", "peaceful", "serving", "sunny"], True)
    assert types.loc["G2"].to_dict() == {"harmonious": True, "peaceful": False, "serving": True, "sunny": True}
    assert totals(scored)["points"].tolist() == [100, 87.5]


def test_a_count_that_nobody_keeps_earns_no_type_and_costs_no_percent():
    counts = pd.DataFrame(0.0, index=["G1"], columns=ZEROS).assign(complaints=np.nan)
    scored = score(counts, FOUR_TYPES)
    assert not earned(scored).loc[("G1", "sunny"), "earned"]
    assert totals(scored).loc["G1", ["points", "of", "percent"]].tolist() == [87.5, 87.5, 100]


def test_a_line_says_why_in_both_languages():
    counts = pd.DataFrame(
        {"crimes": [3], "residents": [4160], "repeats": [12], "reports": [80], "contained": [41], "decided": [50],
         "satisfied": [0], "answered": [0]},
        index=["B1"],
    )  # fmt: skip
    scored = score(counts, FOUR_GOALS).set_index("rule")
    assert scored["why_en"].tolist() == [
        "3/4160 = 0.0721 % (wanted ≤ 0.1 %): met, 25 of 25 points",
        "12/80 = 15 % (wanted ≤ 10 %): not met, 0 of 25 points",
        "41/50 = 82 % (wanted ≥ 90 %): not met, 0 of 25 points",
        "0/0 (wanted ≥ 95 %): too little to judge, 0 of 0 points",
    ]
    assert scored.loc["crime_rate", "why_zh"] == "3/4160 = 0.0721 %（要求≤ 0.1 %）：达标，25/25分"
    assert scored.loc["containment", ["numerator", "denominator"]].tolist() == [41, 50]


def test_few_cases_of_a_scored_line_can_be_hidden_with_their_reason():
    counts = pd.DataFrame(0, index=["G1", "G2"], columns=ZEROS)
    counts.loc["G1", "crimes"] = 3
    hidden = suppress(score(counts, FOUR_TYPES))
    assert hidden.loc[hidden["suppressed"], ["unit", "rule"]].to_numpy().tolist() == [["G1", "no_crime"]]
    assert hidden.loc[hidden["suppressed"], ["numerator", "value", "met", "points", "why_zh"]].isna().all(axis=None)


def star_counts(**rows):
    """Units of which so many of so many (of each of the five measures, or those named) went well."""
    table = {}
    for unit, shares in rows.items():
        values = dict.fromkeys(counted(MONTHLY_STAR), 0)
        for rule in MONTHLY_STAR.rules:
            values[rule.above[0]], values[rule.below[0]] = shares.get(rule.code, shares.get("rest", (0, 0)))
        table[unit] = values
    return pd.DataFrame(table).T


def test_the_star_goes_to_the_best_of_each_station_and_equals_share_it():
    counts = star_counts(
        G1={"rest": (20, 20)}, G2={"rest": (20, 20), "held": (1, 20)}, G3={"rest": (20, 20)}, G4={"rest": (1, 20)}
    )
    stations = pd.Series({"G1": "S1", "G2": "S1", "G3": "S1", "G4": "S2"})
    ranked = stars(totals(score(counts, MONTHLY_STAR)), stations)
    assert ranked["rank"].tolist() == [1, 3, 1, 1]
    assert ranked["star"].tolist() == [True, False, True, False]


def test_one_lucky_figure_wins_no_star():
    counts = star_counts(G1={"satisfaction": (1, 1)}, G2={"rest": (20, 20), "held": (1, 20)})
    ranked = stars(totals(score(counts, MONTHLY_STAR)), pd.Series({"G1": "S1", "G2": "S1"}))
    assert ranked["rank"].tolist() == [pd.NA, 1]
    assert ranked["star"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        (pd.DataFrame(0, index=["G1"], columns=ZEROS[1:]), "needs the counts crimes"),
        (pd.DataFrame(0, index=["G1", "G1"], columns=ZEROS), "G1 stands twice"),
        (pd.DataFrame(-1, index=["G1"], columns=ZEROS), "below 0"),
    ],
)
def test_counts_that_cannot_be_scored_are_refused(counts, wanted):
    with pytest.raises(InputError, match=wanted):
        score(counts, FOUR_TYPES)


def test_rules_that_are_no_rules_are_refused():
    with pytest.raises(InputError, match="'idle' counts nothing"):
        Rule("idle", "work", Name("空", "idle"), (), "at_most", 0, 1)
    with pytest.raises(InputError, match="has a rule twice"):
        type(FOUR_GOALS)("x", "cell", Name("x", "x"), FOUR_GOALS.groups, FOUR_GOALS.rules * 2)
    with pytest.raises(NotFound, match="four_types, four_goals, monthly_star"):
        scorecard("nine")


def test_categories_count_by_code_name_or_group_and_none_means_unknown():
    rows = [
        ("C01", "盗窃", "刑事案件"),
        ("fire", "灶台起火", "涉险救援"),
        ("C38", "火警", "涉险救援"),
        ("C57", "夜间噪声扰民", "举报投诉"),
    ]
    catalogue = pd.DataFrame(rows, columns=["code", "name", "group"])
    assert counted_categories("crimes", catalogue).tolist() == [True, False, False, False]
    assert counted_categories("fires", catalogue).tolist() == [False, True, True, False]
    assert not counted_categories("complaints", catalogue).any()
    with pytest.raises(NotFound):
        counted_categories("wishes", catalogue)


@pytest.mark.parametrize("card", SCORECARDS.values(), ids=SCORECARDS)
def test_without_the_sentences_the_lines_are_the_same(card):
    counts = pd.DataFrame({name: [1.0, math.nan, 4.0] for name in counted(card)}, index=["a", "b", "c"])
    told = score(counts, card)
    pd.testing.assert_frame_equal(score(counts, card, why=False), told.drop(columns=["why_zh", "why_en"]))
