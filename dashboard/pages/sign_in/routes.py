"""/sign-in, /sign-out, /first-run and /wall/enter."""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.auth.attempts import Attempts
from dashboard.auth.cookies import SESSION_COOKIE, forget, is_secure, keep
from dashboard.auth.csrf import FORM_COOKIE, FORM_FIELD, check_form, form_token, new_seed
from dashboard.auth.current import visitor
from dashboard.auth.first_run import FirstRun
from dashboard.auth.forms import fields, local_path
from dashboard.language import speaker
from dashboard.pages.missing import language_of, remember, sorry
from dashboard.pages.sign_in.render import page, sign_in_html
from dashboard.reading.desk import Desk
from dashboard.refusals import in_words
from db.accounts import first_account, has_accounts
from db.city import City, city
from db.demo_accounts import DemoAccount, demo_accounts
from db.engine import begin
from db.sessions import DOOR, end_session, session_of, sign_in
from db.tokens import enter_wall
from geo.errors import BeatgridError, Denied, NotFound
from grids.rights import Who

OWN_PAGE = ("officer", "grid_worker")  # who of these has one beat begins there


class Entry:
    """What the pages of signing in share."""

    def __init__(self, desk: Desk, first: FirstRun) -> None:
        self.desk = desk
        self.first = first
        self.attempts = Attempts()

    def known(self) -> tuple[City, list[DemoAccount], bool]:
        """The city, its demo accounts, and whether anybody has an account."""
        with begin(self.desk.engine, DOOR) as conn:
            return city(conn), demo_accounts(conn), has_accounts(conn)

    def secure(self, request: Request) -> bool:
        """Whether cookies must travel over HTTPS only."""
        return is_secure(request, self.desk.settings.public_url)

    def open(self, request: Request, name: str, password: str) -> tuple[str, Who]:
        """A new session's token and who it is. Raises Denied, also when too much failed from this address."""
        address = address_of(request)
        if self.attempts.too_many(address):
            raise Denied("Too many tries from this address: wait a minute.")
        settings, now = self.desk.settings, datetime.now(UTC)
        try:
            agent = request.headers.get("user-agent")
            keys, lasts = self.desk.keys, settings.session_lasts
            token = sign_in(self.desk.engine, keys, name, password, address, agent, now, lasts)
        except Denied:
            self.attempts.failed(address)
            raise
        found = session_of(self.desk.engine, token, now, settings.session_idle)
        assert found is not None
        return token, found.who


def router(desk: Desk, first: FirstRun) -> APIRouter:
    """The four addresses."""
    routes = APIRouter(include_in_schema=False)
    entry = Entry(desk, first)

    @routes.get("/sign-in")
    def form(request: Request) -> Response:
        return sign_in_page(entry, request, request.query_params.get("next"))

    @routes.post("/sign-in")
    async def signing(request: Request) -> Response:
        told = await fields(request)
        return await run_in_threadpool(signed_in, entry, request, told)

    @routes.get("/sign-out")
    def leaving() -> Response:
        return RedirectResponse("/account", 303)

    @routes.post("/sign-out")
    async def signing_out(request: Request) -> Response:
        told = await fields(request)
        return await run_in_threadpool(signed_out, entry, told)

    @routes.get("/first-run")
    def beginning(request: Request) -> Response:
        return first_page(entry, request)

    @routes.post("/first-run")
    async def begun(request: Request) -> Response:
        told = await fields(request)
        return await run_in_threadpool(first_made, entry, request, told)

    @routes.get("/wall/enter")
    def wall(request: Request, token: str = "") -> Response:
        return wall_entered(entry, request, token)

    return routes


def sign_in_page(
    entry: Entry, request: Request, after: str | None, name: str = "", said: str = "", status: int = 200
) -> Response:
    """The form; whoever is signed in already goes on, and a record without accounts to its first run."""
    lang, mine, path = language_of(request), visitor(), page_wanted(after)
    if mine is not None and mine.account is not None and not said:
        return RedirectResponse(path or home_of(mine.who), 303)
    try:
        where, demo, anybody = entry.known()
    except BeatgridError as error:
        return sorry(
            lang, speaker(lang)("暂时读不到数据"), in_words(error, lang), [("/sign-in", speaker(lang)("登录"))], 503
        )
    if not anybody:
        return RedirectResponse("/first-run", 303)
    seed = request.cookies.get(FORM_COOKIE) or new_seed()
    keep_next = f"&next={quote(path, safe='/')}" if path else ""
    values = {"form_token": form_token(entry.desk.keys, seed), "next": path or "", "keep": keep_next}
    html = sign_in_html(where, demo, lang, name=name, said=said, **values)
    return _with_seed(entry, request, HTMLResponse(html, status), seed)


