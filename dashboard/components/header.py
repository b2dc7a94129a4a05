"""The page's head: what this is, which city, whether its data is made up, how far it reaches, and where one can go."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import navigation
from dashboard.auth import current
from dashboard.components.aria import HIDDEN
from dashboard.language import LANGUAGES, Say
from dashboard.navigation import Stop
from dashboard.reading.facts import Facts
from dashboard.reading.view import View


def header(view: View, facts: Facts, say: Say, path: str, through: str) -> Component:
    """Name, city, freshness and switches; under them every page that the reader may open, the one at `path` marked.

    through: id of the part that says how far the data reaches.
    """
    brand = [html.Span("警格通", className="brand"), html.Span("beatgrid", className="brand-en")]
    switches = html.Div([language_switch(view, path), theme_switch(view, path, say)], className="nav")
    first = [
        html.A(brand, href=view.link("/"), **_inside(True)),
        html.Span(facts.city.name, className="city"),
        demo_badge(facts, say),
        html.Span(className="spring"),
        html.Span(id=through, className="quiet"),
        switches,
        me(view, say),
    ]
    return html.Header([html.Div(first, className="header"), *pages(view, path, say)])


def pages(view: View, path: str, say: Say) -> list[Component]:
    """The way to every page, as a row where there is room and as a menu where there is not."""
    stops = navigation.open_stops()
    here = next((say(stop.words) for stop in stops if stop.path == path), say("菜单"))
    words = html.Summary([html.Span("☰ ", **HIDDEN), here], title=say("所有页面"))
    named: dict[str, Any] = {"aria-label": say("所有页面")}
    row = html.Nav([_stop(stop, view, path, say) for stop in stops], className="pages", **named)
    menu = html.Nav([_stop(stop, view, path, say) for stop in stops], **named)
    return [row, html.Details([words, menu], className="pages-menu")]


def _stop(stop: Stop, view: View, path: str, say: Say) -> Component:
    language = View(lang=view.lang)
    marked: dict[str, Any] = {"aria-current": "page"} if stop.path == path else {}
    href = (view if stop.inside else language).link(stop.path)
    return html.A(say(stop.words), href=href, **_inside(stop.inside), **marked)


def _inside(inside: bool) -> dict[str, Any]:
    """Marks a link that changes the page without loading it anew and keeps the filters (assets/links.js)."""
    return {"data-inside": "1"} if inside else {}


def switch(words: str, name: str, value: str, view: View, path: str) -> Component:
    """A link to the same page with one part of its address set outright, so that it is remembered.

    path: with what the page asks for besides the view, if anything ("/rows?figure=matters").
    """
    query = view.query(drop=(name,))
    asked = f"{query}&{name}={value}" if query else f"{name}={value}"
    told: dict[str, Any] = {"data-switch": name, "data-value": value}
    return html.A(words, href=f"{path}{'&' if '?' in path else '?'}{asked}", **told)


def language_switch(view: View, path: str) -> Component:
    """This page in the other language."""
    other = "zh" if view.lang == "en" else "en"
    return switch(LANGUAGES[other], "lang", other, view, path)


def theme_switch(view: View, path: str, say: Say) -> Component:
    """This page in the other colours."""
    other = "light" if view.theme == "dark" else "dark"
    return switch(say("浅色") if other == "light" else say("深色"), "theme", other, view, path)


def me(view: View, say: Say) -> Component | None:
    """Who is signed in, leading to their account, and the way out."""
    visitor = current.visitor()
    if visitor is None or visitor.account is None:
        return None
    token = dcc.Input(type="hidden", name="form_token", value=visitor.form_token)
    return html.Div(
        [
            html.A(visitor.who.name, href=f"/account?lang={view.lang}", title=say("账号"), className="me-name"),
            html.Form([token, html.Button(say("退出"), type="submit")], action="/sign-out", method="post"),
        ],
        className="me",
    )


def demo_badge(facts: Facts, say: Say) -> Component | None:
    """Says on every page that the city is made up, when it is."""
    return html.Span(say("演示数据"), className="badge") if facts.city.synthetic else None
