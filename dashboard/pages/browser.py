"""Callbacks that run in the browser, because only it knows its size, its clock and whether the server still answers."""

from typing import Any

from dash import ClientsideFunction


def in_browser(dash: Any, namespace: str, function: str, *parts: Any) -> None:
    """Register window.dash_clientside.<namespace>.<function>; parts: outputs, inputs, states."""
    dash.clientside_callback(ClientsideFunction(namespace, function), *parts)
