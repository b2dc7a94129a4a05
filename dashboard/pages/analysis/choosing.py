"""What a panel lets its readers choose, as links: a choice lives in the address like every filter."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.components.places import KIND_NAMES
from dashboard.language import Say, one_of
from dashboard.pages.analysis.panel import Page
from dashboard.reading.choices import CHOICES
from dashboard.reading.view import GROUPINGS, View
from db.measures.figures import name_of

TITLES: Mapping[str, str] = {
    "by": "按地点", "dating": "按时间归属", "code": "指标", "grain": "按时间", "among": "按地点分图", "unit": "按单位",
    "over": "均衡于", "shape": "编成", "through": "来源", "card": "评分卡", "unit_of_card": "评谁", "first": "先看",
    "per": "密度按",
    "frames": "每一帧",
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {
    "by": {kind: KIND_NAMES[kind] for kind in GROUPINGS},
    "dating": {"decided": "期间定案", "cohort": "期间新立"},
    "grain": {"auto": "自动", "month": "按月", "week": "按周", "day": "按日"},
    "among": {kind: KIND_NAMES[kind] for kind in ("station", "district", "community", "beat")},
    "unit": {"to_unit": "接收单位", "from_unit": "分出单位"},
    "over": {"beat": "警格", "officer": "人员"},
    "shape": {"any": "全部", "1+1+N": "1+1+N", "4+N": "4+N", "1+2": "1+2"},
    "through": {"channel": "渠道", "category": "类别"},
    "card": {"four_types": "四型八零", "four_goals": "四目标", "monthly_star": "每月评星"},
    "unit_of_card": {"card": "卡片所评", "cell": "网格", "beat": "警格"},
    "first": {"best": "得分高的", "worst": "得分低的"},
    "per": {"km2": "每平方公里", "residents": "每千名居民"},
    "frames": {"month": "一月", "week": "一周"},
}


def links(page: Page, name: str, view: View, say: Say) -> tuple[list[tuple[str, str]], str, str]:
    """The choices of one name as (words, address), the address of the one made, and what is chosen here."""
    values = GROUPINGS if name == "by" else CHOICES[name]
    made = [(words(name, value, view.lang, say), _chosen(view, name, value).link(page.path)) for value in values]
    return made, view.link(page.path), say(TITLES[name])


def words(name: str, value: str, lang: str, say: Say) -> str:
    """What a value is called."""
    if name == "code":
        return one_of(lang, *name_of(value))
    return say(WORDS[name][value])


def _chosen(view: View, name: str, value: str) -> View:
    return replace(view, by=value) if name == "by" else view.choosing(name, value)
