"""A share: value, n of N, its Wilson interval as a bar and in words, how it changed. Never a percentage alone."""

import math

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import named
from dashboard.language import Say
from grids.containment import wilson


def proportion(
    title: str, k: int, n: int, say: Say, *, colour: str = "var(--accent)", change: Component | None = None
) -> Component:
    """k of n. A share of nothing is unknown: a dash, an empty bar and the words for it."""
    head = html.Div([html.Span(title, className="proportion-title"), html.B(text(k, n))], className="proportion-head")
    counts = html.Span(f"{k:,} / {n:,}", className="proportion-counts")
    foot = html.Div([counts, html.Span(interval(k, n, say))], className="proportion-foot")
    return html.Div([head, bar(k, n, colour, f"{title} {text(k, n)}"), foot, change], className="proportion")


def text(k: int, n: int) -> str:
    """The share with one decimal, a dash when there is none."""
    return f"{k / n:.1%}" if n else "–"


def interval(k: int, n: int, say: Say) -> str:
    """The 95 % interval in words."""
    if not n:
        return say("尚无定案")
    low, high = wilson(k, n)
    return say("95% 区间 {low}–{high}", low=f"{low:.1%}", high=f"{high:.1%}")


def bar(k: int, n: int, colour: str, label: str) -> Component:
    """The share as a bar, its interval drawn over the end."""
    low, high = wilson(k, n) if n else (math.nan, math.nan)
    fill = html.Div(className="bar-fill", style={"width": f"{k / n:.2%}", "background": colour}) if n else None
    around = {"left": f"{low:.2%}", "width": f"{high - low:.2%}"}
    return html.Div(
        [fill, html.Div(className="bar-interval", style=around) if n else None], className="bar", **named(label)
    )
