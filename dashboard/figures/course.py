"""The course of one figure over time: a line in the band of its 95 % interval, and the same a year earlier under it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, template
from dashboard.language import Say

STOPS = [{"dtickrange": [None, 2_400_000_000], "value": "%m-%d"}, {"dtickrange": ["M1", None], "value": "%Y-%m"}]
BAND = "2e"  # how much of the colour the band keeps


def course(
    frame: pd.DataFrame, hrefs: Sequence[str | None], say: Say, theme: str, before: pd.DataFrame | None = None,
    top: float | None = None,
) -> go.Figure:  # fmt: skip
    """frame[at, days, whole, value, low, high, numerator, denominator]: one row a month, week or day, oldest first.

    value: a share of 1, or a count; denominator is missing for counts. whole: whether the step lies in the period
    with all its days: others are drawn hollow, and counts apart from the line, since half a day counts less by
    itself. before: the same columns of the year before, `at` moved onto this year's. top: where the scale ends, so
    that several pictures share one.
    """
    is_share, colours = bool(frame["denominator"].notna().any()), palette(theme)
    drawn = frame.assign(
        href=pd.Series(hrefs, frame.index, dtype=object), joined=frame["whole"].astype(bool) | is_share
    )
    figure = go.Figure(_band(drawn[drawn["joined"]], colours.accent))
    several = before is not None and len(before) > 0
    if before is not None and several:
        earlier = before.assign(href=None, joined=before["whole"].astype(bool) | is_share)
        figure.add_traces(_lines(earlier, colours.muted, say("去年同期"), is_share, dash="dot"))
    figure.add_traces(_lines(drawn, colours.accent, say("本期"), is_share))
    figure.update_layout(
        template=template(theme), showlegend=several, margin={"l": 48, "r": 12, "t": 30 if several else 8, "b": 28},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "reversed"},
    )  # fmt: skip
    figure.update_xaxes(type="date", **_ticks(frame))
    span: dict[str, Any] = {"range": [0, top]} if top else {"rangemode": "normal" if is_share else "tozero"}
    return figure.update_yaxes(tickformat=".0%" if is_share else ",d", nticks=5, **span)


def _ticks(frame: pd.DataFrame) -> dict[str, Any]:
    """Each step has its mark while there are few; times of day never stand on the axis."""
    if frame.empty:
        return {}
    if len(frame) <= 8:
        form = "%Y-%m" if frame["at"].dt.day.eq(1).all() and len(frame) > 1 else "%m-%d"
        return {"tickvals": frame["at"], "tickformat": form}
    return {"nticks": 8, "tickformatstops": STOPS}


def _band(frame: pd.DataFrame, colour: str) -> go.Scatter:
    """The interval as one closed shape; counts have one too, as Poisson counts do."""
    known = frame[frame["low"].notna()]
    return go.Scatter(
        x=[*known["at"], *known["at"][::-1]],
        y=[*known["high"], *known["low"][::-1]],
        fill="toself",
        fillcolor=colour + BAND,
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
        mode="lines",
    )


def _lines(frame: pd.DataFrame, colour: str, name: str, is_share: bool, dash: str = "solid") -> list[go.Scatter]:
    """The line through the steps that are `joined`, and the others as dots with whiskers of their own."""
    line = _marks(frame[frame["joined"]], colour, name, is_share)
    line.update(mode="lines+markers", line={"color": colour, "width": 2, "dash": dash})
    apart = frame[~frame["joined"]]
    if apart.empty:
        return [line]
    alone = len(apart) == len(frame)
    dots = _marks(apart, colour, name, is_share).update(mode="markers", showlegend=alone)
    reach = {"array": apart["high"] - apart["value"], "arrayminus": apart["value"] - apart["low"]}
    dots.update(error_y={"type": "data", "symmetric": False, "thickness": 1, "width": 3, **reach})
    return [dots] if alone else [line, dots]


def _marks(frame: pd.DataFrame, colour: str, name: str, is_share: bool) -> go.Scatter:
    """A dot a step, hollow where the step is not whole, with its words and the way to its rows."""
    columns = ["days", "numerator", "denominator", "low", "high", "words", "href"]
    table = frame[columns].astype(object).where(frame[columns].notna(), None).to_numpy().tolist()
    told = "%{y:.1%} (%{customdata[1]:,.0f}/%{customdata[2]:,.0f})" if is_share else "%{y:,.0f}"
    interval = (
        "%{customdata[3]:.1%}–%{customdata[4]:.1%}" if is_share else "%{customdata[3]:,.0f}–%{customdata[4]:,.0f}"
    )
    return go.Scatter(
        x=frame["at"],
        y=frame["value"],
        name=name,
        marker={
            "size": 7, "color": colour, "symbol": ["circle" if whole else "circle-open" for whole in frame["whole"]],
        },
        customdata=table,
        hovertemplate=f"<b>%{{customdata[5]}}</b><br>{told}<br>95% {interval}<extra>{name}</extra>",
    )  # fmt: skip
