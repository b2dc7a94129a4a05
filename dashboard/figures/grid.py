"""A table of counts as coloured squares: rows by columns, the number in each, colour by the share of its row."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.figures.theme import QUANTITY, palette, ramp, scale, template


def grid(
    counts: Sequence[Sequence[int | None]], shares: Sequence[Sequence[float | None]], names: tuple[Sequence[str], ...],
    hrefs: Sequence[Sequence[str | None]], titles: tuple[str, str], theme: str,
) -> go.Figure:  # fmt: skip
    """counts[row][column], None where unknown; names: of rows and of columns; titles: of both axes."""
    down, across = names
    details = [
        [[down[i], across[j], counts[i][j], shares[i][j], hrefs[i][j]] for j in range(len(across))]
        for i in range(len(down))
    ]
    colours = palette(theme)
    text: list[list[Any]] = [["–" if k is None else f"{k:,}" for k in row] for row in counts]
    figure = go.Figure(
        go.Heatmap(
            z=shares, x=list(range(len(across))), y=list(range(len(down))), customdata=details, text=text,
            texttemplate="%{text}", colorscale=scale(ramp(QUANTITY, theme)), zmin=0, zmax=1, xgap=3, ygap=3,
            showscale=False,
            hovertemplate="<b>%{customdata[0]} → %{customdata[1]}</b><br>%{customdata[2]:,.0f}"
            " (%{customdata[3]:.1%})<extra></extra>",
        )
    )  # fmt: skip
    font = {"color": colours.ink, "size": 12}
    figure.update_layout(template=template(theme), margin={"l": 78, "r": 8, "t": 8, "b": 48})
    figure.update_xaxes(tickvals=list(range(len(across))), ticktext=list(across), title=titles[1], tickfont=font)
    ticks = {"tickvals": list(range(len(down))), "ticktext": list(down), "title": titles[0], "tickfont": font}
    return figure.update_yaxes(autorange="reversed", showgrid=False, **ticks)
