"""Counts beside each other as bars from the most to the fewest, in parts where they have some."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, template
from dashboard.figures.words import in_two_lines, left_out, room, shortened

SHOWN, FEWEST = 20, 6
FAR_APART = 9  # so few bars leave room for names of two lines


def bars(
    frame: pd.DataFrame, parts: Mapping[str, str], hrefs: Mapping[str, Sequence[str | None]], theme: str,
    colours: Mapping[str, str] | None = None, shown: int = SHOWN,
) -> go.Figure:  # fmt: skip
    """frame[label, <parts>]: one bar a row in the frame's order from the top; parts: column → words.

    hrefs: of each part, where a row's bar leads. colours: of each part, default the template's own order.
    """
    rows = frame.head(shown).iloc[::-1]
    short = in_two_lines if len(rows) <= FAR_APART else shortened
    names, figure = [short(str(label)) for label in rows["label"]], go.Figure()
    for column, words in parts.items():
        leads = list(hrefs[column][: len(rows)])[::-1]
        figure.add_bar(
            x=rows[column], y=list(range(len(rows))), orientation="h", name=words,
            marker={"color": (colours or {}).get(column), "line": {"width": 0}},
            customdata=_details(rows["label"], leads), cliponaxis=False,
            texttemplate="%{x:,.0f}" if len(parts) == 1 else None, textposition="outside",
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>{words} %{{x:,.0f}}<extra></extra>",
        )  # fmt: skip
    several = len(parts) > 1
    figure.update_layout(
        meta=left_out(frame, rows), template=template(theme), barmode="stack", bargap=0.3, showlegend=several,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        margin={"l": room(names), "r": 40, "t": 34 if several else 6, "b": 30},
    )  # fmt: skip
    figure.update_xaxes(showgrid=True, rangemode="tozero", tickformat=",d", nticks=5)
    tall = max(len(rows), FEWEST)
    return figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - tall - 0.5, len(rows) - 0.5],
        showgrid=False, tickfont={"color": palette(theme).ink, "size": 12},
    )  # fmt: skip


def _details(labels: pd.Series, leads: Sequence[str | None]) -> list[list[Any]]:
    return [[label, href] for label, href in zip(labels, leads, strict=True)]
