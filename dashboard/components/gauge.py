"""A gauge: how much of what there is, a half circle that runs over at its end when it is more than all of it."""

import math

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import named
from dashboard.components.drawing import stencil
from dashboard.language import Say

WIDE, TALL, RADIUS, THICK = 120.0, 66.0, 52.0, 11.0


def gauge(title: str, part: float, say: Say, *, limit: float = 1.0, top: float = 1.5) -> Component:
    """part: a share of 1, NaN when unknown. Past `limit` it is over, by colour, sign and word. `top` ends the scale."""
    unknown, over = math.isnan(part), part > limit
    text = "–" if unknown else f"{part:.0%}"
    word = say("未知") if unknown else say("超负荷") if over else say("正常")
    colour = "var(--warn)" if over else "var(--accent)"
    arcs = [_arc(0, 1, "var(--line)", "gauge-track")]
    arcs += [] if unknown else [_arc(0, min(part / top, 1), colour, "gauge-value")]
    arcs.append(_arc(limit / top - 0.008, limit / top + 0.008, "var(--ink)", "gauge-limit"))
    face = html.Div([*arcs, html.B(text, className="gauge-text")], className="gauge-face")
    foot = html.Div([html.Span(title), html.Span(f"⚠ {word}" if over else word, className="gauge-word")])
    return html.Div([face, foot], className=f"gauge{' gauge-over' if over else ''}", **named(f"{title} {text} {word}"))


def _arc(start: float, end: float, colour: str, class_name: str) -> Component:
    path = f"<path d='{arc(start, end)}' fill='none' stroke='red' stroke-width='{THICK:g}'/>"
    return stencil(path, WIDE, TALL, colour, class_name)


def arc(start: float, end: float) -> str:
    """The path along the half circle between two parts of it, 0 at its left and 1 at its right."""
    (x0, y0), (x1, y1) = _on(start), _on(end)
    return f"M{x0:.2f} {y0:.2f}A{RADIUS:g} {RADIUS:g} 0 0 1 {x1:.2f} {y1:.2f}"


def _on(part: float) -> tuple[float, float]:
    angle = math.pi * (1 - part)
    return WIDE / 2 + RADIUS * math.cos(angle), TALL - 6 - RADIUS * math.sin(angle)
