"""The wall's skeleton: numbers and containment to the left, the map in the middle, load and the feed to the right."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.header import demo_badge
from dashboard.components.mapframe import map_foot
from dashboard.components.panel import graph_config, heat_key
from dashboard.figures.camera import Size, camera
from dashboard.figures.cellmap import cell_map
from dashboard.language import Say, one_of, speaker
from dashboard.pages.wall import ids
from dashboard.reading.facts import Facts
from dashboard.reading.geometry import Geometry
from dashboard.reading.view import View
from grids.policies import policy

THEME = "wall"


def layout(view: View, facts: Facts, geometry: Geometry) -> Component:
    """The whole screen; its parts are filled by the first snapshot and replaced one by one afterwards."""
    say = speaker(view.lang)
    return html.Div(
        [
            _head(facts, say),
            html.Div(id=ids.ALARM, className="wall-alarm", role="alert"),
            html.Main(
                [
                    html.Div([_box(say("今日"), ids.NUMBERS), _containment(view, say)], className="wall-column"),
                    _map(geometry, facts, say),
                    html.Div([_work(say), _box(say("最新警情"), ids.FEED)], className="wall-column"),
                ],
                className="wall-main",
            ),
            html.Footer(id=ids.FRESHNESS, className="wall-freshness"),
            dcc.Interval(id=ids.TICK, interval=ids.EVERY_MS),
            dcc.Interval(id=ids.SECOND, interval=ids.EVERY_SECOND_MS),
            dcc.Store(id=ids.STAMP),
            dcc.Store(id=ids.MAP_SIZE),
            dcc.Store(id=ids.CONNECTION, data={"ok": True}),
        ],
        className="wall",
    )


def _head(facts: Facts, say: Say) -> Component:
    zone: dict[str, Any] = {"data-zone": facts.city.zone}
    return html.Header(
        [
            html.Span("警格通", className="brand"),
            html.Span("beatgrid", className="brand-en"),
            html.Span(facts.city.name, className="city"),
            demo_badge(facts, say),
            html.Span(className="spring"),
            html.Span(id=ids.CLOCK, className="wall-clock", **zone),
        ],
        className="wall-head",
    )


def _box(title: str, part: str, note: str | None = None) -> Component:
    heading = html.H2([title, html.Small(note) if note else None])
    return html.Section([heading, html.Div(id=part, className="wall-body")], className=f"wall-box box-{part}")


def _containment(view: View, say: Say) -> Component:
    chosen = policy(view.policy)
    return _box(say("层级化解率 · 近30天"), ids.CONTAINMENT, one_of(view.lang, chosen.wording_zh, chosen.wording_en))


def _work(say: Say) -> Component:
    return _box(say("工作负荷 · 近7天"), ids.WORK, say("占可用时间的比例"))


def _map(geometry: Geometry, facts: Facts, say: Say) -> Component:
    figure = cell_map(geometry.version, THEME, camera(geometry.extent_of(None, facts), Size()))
    graph = dcc.Graph(id=ids.MAP, figure=figure, config=graph_config(staticPlot=True), responsive=True)
    key = heat_key(say, ids.HEAT_KEY)
    return html.Section(
        [html.H2(say("近7天警情 · 网格与热力")), graph, key, map_foot(ids.MAP_SCALE, say)],
        className="wall-box wall-map",
    )
