"""What pictures take from the tokens: Plotly's templates, one a theme, and colour scales for maps and heat."""

from functools import cache
from typing import Any

import plotly.graph_objects as go

from dashboard.design.css import css, palette
from dashboard.design.tokens import (
    CLEAR,
    DARK,
    DARK_RAMPS,
    FONT,
    HEAT,
    LIGHT,
    PALETTES,
    QUANTITY,
    TROUBLE,
    TYPE,
    Palette,
)

__all__ = [
    "CLEAR", "DARK", "FONT", "HEAT", "LIGHT", "PALETTES", "QUANTITY", "TROUBLE", "Palette", "css", "palette",
    "ramp", "scale", "template",
]  # fmt: skip


def ramp(colours: tuple[str, ...], theme: str) -> tuple[str, ...]:
    """The ramp as it suits the theme's ground."""
    return colours if theme == "light" else DARK_RAMPS.get(colours, colours)


def scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Colours as an even Plotly colour scale."""
    last = len(colours) - 1
    return [[i / last, colour] for i, colour in enumerate(colours)]


def hover_label(theme: str) -> dict[str, object]:
    """The box that appears where a chart is pointed at."""
    colours = palette(theme)
    font = {"family": FONT, "color": colours.ink, "size": TYPE["small"][0]}
    return {"bgcolor": colours.surface, "bordercolor": colours.line, "font": font}


@cache
def template(theme: str) -> go.layout.Template:
    """What every chart shares: no frame, quiet grid, our type, and an order of colours for series.

    The order: ours, then the grades, then grey.
    """
    colours = palette(theme)
    order = [colours.accent, colours.severity_1, colours.severity_2, colours.severity_3, colours.muted]
    layout = {**_layout(theme), "colorway": order}
    layout["colorscale"] = {"sequential": scale(ramp(QUANTITY, theme)), "sequentialminus": scale(ramp(TROUBLE, theme))}
    return go.layout.Template(layout=layout)


def _layout(theme: str) -> dict[str, Any]:
    colours = palette(theme)
    axis = {"gridcolor": colours.line, "linecolor": colours.line, "zeroline": False, "tickfont": {"size": 11}}
    axis |= {"ticks": "", "ticklabelstandoff": 4, "title": {"font": {"size": 12}, "standoff": 8}}
    return {
        "font": {"family": FONT, "size": TYPE["tiny"][0], "color": colours.muted},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 36, "r": 8, "t": 6, "b": 24},
        "xaxis": {**axis, "showgrid": False},
        "yaxis": axis,
        "showlegend": False,
        "hoverlabel": hover_label(theme),
        "modebar": {"remove": ["all"]},
    }
