"""Legends: what colours, shapes and ramps mean, always with words."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.components.severity import mark
from grids.grading import SEVERITIES


def legend(entries: Sequence[tuple[str, str]], title: str = "") -> Component:
    """entries: (CSS colour, words)."""
    items = [
        html.Li([html.Span(className="legend-swatch", style={"background": colour}, **HIDDEN), html.Span(words)])
        for colour, words in entries
    ]
    return _framed([html.Ul(items)], title)


def ramp_legend(colours: Sequence[str], ends: Sequence[str], title: str = "") -> Component:
    """Steps from the least to the most with the values at both ends, and between them if given."""
    steps = [html.Span(style={"background": colour}) for colour in colours]
    marks = [html.Span(words) for words in ends]
    body = [html.Div(steps, className="legend-ramp", **HIDDEN), html.Div(marks, className="legend-marks")]
    return _framed(body, title)


def grade_legend(lang: str, title: str = "") -> Component:
    """The three grades, each by colour, shape and word."""
    return _framed([html.Ul([html.Li(mark(grade, lang)) for grade in SEVERITIES])], title)


def _framed(body: Sequence[Component], title: str) -> Component:
    head = [html.Figcaption(title)] if title else []
    return html.Figure([*head, *body], className="legend")
