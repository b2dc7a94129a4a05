"""The shell of a time slider: play, the range, what instant it shows. A page's own callbacks move it."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.language import Say


def time_slider(name: str, labels: list[str], at: int, say: Say, *, playing: bool = False) -> Component:
    """labels: one a step, oldest first; `at` is the step shown. Its parts are <name>-play, -range and -shown."""
    words = say("暂停") if playing else say("播放")
    pressed: dict[str, Any] = {"aria-label": words, "aria-pressed": "true" if playing else "false"}
    play = html.Button("❚❚" if playing else "▶", id=f"{name}-play", className="time-play", **pressed)
    track = dcc.Input(
        id=f"{name}-range", type="range", min=0, max=len(labels) - 1, step=1, value=at, className="time-range"
    )
    named_track = html.Label([html.Span(say("时间"), className="unseen"), track], className="time-track")
    ends = html.Div([html.Span(labels[0]), html.Span(labels[-1])], className="time-ends")
    shown = html.Output(labels[at], id=f"{name}-shown", className="time-shown")
    return html.Div(
        [play, html.Div([named_track, ends], className="time-middle"), shown], className="time-slider", role="group"
    )
