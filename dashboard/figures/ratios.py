"""Near repeats: bands of metres by bands of days, each with how many times the pairs that chance would give."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import TROUBLE, palette, ramp, scale, template
from dashboard.reading.records import rows as rows_of

SURE = 0.05


def ratios(frame: pd.DataFrame, titles: tuple[str, str], theme: str) -> go.Figure:
    """frame[metres, days, observed, expected, ratio, p, href]; titles: of days and of metres. * where p ≤ 0.05."""
    across, down = (list(dict.fromkeys(frame[name])) for name in ("days", "metres"))
    cells = {(row.metres, row.days): row for row in rows_of(frame)}
    rows = [[cells[metres, days] for days in across] for metres in down]
    text = [["–" if pd.isna(c.ratio) else f"{c.ratio:.2f}{'*' if c.p <= SURE else ''}" for c in row] for row in rows]
    told = [[[c.observed, c.expected, c.p, _lead(c)] for c in row] for row in rows]
    figure = go.Figure(
        go.Heatmap(
            z=[[c.ratio for c in row] for row in rows], x=across, y=down, text=text, texttemplate="%{text}",
            customdata=told, colorscale=scale(ramp(TROUBLE, theme)), zmin=1, xgap=3, ygap=3, showscale=False,
            hovertemplate="%{y} m · %{x} d<br>%{customdata[0]:,.0f} / %{customdata[1]:,.1f} · p %{customdata[2]:.2f}"
            "<extra></extra>",
        )
    )  # fmt: skip
    font = {"color": palette(theme).ink, "size": 12}
    figure.update_layout(template=template(theme), margin={"l": 84, "r": 8, "t": 8, "b": 48})
    figure.update_xaxes(type="category", title=titles[0], tickfont=font, showgrid=False)
    return figure.update_yaxes(type="category", title=titles[1], tickfont=font, autorange="reversed", showgrid=False)


def _lead(row: Any) -> str | None:
    return None if pd.isna(row.observed) or not row.observed else str(row.href)
