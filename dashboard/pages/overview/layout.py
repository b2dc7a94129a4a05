"""The overview's skeleton: header, filters, tiles, map and containment above, table, work and time below."""

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.filters import filter_bar
from dashboard.components.header import header
from dashboard.components.mapframe import map_foot
from dashboard.components.panel import awaited, heat_key, panel, picture
from dashboard.components.places import KIND_NAMES
from dashboard.components.placetable import table
from dashboard.components.states import loading
from dashboard.components.tiles import tiles
from dashboard.figures.camera import Size, camera
from dashboard.figures.cellmap import VALUES, cell_map
from dashboard.language import Say, speaker
from dashboard.pages.overview import ids
from dashboard.reading.facts import Facts
from dashboard.reading.geometry import Geometry
from dashboard.reading.view import GROUPINGS, View


def layout(view: View, facts: Facts, geometry: Geometry) -> Component:
    """The whole page, without figures: they come panel by panel."""
    say = speaker(view.lang)
    return html.Div(
        [
            dcc.Location(id=ids.ADDRESS, refresh=False),
            dcc.Store(id=ids.MAP_SIZE),
            header(view, facts, say, "/", ids.THROUGH),
            filter_bar(view, facts, say, ids.FILTERS),
            html.Div(id=ids.BANNER),
            html.Div(tiles(None, say), id=ids.TILES, className="tiles"),
            html.Main(
                [
                    _map(view, facts, geometry, say),
                    _containment(say),
                    _places(view, say),
                    _work(say),
                    _trend(say),
                    _clock(say),
                ],
                className="overview",
            ),
        ],
        className="desk",
    )


def _map(view: View, facts: Facts, geometry: Geometry, say: Say) -> Component:
    options = [{"value": code, "label": say(value.title)} for code, value in VALUES.items()]
    aside = [
        dmc.SegmentedControl(id=ids.MAP_VALUE, data=options, value=view.value, size="xs"),
        dmc.Switch(id=ids.MAP_HEAT, label=say("热力"), checked=view.heat, size="xs"),
    ]
    figure = cell_map(geometry.version, view.theme, camera(geometry.extent_of(view.place, facts), Size()))
    body = [
        picture(ids.MAP, ids.MAP_NOTE, figure, zoom=True, first=loading("map", say)),
        html.Nav(id=ids.TRAIL, className="trail"),
        heat_key(say, ids.HEAT_KEY, hidden=not view.heat),
        map_foot(ids.MAP_SCALE, say),
    ]
    return panel(say("网格地图"), body, aside=aside, name="panel-map", hint=say("点选网格或警格即按其筛选"))


def _containment(say: Say) -> Component:
    body = [
        html.P(id=ids.WORDING, className="wording"),
        awaited(html.Div(loading("lines", say), id=ids.CONTAINMENT, className="shares")),
    ]
    hint = say("化解在层级内的事项 ÷ 已定案（化解＋越级）的事项；按办结或首次越级的时间计入期间")
    return panel(say("层级化解率"), body, name="panel-containment", hint=hint, href="/containment")


def _places(view: View, say: Say) -> Component:
    options = [{"value": kind, "label": say(KIND_NAMES[kind])} for kind in GROUPINGS]
    aside = dmc.SegmentedControl(id=ids.BY, data=options, value=view.by, size="xs")
    body = [table(ids.TABLE, say), html.Div(loading("table", say), id=ids.TABLE_NOTE, className="note-layer")]
    return panel(say("各地情况"), body, aside=aside, name="panel-places", hint=say("点选一行即按该地点筛选"))


def _work(say: Say) -> Component:
    options = [{"value": "beat", "label": say("警格")}, {"value": "officer", "label": say("人员")}]
    aside = dmc.SegmentedControl(id=ids.WORK_BY, data=options, value="beat", size="xs")
    body = [
        html.P(id=ids.FAIRNESS, className="quiet fairness"),
        picture(ids.WORK, ids.WORK_NOTE, first=loading("lines", say)),
    ]
    hint = say("处置分钟数 ÷ 任职的可用分钟数；无人任职不等于零负荷")
    return panel(say("工作负荷"), body, aside=aside, name="panel-work", hint=hint, href="/workload")


def _trend(say: Say) -> Component:
    hint = say("深色线为七日均值；斜纹为尚未完整的日子")
    body = picture(ids.TREND, ids.TREND_NOTE, first=loading("lines", say))
    return panel(say("每日警情"), body, name="panel-trend", hint=hint, href="/trends")


def _clock(say: Say) -> Component:
    hint = say("按接报时间的星期与小时")
    body = picture(ids.CLOCK, ids.CLOCK_NOTE, first=loading("lines", say))
    return panel(say("时段分布"), body, name="panel-clock", hint=hint, href="/hotspots")
