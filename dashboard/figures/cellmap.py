"""The cell map: one value per cell over geometry that the browser fetched once."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.ground import FIRST_ABOVE_VALUES, style
from dashboard.figures.theme import CLEAR, FONT, QUANTITY, TROUBLE, palette, ramp, scale
from dashboard.language import Say

VALUE_TRACE = 0


@dataclass(frozen=True)
class Value:
    """A figure that a cell can be coloured by."""

    column: str
    title: str
    colours: tuple[str, ...]
    form: str


VALUES = {
    "incidents": Value("incidents", "警情数", QUANTITY, ",.0f"),
    "minutes": Value("minutes", "工作量（分钟）", QUANTITY, ",.0f"),
    "share": Value("share", "化解率", QUANTITY, ".0%"),
    "escaped": Value("escaped", "越级数", TROUBLE, ",.0f"),
}


def cell_map(version: str, theme: str, view: dict[str, Any], **style_options: Any) -> go.Figure:
    """A map without values; `trace_values` and `heat_layer` are patched into it. view: what `camera` returned."""
    trace = go.Choroplethmap(
        geojson=f"/api/v1/boundaries/{version}/cells.geojson",
        featureidkey="id",
        below=FIRST_ABOVE_VALUES,
        hoverlabel={"align": "left"},
        locations=[],
        z=[],
    )
    figure = go.Figure(trace)
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=CLEAR,
        font={"family": FONT, "color": palette(theme).ink, "size": 12},
        hoverlabel={"bgcolor": palette(theme).surface, "font": {"family": FONT, "color": palette(theme).ink}},
        map={"style": style(version, theme, **style_options), "layers": [], **view},
        modebar={"remove": ["all"]},
    )
    return figure


def trace_values(frame: pd.DataFrame, value: str, say: Say, theme: str, *, faint: bool = False) -> dict[str, Any]:
    """What of the trace follows the filters.

    frame: code, name, incidents, matters, minutes, contained, escaped, pending, decided, share. faint: under a heat
    layer, whose colours the cells must not compete with.
    """
    chosen = VALUES[value]
    column = frame[chosen.column].astype(float)
    low, high = (floor_of_shares(column), 1.0) if value == "share" else (0.0, ceiling(column))
    return {
        "locations": frame["code"].tolist(),
        "z": [None if pd.isna(number) else float(number) for number in column],
        "zmin": low,
        "zmax": high,
        "colorscale": scale(ramp(chosen.colours, theme)),
        "colorbar": colour_bar(chosen, low, high, say, theme),
        "showscale": not faint,
        "marker": {
            "opacity": 0.14 if faint else 0.72,
            "line": {"width": 0.4, "color": palette(theme).surface},
        },
        "customdata": _details(frame),
        "hovertemplate": _hover(say),
    }


def ceiling(column: pd.Series) -> float:
    """The value at full colour: the 98th percentile, so that one busy cell does not turn the rest pale."""
    high = column.quantile(0.98)
    return float(high) if high > 0 else 1.0


def floor_of_shares(column: pd.Series) -> float:
    """Where the colours of shares begin: the fifth percentile rounded down to 0, 0.2, 0.4, 0.6 or 0.8.

    Most cells contain nine matters of ten: a scale from nought would paint them all alike.
    """
    low = column.quantile(0.05)
    return min(0.8, floor(float(low) * 5) / 5) if low > 0 else 0.0


def colour_bar(value: Value, low: float, high: float, say: Say, theme: str) -> dict[str, Any]:
    """A short, quiet legend inside the map's lower left corner."""
    return {
        "title": {"text": say(value.title), "side": "top", "font": {"size": 12}},
        "orientation": "h",
        "thickness": 8,
        "len": 190,
        "lenmode": "pixels",
        "x": 0.012,
        "xanchor": "left",
        "y": 0.015,
        "yanchor": "bottom",
        "tickformat": value.form,
        "dtick": (high - low) / 4 if value.column == "share" else ceil(high / 4),
        "tick0": low,
        "tickfont": {"size": 11},
        "bgcolor": palette(theme).surface,
        "outlinewidth": 0,
        "xpad": 12,
        "ypad": 6,
    }


def _details(frame: pd.DataFrame) -> list[list[Any]]:
    columns = ["name", "incidents", "matters", "minutes", "contained", "decided", "escaped", "pending"]
    shares = ["–" if pd.isna(share) else f"{share:.1%}" for share in frame["share"]]
    rows = frame[columns].to_numpy(dtype=object).tolist()
    return [[*row, share] for row, share in zip(rows, shares, strict=True)]


def _hover(say: Say) -> str:
    lines = (
        "<b>%{customdata[0]}</b>",
        f"{say('警情')} %{{customdata[1]:,.0f}} · {say('事项')} %{{customdata[2]:,.0f}}",
        f"{say('工作量')} %{{customdata[3]:,.0f}} {say('分钟')}",
        f"{say('化解率')} %{{customdata[8]}}（%{{customdata[4]:,.0f}}/%{{customdata[5]:,.0f}}）",
        f"{say('越级')} %{{customdata[6]:,.0f}} · {say('在办')} %{{customdata[7]:,.0f}}",
    )
    return "<br>".join(lines) + "<extra></extra>"


def heat_layer(address: str, corners: list[list[float]]) -> dict[str, Any]:
    """The heat image as a map layer; corners are lon/lat of its top left, top right, bottom right, bottom left."""
    return {
        "sourcetype": "image",
        "type": "raster",
        "source": address,
        "coordinates": corners,
        "below": FIRST_ABOVE_VALUES,
        "opacity": 0.8,
    }
