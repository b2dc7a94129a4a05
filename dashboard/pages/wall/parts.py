"""The pieces that scenes are put together from: boxes, figures and shares whose numbers wall.js fills in."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN


def filled(name: str, class_name: str = "", element: Any = html.Span) -> Component:
    """An element whose text or rows wall.js sets, by its name; a dash until then."""
    told: dict[str, Any] = {"data-part": name}
    found: Component = element("–", className=class_name or None, **told)
    return found


def box(title: str, body: list[Any], *, note: Any = None, name: str = "") -> Component:
    """A part of a scene with its title."""
    heading = html.H2([html.Span(title), html.Small(note) if note else None])
    return html.Section([heading, *body], className=f"wall-box {name}".strip())


def hero_line(*inside: Component) -> Component:
    """A scene's one great figure and what stands beside it."""
    return html.Div(list(inside), className="wall-hero-line")


def number(title: str, name: str, look: str = "") -> Component:
    """A figure and what it counts."""
    figure = html.Div(filled(name, element=html.B), className="number-value")
    return html.Div([html.Div(title, className="number-title"), figure], className=f"number {look}".strip())


def pair(title: str, name: str, note: str) -> Component:
    """A figure in a line of its own; note: name of the words beside it."""
    words = html.Span(title, className="wall-name")
    return html.Div([words, filled(name, element=html.B), filled(note, "quiet")], className="wall-pair")


def share(title: Any, name: str, look: str = "") -> Component:
    """A share with its bar, interval, n / N and what is pending; the parts of components.proportion."""
    value = filled(f"{name}-share", element=html.B)
    head = html.Div([html.Span(title, className="proportion-title"), value], className="proportion-head")
    told: dict[str, Any] = {"data-bar": name, "className": "bar"}
    bar = html.Div([html.Div(className="bar-fill"), html.Div(className="bar-interval", hidden=True)], **told)
    foot = html.Div([filled(f"{name}-counts"), filled(f"{name}-note")], className="proportion-foot")
    return html.Div([head, bar, foot], className=f"proportion {look}".strip())


def rows(name: str, look: str = "") -> Component:
    """A list that wall.js keeps: rows come, move and go by their keys."""
    told: dict[str, Any] = {"data-rows": name}
    return html.Div(className=f"wall-rows {look}".strip(), **told)


def drawing(name: str, look: str = "") -> Component:
    """Where wall.js draws a small picture."""
    told: dict[str, Any] = {"data-drawing": name}
    return html.Div(className=f"wall-drawing {look}".strip(), **told, **HIDDEN)
