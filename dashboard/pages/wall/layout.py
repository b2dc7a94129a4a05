"""The wall's skeleton: head, all scenes on one stage with one map, foot; and what the browser must know to fill it."""

import json
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.header import demo_badge
from dashboard.components.legend import legend
from dashboard.components.mapframe import map_foot
from dashboard.components.panel import heat_key
from dashboard.components.severity import mark
from dashboard.design.css import palette
from dashboard.design.tokens import QUANTITY
from dashboard.figures import heat
from dashboard.figures.ground import FIRST_ABOVE_VALUES, style
from dashboard.figures.theme import ramp
from dashboard.language import Say, speaker
from dashboard.pages.wall import ids
from dashboard.pages.wall.choice import SCENES, Choice
from dashboard.pages.wall.scenes import DRAWN
from dashboard.pages.wall.words import PERIOD_NAMES, SCENE_NAMES, words
from dashboard.reading.facts import Facts
from dashboard.reading.geometry import Geometry
from grids.grading import SEVERITIES

THEME = "wall"


def layout(choice: Choice, facts: Facts, lang: str) -> Component:
    """The whole screen before its first figure."""
    say = speaker(lang)
    scenes = [_scene(code, choice, say, lang) for code in SCENES]
    stage = html.Main([_map(choice, say), *scenes], id=ids.STAGE, className="wall-stage")
    alarm = html.Div(id=ids.ALARM, className="stale", role="alert", hidden=True)
    marks = [html.Template(mark(grade, lang), id=f"wall-mark-{grade}") for grade in SEVERITIES]
    parts = [_head(choice, facts, say), alarm, stage, html.Footer(id=ids.FRESHNESS, className="wall-freshness"), *marks]
    return html.Div(parts, id=ids.WALL, className="wall")


def _head(choice: Choice, facts: Facts, say: Say) -> Component:
    place = choice.wanted.place
    where = [html.Span(facts.name(place), className="wall-place")] if place else []
    step: dict[str, Any] = {"aria-hidden": "true"}
    return html.Header(
        [
            html.Span(facts.city.name or "警格通", className="brand"),
            *where,
            html.H1(say(SCENE_NAMES[choice.scenes[0]]), id=ids.SCENE_NAME, className="wall-scene-name"),
            html.Span(say(PERIOD_NAMES[choice.wanted.period]), className="wall-period"),
            html.Span(id=ids.STEPS, className="wall-steps", **step),
            demo_badge(facts, say),
            html.Span(className="spring"),
            html.Span(id=ids.STATE, className="live", role="status"),
            html.Span(id=ids.CLOCK, className="wall-clock"),
        ],
        className="wall-head",
    )


def _scene(code: str, choice: Choice, say: Say, lang: str) -> Component:
    told: dict[str, Any] = {"data-scene": code, "aria-label": say(SCENE_NAMES[code])}
    return html.Section(DRAWN[code](say, choice.wanted, lang), className=f"scene scene-{code}", **told)


def _map(choice: Choice, say: Say) -> Component:
    period = say(PERIOD_NAMES[choice.wanted.period])
    title = html.H2(say("{period}警情 · 网格与热力", period=period), className="for-situation")
    steps = _key(say("警情数"), html.Div(id="wall-step-key"))
    density = _key(say("热力"), heat_key(say, "wall-heat-key"))
    kinds = legend([("var(--severity-3)", say("偏热")), ("var(--severity-1)", say("偏冷"))])
    return html.Section(
        [
            title,
            html.H2(say("显著热点与冷点"), className="for-hotspots"),
            html.Div(id=ids.MAP, className="wall-canvas"),
            html.Div(id="wall-pulses", className="wall-pulses"),
            html.Div([steps, density, html.Div(kinds, className="wall-key for-hotspots")], className="wall-keys"),
            map_foot(ids.MAP_SCALE, say),
        ],
        id=ids.FRAME,
        className="wall-box wall-map",
    )


def _key(title: str, marks: Component) -> Component:
    """What a layer of the situation's map is called, and what its colours mean."""
    return html.Div([html.Span(title, className="quiet"), marks], className="wall-key for-situation")


def told(choice: Choice, facts: Facts, geometry: Geometry, lang: str) -> str:
    """What wall.js must know, as JSON: the choice, words, zone, colours, and where the map and its layers lie."""
    colours = palette(THEME)
    extent = geometry.extent_of(choice.wanted.place, facts)
    known = {
        "scenes": choice.scenes,
        "all": SCENES,
        "dwell": choice.dwell_s,
        "wanted": vars(choice.wanted),
        "zone": facts.city.zone,
        "lang": lang,
        "version": facts.version,
        "words": words(facts, speaker(lang), lang),
        "map": {
            "style": style(facts.version, THEME, label_size=22),
            "extent": extent,
            "corners": heat.corners(geometry.extent),
            "below": FIRST_ABOVE_VALUES,
            "steps": [*ramp(QUANTITY, THEME)[1:]],
            "hot": colours.severity_3,
            "cold": colours.severity_1,
        },
    }
    return json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
