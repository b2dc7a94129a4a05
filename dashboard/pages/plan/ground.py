"""The planner's map: beats by tint, cells outlined, what moved hatched; colours follow the state of each cell."""

from typing import Any

import plotly.graph_objects as go

from dashboard.design.tokens import BEAT_TINTS
from dashboard.figures.basemap import BaseMap
from dashboard.figures.ground import LABEL_FONT, style_document
from dashboard.figures.theme import CLEAR, FONT, Palette, palette

LEFT_OUT = ("cells", "beats", "beat-names")  # ours are drawn another way
EMPTY = {"type": "FeatureCollection", "features": []}
OWN = ("moved", "names", "codes", "borders", "wrong")


def plan_figure(version: str, theme: str, base_map: BaseMap) -> go.Figure:
    """A map without a plan in it: the browser sets the state of each cell (assets/plan/map.js)."""
    figure = go.Figure(go.Scattermap(lon=[0], lat=[0], mode="markers", marker={"opacity": 0}, hoverinfo="skip"))
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=CLEAR,
        font={"family": FONT},
        map={"style": plan_style(version, theme, base_map)},
        modebar={"remove": ["all"]},
        showlegend=False,
    )
    return figure


def plan_style(version: str, theme: str, base_map: BaseMap) -> dict[str, Any]:
    """The style of the other maps with our own layers over it."""
    ground, colours = style_document(version, theme, base_map=base_map), palette(theme)
    sources = {name: dict(source) for name, source in ground["sources"].items()}
    sources["cells"]["promoteId"] = "code"
    sources |= {name: {"type": "geojson", "data": EMPTY} for name in OWN}
    sources["borders"]["promoteId"] = "id"
    kept = [layer for layer in ground["layers"] if layer["id"] not in LEFT_OUT]
    return {**ground, "sources": sources, "layers": [*kept, *_cells(colours), *_borders(colours), *_words(colours)]}


def _state(name: str, then: Any, otherwise: Any) -> list[Any]:
    return ["case", ["boolean", ["feature-state", name], False], then, otherwise]


def _cells(colours: Palette) -> list[dict[str, Any]]:
    tint: list[Any] = ["match", ["coalesce", ["feature-state", "tint"], -1]]
    for number, colour in enumerate(BEAT_TINTS):
        tint += [number, colour]
    clear = ["case", ["<", ["coalesce", ["feature-state", "tint"], -1], 0], 0, _state("dim", 0.2, 0.62)]
    return [
        {
            "id": "plan-fill", "type": "fill", "source": "cells",
            "paint": {"fill-color": [*tint, colours.land], "fill-opacity": clear, "fill-antialias": False},
        },
        {
            "id": "plan-lines", "type": "line", "source": "cells",
            "paint": {"line-color": colours.surface, "line-opacity": 0.85, "line-width": 0.8},
        },
        {
            "id": "plan-hatch", "type": "fill", "source": "moved",
            "paint": {"fill-pattern": "plan-hatch"},
        },
    ]  # fmt: skip


def _borders(colours: Palette) -> list[dict[str, Any]]:
    width = ["interpolate", ["linear"], ["zoom"], 11, 1.0, 15, 2.6]
    return [
        {
            "id": "plan-began", "type": "line", "source": "beats", "layout": {"line-join": "round"},
            "paint": {"line-color": colours.outline, "line-opacity": 0.5, "line-width": 1, "line-dasharray": [3, 2.5]},
        },
        {
            "id": "plan-borders", "type": "line", "source": "borders",
            "layout": {"line-join": "round", "line-cap": "round"},
            "paint": {"line-color": colours.outline, "line-opacity": _state("cut", 0.95, 0), "line-width": width},
        },
        {
            "id": "plan-wrong", "type": "line", "source": "wrong",
            "paint": {"line-color": colours.bad, "line-width": 3.5, "line-offset": 2},
        },
        {
            "id": "plan-picked", "type": "line", "source": "cells",
            "paint": {"line-color": colours.ink, "line-width": 3, "line-opacity": _state("picked", 1, 0)},
        },
    ]  # fmt: skip


def _words(colours: Palette) -> list[dict[str, Any]]:
    paint = {"text-color": colours.ink, "text-halo-color": colours.surface, "text-halo-width": 1.6}
    codes = ["step", ["zoom"], ["get", "short"], 15.6, ["concat", ["get", "name"], "\n", ["get", "code"]]]
    return [
        {
            "id": "plan-codes", "type": "symbol", "source": "codes", "minzoom": 13.6, "paint": paint,
            "layout": {"text-field": codes, "text-font": LABEL_FONT, "text-size": 11, "text-padding": 3},
        },
        {
            "id": "plan-names", "type": "symbol", "source": "names", "paint": {**paint, "text-halo-width": 2},
            "layout": {
                "text-field": ["get", "name"], "text-font": LABEL_FONT, "text-size": 13, "text-max-width": 8,
                "text-padding": 4, "symbol-sort-key": ["get", "rank"],
            },
        },
    ]  # fmt: skip
