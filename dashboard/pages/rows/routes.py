"""/rows and /rows/case/NUMBER."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.language import speaker
from dashboard.pages.missing import language_of, remember, sorry, theme_of
from dashboard.pages.rows.case import case_html
from dashboard.pages.rows.paging import page_number
from dashboard.pages.rows.render import rows_html
from dashboard.reading.desk import Desk
from dashboard.reading.rows import Wanted, opened
from dashboard.refusals import in_words
from db import cases
from geo.errors import BeatgridError, NotFound


def router(desk: Desk) -> APIRouter:
    """The two addresses."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/rows")
    def rows(request: Request) -> Response:
        def drawn() -> str:
            wanted = Wanted.parse(request.url.query)
            with opened(desk, wanted) as found:
                return rows_html(desk, found, page_number(request.query_params.get("page")))

        return answered(request, drawn)

    @routes.get("/rows/case/{number:path}")
    def case(number: str, request: Request) -> Response:
        def drawn() -> str:
            with desk.connection() as conn:
                found = cases.read(conn, desk.keys, desk.who(), number)
            back = request.query_params.get("back") or "/"
            return case_html(desk, found, language_of(request), theme_of(request), back)

        return answered(request, drawn)

    return routes


def answered(request: Request, draw: Callable[[], str]) -> Response:
    """The page, or one in its place that says what is wrong and where to go."""
    lang = language_of(request)
    try:
        return remember(request, HTMLResponse(draw()))
    except BeatgridError as error:
        say = speaker(lang)
        title = say("没有这些明细") if isinstance(error, NotFound) else say("打不开明细")
        return sorry(lang, title, in_words(error, lang), [("/", say("总览"))], error.http_status)
