"""What stands over every map: a scale bar that is true at its latitude, and whose data the base map is."""

import math

from dash import html
from dash.development.base_component import Component

from dashboard.language import Say

EARTH_M, TILE_PX, WIDEST_PX = 2 * math.pi * 6_378_137, 512.0, 110.0  # Web Mercator's circle, MapLibre's tile


def metres_a_pixel(zoom: float, latitude: float) -> float:
    """How much ground one CSS pixel covers."""
    return EARTH_M * math.cos(math.radians(latitude)) / (TILE_PX * 2**zoom)


def round_length(zoom: float, latitude: float, widest: float = WIDEST_PX) -> tuple[int, float]:
    """The longest of 1, 2, 5, 10 … metres that fits into `widest` pixels, and its width."""
    pixel = metres_a_pixel(zoom, latitude)
    ten = 10 ** math.floor(math.log10(pixel * widest))
    metres = max(step * ten for step in (1, 2, 5) if step * ten <= pixel * widest)
    return round(metres), metres / pixel


def scale_bar(zoom: float, latitude: float, say: Say, widest: float = WIDEST_PX) -> Component:
    """A bar of a round length; below a metre it is not drawn for maps of cities."""
    metres, pixels = round_length(zoom, latitude, widest)
    words = say("{n} 公里", n=metres // 1000) if metres >= 1000 else say("{n} 米", n=metres)
    return html.Div(html.Span(words), className="scale-bar", style={"width": f"{pixels:.0f}px"})


def map_foot(part: str, say: Say, base_map: str | None = None) -> Component:
    """Scale bar and attribution in a map's lower right corner, and until the map is drawn that it is on its way.

    The browser keeps the bar true (screen.js).
    """
    wait = html.Span(say("正在读取"), className="map-wait", role="status")
    bar = html.Div(html.Span(), id=part, className="scale-bar", hidden=True)
    return html.Div([wait, bar, attribution(base_map, say)], className="map-foot")


def attribution(base_map: str | None, say: Say) -> Component:
    """Whose base map it is, as its terms ask; without one, that the lines are our own record."""
    return html.Div(base_map or say("无底图 · 边界为本库数据"), className="attribution")
