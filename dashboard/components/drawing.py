"""Small pictures without Plotly: inline SVG as a stencil over a colour of the theme, in Dash and plain HTML alike."""

from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN


def stencil(body: str, width: float, height: float, colour: str, class_name: str) -> Component:
    """`body`, SVG elements on a sheet of `width` × `height`, cut out of `colour`; it fills its own box."""
    size = f"width='{width:g}' height='{height:g}' viewBox='0 0 {width:g} {height:g}'"
    text = f"<svg xmlns='http://www.w3.org/2000/svg' {size} preserveAspectRatio='none'>{body}</svg>"
    mask = f'url("data:image/svg+xml,{quote(text, safe=" =/:,.-<>")}")'.replace("<", "%3C").replace(">", "%3E")
    style: dict[str, Any] = {"background": colour, "WebkitMaskImage": mask, "maskImage": mask}
    return html.Span(className=f"stencil {class_name}", style=style, **HIDDEN)
