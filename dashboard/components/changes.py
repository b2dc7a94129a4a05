"""A change against the period before: its direction by an honest test (grids.trends), and whether that is good."""

import math
from typing import Literal

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.language import Say
from grids.trends import direction

SIGNS = {"up": "▲", "down": "▼", "unchanged": "=", "unknown": "?"}
WORDS = {"up": "上升", "down": "下降", "unchanged": "持平", "unknown": "未知"}
VERDICTS = {"good": "好转", "bad": "变差"}
Better = Literal["up", "down", None]


def verdict(z: float, better: Better) -> str:
    """ "good", "bad", or "" where nothing changed, nothing is known, or neither way is better."""
    way = str(direction(z))
    if better is None or way not in ("up", "down"):
        return ""
    return "good" if way == better else "bad"


def change(z: float, before: str, say: Say, *, better: Better = None, whose: str = "") -> Component:
    """z: of grids.trends.count_z or share_z. before: the earlier figure as text. Never a percentage alone.

    better: the way in which this figure should go; None when neither is better. whose: what the figure beside is of,
    where it is not the period before.
    """
    way, judged = str(direction(z)), verdict(z, better)
    words = say(WORDS[way]) + (f" · {say(VERDICTS[judged])}" if judged else "")
    sign = html.Span(SIGNS[way], className="change-sign", **HIDDEN)
    beside = f"{whose} {before}" if whose else say("上期 {before}", before=before)
    was = html.Span(beside, className="change-before")
    return html.Span(
        [html.Span([sign, " ", words], className="change-word"), was],
        className=f"change change-{judged or way}",
        title=_why(z, say),
    )


def _why(z: float, say: Say) -> str:
    if math.isnan(z):
        return say("没有可比的上期数据")
    return say("z = {z}；超过 ±3 才算变化", z=f"{z:+.1f}")
