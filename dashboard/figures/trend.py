"""Incidents a day over the period, with a seven-day mean where there are days enough."""

from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, plain_layout
from dashboard.language import Say

MEAN_DAYS = 7


def every_day(daily: pd.DataFrame, first: date, last: date) -> pd.Series:
    """daily[day, incidents] as a series over every day from `first` to `last`, quiet days as 0."""
    days = pd.date_range(first, last, freq="D")
    counts = pd.Series(daily["incidents"].to_numpy(), index=pd.to_datetime(daily["day"]), dtype="float64")
    return counts.groupby(level=0).sum().reindex(days, fill_value=0.0)


def trend(daily: pd.DataFrame, first: date, last: date, say: Say, theme: str) -> go.Figure:
    """Bars a day; beyond three weeks a line of the seven-day mean over them."""
    counts, colours = every_day(daily, first, last), palette(theme)
    long = len(counts) > 3 * MEAN_DAYS
    figure = go.Figure(
        go.Bar(
            x=counts.index,
            y=counts,
            marker={"color": colours.accent, "opacity": 0.35 if long else 0.85, "line": {"width": 0}},
            hovertemplate=f"%{{x|%Y-%m-%d}}　%{{y:,.0f}} {say('起')}<extra></extra>",
        )
    )
    if long:
        mean = counts.rolling(MEAN_DAYS, center=True, min_periods=4).mean()
        figure.add_scatter(
            x=mean.index, y=mean, mode="lines", line={"color": colours.accent, "width": 2}, hoverinfo="skip"
        )
    figure.update_layout(plain_layout(theme), bargap=0.15 if len(counts) < 120 else 0)
    figure.update_xaxes(tickformat=_day_format(len(counts)), nticks=6)
    return figure.update_yaxes(rangemode="tozero", nticks=4)


def _day_format(days: int) -> str:
    return "%Y-%m" if days > 120 else "%m-%d"
