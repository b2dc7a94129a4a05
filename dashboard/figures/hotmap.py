"""Maps of hot spots: cells hot or cold beyond chance, the surface's peaks over its heat, counts that move in time."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.cellmap import cell_map
from dashboard.figures.ground import LABEL_FONT
from dashboard.figures.theme import QUANTITY, palette, ramp, scale
from dashboard.language import Say

KINDS = ("cold", "none", "hot")


def hot_map(
    frame: pd.DataFrame, version: str, view: dict[str, Any], hrefs: Sequence[str | None], say: Say, theme: str
) -> go.Figure:
    """frame[key, label, reports, rate, z, q, kind]: each cell in the colour of its verdict, with the numbers behind."""
    figure, colours = cell_map(version, theme, view), palette(theme)
    known = frame[frame["kind"].isin(KINDS)]
    steps = [colours.severity_1, colours.edge, colours.severity_3]
    numbers = known[["label", "reports", "rate", "z", "q"]].astype(object)
    told = numbers.where(numbers.notna(), None).to_numpy().tolist()
    leads = [href for href, kind in zip(hrefs, frame["kind"], strict=True) if kind in KINDS]
    figure.data[0].update(
        locations=known["key"].tolist(),
        z=[KINDS.index(kind) for kind in known["kind"]],
        zmin=-0.5,
        zmax=2.5,
        colorscale=[[place, steps[n]] for n in range(3) for place in (n / 3, (n + 1) / 3)],
        showscale=False,
        marker={
            "opacity": [0.1 if kind == "none" else 0.72 for kind in known["kind"]],
            "line": {"width": 0.4, "color": colours.surface},
        },
        customdata=[[*row, href] for row, href in zip(told, leads, strict=True)],
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>{say('警情')} %{{customdata[1]:,.0f}} · {say('密度')} "
        "%{customdata[2]:,.1f}<br>z %{customdata[3]:+.1f} · q %{customdata[4]:.3f}<extra></extra>",
    )
    return figure


def peak_map(
    peaks: pd.DataFrame, version: str, view: dict[str, Any], heat: dict[str, Any], say: Say, theme: str
) -> go.Figure:
    """peaks[rank, lon, lat, reports, name] as numbered discs over the heat, readable on whatever it paints."""
    figure, colours = cell_map(version, theme, view), palette(theme)
    figure.update_layout(map={"layers": [heat]})
    where = {"lon": peaks["lon"], "lat": peaks["lat"], "showlegend": False, "below": ""}  # above heat, lines, names
    ring = {"size": 24, "color": colours.surface, "opacity": 1, "allowoverlap": True}
    figure.add_trace(go.Scattermap(**where, mode="markers", marker=ring, hoverinfo="skip"))
    figure.add_trace(
        go.Scattermap(
            **where,
            mode="markers+text",
            marker={"size": 20, "color": colours.ink, "opacity": 1, "allowoverlap": True},
            text=[str(rank) for rank in peaks["rank"]],
            textposition="middle center",
            textfont={"color": colours.surface, "size": 12, "family": LABEL_FONT[0]},
            customdata=[[row.name, row.reports, row.rank] for row in peaks.itertuples(index=False)],
            hovertemplate=f"<b>%{{customdata[2]}}. %{{customdata[0]}}</b><br>{say('周边警情')} "
            "%{customdata[1]:,.0f}<extra></extra>",
        )
    )
    return figure


def moving_map(
    cells: Sequence[str], first: Sequence[float | None], top: float, version: str, view: dict[str, Any], theme: str
) -> go.Figure:
    """The first frame of counts by cell; assets/frames.js puts the values of the others in its place."""
    figure = cell_map(version, theme, view)
    figure.data[0].update(
        locations=list(cells),
        z=list(first),
        zmin=0,
        zmax=top,
        colorscale=scale(ramp(QUANTITY, theme)),
        marker={"opacity": 0.76, "line": {"width": 0.4, "color": palette(theme).surface}},
        colorbar={
            "orientation": "h", "thickness": 8, "len": 190, "lenmode": "pixels", "x": 0.012, "xanchor": "left",
            "y": 0.985, "yanchor": "top", "tickformat": ",d", "nticks": 4, "bgcolor": palette(theme).surface,
            "outlinewidth": 0, "xpad": 12, "ypad": 6,
        },
        hovertemplate="<b>%{location}</b> %{z:,.0f}<extra></extra>",
    )  # fmt: skip
    return figure
