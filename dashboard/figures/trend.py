"""Incidents a day over the period, with a seven-day mean where there are days enough."""

from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, template
from dashboard.language import Say

MEAN_DAYS = 7


def every_day(daily: pd.DataFrame, first: date, last: date) -> pd.Series:
    """daily[day, incidents] as a series over every day from `first` to `last`, quiet days as 0."""
    days = pd.date_range(first, last, freq="D")
    counts = pd.Series(daily["incidents"].to_numpy(), index=pd.to_datetime(daily["day"]), dtype="float64")
    return counts.groupby(level=0).sum().reindex(days, fill_value=0.0)


def mean(counts: pd.Series, incomplete_since: date) -> pd.Series:
    """The centred seven-day mean of the whole days of `counts` (indexed by day): a day that is not over lowers none."""
    whole = counts[counts.index < pd.Timestamp(incomplete_since)]
    return whole.rolling(MEAN_DAYS, center=True, min_periods=4).mean()


def trend(
    daily: pd.DataFrame, first: date, last: date, say: Say, theme: str, incomplete_since: date | None = None
) -> go.Figure:
    """Bars a day, those from `incomplete_since` hatched; beyond three weeks a line of the seven-day mean over them."""
    counts, colours = every_day(daily, first, last), palette(theme)
    long = len(counts) > 3 * MEAN_DAYS
    since = incomplete_since or last + timedelta(days=1)
    partial = counts.index >= pd.Timestamp(since)
    figure = go.Figure(
        go.Bar(
            x=counts.index,
            y=counts,
            customdata=[say("（未完）") if part else "" for part in partial],
            marker={
                "color": colours.accent,
                "opacity": 0.35 if long else 0.85,
                "line": {"width": 0},
                "pattern": {"shape": ["/" if part else "" for part in partial], "size": 5, "solidity": 0.35},
            },
            hovertemplate=f"%{{x|%Y-%m-%d}}　%{{y:,.0f}} {say('起')}%{{customdata}}<extra></extra>",
        )
    )
    if long:
        line = mean(counts, since)
        figure.add_scatter(
            x=line.index, y=line, mode="lines", line={"color": colours.accent, "width": 2}, hoverinfo="skip"
        )
    figure.update_layout(template=template(theme), bargap=0.15 if len(counts) < 120 else 0)
    figure.update_xaxes(tickformat=_day_format(len(counts)), nticks=6)
    return figure.update_yaxes(rangemode="tozero", nticks=4)


def _day_format(days: int) -> str:
    return "%Y-%m" if days > 120 else "%m-%d"
