"""Levels, grades and policies: the data that every measure stands on."""

import pytest
from hypothesis import given

from geo.errors import InputError, NotFound
from grids.grading import SEVERITIES, checked_severity
from grids.levels import LEVEL_NAMES, LEVELS, Ladder
from grids.policies import POLICIES, policy
from tests.oracle import containment as oracle
from tests.strategies import ladders, levels


def test_default_ladder_is_the_order_of_levels():
    assert Ladder.default().beyond("community") == ("street", "district", "city")


def test_level_that_ties_with_the_ceiling_is_not_beyond_it():
    tied = Ladder({"cell": 0, "beat": 1, "community": 1, "street": 2, "district": 3, "city": 4})
    assert tied.beyond("beat") == ("street", "district", "city")


def test_community_may_rank_below_beat():
    villages = Ladder({"cell": 0, "community": 1, "beat": 2, "street": 3, "district": 4, "city": 5})
    assert villages.beyond("community") == ("beat", "street", "district", "city")


@pytest.mark.parametrize("ranks", [{}, {"cell": 0}, dict.fromkeys([*LEVELS, "province"], 0)])
def test_ladder_ranks_exactly_the_six_levels(ranks):
    with pytest.raises(InputError, match="cell, beat, community, street, district, city"):
        Ladder(ranks)


@given(ladders, levels)
def test_beyond_is_every_level_of_higher_rank(ladder, ceiling):
    above = [level for level in LEVELS if ladder.ranks[level] > ladder.ranks[ceiling]]
    assert list(ladder.beyond(ceiling)) == above


def test_every_level_has_a_name_in_both_languages():
    assert set(LEVEL_NAMES) == set(LEVELS)
    assert all(name.zh and name.en for name in LEVEL_NAMES.values())


def test_grades_differ_in_colour_and_in_shape():
    assert [grade.colour for grade in SEVERITIES.values()] == ["blue", "yellow", "red"]
    assert len({grade.shape for grade in SEVERITIES.values()}) == 3


@pytest.mark.parametrize("code", [0, 4, None])
def test_unknown_grade_is_refused(code):
    with pytest.raises(InputError, match=r"1 .*2 .*3"):
        checked_severity(code)


def test_shipped_policies_are_those_of_the_three_places():
    assert {code: dict(each.ceilings) for code, each in POLICIES.items()} == oracle.POLICIES
    assert policy("qd").wording_zh == "小事不出网格、大事不出警格、上行不出街道"


def test_unknown_policy_lists_those_there_are():
    with pytest.raises(NotFound, match="QD, JM, ZS"):
        policy("XX")


def test_policies_and_ladders_can_be_keys():
    assert {policy("QD"): 1, Ladder.default(): 2}[policy("QD")] == 1
