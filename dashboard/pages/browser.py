"""Callbacks that run in the browser, because only it knows its size, its clock and whether the server still answers."""

from typing import Any

from dash import ClientsideFunction, Input, State


def in_browser(dash: Any, namespace: str, function: str, *parts: Any) -> None:
    """Register window.dash_clientside.<namespace>.<function>; parts: outputs, inputs, states."""
    dash.clientside_callback(ClientsideFunction(namespace, function), *parts)


def keep_scale(dash: Any, map_id: str, part: str) -> None:
    """Hold the scale bar `part` (components.mapframe) true to the map wherever it is moved."""
    in_browser(dash, "screen", "scale", Input(map_id, "figure"), State(map_id, "id"), State(part, "id"))
