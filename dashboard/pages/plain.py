"""What pages without Dash share: words, colours, style, and the head with every page."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from dashboard.components.header import header
from dashboard.components.markup import markup
from dashboard.design.css import sheet
from dashboard.language import HTML_LANG, speaker
from dashboard.reading.desk import Desk
from dashboard.reading.view import View

ASSETS = Path(__file__).parents[1] / "assets"
STYLES = (ASSETS / "base.css", ASSETS / "components.css", ASSETS / "large.css")


def common(view: View, desk: Desk, path: str, *styles: Path) -> dict[str, Any]:
    """Values for a template: say, lang, html_lang, theme, style (with the page's own sheets), header."""
    say = speaker(view.lang)
    css = sheet() + "".join(each.read_text("utf-8") for each in (*STYLES, *styles))
    return {
        "say": say,
        "lang": view.lang,
        "html_lang": HTML_LANG[view.lang],
        "theme": view.theme,
        "style": Markup(css),
        "header": markup(header(replace(view, choices=()), desk.facts(), say, path, "plain-through")),
    }


@cache
def template(folder: Path, name: str) -> Any:
    """A template of a page's folder, compiled once; what comes from the record is escaped."""
    found = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return found.get_template(name)
