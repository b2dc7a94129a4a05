"""What stands in a panel's place when there is nothing to show or something went wrong."""

from collections.abc import Collection

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.language import Say

# By kind of reading.gaps.KINDS: what is said, and what to type.
MISSING = {
    "cells": ("还没有网格，请先导入网格。", "./manage.py load cells FILE"),
    "incidents": ("还没有警情，请先导入警情。", "./manage.py load incidents FILE"),
    "catalogue": ("类别目录里没有可化解的类别，算不出化解率；请先导入类别目录。", "./manage.py load catalogue FILE"),
    "steps": ("还没有处置流转，算不出化解率；请先导入处置流转。", "./manage.py load steps FILE"),
    "postings": ("还没有人员任职，算不出负荷；请先导入人员和任职。", "./manage.py load postings FILE"),
}

# The same, in the order of docs/loading.md.
NAMES = {"cells": "网格", "postings": "人员任职", "catalogue": "类别目录", "incidents": "警情", "steps": "处置流转"}


def empty(say: Say) -> Component:
    """Nothing matches the filters; said calmly, with what to do."""
    return _note("∅", say("当前条件下没有数据"), say("请放宽时间、地点或类别。"))


def _note(sign: str, text: str, hint: str | Component | None) -> Component:
    parts = [html.Div(sign, className="note-mark", **HIDDEN), html.P(text)]
    return html.Div([*parts, html.P(hint, className="note-hint") if hint else None], className="note")


def missing(kind: str, say: Say) -> Component:
    """The record has nothing of `kind` (reading.gaps.KINDS): what that means, and the command that mends it."""
    text, command = MISSING[kind]
    return _note("+", say(text), html.Code(command))


def to_load(lacking: Collection[str], say: Say) -> Component:
    """Across a page that can say nothing yet: what to load, in order and with its command; what is there is ticked."""
    steps = [_step(n, kind, kind not in lacking, say) for n, kind in enumerate(NAMES, 1)]
    lead = html.P([html.B(say("还没有数据可看。")), say("请在服务器上依次导入，然后刷新本页：")])
    return html.Section([lead, html.Ol(steps)], className="to-load", role="status")


def _step(n: int, kind: str, there: bool, say: Say) -> Component:
    sign = html.Span("✓" if there else str(n), className="to-load-sign", **HIDDEN)
    rest = html.Span(say("已导入"), className="quiet") if there else html.Code(MISSING[kind][1])
    return html.Li([sign, html.B(say(NAMES[kind])), rest], className="to-load-done" if there else None)


def no_such_place(place: str, say: Say, href: str) -> Component:
    """The address names a place that is not there; a link to everything."""
    words = say("没有“{place}”这个地点（编号写错，或已撤并）。", place=place)
    return html.Div([html.Span(words), dcc.Link(say("看全市"), href=href)], className="banner", role="alert")


def nothing_there(place: str, say: Say) -> Component:
    """The same in a panel, briefly."""
    return _note("∅", say("没有“{place}”这个地点", place=place), None)


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


def newer_data(href: str, begun: str, say: Say) -> Component:
    """The period lies before the first report: a link to the first days that have data."""
    words = html.Span(say("所选时间内没有警情，数据自 {begun} 起。", begun=begun))
    return html.Div([words, dcc.Link(say("看最早30天的数据"), href=href)], className="banner")


def left_out(href: str, say: Say) -> Component:
    """There are reports in these days but the filters leave all of them out: a link without filters."""
    words = html.Span(say("所选条件下没有警情，各项均无从计算。"))
    return html.Div([words, dcc.Link(say("清除筛选"), href=href)], className="banner")


def whole_matters(say: Say) -> Component:
    """The page counts whole matters though the address asks for shares of those in doubt."""
    return html.Div(html.Span(say("本页按整件计：落格存疑的事项计入最可能的网格，不按概率分摊。")), className="banner")
