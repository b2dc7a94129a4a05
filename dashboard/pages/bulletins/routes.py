"""The addresses of bulletins and meeting lists: the same functions as the commands, for who may."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.auth.csrf import check_form
from dashboard.auth.current import visitor
from dashboard.auth.forms import fields
from dashboard.bulletin import issue as doing
from dashboard.bulletin.figures import Figures
from dashboard.bulletin.html import Issue
from dashboard.bulletin.meeting import meeting_list, write_meeting
from dashboard.language import speaker
from dashboard.pages.bulletins.render import Asked, bulletins_html
from dashboard.pages.missing import language_of, remember, sorry, theme_of
from dashboard.reading.desk import Desk
from dashboard.refusals import in_words
from geo.errors import BeatgridError, InputError

KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Form = Annotated[str, Query(alias="format")]


def router(desk: Desk) -> APIRouter:
    """Every address under /bulletins."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/bulletins")
    def every(request: Request) -> Response:
        asked = Asked.of(request.query_params, language_of(request), theme_of(request))
        return _page(request, lambda: HTMLResponse(bulletins_html(desk, asked)))

    @routes.get("/bulletins/preview")
    def preview(
        request: Request, place: str = "", period: str = "", policy: str = "QD", form: Form = "html"
    ) -> Response:
        def drawn() -> Response:
            figures = doing.draft(desk, desk.view(), place, _period(period), policy)
            return _file(desk, figures, None, form, language_of(request))

        return _page(request, drawn)

    @routes.get("/bulletins/meeting")
    def meeting(request: Request, beat: str = "", form: Form = "html") -> Response:
        return _page(request, lambda: _meeting(desk, beat, form, language_of(request)))

    @routes.get("/bulletins/{number}")
    def issued(request: Request, number: str, place: str = "", form: Form = "html") -> Response:
        def drawn() -> Response:
            figures, done = doing.issued(desk, place, number)
            return _file(desk, figures, done, form, language_of(request))

        return _page(request, drawn)

    @routes.post("/bulletins/issue")
    async def issue(request: Request) -> Response:
        told = await fields(request)

        def done() -> Response:
            if not told.get("place") or not told.get("period"):
                raise InputError("Choose a place and a month or week, look at the preview, then issue it.")
            found = visitor()
            check_form(told.get("form_token"), found.form_token if found else None)
            figures = doing.draft(desk, desk.view(), told["place"], _period(told["period"]), told.get("policy", "QD"))
            _figures, made = doing.issue(desk, figures)
            query = f"place={quote(told['place'])}&issued={made.year}-{made.no}&lang={language_of(request)}"
            return RedirectResponse(f"/bulletins?{query}", 303)

        return await run_in_threadpool(_page, request, done)

    return routes


def _period(text: str) -> doing.Period:
    return doing.period_of(None, text) if "W" in text else doing.period_of(text or None, None)


def _file(desk: Desk, figures: Figures, done: Issue | None, form: str, lang: str) -> Response:
    """One of a bulletin's files; what is not read on the screen is taken away, and written into the audit."""
    if form not in doing.FORMATS:
        raise InputError(f"A bulletin comes as {', '.join(doing.FORMATS)}, not as {form!r}.")
    if form != "html":
        desk.exported(f"bulletin:{doing.name_of(figures, done, lang)}.{form}")
    with tempfile.TemporaryDirectory(prefix="beatgrid-bulletin-") as folder:
        ((path, _size),) = doing.write(figures, done, Path(folder), (form,), lang)
        return _answer(path, form)


def _meeting(desk: Desk, beat: str, form: str, lang: str) -> Response:
    if form not in KINDS:
        raise InputError(f"A meeting list comes as {', '.join(KINDS)}, not as {form!r}.")
    told = meeting_list(desk, beat, desk.now(), lang)
    desk.exported(f"meeting:{beat}.{form}")
    with tempfile.TemporaryDirectory(prefix="beatgrid-meeting-") as folder:
        path = Path(folder) / f"meeting.{form}"
        write_meeting(told, path)
        return _answer(path, form)


def _answer(path: Path, form: str) -> Response:
    shown = "inline" if form in ("html", "pdf") else "attachment"
    told = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(path.name)}"}
    return Response(path.read_bytes(), media_type=KINDS[form], headers=told)


def _page(request: Request, draw: Callable[[], Response]) -> Response:
    """The answer, or a page that says what is wrong and leads back."""
    lang = language_of(request)
    try:
        return remember(request, draw())
    except BeatgridError as error:
        say = speaker(lang)
        return sorry(
            lang,
            say("通报打不开"),
            in_words(error, lang),
            [("/bulletins", say("通报")), ("/", say("总览"))],
            error.http_status,
        )
