"""What stands in a panel's place when there is nothing to show or something went wrong."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.language import Say


def empty(say: Say, text: str | None = None) -> Component:
    """Nothing matches the filters; said calmly, with what to do."""
    return html.Div(
        [
            html.Div("∅", className="note-mark", **HIDDEN),
            html.P(text or say("当前条件下没有数据")),
            html.P(say("请放宽时间、地点或类别。"), className="note-hint"),
        ],
        className="note",
    )


def failed(message: str, say: Say) -> Component:
    """Something went wrong; the error's own sentence says what to do."""
    return html.Div(
        [
            html.Div("!", className="note-mark note-mark-bad", **HIDDEN),
            html.P(say("暂时读不到数据")),
            html.P(message, className="note-hint"),
        ],
        className="note",
        role="alert",
    )


def older_data(href: str, through: str, say: Say) -> Component:
    """The period lies after the last report: a link to the last days that have data."""
    return html.Div(
        [
            html.Span(say("所选时间内没有警情，数据截至 {through}。", through=through)),
            dcc.Link(say("看最后30天的数据"), href=href),
        ],
        className="banner",
    )
