"""The guard around the whole application, HTTP and WebSocket alike: who is it, may they, and what the answer says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.auth import answers
from dashboard.auth.cookies import SESSION_COOKIE, is_secure
from dashboard.auth.csrf import SAFE, form_token, from_here
from dashboard.auth.current import Visitor, visiting
from dashboard.auth.denials import Denials
from dashboard.auth.headers import secured
from dashboard.auth.rules import WEBSOCKET, Rule, rule_for
from db.keys import Keys
from db.sessions import SignedIn, session_of
from db.settings import Settings
from db.tokens import holder
from geo.errors import Unavailable

CHANGE_FIRST = ("/account", "/account/password", "/sign-out", "/assets/favicon.svg")  # with a password to be changed


class Guard:
    """Lets a request through to `app` when the policy table gives it to whoever sends it."""

    def __init__(self, app: ASGIApp, settings: Settings, engine: Engine, keys: Callable[[], Keys]) -> None:
        self.app = app
        self._settings = settings
        self._engine = engine
        self._keys = keys
        self._denials: Denials | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = Asked(HTTPConnection(scope))
        refusal, visitor = await self._judged(asked)
        if scope["type"] == "http":
            send = self._headed(asked, send)
        with visiting(visitor):
            if refusal is None:
                await self._pass(asked, visitor, scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 4403 if visitor else 4401})
            else:
                await refusal(scope, receive, send)
        if refusal is not None and refusal.status_code == 403:
            await self._audit(asked, visitor)

    async def _pass(self, asked: "Asked", visitor: Visitor | None, scope: Scope, receive: Receive, send: Send) -> None:
        denied = False

        async def watched(message: Message) -> None:
            nonlocal denied
            denied = denied or message.get("status") == 403
            await send(message)

        await self.app(scope, receive, watched)
        if denied:
            await self._audit(asked, visitor)

    async def _judged(self, asked: "Asked") -> tuple[Response | None, Visitor | None]:
        """The answer that keeps a request out, or None; and who sent it."""
        rule = rule_for(asked.method, asked.path)
        open_to_all = rule is not None and rule.need == "anyone"
        try:
            visitor = await run_in_threadpool(self._visitor, asked.connection) if asked.shows_who else None
        except Unavailable as error:
            return (None if open_to_all else answers.unavailable(asked, error)), None
        if asked.token and visitor is None:
            return answers.nobody(asked), None
        foreign = asked.cookie and not asked.token and asked.method not in SAFE
        if foreign and not from_here(asked.connection.headers, self._settings.public_url):
            return answers.foreign(), visitor
        if open_to_all:
            return None, visitor
        if visitor is None:
            return answers.nobody(asked), None
        return _refusal(asked, rule, visitor), visitor

    def _visitor(self, connection: HTTPConnection) -> Visitor | None:
        now, asked = datetime.now(UTC), Asked(connection)
        if asked.token:
            found = holder(self._engine, asked.token, now)
        else:
            found = session_of(self._engine, asked.cookie or "", now, self._settings.session_idle)
        return None if found is None else visitor_of(found, self._keys())

    def _headed(self, asked: "Asked", send: Send) -> Send:
        https = is_secure(asked.connection, self._settings.public_url)

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                secured(asked.path, MutableHeaders(scope=message), https=https)
            await send(message)

        return headed

    async def _audit(self, asked: "Asked", visitor: Visitor | None) -> None:
        if visitor is None:
            return
        if self._denials is None:
            self._denials = Denials(self._engine, self._keys())
        rule = rule_for(asked.method, asked.path)
        need = rule.need if rule else None
        await run_in_threadpool(self._denials.write, visitor.who, asked.method, asked.path, need)


class Asked:
    """What the guard needs to know of a request."""

    def __init__(self, connection: HTTPConnection) -> None:
        scope: Any = connection.scope
        self.connection = connection
        self.method: str = WEBSOCKET if scope["type"] == "websocket" else scope["method"]
        self.path: str = scope["path"].rstrip("/") or "/"
        self.cookie = connection.cookies.get(SESSION_COOKIE)
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        self.token = token.strip() if scheme.lower() == "bearer" else ""

    @property
    def shows_who(self) -> bool:
        """Whether the request says who sends it at all."""
        return bool(self.cookie or self.token)

    @property
    def next(self) -> str:
        """The address to come back to after signing in."""
        if self.method not in SAFE:
            return "/"
        query = self.connection.url.query
        return quote(f"{self.path}?{query}" if query else self.path, safe="/")


def visitor_of(found: SignedIn, keys: Keys) -> Visitor:
    """The visitor behind a session or token."""
    token = form_token(keys, f"session:{found.session}")
    return Visitor(found.who, found.session, found.account, found.must_change, token)


def _refusal(asked: Asked, rule: Rule | None, visitor: Visitor) -> Response | None:
    if visitor.must_change and asked.path not in CHANGE_FIRST:
        return answers.change_first(asked)
    if rule is None:
        return answers.nowhere(asked)
    if rule.need in ("anyone", "somebody"):
        return None
    if rule.need == "person":
        return None if visitor.account is not None else answers.denied(asked, visitor, "person")
    return None if visitor.who.may(rule.need) else answers.denied(asked, visitor, rule.need)  # type: ignore[arg-type]
