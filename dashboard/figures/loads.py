"""Load of places or people as bars: within, over, and nobody there, each by colour and by pattern or word."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import CLEAR, Palette, palette, template
from dashboard.figures.words import left_out, room, shortened
from dashboard.language import Say

SHOWN, FEWEST = 26, 6
FULL = 1.0


def loads(frame: pd.DataFrame, hrefs: Sequence[str | None], say: Say, theme: str, shown: int = SHOWN) -> go.Figure:
    """frame[label, minutes, available, matters, load, flag], drawn from the top in its order; a line at 100 %.

    hrefs: where each bar leads. What is unstaffed has no load: a hollow, hatched bar that says so.
    """
    rows, colours = frame.head(shown).iloc[::-1], palette(theme)
    leads = list(hrefs[: len(rows)])[::-1]
    staffed = rows["load"].notna()
    top = max(FULL, float(rows["load"].max()) if staffed.any() else FULL)
    names, ink = [shortened(str(label)) for label in rows["label"]], {"color": colours.ink, "size": 12}
    figure = go.Figure(
        go.Bar(
            x=rows["load"].where(staffed, top * 0.35).astype("float64"),
            y=list(range(len(rows))),
            orientation="h",
            marker=_marker(rows["flag"].tolist(), staffed.tolist(), colours),
            text=[f"{load:.0%}" if on else say("无人任职") for load, on in zip(rows["load"], staffed, strict=True)],
            textposition="outside",
            textfont=ink,
            cliponaxis=False,
            constraintext="none",
            customdata=_details(rows, leads),
            hovertemplate=_hover(say),
        )
    )
    figure.add_vline(x=FULL, line={"color": colours.muted, "width": 1, "dash": "dot"})
    margin = {"l": room(names), "r": 52, "t": 6, "b": 30}
    figure.update_layout(meta=left_out(frame, rows), template=template(theme), bargap=0.3, margin=margin)
    figure.update_xaxes(tickformat=".0%", range=[0, top * 1.08], showgrid=True, nticks=6)
    tall = max(len(rows), FEWEST)
    ticks: dict[str, Any] = {"tickvals": list(range(len(rows))), "ticktext": names, "tickfont": ink}
    return figure.update_yaxes(showgrid=False, range=[len(rows) - tall - 0.5, len(rows) - 0.5], **ticks)


def _marker(flags: Sequence[str | None], staffed: Sequence[bool], colours: Palette) -> dict[str, Any]:
    fill = {"within": colours.accent, "over": colours.warn}
    return {
        "color": [fill.get(str(flag), CLEAR) for flag in flags],
        "pattern": {"shape": ["" if on else "/" for on in staffed], "fgcolor": colours.warn, "size": 6},
        "line": {"width": [0 if on else 1 for on in staffed], "color": colours.warn},
    }


def _details(rows: pd.DataFrame, leads: Sequence[str | None]) -> list[list[Any]]:
    told = rows[["label", "minutes", "available", "matters"]].astype(object)
    cells = told.where(told.notna(), None).to_numpy().tolist()
    return [[*row, href] for row, href in zip(cells, leads, strict=True)]


def _hover(say: Say) -> str:
    minutes, there, matters = say("分钟"), say("可用分钟"), say("事项")
    counts = f"%{{customdata[1]:,.0f}} {minutes} ÷ {there} %{{customdata[2]:,.0f}}<br>{matters} %{{customdata[3]:,.0f}}"
    return f"<b>%{{customdata[0]}}</b><br>{counts}<extra></extra>"
