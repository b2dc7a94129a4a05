"""A number tile: what it counts, how many, and what it means beside before."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.sparkline import sparkline
from dashboard.language import Say


def number_tile(
    title: str,
    value: float | None,
    say: Say,
    *,
    unit: str = "",
    hint: str | None = None,
    bad: bool = False,
    change: Component | None = None,
    series: Sequence[float] = (),
) -> Component:
    """value: None when unknown: a dash, never 0. bad: this should be nought and is not; said by a sign too."""
    number = "–" if value is None else f"{value:,.0f}"
    sign = html.Span("⚠", className="number-sign", title=say("需要关注")) if bad else None
    figure = html.Div([sign, html.B(number), html.Small(unit) if unit else None], className="number-value")
    line = sparkline(series, say, title) if len(series) else None
    parts = [html.Div(title, className="number-title", title=hint or ""), figure, change, line]
    return html.Div(parts, className=f"number{' number-bad' if bad else ''}")
