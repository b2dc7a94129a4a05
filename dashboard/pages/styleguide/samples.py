"""The styleguide's second half: every part in every state, with made-up figures that never change."""

from math import nan

from dash import html
from dash.development.base_component import Component

from dashboard.components.changes import change
from dashboard.components.chips import chips, choice
from dashboard.components.datatable import table
from dashboard.components.gauge import gauge
from dashboard.components.legend import grade_legend, legend, ramp_legend
from dashboard.components.mapframe import WIDEST_PX, attribution, scale_bar
from dashboard.components.notes import missing, to_load
from dashboard.components.numbers import number_tile
from dashboard.components.proportion import proportion
from dashboard.components.severity import badge
from dashboard.components.sparkline import sparkline
from dashboard.components.states import empty, failed, live, loading, stale
from dashboard.components.timeslider import time_slider
from dashboard.design.tokens import HEAT, QUANTITY, TROUBLE
from dashboard.figures.theme import ramp
from dashboard.language import Say
from grids.trends import count_z, share_z

WEEKS = (212, 198, 205, 240, 231, 226, 251, 262, 249, 270, 281, 276)
GAPPED = (3, 4, nan, nan, 6, 5, 9, 7)
WHEN = "2026-03-05 14:32"


def numbers(say: Say) -> list[Component]:
    """Number tiles: plain, with change and line, one that should be nought, unknown."""
    fewer = change(float(count_z(1204, 1391)), "1,391", say, better="down")
    return [
        number_tile(say("警情"), 1204, say, unit=say("起"), change=fewer, series=WEEKS),
        number_tile(say("事项"), 987, say, change=change(float(count_z(987, 973)), "973", say), series=GAPPED),
        number_tile(say("超期"), 17, say, bad=True, change=change(float(count_z(17, 2)), "2", say, better="down")),
        number_tile(say("工作量（小时）"), None, say, change=change(nan, "–", say)),
    ]


def shares(say: Say) -> list[Component]:
    """Shares: with a change either way, of few, of nothing."""
    worse = change(float(share_z(1610, 1800, 1715, 1795)), "95.5%", say, better="up")
    better = change(float(share_z(412, 430, 371, 425)), "87.3%", say, better="up")
    return [
        proportion(say("层级化解率"), 1610, 1800, say, change=worse),
        proportion(say("一般"), 412, 430, say, colour="var(--severity-1)", change=better),
        proportion(say("疑难"), 3, 5, say, colour="var(--severity-3)", change=change(0.4, "2/5", say, better="up")),
        proportion(say("复杂"), 0, 0, say, colour="var(--severity-2)", change=change(nan, "–", say)),
    ]


def changes(say: Say) -> list[Component]:
    """Every direction, where less is better, where more is better, and where neither is."""
    scores = (5.2, -4.1, 0.8, nan)
    columns = [say(title) for title in ("越少越好", "越多越好", "无好坏")]
    rows = [
        [change(z, "120" if z == z else "–", say, better=better) for better in ("down", "up", None)] for z in scores
    ]
    return [table(say("与上期相比"), columns, rows)]


def gauges(say: Say) -> list[Component]:
    """Below, above and far above the limit; unknown."""
    return [
        html.Div([gauge(say("负荷"), part, say) for part in (0.62, 1.18, 2.4, nan)], className="guide-row guide-gauges")
    ]


def small(lang: str, say: Say) -> list[Component]:
    """Lines in text and badges."""
    line = html.Span([say("近12周"), sparkline(WEEKS, say)], className="guide-line")
    badges = [*(badge(grade, lang) for grade in (1, 2, 3)), sparkline((), say, say("警情"))]
    return [line, html.Div(badges, className="guide-line")]


def legends(theme: str, lang: str, say: Say) -> list[Component]:
    """Words beside colours, shapes and ramps."""
    some = [("var(--accent)", say("正常")), ("var(--warn)", say("超负荷")), ("var(--line)", say("未知"))]
    found = [
        legend(some, say("负荷")),
        grade_legend(lang, say("等级")),
        ramp_legend(ramp(QUANTITY, theme), ["0", "60", "120"], say("警情数")),
        ramp_legend(ramp(TROUBLE, theme), ["0", "4", "8"], say("越级数")),
        ramp_legend(HEAT, [say("疏"), say("密")], say("热力")),
    ]
    return [html.Div(found, className="guide-row guide-legends")]


def states(say: Say) -> list[Component]:
    """As it should be, stale with and without a reason; loading in four shapes; empty, nothing loaded, failed."""
    fresh = [live(WHEN, say), stale(WHEN, say), stale(WHEN, say, say("110 接口中断"))]
    waiting = [loading(shape, say) for shape in ("number", "lines", "table", "map")]
    none = [empty(say), missing("postings", say), failed(say("数据库没有应答：请稍后再试。"), say)]
    rows = [html.Div(row, className="guide-row") for row in (fresh, waiting, none)]
    return [*rows, to_load({"incidents", "steps"}, say)]


def controls(say: Say) -> list[Component]:
    """Chips with and without anything chosen, a choice of three, the time slider still and playing."""
    chosen = [(say("地点"), say("派出所"), "?"), (say("类别"), say("{n} 项", n=3), "?")]
    spans = [(say("今日"), "#today"), (say("近7天"), "#week"), (say("近30天"), "#month")]
    hours = [f"{hour:02d}:00" for hour in range(24)]
    return [
        chips(chosen, "?", say),
        chips([], "?", say),
        choice(spans, "#week", say("时间")),
        time_slider("guide-still", hours, 8, say),
        time_slider("guide-playing", hours, 17, say, playing=True),
    ]


def tables(theme: str, lang: str, say: Say) -> list[Component]:
    """A table with grades, counts, shares and what is unknown; and the map's frame."""
    columns = [say("地点"), say("等级"), say("事项"), say("化解率"), say("越级")]
    rows = [["G-01", badge(1, lang), 1204, "96.1%", 12], ["G-02", badge(2, lang), 87, "88.5%", 10]]
    rows.append(["G-03", badge(3, lang), 0, None, None])
    foot = html.Div(
        [scale_bar(13.2, 36.1, say, 320 if theme == "wall" else WIDEST_PX), attribution(None, say)],
        className="map-foot",
    )
    ground = html.Div(foot, className="guide-map")
    return [table(say("各网格"), columns, rows, numbers=(2, 3, 4)), ground]
