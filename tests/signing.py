"""Signing in without typing: an account and its session put straight into a record."""

import itertools
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from dashboard.auth.cookies import SESSION_COOKIE
from db.engine import begin
from db.sessions import open_session
from db.tables import Account
from grids.rights import operator

EVERY_ROLE = ("officer", "planner", "approver", "analyst", "loader", "admin")
_numbers = itertools.count(1)


def session_token(
    engine: Engine, roles: tuple[str, ...] = EVERY_ROLE, places: tuple[str, ...] = ("*",), name: str | None = None
) -> str:
    """The token of a fresh session of a fresh account, which has no password that would open it."""
    told = name or f"visitor-{next(_numbers)}"
    with begin(engine, operator("test")) as conn:
        row = insert(Account).values(name=told, password_hash="none", roles=list(roles), places=list(places))
        account = conn.execute(row.returning(Account.id)).scalar_one()
    return open_for(engine, account)


def open_for(engine: Engine, account: int) -> str:
    """The token of a fresh session of an account (its id)."""
    now, token = datetime.now(UTC), secrets.token_urlsafe(32)
    with begin(engine, operator("test")) as conn:
        values = {"account_id": account, "created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=12)}
        open_session(conn, token, values, "127.0.0.1", "a test")
    return token


def signed_in(app: Any, engine: Engine, *roles: str, places: tuple[str, ...] = ("*",)) -> TestClient:
    """A client of `app` whose cookie is that of a new account; every role and everywhere unless told."""
    client = TestClient(app)
    client.cookies.set(SESSION_COOKIE, session_token(engine, roles or EVERY_ROLE, places))
    return client
