"""/wall: one page from the server, light and without Dash, because nobody is there to press F5 for months."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from dashboard.components.markup import markup
from dashboard.design.css import sheet
from dashboard.language import HTML_LANG, speaker
from dashboard.pages.missing import language_of, sorry
from dashboard.pages.wall import ids
from dashboard.pages.wall.choice import Choice
from dashboard.pages.wall.layout import layout, told
from dashboard.reading.desk import Desk
from dashboard.refusals import in_words
from geo.errors import BeatgridError

HERE = Path(__file__).parent
ASSETS = HERE.parents[1] / "assets"
STYLES = ("base.css", "components.css", "wall.css")
SCRIPTS = ("screen.js", "session.js")
MODULES = ("dom", "hours", "live", "map", "parts", "rotation")  # what wall.js imports as "wall/…"
AGAIN_S = 15


def router(desk: Desk) -> APIRouter:
    """The one address."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/wall")
    def wall(request: Request) -> Response:
        lang = language_of(request)
        try:
            return HTMLResponse(page(desk, request, lang))
        except BeatgridError as error:
            # Nobody is there to try again.
            answer = sorry(
                lang, speaker(lang)("暂时读不到数据"), in_words(error, lang), [], error.http_status, wall=True
            )
            answer.headers["Refresh"] = str(AGAIN_S)
            return answer

    return routes


def page(desk: Desk, request: Request, lang: str) -> str:
    """The wall that the address chooses."""
    facts, geometry = desk.facts(), desk.geometry()
    choice = Choice.of(request.query_params, facts)
    return str(
        _template().render(
            lang=HTML_LANG[lang],
            title=f"{speaker(lang)('大屏')} · {facts.city.name}",
            colours=Markup(sheet()),
            styles=[addressed(name) for name in STYLES],
            scripts=[addressed(name) for name in SCRIPTS],
            module=addressed("wall.js"),
            imports={"imports": {f"wall/{name}": addressed(f"wall-{name}.js") for name in MODULES}},
            data=ids.DATA,
            told=Markup(told(choice, facts, geometry, lang)),
            wall=markup(layout(choice, facts, lang)),
        )
    )


@cache
def addressed(name: str) -> str:
    """Where a file of the programme lies; the address changes with what is in it."""
    return f"/assets/{name}?m={sha256((ASSETS / name).read_bytes()).hexdigest()[:12]}"


@cache
def _template() -> Template:
    return Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("wall.html")
