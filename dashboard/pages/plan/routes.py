"""What the planner prints: the chief's sheet and the handover list of a plan, as pages and as PDF."""

import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from shapely.geometry.base import BaseGeometry

from dashboard.bulletin.pdf import write_pdf
from dashboard.language import speaker
from dashboard.pages.beat.svgmap import backdrop_shapes
from dashboard.pages.missing import language_of, remember, sorry
from dashboard.pages.plan.sheets import chief_html, handover_html
from dashboard.planning.room import Room
from dashboard.refusals import in_words
from db import audit
from db.engine import begin
from db.planning.sheet import Sheet, chief_sheet
from geo.errors import BeatgridError, NotFound
from grids.policies import policy

SHEETS = ("print", "handover")


@lru_cache(maxsize=1)
def backdrop_of(geojson: str) -> list[tuple[str, int, BaseGeometry]]:
    """The backdrop's shapes, parsed once a version."""
    return backdrop_shapes(geojson)


def router(room: Room) -> APIRouter:
    """The printable addresses."""
    routes = APIRouter(include_in_schema=False)
    for what in SHEETS:
        _sheet(routes, room, what)
    return routes


def _sheet(routes: APIRouter, room: Room, what: str) -> None:
    @routes.get(f"/plan/{{code}}/{what}")
    def page(code: str, request: Request) -> Response:
        lang = language_of(request)
        return remember(request, _answer(lang, lambda: HTMLResponse(drawn(room, code, what, lang))))

    @routes.get(f"/plan/{{code}}/{what}.pdf")
    def paper(code: str, request: Request) -> Response:
        lang = language_of(request)

        def made() -> Response:
            named = {"Content-Disposition": f'inline; filename="{code}-{what}.pdf"'}
            return Response(as_pdf(drawn(room, code, what, lang)), media_type="application/pdf", headers=named)

        return remember(request, _answer(lang, made))


def drawn(room: Room, code: str, what: str, lang: str) -> str:
    """One of SHEETS of a plan. Raises NotFound; the audit keeps who took a handover list, which names matters."""
    sheet = read_sheet(room, code, what)
    if what == "handover":
        return handover_html(sheet, room.desk.facts(), lang)
    return chief_html(sheet, room.desk.facts(), backdrop_of(room.desk.geometry().backdrop), lang)


def read_sheet(room: Room, code: str, what: str) -> Sheet:
    """What is printed, in one transaction of who acts."""
    who = room.desk.who()
    with begin(room.desk.engine, who) as conn:
        sheet = chief_sheet(conn, room.boards, room.desk.view(), code, policy("QD"))
        if what == "handover":
            audit.note(conn, room.desk.keys, who, "export", f"handover of {code}")
    return sheet


def as_pdf(html: str) -> bytes:
    """A page as PDF. Raises Unavailable when what sets type is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "sheet.pdf"
        write_pdf(html, out)
        return out.read_bytes()


def _answer(lang: str, make: Callable[[], Response]) -> Response:
    try:
        return make()
    except BeatgridError as error:
        say = speaker(lang)
        title = say("没有这个方案") if isinstance(error, NotFound) else say("暂时读不到数据")
        return sorry(
            lang, title, in_words(error, lang), [("/plan", say("全部方案")), ("/", say("总览"))], error.http_status
        )
