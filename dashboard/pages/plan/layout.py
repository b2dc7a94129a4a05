"""The workbench's skeleton: what is done to the plan above, the map with its tools, loads and costs beside it."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import current
from dashboard.components.aria import HIDDEN
from dashboard.components.header import header
from dashboard.components.mapframe import map_foot
from dashboard.components.panel import graph_config
from dashboard.components.states import loading
from dashboard.design.tokens import BEAT_TINTS
from dashboard.figures.basemap import BaseMap
from dashboard.figures.theme import palette
from dashboard.language import Say, one_of, speaker
from dashboard.pages.plan import ids
from dashboard.pages.plan.ground import plan_figure
from dashboard.pages.plan.words import words
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.geometry import Geometry
from dashboard.reading.view import View
from grids.rights import ROLES, Right

PATH = "/plan"
TOOLS = (
    ("select", "V", "选择", "◎"),
    ("brush", "B", "画笔", "✎"),
    ("lasso", "L", "套索", "◌"),
    ("box", "R", "框选", "▢"),
)
TABS = (("costs", "成本"), ("search", "优化"), ("cell", "网格"), ("hand", "交接"), ("story", "记录"))
RIGHTS: tuple[Right, ...] = ("plan", "approve_plan", "export")  # on which the page shows what it offers


def layout(code: str, desk: Desk, view: View) -> Component:
    """The page of one plan, empty until the browser has fetched it."""
    say, facts, geometry = speaker(view.lang), desk.facts(), desk.geometry()
    if not may_see():
        return html.Div([header(view, facts, say, PATH, ids.THROUGH), barred(view, say)], className="desk")
    main = [_stage(desk, geometry, view, say), _aside(say)]
    return html.Div(
        [
            header(view, facts, say, PATH, ids.THROUGH),
            html.Div(id=ids.BAR, className="plan-bar"),
            html.Main(main, className="plan-work"),
            html.Dialog(id=ids.DIALOG, className="plan-dialog"),
            html.Div(id=ids.TOASTS, className="plan-toasts", **_live()),
            dcc.Store(id=ids.SETUP, data=setup(code, view, facts, geometry, say)),
            dcc.Store(id=ids.STARTED),
        ],
        className="desk plan",
    )


def may_see() -> bool:
    """Whether the visitor may draft or approve plans, which nobody else sees."""
    visitor = current.visitor()
    return visitor is not None and any(visitor.who.may(right) for right in RIGHTS[:2])


def barred(view: View, say: Say) -> Component:
    """What stands here for whoever may neither draft nor approve: why, and where beats are to be seen."""
    visitor = current.visitor()
    roles = (
        "、".join(one_of(view.lang, ROLES[role].zh, ROLES[role].en) for role in visitor.who.roles) if visitor else "–"
    )
    links = [(view.link("/"), say("总览")), (view.link("/beat"), say("警格"))]
    parts = [
        html.Div("–", className="note-mark", **HIDDEN),
        html.H1(say("调整方案只对规划员和审批人开放")),
        html.P(say("您以“{role}”登录，不能查看、编制或审批方案；如确需使用，请联系管理员。", role=roles)),
        html.P([html.A(words, href=href) for href, words in links], className="plan-links"),
    ]
    return html.Main(
        html.Section(html.Div(parts, className="note"), className="panel"), className="plan-home plan-barred-page"
    )


def setup(code: str | None, view: View, facts: Facts, geometry: Geometry, say: Say) -> dict[str, Any]:
    """What the scripts must know before they ask for anything."""
    visitor, colours = current.visitor(), palette(view.theme)
    return {
        "code": code,
        "lang": view.lang,
        "query": f"?{view.query()}" if view.query() else "",
        "me": visitor.who.name if visitor else "",
        "rights": [right for right in RIGHTS if visitor and visitor.who.may(right)],
        "version": geometry.version,
        "zone": facts.city.zone,
        "tints": list(BEAT_TINTS),
        "hatch": [colours.ink, colours.surface],
        "words": words(say, view.lang),
    }


def _live() -> dict[str, Any]:
    return {"aria-live": "polite"}


def _stage(desk: Desk, geometry: Geometry, view: View, say: Say) -> Component:
    base_map = BaseMap.told(desk.settings.base_map, desk.settings.base_map_by)
    figure = plan_figure(geometry.version, view.theme, base_map)
    graph = dcc.Graph(
        id=ids.MAP, figure=figure, config=graph_config(scrollZoom=True), className="plan-map", responsive=True
    )
    return html.Section(
        [
            graph,
            html.Div([_tool(*each, say) for each in TOOLS], id=ids.TOOLS, className="plan-tools", role="toolbar"),
            html.Div(id=ids.TARGET, className="plan-target"),
            html.Div(id=ids.COMPARE, className="plan-compare", hidden=True),
            html.Div(id=ids.PROBLEMS, className="plan-problems"),
            map_foot(ids.MAP_SCALE, say, base_map.by or None),
        ],
        className="plan-stage",
        tabIndex=0,
        **{"aria-label": say("规划地图")},  # type: ignore[arg-type]
    )


def _tool(code: str, key: str, name: str, sign: str, say: Say) -> Component:
    told: dict[str, Any] = {"data-tool": code, "aria-pressed": "false"}
    words = [html.Span(sign, className="plan-sign", **HIDDEN), html.Span(say(name), className="plan-tool-name")]
    return html.Button([*words, html.Kbd(key)], type="button", title=f"{say(name)} ({key})", **told)


def _aside(say: Say) -> Component:
    loads = html.Section(
        [
            html.Div(
                [html.H2(say("各警格负荷")), html.Span(say("过去一年工作量÷可用时间"), className="quiet")],
                className="panel-head",
            ),
            html.Div(loading("table", say), id=ids.LOADS, className="plan-loads"),
        ],
        className="panel plan-panel",
    )
    tabs = [html.Button(say(name), type="button", role="tab", **_named(code)) for code, name in TABS]
    side = html.Section(
        [
            html.Div(tabs, id=ids.TABS, className="plan-tabs", role="tablist"),
            html.Div(loading("lines", say), id=ids.SIDE, className="plan-side", role="tabpanel"),
        ],
        className="panel plan-panel",
    )
    return html.Aside([loads, side], className="plan-aside")


def _named(code: str) -> dict[str, Any]:
    return {"data-tab": code, "aria-selected": "false"}
