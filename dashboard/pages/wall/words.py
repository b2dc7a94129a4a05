"""The words that the browser puts between figures, in the reader's language; it knows none itself."""

from dashboard.components.notes import MISSING
from dashboard.language import Say, one_of
from dashboard.reading.facts import Facts
from grids.levels import LEVEL_NAMES

SCENE_NAMES = {
    "situation": "态势", "containment": "化解", "load": "负荷", "hotspots": "热点", "supervision": "督办",
}  # fmt: skip
PERIOD_NAMES = {"today": "今日", "7d": "近7天", "30d": "近30天"}
VERDICTS = {
    "within": "与预期相符", "above": "高于预期", "below": "低于预期", "unknown": "暂无可比的往日",
    "unheard": "今天还没有数据",
}  # fmt: skip


def words(facts: Facts, say: Say, lang: str) -> dict[str, object]:
    """Everything that wall.js says, by the name that it asks for; {parts} are filled in by it."""
    return {
        **_states(say),
        **_figures(say),
        "scenes": {code: say(name) for code, name in SCENE_NAMES.items()},
        "verdicts": {code: say(name) for code, name in VERDICTS.items()},
        "levels": {code: one_of(lang, name.zh, name.en) for code, name in LEVEL_NAMES.items()},
        "channels": facts.channel_names(lang),
        "missing": {kind: f"{say(text)} {command}" for kind, (text, command) in MISSING.items()},
        "weekdays": [say(day) for day in ("周一", "周二", "周三", "周四", "周五", "周六", "周日")],
    }


def _states(say: Say) -> dict[str, str]:
    """What is said of the data itself."""
    return {
        "live": say("实时"),
        "polling": say("轮询"),
        "lost": say("连接中断"),
        "database": say("数据库中断"),
        "lastGood": say("最后一次完好数据 {time}"),
        "allStale": say("数据已陈旧：最后一次更新 {last}"),
        "silent": say("{channel} 自 {last} 起没有新数据"),
        "quiet": say("{time} 之后没有新数据"),
        "through": say("数据截至 {through}"),
        "late": say("⚠ 未更新"),
    }


def _figures(say: Say) -> dict[str, str]:
    """What stands beside figures."""
    return {
        "expected": say("此时预期 {n}（{low}–{high}）"),
        "expectedThen": say("截至 {time} 预期 {n}（{low}–{high}）"),
        "allDay": say("全天预期 {n}"),
        "holiday": say("节假日，不作比较"),
        "few": say("少于5"),
        "fewHidden": say("数量少或可推出，不显示"),
        "pending": say("在办 {n}"),
        "ceiling": say("不出{level}"),
        "interval": say("95% 区间 {low}–{high}"),
        "reached": say("到达 {n}"),
        "closedHere": say("在此办结 {n}"),
        "wentUp": say("上行 {n}"),
        "openHere": say("未结 {n}"),
        "rose": say("升至{level}"),
        "noEscapes": say("今日无越级"),
        "unstaffed": say("{n} 个警格无人任职：{names}"),
        "minutes": say("{n} 分钟"),
        "matters": say("{n} 件事项"),
        "times": say("全域均值的 {n} 倍"),
        "reports": say("{n} 起"),
        "noHot": say("没有显著高于偶然的网格"),
        "peak": say("最忙：{day} {hour}:00"),
        "nearMore": say("多于偶然"),
        "nearSame": say("与偶然无异"),
        "nearNone": say("警情太少"),
        "days": say("{n} 天"),
        "ofOpen": say("在办 {n} · 超7天 {late}"),
        "units": say("送 {sent} · 退 {bounced} · 未复 {open}"),
        "noUnits": say("没有退回或未答复的分流"),
        "noLate": say("没有超期"),
        "noFeed": say("近7天没有警情"),
        "nothing": say("没有数据"),
        "elsewhere": say("未落格"),
    }
