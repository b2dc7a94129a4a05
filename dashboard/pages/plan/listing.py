"""The list of plans, and the form that begins one."""

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import current
from dashboard.components.header import header
from dashboard.components.notes import missing
from dashboard.language import Say, one_of, speaker
from dashboard.live.stamp import local
from dashboard.pages.plan import ids
from dashboard.pages.plan.layout import PATH, barred, may_see, setup
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.geometry import Geometry
from dashboard.reading.records import rows
from dashboard.reading.view import View
from db.planning.drafts import plans
from grids.planning.life import STATE_NAMES

PLACES = ("station", "community", "street", "district")
KINDS = {"station": "派出所", "community": "社区", "street": "街道", "district": "区县"}


def layout(desk: Desk, view: View) -> Component:
    """The page: plans newest first, and beside them the form."""
    say, facts = speaker(view.lang), desk.facts()
    if not may_see():
        return html.Div([header(view, facts, say, PATH, ids.THROUGH), barred(view, say)], className="desk")
    told = setup(None, view, facts, desk.geometry(), say) | {"form": form_of(facts, desk.geometry(), say)}
    return html.Div(
        [
            header(view, facts, say, PATH, ids.THROUGH),
            html.Main(_body(desk, view, facts, say), className="plan-home"),
            html.Div(id=ids.TOASTS, className="plan-toasts"),
            dcc.Store(id=ids.SETUP, data=told),
            dcc.Store(id=ids.STARTED),
        ],
        className="desk",
    )


def _body(desk: Desk, view: View, facts: Facts, say: Say) -> list[Component]:
    visitor = current.visitor()
    may = visitor is not None and visitor.who.may("plan")
    if "cells" in facts.missing:
        return [html.Section(missing("cells", say), className="panel")]
    with desk.connection() as conn:
        found = plans(conn)
    return [_table(found, view, facts, say), *([_form(say)] if may else [])]


def _table(found: pd.DataFrame, view: View, facts: Facts, say: Say) -> Component:
    heads = [
        say("方案"),
        say("状态"),
        say("范围"),
        say("生效日期"),
        say("编制人"),
        say("调整网格"),
        say("最大÷平均负荷"),
    ]
    if found.empty:
        hint = say("选一个范围，起个名称，即从现行警格开始；也可导入已有的分配表。")
        note = html.Div([html.P(say("还没有调整方案")), html.P(hint, className="note-hint")], className="note")
        return html.Section([_title(say("警格调整方案")), note], className="panel plan-list")
    body = [_row(row, view, facts, say) for row in rows(found)]
    table = html.Table([html.Thead(html.Tr([html.Th(head) for head in heads])), html.Tbody(body)])
    above = _title(say("警格调整方案"), html.Div(id=ids.PAIR, className="plan-pair"))
    return html.Section([above, html.Div(table, className="table-box", id=ids.LIST)], className="panel plan-list")


def _title(words: str, *beside: Component) -> Component:
    return html.Div([html.H1(words), *beside], className="panel-head")


def _row(row: Any, view: View, facts: Facts, say: Say) -> Component:
    state = STATE_NAMES[row.state]
    who = " → ".join(dict.fromkeys(name for name in (row.created_by, row.submitted_by, row.approved_by) if name))
    told: dict[str, Any] = {"data-plan": row.code}
    link = html.A([html.B(row.name), html.Small(row.code)], href=view.link(f"{PATH}/{row.code}"))
    return html.Tr(
        [
            html.Th(html.Div(link, className="plan-name")),
            html.Td(html.Span(one_of(view.lang, state.zh, state.en), className=f"plan-state plan-state-{row.state}")),
            html.Td(facts.name(row.place) if row.place else say("全市")),
            html.Td(local(row.effective_at, facts.city.zone, "%Y-%m-%d")),
            html.Td(who),
            html.Td("…", className="plan-moved-n"),
            html.Td("…", className="plan-peak"),
        ],
        **told,
    )


def _form(say: Say) -> Component:
    """Filled by assets/plan/listing.js, since Dash has no day and no file to choose without a round trip."""
    return html.Section(
        [html.Div(html.H2(say("新建方案")), className="panel-head"), html.Div(id=ids.NEW, className="plan-form")],
        className="panel plan-new",
    )


def form_of(facts: Facts, geometry: Geometry, say: Say) -> dict[str, Any]:
    """Words of the form, and the places that a plan may be for, which hold a cell: [kind, [[code, name], …]].

    chosen: the one to begin with: the first station; the whole city where cells lie in none yet.
    """
    held = _with_cells(facts, geometry)
    kinds = [(kind, facts.places[facts.places["kind"] == kind]) for kind in PLACES]
    listed = [(kind, [[f"{kind}:{row.code}", row.name] for row in rows(here)]) for kind, here in kinds]
    places = [(kind, [each for each in found if each[0] in held]) for kind, found in listed]
    stations = dict(places)["station"]
    return {
        "places": [[say(KINDS[kind]), found] for kind, found in places if found],
        "city": facts.cells is None,
        "chosen": stations[0][0] if stations else "",
        "name": say("名称"),
        "example": say("例如：望潮所警力均衡"),
        "place": say("范围"),
        "since": say("从哪一天的警格开始（空为现行）"),
        "file": say("导入分配表（XLSX、CSV、GPKG，可不选）"),
        "outside": say("允许警格跨社区"),
        "begin": say("开始编制"),
        "nameless": say("请给方案起个名称"),
    }


def _with_cells(facts: Facts, geometry: Geometry) -> set[str]:
    """The places that hold a cell, or that such a place lies in."""
    index = geometry.within(None, facts)
    kinds = ("community", "station")
    named = [f"{kind}:{code}" for kind in kinds for code in index[kind].dropna().unique()]
    return {above for place in named for above in facts.trail(place)}
