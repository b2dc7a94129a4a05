"""A sparkline: the shape of a series in the height of a line of text, with its last value marked."""

import math
from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import named
from dashboard.components.drawing import stencil
from dashboard.language import Say

WIDE, TALL, EDGE = 120.0, 28.0, 3.0
Points = list[tuple[float, float] | None]


def sparkline(values: Sequence[float], say: Say, title: str = "") -> Component:
    """values: oldest first; NaN leaves a gap. Said aloud as first, last, least and most."""
    shape = points(values)
    if not any(shape):
        return html.Span("–", className="spark spark-none", **named(spoken(values, say, title)))
    line = stencil(f"<path d='{path(shape)}' fill='none' stroke='red' stroke-width='2'/>", WIDE, TALL, *_LINE)
    last = next((point for point in reversed(shape) if point), None)
    dot = [html.Span(className="spark-dot", style=_at(last))] if last else []
    return html.Span([line, *dot], className="spark", **named(spoken(values, say, title)))


_LINE = ("var(--accent)", "spark-line")


def points(values: Sequence[float]) -> Points:
    """Where each value lies on the sheet; a series that never changes lies in the middle."""
    known = [value for value in values if not math.isnan(value)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    span, last = (high - low) or 1.0, max(len(values) - 1, 1)
    level = 0.5 if high == low else None

    def place(i: int, value: float) -> tuple[float, float] | None:
        if math.isnan(value):
            return None
        up = level if level is not None else (value - low) / span
        return EDGE + (WIDE - 2 * EDGE) * i / last, TALL - EDGE - (TALL - 2 * EDGE) * up

    return [place(i, value) for i, value in enumerate(values)]


def path(shape: Points) -> str:
    """An SVG path that is lifted over gaps."""
    steps, drawing = [], False
    for point in shape:
        if point:
            steps.append(f"{'L' if drawing else 'M'}{point[0]:.1f} {point[1]:.1f}")
        drawing = point is not None
    return "".join(steps)


def spoken(values: Sequence[float], say: Say, title: str) -> str:
    """What the line says to whoever cannot see it."""
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return f"{title} {say('没有数据')}".strip()
    told = {"first": f"{known[0]:g}", "last": f"{known[-1]:g}", "low": f"{min(known):g}", "high": f"{max(known):g}"}
    return f"{title} {say('从 {first} 到 {last}，最低 {low}，最高 {high}', **told)}".strip()


def _at(point: tuple[float, float]) -> dict[str, str]:
    return {"left": f"{point[0] / WIDE:.1%}", "top": f"{point[1] / TALL:.1%}"}
