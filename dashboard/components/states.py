"""What a part of a page says of its data: loading, empty, stale, failed. By sign and word, never by colour alone."""

from typing import Literal

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.components.notes import empty, failed
from dashboard.language import Say

__all__ = ["empty", "failed", "live", "loading", "stale"]
Shape = Literal["lines", "number", "map", "table"]
BONES = {"lines": 4, "number": 2, "map": 1, "table": 7}


def loading(shape: Shape, say: Say) -> Component:
    """A skeleton in the shape of what will come, so that nothing jumps when it does."""
    bones = [html.Span(className="bone") for _ in range(BONES[shape])]
    told = html.Span(say("正在读取"), className="unseen")
    return html.Div([*bones, told], className=f"skeleton skeleton-{shape}", role="status")


def stale(last_good: str, say: Say, why: str = "") -> Component:
    """What is shown is old: since when, and why if that is known. It stays until new data comes."""
    words = [html.B(say("数据已陈旧")), html.Span(say("最后一次完好数据 {time}", time=last_good))]
    reason = [html.Span(why, className="stale-why")] if why else []
    return html.Div([html.Span("⚠", **HIDDEN), *words, *reason], className="stale", role="alert")


def live(through: str, say: Say) -> Component:
    """The quiet counterpart: data is as it should be, up to this time."""
    words = html.Span(say("数据截至 {through}", through=through))
    return html.Div([html.Span("●", className="live-dot", **HIDDEN), words], className="live")
