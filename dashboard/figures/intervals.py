"""Shares beside each other: a dot each with its 95 % interval, n of N in words, so that small places do not shout."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, template
from dashboard.figures.words import left_out, room, shortened
from dashboard.language import Say

SHOWN, FEWEST = 26, 8


def intervals(
    frame: pd.DataFrame, hrefs: Sequence[str | None], say: Say, theme: str, whole: float | None = None,
    shown: int = SHOWN, fewest: int = FEWEST,
) -> go.Figure:  # fmt: skip
    """frame[label, numerator, denominator, share, low, high], drawn from the top in its order.

    hrefs: where each dot leads. whole: the share of everything, a line. fewest: room for so many rows, so that few
    stand as close as many. Rows without a share have no dot.
    """
    rows, colours = frame.head(shown).iloc[::-1], palette(theme)
    leads = list(hrefs[: len(frame.head(shown))])[::-1]
    figure = go.Figure(
        go.Scatter(
            x=rows["share"],
            y=list(range(len(rows))),
            mode="markers",
            marker={"color": colours.accent, "size": 9, "line": {"width": 1, "color": colours.surface}},
            error_x={
                "type": "data", "symmetric": False, "array": rows["high"] - rows["share"],
                "arrayminus": rows["share"] - rows["low"], "color": colours.muted, "thickness": 1.4, "width": 3,
            },
            customdata=_details(rows, leads),
            hovertemplate=_hover(say),
        )
    )  # fmt: skip
    if whole is not None:
        figure.add_vline(x=whole, line={"color": colours.muted, "width": 1, "dash": "dot"})
    names = [shortened(str(label)) for label in rows["label"]]
    margin = {"l": room(names), "r": 18, "t": 6, "b": 30}
    figure.update_layout(meta=left_out(frame, rows), template=template(theme), margin=margin)
    figure.update_xaxes(tickformat=".0%", range=span(rows), showgrid=True, nticks=6)
    tall = max(len(rows), fewest)
    return figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - tall - 0.6, len(rows) - 0.4],
        showgrid=False, tickfont={"color": colours.ink, "size": 12},
    )  # fmt: skip


def span(rows: pd.DataFrame) -> list[float]:
    """What of 0 … 1 is shown: down to the lowest interval, a tenth below it, so that differences can be seen."""
    low = rows["low"].min()
    start = 0.0 if pd.isna(low) else max(0.0, int(float(low) * 10 - 0.5) / 10)
    return [start, 1.015]


def _details(rows: pd.DataFrame, leads: Sequence[str | None]) -> list[list[Any]]:
    columns = ["label", "numerator", "denominator", "low", "high"]
    return [[*row, href] for row, href in zip(rows[columns].astype(object).to_numpy().tolist(), leads, strict=True)]


def _hover(say: Say) -> str:
    counts = "%{customdata[1]:,.0f}/%{customdata[2]:,.0f}"
    interval = say("95% 区间 {low}–{high}", low="%{customdata[3]:.1%}", high="%{customdata[4]:.1%}")
    return f"<b>%{{customdata[0]}}</b><br>%{{x:.1%}} ({counts})<br>{interval}<extra></extra>"
