"""The three maps: hot cells, heat with its peaks, and counts by cell as time goes on."""

import json
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.legend import legend, ramp_legend
from dashboard.components.mapframe import map_foot
from dashboard.components.panel import graph_config
from dashboard.components.timeslider import time_slider
from dashboard.figures import heat, hotmap
from dashboard.figures.camera import Size, camera
from dashboard.figures.cellmap import ceiling, heat_layer
from dashboard.figures.theme import HEAT, palette
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.hotspots import ids
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.places import hot_cells_table, peaks_table
from dashboard.reporting.small import hide
from db.measures.figures import figure
from db.measures.hotspots import BANDWIDTH_M, CELL_M
from db.measures.periods import steps
from db.measures.question import Question

ALPHA, MOST_PEAKS = 0.05, 10
WIDE, NARROW = Size(760, 460), Size(520, 460)
MOST_VALUES = 600_000  # of all frames together


def _camera(told: Asking, size: Size) -> dict[str, Any]:
    return camera(told.desk.geometry().extent_of(told.asked.place, told.facts), size)


def _map(told: Asking, part: str, picture: go.Figure, size: Size) -> Component:
    """size: of the box that its camera was made for; assets/frames.js looks from higher where the box is smaller."""
    graph = dcc.Graph(
        id=part, figure=picture, config=graph_config(scrollZoom=True), className="picture", responsive=True
    )
    made_for: dict[str, Any] = {"data-wide": f"{size.width:.0f}", "data-tall": f"{size.height:.0f}"}
    return html.Div([graph, map_foot(ids.scale_of(part), told.say)], className="picture-box map-box", **made_for)


def hot(told: Asking) -> Drawn:
    """Each live cell by its verdict; what is hot stands in the table first."""
    say, per = told.say, told.asked.chosen("per")
    found = hot_cells_table(told, per, ALPHA)
    words = {"hot": say("显著偏多"), "cold": say("显著偏少"), "none": say("不显著"), "unknown": say("不评")}
    found = found.assign(verdict=found["kind"].map(words).fillna("–")).sort_values(
        "z", ascending=False, ignore_index=True
    )
    hrefs = [_rows_now(told, key) for key in found["key"]]
    picture = hotmap.hot_map(found, told.facts.version, _camera(told, WIDE), hrefs, say, told.theme)
    colours = palette(told.theme)
    counted = found["kind"].value_counts()
    entries = [(colours.severity_3, f"{words['hot']} {counted.get('hot', 0):,}"),
               (colours.severity_1, f"{words['cold']} {counted.get('cold', 0):,}"),
               (colours.edge, f"{words['none']} {counted.get('none', 0):,}")]  # fmt: skip
    columns = {
        "label": say("网格"),
        "reports": say("警情"),
        "rate": say("密度"),
        "z": "z",
        "q": "q",
        "verdict": say("判定"),
    }
    nothing = () if counted.get("hot", 0) or counted.get("cold", 0) else (say("没有哪一格比偶然更多或更少。"),)
    return Drawn([_map(told, ids.MAP, picture, WIDE), legend(entries)], found, columns, notes=nothing)


def _rows_now(told: Asking, key: object) -> str:
    """The reports whose point lies in the cell of today, as hot cells count them."""
    return told.rows("reports", cell=key).replace("/rows?", "/rows?boundaries=now&")


def peaks(told: Asking) -> Drawn:
    """The heat of the whole period, and its highest points numbered."""
    say = told.say
    found = peaks_table(told, CELL_M, BANDWIDTH_M, MOST_PEAKS)
    names = [told.facts.name(f"cell:{code}") if isinstance(code, str) else say("未落格") for code in found["cell"]]
    found = found.assign(name=names)
    query = told.asked.query(drop=("by", "against", "value", "heat", "lang", "theme", "policy"))
    address = f"/api/v1/heat.png?{query}&{urlencode({'v': told.flt.end.timestamp()})}"
    layer = heat_layer(address, heat.corners(told.desk.geometry().extent))
    picture = hotmap.peak_map(found, told.facts.version, _camera(told, NARROW), layer, say, told.theme)
    columns = {"rank": say("序"), "name": say("网格"), "reports": say("周边警情"), "density": say("起/平方公里·日")}
    named = [html.Li([row.name, html.Span(f" {row.reports:,.0f}", className="quiet")]) for row in rows(found)]
    ramp = ramp_legend(HEAT, (say("少"), say("多")), say("警情密度"))
    return Drawn([_map(told, ids.PEAKS, picture, NARROW), ramp, html.Ol(named, className="peak-list")], found, columns)


def moving(told: Asking) -> Drawn:
    """Counts by cell for each month or week of the period, all in one answer; the geometry comes once."""
    say, grain = told.say, told.asked.chosen("frames")
    cells = told.desk.geometry().within(told.asked.place, told.facts)["cell"].tolist()
    cut = steps(told.flt, str(told.zone), grain)
    cut = cut[-max(1, MOST_VALUES // max(len(cells), 1)) :]
    labels = [f"{day:%Y-%m}" if grain == "month" else f"{day:%Y-%m-%d}" for day, _ in cut]
    frames = [_counts(told, flt, cells) for _, flt in cut]
    data = pd.DataFrame({
        "at": [label for label in labels for _ in cells],
        "key": cells * len(labels),
        "label": [told.facts.name(f"cell:{code}") for code in cells] * len(labels),
        "reports": [value for frame in frames for value in frame],
    }).astype({"reports": "Int64"})  # fmt: skip
    columns = {"at": say("时间"), "label": say("网格"), "reports": say("警情")}
    if not len(data) or not data["reports"].fillna(0).any():
        return Drawn(None, data.head(0), columns)
    top = ceiling(data["reports"].dropna().astype("float64"))
    picture = hotmap.moving_map(cells, frames[0], top, told.facts.version, _camera(told, WIDE), told.theme)
    sent: dict[str, Any] = {"data-frames": json.dumps({"map": ids.MOVING, "labels": labels, "values": frames})}
    slider = html.Div(time_slider(ids.FRAMES, labels, 0, say), className="frames", **sent)
    return Drawn(
        [_map(told, ids.MOVING, picture, WIDE), slider],
        data[data["reports"].fillna(0) > 0].reset_index(drop=True),
        columns,
    )


def _counts(told: Asking, flt: Any, cells: list[str]) -> list[int | None]:
    """Reports of each cell, 0 where there were none, nothing where they are too few to be shown."""
    found = figure(Question(told.conn, told.view, flt, "cell", boundaries=told.boundaries), "reports")
    shown = hide(found.dropna(subset="key"), told.fewest, "count").set_index("key")["count"]
    counts = {key: None if pd.isna(value) else int(value) for key, value in shown.items()}
    return [counts.get(cell, 0) for cell in cells]
