"""/beat, /beat/<code>, its map file and its sheet of paper: HTML from the server, light enough for a weak network."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from shapely.geometry.base import BaseGeometry

from dashboard.auth.current import visitor
from dashboard.exports.beatmap import beat_map
from dashboard.language import speaker
from dashboard.live.freshness import old_since
from dashboard.pages.beat.printing import PaperName, print_html, print_pdf
from dashboard.pages.beat.render import beat_html, list_html
from dashboard.pages.beat.svgmap import backdrop_shapes
from dashboard.pages.missing import language_of, remember, sorry
from dashboard.reading.beat_day import beat_day, beats_of
from dashboard.reading.desk import Desk
from dashboard.refusals import in_words
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
        mine, covered = beats_of(desk)
        own = [code for code in mine["code"] if desk.facts().knows(f"beat:{code}")]
        if len(own) == 1 and "all" not in request.query_params:
            return remember(request, RedirectResponse(f"/beat/{quote(own[0], safe='')}", 303))
        return remember(request, _page(lang, lambda: list_html(desk.facts(), mine, covered, lang)))

    @routes.get("/beat/{code}")
    def one(code: str, request: Request) -> Response:
        lang = language_of(request)

        def drawn() -> str:
            backdrop = backdrop_of(desk.geometry().backdrop)
            old = old_since(desk.freshness(), desk.now())
            return beat_html(beat_day(desk, code), desk.facts(), backdrop, lang, visitor(), old)

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

    @routes.get("/beat/{code}/print")
    def sheet(code: str, request: Request, paper: PaperName = "A4") -> Response:
        lang = language_of(request)
        return remember(request, _page(lang, lambda: paper_html(desk, code, request, paper)))

    @routes.get("/beat/{code}/print.pdf")
    def pdf(code: str, request: Request, paper: PaperName = "A4") -> Response:
        answer = _page(language_of(request), lambda: paper_html(desk, code, request, paper, as_pdf=True))
        if answer.status_code != 200:
            return answer
        desk.exported(f"beat:{code}")
        name = quote(f"beat-{code}-{paper}.pdf")
        named = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
        return Response(print_pdf(bytes(answer.body).decode()), media_type="application/pdf", headers=named)

    return routes


def paper_html(desk: Desk, code: str, request: Request, paper: PaperName, *, as_pdf: bool = False) -> str:
    """The beat's sheet of paper; its QR code leads to where browsers find the page."""
    base = (desk.settings.public_url or str(request.base_url)).rstrip("/")
    address = f"{base}/beat/{quote(code, safe='')}"
    backdrop = backdrop_of(desk.geometry().backdrop)
    return print_html(
        beat_day(desk, code), desk.facts().city, backdrop, language_of(request), paper, address, as_pdf=as_pdf
    )


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
        title, told = say("暂时读不到数据"), in_words(error, lang)
        if isinstance(error, NotFound):
            title, told = say("没有这个警格"), say("编号不对，或不在您账号的范围内。")
        return sorry(lang, title, told, [("/beat", say("全部警格")), ("/", say("总览"))], error.http_status)
