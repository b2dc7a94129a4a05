"""/beat, /beat/<code> and its map file: plain HTML from the server, light enough for a phone on a weak network."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from shapely.geometry.base import BaseGeometry

from dashboard.exports.beatmap import beat_map
from dashboard.language import speaker
from dashboard.pages.beat.render import beat_html, list_html
from dashboard.pages.beat.svgmap import backdrop_shapes
from dashboard.pages.missing import language_of, remember, sorry
from dashboard.reading.desk import Desk
from geo.errors import BeatgridError, NotFound


@lru_cache(maxsize=2)
def backdrop_of(geojson: str) -> list[tuple[str, int, BaseGeometry]]:
    """The backdrop's shapes, parsed once a version."""
    return backdrop_shapes(geojson)


def router(desk: Desk) -> APIRouter:
    """The three addresses."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/beat")
    def every(request: Request) -> Response:
        lang = language_of(request)
        return remember(request, _page(lang, lambda: list_html(desk.facts(), lang)))

    @routes.get("/beat/{code}")
    def one(code: str, request: Request) -> Response:
        lang = language_of(request)

        def drawn() -> str:
            sheet = desk.sheet(code)
            return beat_html(sheet, desk.facts().city, backdrop_of(desk.geometry().backdrop), lang, desk.now())

        return remember(request, _page(lang, drawn))

    @routes.get("/beat/{code}/map.html")
    def file(code: str, request: Request) -> Response:
        lang = language_of(request)
        answer = _page(lang, lambda: map_file(desk, code, lang))
        if answer.status_code == 200:
            desk.exported(f"beat:{code}")
            answer.headers["Content-Disposition"] = (
                f"{_disposition(request)}; filename*=UTF-8''{quote(f'beat-{code}.html')}"
            )
        return answer

    return routes


def map_file(desk: Desk, code: str, lang: str) -> str:
    """The beat's map as one self-contained file."""
    sheet, city = desk.sheet(code), desk.facts().city
    return beat_map(sheet, city, backdrop_of(desk.geometry().backdrop), lang, desk.now())


def _disposition(request: Request) -> str:
    return "inline" if request.query_params.get("show") == "1" else "attachment"


def _page(lang: str, draw: Callable[[], str]) -> Response:
    """The page, or a friendly one in its place that says what is wrong and where the list is."""
    try:
        return HTMLResponse(draw())
    except BeatgridError as error:
        say = speaker(lang)
        title = say("没有这个警格") if isinstance(error, NotFound) else say("暂时读不到数据")
        return sorry(lang, title, str(error), [("/beat", say("全部警格")), ("/", say("总览"))], error.http_status)