def signed_in(entry: Entry, request: Request, told: dict[str, str]) -> Response:
    """A session's cookie and the page that was wanted, or the form again with one sentence."""
    say = speaker(language_of(request))
    name, after = told.get("name", ""), told.get("next")
    try:
        _check(entry, request, told)
    except Denied:
        return sign_in_page(entry, request, after, name, say("页面已失效，请再试一次。"), 403)
    try:
        token, who = entry.open(request, name, told.get("password", ""))
    except Denied:
        busy = entry.attempts.too_many(address_of(request))
        wrong = say("账号或口令不对，或多次输错已暂时锁定。请核对，或稍后再试。")
        text = say("尝试过多，请一分钟后再试。") if busy else wrong
        return sign_in_page(entry, request, after, name, text, 429 if busy else 401)
    return _entered(entry, request, token, page_wanted(after) or home_of(who))


def signed_out(entry: Entry, told: dict[str, str]) -> Response:
    """The session ends, also in the record."""
    mine = visitor()
    if mine is not None and mine.session is not None:
        check_form(told.get(FORM_FIELD), mine.form_token)
        with begin(entry.desk.engine, DOOR) as conn:
            end_session(conn, entry.desk.keys, mine.who, mine.session)
    answer = RedirectResponse("/sign-in", 303)
    forget(answer, SESSION_COOKIE)
    return answer


def first_page(entry: Entry, request: Request, name: str = "", said: str = "", status: int = 200) -> Response:
    """The form of the first administrator; once there is an account, nothing."""
    lang = language_of(request)
    where, _demo, anybody = entry.known()
    if anybody:
        return RedirectResponse("/sign-in", 303)
    seed = request.cookies.get(FORM_COOKIE) or new_seed()
    html = page("first_run.html", lang, city=where, name=name, said=said, form_token=form_token(entry.desk.keys, seed))
    return _with_seed(entry, request, HTMLResponse(html, status), seed)


def first_made(entry: Entry, request: Request, told: dict[str, str]) -> Response:
    """The first administrator, signed in; or the form again with what to correct."""
    say = speaker(language_of(request))
    name, password = told.get("name", ""), told.get("password", "")
    try:
        _check(entry, request, told)
        if password != told.get("again"):
            return first_page(entry, request, name, say("两次输入的口令不一样。"), 422)
        if not entry.first.opens(told.get("code", "")):
            return first_page(entry, request, name, say("一次性代码不对，或已失效：重新启动服务会给出新的代码。"), 403)
        first_account(entry.desk.engine, entry.desk.keys, name, password)
    except Denied:
        return first_page(entry, request, name, say("页面已失效，请再试一次。"), 403)
    except BeatgridError as error:
        return first_page(entry, request, name, in_words(error, language_of(request)), error.http_status)
    entry.first.done()
    token, _who = entry.open(request, name, password)
    return _entered(entry, request, token, "/account")


def wall_entered(entry: Entry, request: Request, token: str) -> Response:
    """A screen's own lasting session, straight on to the wall."""
    lang = language_of(request)
    address, now = address_of(request), datetime.now(UTC)
    try:
        if entry.attempts.too_many(address):
            raise Denied("Too many tries from this address: wait a minute.")
        agent = request.headers.get("user-agent")
        session = enter_wall(entry.desk.engine, entry.desk.keys, token, address, agent, now)
    except Denied as error:
        entry.attempts.failed(address)
        return sorry(
            lang, speaker(lang)("大屏链接无效"), in_words(error, lang), [("/sign-in", speaker(lang)("登录"))], 403
        )
    chosen = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "token"])
    return _entered(entry, request, session, f"/wall?{chosen}" if chosen else "/wall", lasting=True)


def page_wanted(after: str | None) -> str | None:
    """The page that somebody was on the way to; the front door is none, because everybody has a home of their own."""
    path = local_path(after)
    return None if path == "/" else path


def home_of(who: Who) -> str:
    """Where somebody begins: whoever works on beats at their page or list of pages, all others at the overview."""
    own = bool(who.places) and set(who.roles) <= set(OWN_PAGE)
    if not own or not all(place.startswith("beat:") for place in who.places):
        return "/"
    return f"/beat/{quote(who.places[0].removeprefix('beat:'), safe='')}" if len(who.places) == 1 else "/beat"


def address_of(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else "unknown"


def _check(entry: Entry, request: Request, told: dict[str, str]) -> None:
    seed = request.cookies.get(FORM_COOKIE)
    check_form(told.get(FORM_FIELD), form_token(entry.desk.keys, seed) if seed else None)


def _with_seed(entry: Entry, request: Request, answer: Response, seed: str) -> Response:
    if seed != request.cookies.get(FORM_COOKIE):
        keep(answer, FORM_COOKIE, seed, secure=entry.secure(request))
    return remember(request, answer)


def _entered(entry: Entry, request: Request, token: str, path: str, *, lasting: bool = False) -> Response:
    """On to `path` with the session's cookie; what this browser was signed in as before ends."""
    mine = visitor()
    if mine is not None and mine.session is not None:
        with begin(entry.desk.engine, DOOR) as conn, suppress(NotFound):
            end_session(conn, entry.desk.keys, mine.who, mine.session)
    answer = RedirectResponse(path, 303)
    keep(answer, SESSION_COOKIE, token, secure=entry.secure(request), lasting=lasting)
    return answer
