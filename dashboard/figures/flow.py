"""How matters travelled up the ladder: a river from level to level, with what was closed or still lies at each."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import palette, template
from grids.levels import LEVELS

ENDS = ("closed", "open")
NODES: tuple[str, ...] = (*LEVELS, *ENDS)
ALPHA = "66"  # of a ribbon's colour: two that cross are both seen


def upward(frame: pd.DataFrame) -> pd.Series:
    """Which rows of frame[source, target] go on: a river cannot flow back, so what was sent down is told in words."""
    rank = {name: i for i, name in enumerate(NODES)}
    return frame["source"].map(rank) < frame["target"].map(rank)


def river(frame: pd.DataFrame, names: Mapping[str, str], hrefs: Sequence[str | None], theme: str) -> go.Figure:
    """frame[source, target, numerator, denominator, share] with levels, closed and open; names: of each of them."""
    colours, rank = palette(theme), {name: i for i, name in enumerate(NODES)}
    ends = {"closed": colours.ok, "open": colours.warn}
    tints = {name: ends.get(name, colours.accent) for name in NODES}
    ribbons = {name: ends.get(name, colours.severity_2) for name in NODES}
    told = zip(frame["source"], frame["target"], frame["numerator"], frame["denominator"], strict=True)
    words = [f"<b>{names[a]} → {names[b]}</b><br>{k:,.0f}/{n:,.0f} ({k / n:.1%})" for a, b, k, n in told]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [names[name] for name in NODES], "color": [tints[name] for name in NODES], "pad": 18,
                "thickness": 14, "line": {"width": 0}, "hovertemplate": "<b>%{label}</b> %{value:,.0f}<extra></extra>",
            },
            link={
                "source": frame["source"].map(rank), "target": frame["target"].map(rank), "value": frame["numerator"],
                "color": [ribbons[name] + ALPHA for name in frame["target"]], "customdata": list(hrefs), "label": words,
                "hovertemplate": "%{label}<extra></extra>",
            },
        )
    )  # fmt: skip
    layout = {"margin": {"l": 8, "r": 8, "t": 10, "b": 10}, "font": {"color": colours.ink, "size": 13}}
    return figure.update_layout(template=template(theme), **layout)
