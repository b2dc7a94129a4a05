"""Filter chips: what is chosen, each a link that takes it away. Links, because a filter lives in the address."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.language import Say


def chips(chosen: Sequence[tuple[str, str, str]], clear_href: str, say: Say) -> Component:
    """chosen: (what, value, address without it). Without any, the words that nothing is left out."""
    if not chosen:
        return html.Div(html.Span(say("未设筛选"), className="quiet"), className="chips-row")
    clear = dcc.Link(say("清除"), href=clear_href, className="chip-clear")
    return html.Div([*(_chip(*each, say) for each in chosen), clear], className="chips-row")


def _chip(what: str, value: str, href: str, say: Say) -> Component:
    words = [html.Span(what, className="chip-what"), html.Span(value)]
    name = say("去掉筛选 {what}：{value}", what=what, value=value)
    return dcc.Link(
        [*words, html.Span("×", className="chip-cross", **HIDDEN)], href=href, className="chip-on", title=name
    )


def choice(options: Sequence[tuple[str, str]], here: str, label: str, *, inside: bool = False) -> Component:
    """One of a few, side by side. options: (words, address); `here` is the address of the chosen one.

    inside: the addresses are of pages that Dash draws, changed to without loading (assets/links.js).
    """
    return html.Nav([_one(*each, here, inside) for each in options], className="choice", **_labelled(label))


def choice_menu(options: Sequence[tuple[str, str]], here: str, label: str) -> Component:
    """One of many: what is chosen, and the others under it, for pages that Dash draws."""
    chosen = next((words for words, href in options if href == here), label)
    links = html.Nav([_one(*each, here, True) for each in options], **_labelled(label))
    return html.Details(
        [html.Summary([html.Span(f"{label} ", className="chip-what"), chosen]), links], className="menu"
    )


def _one(words: str, href: str, here: str, inside: bool) -> Component:
    marked: dict[str, Any] = {"data-inside": "1"} if inside else {}
    return html.A(words, href=href, className="choice-one", **_current(href == here), **marked)


def _current(chosen: bool) -> dict[str, Any]:
    return {"aria-current": "true"} if chosen else {}


def _labelled(label: str) -> dict[str, Any]:
    return {"aria-label": label}
