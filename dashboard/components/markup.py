"""The same parts for pages without Dash: a tree of components as HTML text, every text and attribute escaped."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any, cast

from dash.development.base_component import Component
from markupsafe import Markup

VOID = {"input", "br", "hr", "img"}
NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan"}
LEFT_OUT = {"children", "n_clicks", "style", "key", "debounce", "persistence"}
CAPITAL = re.compile("[A-Z]")


def markup(part: Any) -> Markup:
    """A component, a text, a number, None or a list of them as HTML. For html.* and dcc.Input and dcc.Link only."""
    return Markup(_html(part))


def _html(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(map(_html, part))
    return _element(part) if isinstance(part, Component) else escape(str(part), quote=False)


def _element(part: Component) -> str:
    told: Mapping[str, Any] = cast(Any, part).to_plotly_json()
    props = told["props"]
    tag = "a" if told["type"] == "Link" else told["type"].lower()
    opening = f"<{tag}{''.join(map(_attribute, props.items()))}{_style(props.get('style'))}>"
    return opening if tag in VOID else f"{opening}{_html(props.get('children'))}</{tag}>"


def _attribute(pair: tuple[str, Any]) -> str:
    name, value = pair
    if name in LEFT_OUT or value is None or value is False:
        return ""
    name = NAMES.get(name, name)
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _style(style: Mapping[str, Any] | None) -> str:
    if not style:
        return ""
    pairs = (f"{CAPITAL.sub(_dashed, name)}:{value}" for name, value in style.items())
    return f' style="{escape(";".join(pairs))}"'


def _dashed(letter: re.Match[str]) -> str:
    return f"-{letter[0].lower()}"
