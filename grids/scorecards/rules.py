"""Scorecards as data: what is counted, what it must reach, and how many points it is worth.

四型八零 (two zeros to each of four types), 四目标 and the monthly star name what a place looks at; thresholds and
points are the shipped ones, and a place makes its own Scorecard of Rules with `dataclasses.replace`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from geo.errors import InputError, NotFound
from grids.levels import Name


@dataclass(frozen=True)
class Rule:
    """One line: value = sum of `above` (/ sum of `below`, if any), which must be at most or at least `threshold`.

    With fewer than `fewest` below the line nothing is judged. Raises InputError for points that are not above 0
    and for a rule that counts nothing.
    """

    code: str
    group: str
    name: Name
    above: tuple[str, ...]
    bound: Literal["at_most", "at_least"]
    threshold: float
    points: float
    below: tuple[str, ...] = ()
    fewest: int = 1

    def __post_init__(self) -> None:
        if not self.above or not self.points > 0:
            raise InputError(f"The rule {self.code!r} counts nothing or gives no points: name counts and points.")


@dataclass(frozen=True)
class Scorecard:
    """Rules for one kind of unit, with names for their groups. Raises InputError when a code stands twice."""

    code: str
    unit: Literal["cell", "beat"]
    name: Name
    groups: Mapping[str, Name]
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        codes = [rule.code for rule in self.rules]
        if len(set(codes)) < len(codes) or not {rule.group for rule in self.rules} <= set(self.groups):
            raise InputError(f"The scorecard {self.code!r} has a rule twice, or one whose group has no name.")


def _zero(code: str, group: str, zh: str, en: str, count: str) -> Rule:
    return Rule(code, group, Name(zh, en), (count,), "at_most", 0, 12.5)


def _share(code: str, group: str, name: Name, above: str, below: str, threshold: float, points: float) -> Rule:
    return Rule(code, group, name, (above,), "at_least", threshold, points, (below,))


FOUR_TYPES = Scorecard(
    "four_types", "cell", Name("四型八零", "four types, eight zeros"),
    MappingProxyType(
        {"peaceful": Name("平安型", "peaceful"), "harmonious": Name("和谐型", "harmonious"),
         "serving": Name("服务型", "serving"), "sunny": Name("阳光型", "sunny")}
    ),
    (
        _zero("no_crime", "peaceful", "零发案", "no crime", "crimes"),
        _zero("no_fire", "peaceful", "零火灾", "no fire", "fires"),
        _zero("no_escape", "harmonious", "零越级", "nothing escaped", "escaped"),
        _zero("no_turn", "harmonious", "零民转刑", "no quarrel turned into a crime", "turned_to_crime"),
        _zero("no_overdue", "serving", "零超期", "nothing overdue", "overdue"),
        _zero("no_unvisited", "serving", "零漏访", "no revisit missed", "revisits_missed"),
        _zero("no_complaint", "sunny", "零投诉", "no complaint", "complaints"),
        _zero("no_return", "sunny", "零回流", "nothing reopened", "reopened"),
    ),
)  # fmt: skip

FOUR_GOALS = Scorecard(
    "four_goals", "beat", Name("四目标", "four goals"),
    MappingProxyType(
        {"fewer": Name("发案少", "few cases"), "order": Name("秩序好", "good order"),
         "stable": Name("社会稳定", "stability"), "content": Name("群众满意", "satisfied residents")}
    ),
    (
        Rule("crime_rate", "fewer", Name("人均刑案", "crimes per resident"), ("crimes",), "at_most", 0.001, 25,
             ("residents",)),
        Rule("repeat_rate", "order", Name("重复警情率", "repeat rate"), ("repeats",), "at_most", 0.10, 25,
             ("reports",)),
        _share("containment", "stable", Name("化解在层级内", "contained"), "contained", "decided", 0.90, 25),
        _share("satisfaction", "content", Name("满意率", "satisfied"), "satisfied", "answered", 0.95, 25),
    ),
)  # fmt: skip

MONTHLY_STAR = Scorecard(
    "monthly_star", "cell", Name("每月之星", "monthly star"),
    MappingProxyType({"work": Name("实绩", "results"), "care": Name("服务", "service")}),
    (
        _share("closing", "work", Name("办结率", "closed"), "closed", "registered", 0.95, 20),
        _share("on_time", "work", Name("按期办结率", "closed on time"), "closed_on_time", "due", 0.95, 20),
        _share("held", "work", Name("化解稳固率", "settlement held"), "held", "closed_long_ago", 0.90, 20),
        _share("revisit", "care", Name("回访覆盖率", "revisited"), "revisited", "revisit_due", 0.90, 20),
        _share("satisfaction", "care", Name("满意率", "satisfied"), "satisfied", "answered", 0.95, 20),
    ),
)  # fmt: skip

SCORECARDS: Mapping[str, Scorecard] = MappingProxyType(
    {card.code: card for card in (FOUR_TYPES, FOUR_GOALS, MONTHLY_STAR)}
)


def scorecard(code: str) -> Scorecard:
    """The shipped scorecard of that code; NotFound lists the codes there are."""
    found = SCORECARDS.get(code)
    if found is None:
        raise NotFound(f"There is no scorecard {code!r}: choose one of {', '.join(SCORECARDS)}.")
    return found
