"""The page's head: what this is, which city, whether its data is made up, how far the data reaches."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import current
from dashboard.language import LANGUAGES, Say
from dashboard.pages.overview import ids
from dashboard.reading.facts import Facts
from dashboard.reading.view import View


def header(view: View, facts: Facts, say: Say) -> Component:
    """One line: name and city to the left, freshness and switches to the right."""
    return html.Header(
        [
            html.A([html.Span("警格通", className="brand"), html.Span("beatgrid", className="brand-en")], href="/"),
            html.Span(facts.city.name, className="city"),
            demo_badge(facts, say),
            html.Span(className="spring"),
            html.Span(id=ids.THROUGH, className="quiet"),
            html.Nav(
                [
                    html.A(say("大屏"), href="/wall" + ("?lang=en" if view.lang == "en" else "")),
                    html.A(say("警格"), href="/beat" + ("?lang=en" if view.lang == "en" else "")),
                    html.A(other_language(view), id=ids.LANGUAGE_LINK, href=language_link(view)),
                    html.A(theme_words(view, say), id=ids.THEME_LINK, href=theme_link(view)),
                ],
                className="nav",
            ),
            me(view, say),
        ],
        className="header",
    )


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


def other_language(view: View) -> str:
    """Name of the language that the switch leads to."""
    return LANGUAGES["zh" if view.lang == "en" else "en"]


def language_link(view: View) -> str:
    """This view in the other language; said outright, so that it is remembered."""
    return _with(view.query(drop=("lang",)), "lang", "zh" if view.lang == "en" else "en")


def theme_words(view: View, say: Say) -> str:
    """What the theme switch leads to."""
    return say("浅色") if view.theme == "dark" else say("深色")


def theme_link(view: View) -> str:
    """This view in the other colours; said outright, so that it is remembered."""
    return _with(view.query(drop=("theme",)), "theme", "light" if view.theme == "dark" else "dark")


def _with(query: str, name: str, value: str) -> str:
    return f"/?{query}&{name}={value}" if query else f"/?{name}={value}"
