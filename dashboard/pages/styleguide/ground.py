"""The styleguide's first half: colours, grades as colour-blind readers see them, type, space, shapes."""

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.components.severity import clip_path, word
from dashboard.design import tokens
from dashboard.design.css import palette
from dashboard.design.vision import SEEN_BY, contrast, seen_as
from dashboard.language import Say
from grids.grading import SEVERITIES

ROLES = (
    "ground", "surface", "raised", "ink", "muted", "line", "edge", "accent", "soft", "ok", "warn", "bad", "warn_soft",
)  # fmt: skip
KINDS = {"everybody": "常人所见", "protanopia": "红色盲", "deuteranopia": "绿色盲", "tritanopia": "蓝色盲"}


def colours(theme: str) -> Component:
    """Each role's colour with its contrast to the surface."""
    chosen = palette(theme)
    boxes = []
    for role in ROLES:
        name = role.replace("_", "-")
        ratio = f"{contrast(getattr(chosen, role), chosen.surface):.1f}:1"
        swatch = html.Span(className="guide-swatch", style={"background": f"var(--{name})"}, **HIDDEN)
        boxes.append(html.Li([swatch, html.Code(name), html.Small(ratio)]))
    return html.Ul(boxes, className="guide-colours")


def grades(theme: str, lang: str, say: Say) -> Component:
    """The three grades as four kinds of reader see them: shape and word stay whatever the colour becomes."""
    lines = []
    for kind in SEEN_BY:
        marks = [
            _mark(grade, seen_as(getattr(palette(theme), f"severity_{grade}"), kind), lang) for grade in SEVERITIES
        ]
        lines.append(html.Tr([html.Th(say(KINDS[kind]), scope="row"), *(html.Td(mark) for mark in marks)]))
    return html.Table(html.Tbody(lines), className="guide-grades")


def _mark(grade: int, colour: str, lang: str) -> Component:
    shape = {"background": colour, "clipPath": clip_path(grade)}
    return html.Span(
        [html.Span(className="severity-shape", style=shape, **HIDDEN), html.Span(word(grade, lang))],
        className="severity",
    )


def letters(say: Say) -> Component:
    """The type scale, each size in its own size."""
    lines = [
        html.Li([html.Code(name), html.Span(say("警格 1,234 起"), style={"fontSize": f"var(--type-{name})"})])
        for name in tokens.TYPE
    ]
    return html.Ul(lines, className="guide-type")


def measures() -> Component:
    """Space, corners and heights as boxes."""
    space = _boxes("guide-space", ((name, {"width": f"var(--space-{name})"}) for name in tokens.SPACE))
    radii = _boxes("guide-box", ((name, {"borderRadius": f"var(--radius-{name})"}) for name in tokens.RADIUS))
    high = _boxes("guide-box", ((name, {"boxShadow": f"var(--shadow-{name})"}) for name in tokens.ELEVATION))
    return html.Div([space, radii, high], className="guide-measures")


def _boxes(class_name: str, named: Iterable[tuple[str, dict[str, str]]]) -> Component:
    items = [
        html.Li([html.Span(className=class_name, style=style, **HIDDEN), html.Code(name)]) for name, style in named
    ]
    return html.Ul(items)
