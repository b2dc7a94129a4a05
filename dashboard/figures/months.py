"""Load by month: a line a place, the heaviest ones drawn, the middle of all of them dotted."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, template
from dashboard.figures.words import shortened
from dashboard.language import Say

SHOWN = 6
IN_SIGHT = 0.6  # a load from which the line at 100 % is worth its room


def months(frame: pd.DataFrame, say: Say, theme: str) -> go.Figure:
    """frame[month, key, label, load]: the places that are heaviest over all months, and the median of every place.

    A line at 100 % where it is near.
    """
    figure, colours = go.Figure(), palette(theme)
    heaviest = frame.groupby("key")["load"].mean().nlargest(SHOWN).index
    for key in heaviest:
        own = frame[frame["key"] == key].sort_values("month")
        figure.add_scatter(
            x=own["month"], y=own["load"], mode="lines+markers", name=shortened(str(own["label"].iloc[0])),
            line={"width": 2}, marker={"size": 6}, hovertemplate="%{x|%Y-%m} %{y:.0%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    middle = frame.groupby("month")["load"].median()
    figure.add_scatter(
        x=middle.index, y=middle, mode="lines", name=say("各处中位"), line={"color": colours.muted, "dash": "dot"},
        hovertemplate="%{x|%Y-%m} %{y:.0%}<extra>%{fullData.name}</extra>",
    )  # fmt: skip
    if frame.loc[frame["key"].isin(heaviest), "load"].max() >= IN_SIGHT:
        figure.add_hline(y=1.0, line={"color": colours.warn, "width": 1, "dash": "dash"})
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 11}}
    figure.update_layout(
        template=template(theme), showlegend=True, legend=legend, margin={"l": 48, "r": 12, "t": 64, "b": 28}
    )
    steps = sorted(frame["month"].unique())
    figure.update_xaxes(tickvals=steps if len(steps) <= 12 else None, tickformat="%Y-%m", type="date")
    return figure.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=5)
