"""The five scenes as they stand before their first figure: boxes, titles and empty parts."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.legend import legend
from dashboard.components.severity import mark
from dashboard.language import Say, one_of
from dashboard.live.looking import Wanted
from dashboard.pages.wall.parts import box, drawing, filled, hero_line, number, pair, rows, share
from dashboard.pages.wall.words import PERIOD_NAMES
from grids.grading import SEVERITIES
from grids.levels import LEVEL_NAMES
from grids.policies import policy


def situation(say: Say, _wanted: Wanted, _lang: str) -> list[Component]:
    """Today against what was to be expected to the left, the live feed to the right of the map."""
    hero = hero_line(filled("today-reports", "wall-hero", html.B), filled("today-verdict", "wall-verdict"))
    lines = [("var(--accent)", say("实际")), ("var(--muted)", say("预期")), ("var(--soft)", say("常见范围"))]
    expected = [filled("today-expected", "quiet"), drawing("hours", "wall-hours"), legend(lines)]
    today = box(say("今日警情"), [hero, *expected], name="grows")
    counts = [
        number(say("今日办结"), "today-closed"),
        number(say("在办"), "today-open"),
        number(say("超期"), "today-overdue", "number-bad"),
        number(say("24小时内到期"), "today-due_soon"),
    ]
    left = html.Div([today, html.Div(counts, className="wall-numbers")], className="wall-column")
    right = html.Div(box(say("最新警情"), [rows("feed", "wall-feed")], name="grows"), className="wall-column")
    return [left, html.Div(className="wall-hole"), right]


def containment(say: Say, wanted: Wanted, lang: str) -> list[Component]:
    """Shares against the promise, by grade and place; how far matters travelled, and what escaped today."""
    promise = policy(wanted.policy)
    period = say(PERIOD_NAMES[wanted.period])
    grades = []
    for grade in SEVERITIES:
        level = LEVEL_NAMES[promise.ceiling(grade)]
        ceiling = say("不出{level}", level=one_of(lang, level.zh, level.en))
        title = html.Span([mark(grade, lang), html.Small(ceiling, className="quiet")], className="wall-grade")
        grades.append(share(title, f"severity-{grade}", f"wall-severity-{grade}"))
    overall = share(say("全部"), "overall", "wall-overall")
    wording = one_of(lang, promise.wording_zh, promise.wording_en)
    return [
        box(say("层级化解率 · {period}", period=period), [overall, *grades], note=wording, name="wall-shares"),
        box(say("各地化解率"), [rows("places", "wall-places")]),
        html.Div(
            [
                box(say("层级流转 · {period}", period=period), [rows("flow", "wall-flow")], name="grows"),
                box(say("今日越级"), [rows("escapes", "wall-events")], note=filled("escapes-count", "wall-count")),
            ],
            className="wall-column",
        ),
    ]


def load(say: Say, wanted: Wanted, _lang: str) -> list[Component]:
    """How much of the hours there are is used, by whom, and where people are missing."""
    period = say(PERIOD_NAMES[wanted.period])
    summary = [
        share(say("超负荷的警格"), "beats-over", "wall-trouble"),
        share(say("无人任职的警格"), "beats-unstaffed", "wall-trouble"),
        share(say("超负荷的人员"), "people-over", "wall-trouble"),
    ]
    gaps = [
        share(say("缺警格长的警格"), "beats_without_lead", "wall-trouble"),
        share(say("缺网格员的网格"), "cells_without_worker", "wall-trouble"),
        share(say("此刻无人在岗的警格"), "beats_with_nobody_on", "wall-trouble"),
        number(say("离岗无人顶替（人）"), "away_without_cover"),
    ]
    hours = hero_line(filled("load-whole", "wall-hero", html.B), html.Span(say("占可用时间的比例"), className="quiet"))
    return [
        html.Div(
            [
                box(say("工作负荷 · {period}", period=period), [hours, *summary], name="grows"),
                box(say("站内均衡"), [rows("fairness", "wall-pairs")], note=say("最高/平均")),
            ],
            className="wall-column",
        ),
        box(say("最重的警格"), [rows("beats", "wall-loads"), filled("beats-note", "wall-note")]),
        html.Div(
            [
                box(say("人员缺口 · 此刻"), gaps, name="grows"),
                box(say("最重的网格"), [rows("heavy", "wall-pairs")]),
            ],
            className="wall-column",
        ),
    ]


def hotspots(say: Say, wanted: Wanted, _lang: str) -> list[Component]:
    """Hot cells to the left, the week's clock and repeats to the right of the map."""
    period = say(PERIOD_NAMES[wanted.period])
    hot = box(
        say("热点网格 · {period}", period=period),
        [share(say("显著偏热的网格"), "hot", "wall-trouble"), rows("hottest", "wall-events")],
        name="grows",
    )
    under = html.Div([filled("clock-peak", "quiet"), rows("clock-steps", "wall-steps-key")], className="wall-under")
    clock = box(say("星期 × 小时"), [drawing("clock", "wall-clock-grid"), under], name="grows")
    again = [
        share(say("警情中的重复"), "repeated", "wall-trouble"),
        share(say("报了三次以上的事项"), "often", "wall-trouble"),
        pair(say("一半来电出自的门址"), "doors", "doors-of"),
        pair(say("近邻再发"), "near", "near-than"),
    ]
    right = html.Div([clock, box(say("重复与近邻再发（100米、7天）"), again)], className="wall-column")
    return [html.Div(hot, className="wall-column"), html.Div(className="wall-hole"), right]


def supervision(say: Say, wanted: Wanted, _lang: str) -> list[Component]:
    """What is overdue, for how long and where; diversions that came back; revisits that fall due."""
    period = say(PERIOD_NAMES[wanted.period])
    late = [
        share(say("超过1天"), "late_1", "wall-trouble"),
        share(say("超过3天"), "late_3", "wall-trouble"),
        share(say("超过7天"), "late_7", "wall-trouble"),
    ]
    hero = hero_line(filled("overdue", "wall-hero wall-bad", html.B), filled("overdue-of", "quiet"))
    revisits = [
        number(say("三天内到期"), "revisits-soon", "number-bad"),
        number(say("期内待回访"), "revisits-waiting"),
        number(say("两周内漏访"), "revisits-missed", "number-bad"),
    ]
    sent = [
        number(say("发出"), "sent"), number(say("退回"), "bounced", "number-bad"),
        number(say("办成"), "done"), number(say("未答复"), "unanswered", "number-bad"),
    ]  # fmt: skip
    return [
        html.Div(
            [
                box(say("超期未结 · 此刻"), [hero, *late]),
                box(say("各地超期"), [rows("late-places", "wall-loads")], name="grows"),
            ],
            className="wall-column",
        ),
        box(say("超期最久"), [rows("longest", "wall-events")]),
        html.Div(
            [
                box(
                    say("分流 · {period}", period=period),
                    [html.Div(sent, className="wall-numbers"), rows("units", "wall-events")],
                    name="grows",
                ),
                box(say("回访到期"), [html.Div(revisits, className="wall-numbers")]),
            ],
            className="wall-column",
        ),
    ]


DRAWN: dict[str, Any] = {
    "situation": situation, "containment": containment, "load": load, "hotspots": hotspots,
    "supervision": supervision,
}  # fmt: skip
