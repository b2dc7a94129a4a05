"""Callbacks that run in the browser, because only it knows its size, its clock and whether the server still answers."""

from typing import Any

from dash import ClientsideFunction, Input, Output, State


def in_browser(dash: Any, namespace: str, function: str, *parts: Any) -> None:
    """Register window.dash_clientside.<namespace>.<function>; parts: outputs, inputs, states."""
    dash.clientside_callback(ClientsideFunction(namespace, function), *parts)


def keep_scale(dash: Any, map_id: str, part: str) -> None:
    """Hold the scale bar `part` (components.mapframe) true to the map wherever it is moved."""
    # It never tells the output: without one it would not be called for a map that comes with its panel.
    told = Output(part, "hidden")
    in_browser(dash, "screen", "scale", told, Input(map_id, "figure"), State(map_id, "id"), State(part, "id"))
