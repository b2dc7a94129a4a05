"""What a list of rows is: the figure, the filters, and how far its data reaches; for pages and first sheets."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.language import Say, one_of
from dashboard.live.freshness import data_through
from dashboard.reading.desk import Desk
from dashboard.reading.rows import Found
from dashboard.reading.rows_words import UNITS, grade, title
from dashboard.reading.view import PLAN
from db.facts import PLACE_KINDS
from db.measures.addresses import doors_of

KEY_WORDS = {
    "cell": "网格", "beat": "警格", "community": "社区", "street": "街道", "district": "区", "station": "派出所",
    "category": "类别", "channel": "渠道", "severity": "等级", "month": "月", "week": "周", "day": "日",
    "to_unit": "接收单位", "from_unit": "分出单位", "officer": "人员", "hour": "星期与时段",
    "door": "地址", "band": "相距与相隔",
}  # fmt: skip
BOUNDARY_WORDS = {"then": "按当时边界", "now": "按现行边界"}


def about(found: Found, desk: Desk, say: Say, lang: str) -> list[tuple[str, str]]:
    """(what, value) of everything that decides which rows these are, for a first sheet or a comment."""
    facts, view, flt = desk.facts(), found.wanted.view, found.asked.flt
    zone = ZoneInfo(facts.city.zone)
    policy, through = found.asked.policy, data_through(desk.freshness())
    return [
        (say("城市"), facts.city.name + (f"　{say('演示数据')}" if facts.city.synthetic else "")),
        (say("数字"), title(found, lang)),
        (say("条数"), f"{len(found):,}"),
        (say("每行是"), say(UNITS[found.figure.table])),
        *keys_in_words(found, desk, say, lang),
        (say("时间"), f"{minute(flt.start, zone)} – {minute(flt.end, zone)}（{facts.city.zone}）"),
        (say("地点"), facts.name(view.place) if view.place else say("全部")),
        (say("类别"), "、".join((*view.groups, *view.categories)) or say("全部")),
        (say("渠道"), "、".join(view.channels) or say("全部")),
        (say("口径"), one_of(lang, policy.name_zh, policy.name_en)),
        (say("边界"), boundary_words(view.boundaries, say)),
        (say("判定时刻"), minute(found.asked.as_of or flt.end, zone)),
        (say("数据截至"), minute(through, zone) if through else "–"),
        (say("边界版本"), str(found.asked.view.about.boundary_version)),
        (say("导出时间"), minute(desk.now(), zone)),
    ]


def keys_in_words(found: Found, desk: Desk, say: Say, lang: str) -> list[tuple[str, str]]:
    """(kind, name) of every key that the rows lie under."""
    keys = found.wanted.keys
    return [(say(KEY_WORDS.get(kind, kind)), key_name(found, desk, kind, value, say, lang)) for kind, value in keys]


def key_name(found: Found, desk: Desk, kind: str, value: str | None, say: Say, lang: str) -> str:
    """A key as people call it."""
    if value is None:
        return say("未落格") if kind in PLACE_KINDS else "–"
    if kind in PLACE_KINDS:
        return desk.facts().name(f"{kind}:{value}")
    if kind == "door":
        return "".join(doors_of(found.asked.conn, found.rows["id"][:1].tolist())) or "–"
    if kind == "band":
        metres, _, days = value.removesuffix(" d").partition(" m, ")
        return say("{metres} 米，{days} 天", metres=metres, days=days)
    if kind == "severity":
        return grade(value, lang) or value
    if kind == "channel":
        return desk.facts().channel_names(lang).get(value, value)
    categories = {row[1]: row[2] for row in found.asked.view.about.words.categories}
    return categories.get(value, value) if kind == "category" else value


def boundary_words(boundaries: str, say: Say) -> str:
    """By which boundaries places are meant."""
    if boundaries.startswith(PLAN):
        return say("按方案 {code}", code=boundaries.removeprefix(PLAN))
    return say(BOUNDARY_WORDS[boundaries])


def minute(at: datetime, zone: ZoneInfo) -> str:
    """An instant on the city's clock, to the minute."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
