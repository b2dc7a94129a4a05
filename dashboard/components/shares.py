"""Containment as bars: the share, its interval, its numerator and denominator, and what is still pending."""

import math
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import named
from dashboard.components.severity import mark
from dashboard.language import Say, one_of
from dashboard.reading.records import rows
from grids.levels import LEVEL_NAMES
from grids.policies import Policy


def percent(share: float, digits: int = 1) -> str:
    """A share as text, a dash when nothing is decided."""
    return "–" if math.isnan(share) else f"{share:.{digits}%}"


def headline(row: Any, say: Say) -> Component:
    """The share of everything, large, with what it is made of."""
    return html.Div(
        [
            html.Div(percent(row.share), className="share-large"),
            html.Div(
                [
                    html.Div([html.B(f"{row.contained:,}"), f" / {row.decided:,} ", say("件化解")]),
                    html.Div(interval(row, say), className="quiet"),
                    html.Div(
                        [say("越级"), html.B(f" {row.escaped:,}"), " · ", say("在办"), html.B(f" {row.pending:,}")],
                        className="quiet",
                    ),
                ],
                className="share-parts",
            ),
        ],
        className="share-headline",
    )


def interval(row: Any, say: Say) -> str:
    """The 95 % interval in words."""
    if math.isnan(row.share):
        return say("尚无定案")
    return say("95% 区间 {low}–{high}", low=percent(row.low), high=percent(row.high))


def bar(row: Any, colour: str) -> Component:
    """The share as a bar with its interval drawn over the end."""
    if math.isnan(row.share):
        return html.Div(className="bar")
    return html.Div(
        [
            html.Div(className="bar-fill", style={"width": f"{row.share:.2%}", "background": colour}),
            html.Div(className="bar-interval", style={"left": f"{row.low:.2%}", "width": f"{row.high - row.low:.2%}"}),
        ],
        className="bar",
        **named(percent(row.share)),
    )


def severity_rows(frame: pd.DataFrame, policy: Policy, say: Say, lang: str) -> Component:
    """One row a grade of frame[key, contained, escaped, pending, decided, share, low, high] with its ceiling."""
    by_key = {int(row.key): row for row in rows(frame)}
    lines = [_row(by_key[grade], grade, policy, say, lang) for grade in (1, 2, 3) if grade in by_key]
    return html.Div(lines, className="share-rows")


def _row(row: Any, grade: int, policy: Policy, say: Say, lang: str) -> Component:
    name = LEVEL_NAMES[policy.ceiling(grade)]
    ceiling = say("不出{level}", level=one_of(lang, name.zh, name.en))
    return html.Div(
        [
            html.Div([mark(grade, lang), html.Span(ceiling, className="quiet")], className="share-name"),
            html.Div(percent(row.share), className="share-value"),
            bar(row, f"var(--severity-{grade})"),
            html.Div(
                [
                    html.Span(f"{row.contained:,}/{row.decided:,}"),
                    html.Span(interval(row, say)),
                    html.Span(f"{say('在办')} {row.pending:,}"),
                ],
                className="share-detail quiet",
            ),
        ],
        className="share-row",
    )
