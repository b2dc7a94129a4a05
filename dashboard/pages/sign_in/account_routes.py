"""/account: who am I, what may I do and where, my sessions, my password."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.auth.csrf import FORM_FIELD, check_form
from dashboard.auth.current import Visitor, visitor
from dashboard.auth.forms import fields
from dashboard.language import speaker
from dashboard.pages.missing import language_of, remember
from dashboard.pages.sign_in.render import account_html
from dashboard.reading.desk import Desk
from dashboard.refusals import in_words
from db.accounts import place_names
from db.city import city
from db.engine import begin
from db.sessions import DOOR, NO_ENTRY, SignedIn, change_password, end_session, sessions
from geo.errors import Denied, InputError, NotFound


def router(desk: Desk) -> APIRouter:
    """The page and its two forms."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/account")
    def mine(request: Request) -> Response:
        return remember(request, account_page(desk, request, _me()))

    @routes.post("/account/password")
    async def password(request: Request) -> Response:
        told = await fields(request)
        return await run_in_threadpool(password_changed, desk, request, told)

    @routes.post("/account/end")
    async def end(request: Request) -> Response:
        told = await fields(request)
        return await run_in_threadpool(session_ended, desk, told)

    return routes


def account_page(
    desk: Desk, request: Request, me: Visitor, said: str = "", good: bool = False, status: int = 200
) -> Response:
    """The page, with a sentence about the form that was sent."""
    with begin(desk.engine, DOOR) as conn:
        where, names, listed = city(conn), place_names(conn, me.who.places), sessions(conn, me.who.name)
    html = account_html(me, where, names, listed, language_of(request), said=said, good=good)
    return HTMLResponse(html, status)


def password_changed(desk: Desk, request: Request, told: dict[str, str]) -> Response:
    """The page again, saying what became of it."""
    me, lang = _me(), language_of(request)
    say = speaker(lang)
    check_form(told.get(FORM_FIELD), me.form_token)
    if told.get("new") != told.get("again"):
        return account_page(desk, request, me, say("两次输入的口令不一样。"), status=422)
    mine = SignedIn(me.who, me.session, me.account, me.must_change)
    try:
        now = datetime.now(UTC)
        change_password(desk.engine, desk.keys, mine, told.get("old", ""), told.get("new", ""), now)
    except Denied as error:
        text = say("现在的口令不对，或多次输错已暂时锁定。") if str(error) == NO_ENTRY else in_words(error, lang)
        return account_page(desk, request, me, text, status=403)
    except InputError:
        text = say("新口令太弱：至少10个字符，不含账号名，至少四种不同的字符。")
        return account_page(desk, request, me, text, status=422)
    changed = Visitor(me.who, me.session, me.account, False, me.form_token)
    return account_page(desk, request, changed, say("口令已修改，其他设备已退出。"), good=True)


def session_ended(desk: Desk, told: dict[str, str]) -> Response:
    """One of one's own sessions ends; one that has ended already is no matter."""
    me = _me()
    check_form(told.get(FORM_FIELD), me.form_token)
    number = told.get("session", "")
    if not number.isdecimal() or len(number) > 18:
        raise InputError("Name the session by its number.")
    try:
        with begin(desk.engine, DOOR) as conn:
            end_session(conn, desk.keys, me.who, int(number), me.account)
    except NotFound:
        pass
    return RedirectResponse("/account", 303)


def _me() -> Visitor:
    found = visitor()
    if found is None or found.account is None:
        raise Denied("This needs an account of a person: sign in first.")
    return found
