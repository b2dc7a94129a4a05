"""Workload: minutes worked against minutes available, one bar each, and who is not staffed at all."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import CLEAR, palette, template
from dashboard.figures.words import room, shortened
from dashboard.language import Say

SHOWN, FEWEST = 12, 8


def busiest(frame: pd.DataFrame, shown: int = SHOWN) -> pd.DataFrame:
    """The `shown` heaviest rows of frame[label, minutes, load, flag]: the unstaffed first, then by load.

    An unstaffed place has no load, not a load of zero: it must never fall off the list.
    """
    ordered = frame.assign(unstaffed=frame["flag"] == "unstaffed", rank=frame["load"])
    ordered = ordered.sort_values(["unstaffed", "rank", "minutes"], ascending=False)
    unstaffed = ordered[ordered["unstaffed"]].head(max(3, shown // 4))
    return pd.concat([unstaffed, ordered[~ordered["unstaffed"]].head(shown - len(unstaffed))])


def load_bars(frame: pd.DataFrame, say: Say, theme: str, *, clickable: bool = True) -> go.Figure:
    """One bar a row of `busiest`: load as a share of the minutes available; unstaffed as a hollow hatched bar.

    clickable: the rows are places, and each bar carries its key.
    """
    rows, colours = busiest(frame).iloc[::-1], palette(theme)
    rows = rows.assign(place=rows["key"] if clickable else None)
    staffed = rows["flag"] != "unstaffed"
    top = float(rows["load"].max()) if staffed.any() else 1.0
    figure = go.Figure(
        go.Bar(
            x=rows["load"].where(staffed, top * 0.5),
            y=list(range(len(rows))),
            orientation="h",
            marker={
                "color": [
                    colours.accent if flag == "within" else colours.warn if flag == "over" else CLEAR
                    for flag in rows["flag"]
                ],
                "pattern": {"shape": ["" if on else "/" for on in staffed], "fgcolor": colours.warn, "size": 6},
                "line": {"width": [0 if on else 1 for on in staffed], "color": colours.warn},
            },
            text=[f"{load:.1%}" if on else say("无人任职") for load, on in zip(rows["load"], staffed, strict=True)],
            textposition="outside",
            textfont={"color": colours.ink, "size": 12},
            cliponaxis=False,
            constraintext="none",
            customdata=rows[["label", "minutes", "matters", "place"]].to_numpy(dtype=object),
            hovertemplate=_hover(say),
        )
    )
    shown = [shortened(str(label)) for label in rows["label"]]
    figure.update_layout(template=template(theme), bargap=0.35, margin={"l": room(shown), "r": 58, "t": 4, "b": 4})
    figure.update_xaxes(visible=False, range=[0, top * 1.12])
    names: dict[str, Any] = {"tickvals": list(range(len(rows))), "ticktext": shown}
    font = {"color": colours.ink, "size": 12}
    rows_shown = max(len(rows), FEWEST)  # few bars stay as thin as many
    names["range"] = [len(rows) - rows_shown - 0.5, len(rows) - 0.5]
    return figure.update_yaxes(showgrid=False, ticks="", tickfont=font, **names)


def _hover(say: Say) -> str:
    minutes, matters = say("分钟"), say("事项")
    counts = f"%{{customdata[1]:,.0f}} {minutes} · {matters} %{{customdata[2]:,.0f}}"
    return f"<b>%{{customdata[0]}}</b><br>{counts}<extra></extra>"
