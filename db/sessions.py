"""Signing in and what lasts of it: sessions in PostgreSQL, of which only the SHA-256 of the token is kept."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select, text, update

from db import audit
from db.bulk import SQL_FOLDER, frame_of
from db.engine import act_as, begin
from db.keys import Keys
from db.passwords import check_password, hashed, matches
from db.tables import Account, Session
from geo.errors import Denied, NotFound
from grids.rights import Who

DOOR = Who("door", ("door",))
IDLE = timedelta(minutes=30)
LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
NO_ENTRY = (
    "The name or the password is not right, or the account is locked after too many tries: check both, or wait a few "
    "minutes (账号或口令不对，或多次输错已暂时锁定，请核对或稍后再试)."
)
LONGEST_TOLD = 200  # characters of an address or a browser's name that are kept


@dataclass(frozen=True)
class SignedIn:
    """Who stands behind a session or token. session, account: ids, None where there is none."""

    who: Who
    session: int | None = None
    account: int | None = None
    must_change: bool = False


def sign_in(
    engine: Engine,
    keys: Keys,
    name: str,
    password: str,
    address: str | None,
    agent: str | None,
    now: datetime,
    lasts: timedelta = LASTS,
) -> str:
    """The token of a new session. Raises Denied, with one sentence and the same work whatever is wrong.

    From the fifth failure on the account is locked for half a minute, doubled by each further one up to an hour.
    """
    name = unicodedata.normalize("NFKC", name).replace("\x00", "").strip()
    found = _checked(engine, name, password, now)
    if found is None:
        with begin(engine, DOOR) as conn:
            known = conn.execute(select(Account.name).where(Account.name == name)).scalar()
            audit.note(conn, keys, DOOR, "sign_in_failed", known, detail={"address": address})
        raise Denied(NO_ENTRY)
    token = secrets.token_urlsafe(32)
    who = Who(name, tuple(found.roles), tuple(found.places))
    with begin(engine, DOOR) as conn:
        _unlock(conn, found.id)
        opened = {"account_id": found.id, "created_at": now, "seen_at": now, "expires_at": now + lasts}
        open_session(conn, token, opened, address, agent)
        act_as(conn, who)
        audit.note(conn, keys, who, "sign_in", name, detail={"address": address})
    return token


def session_of(engine: Engine, token: str, now: datetime, idle: timedelta = IDLE) -> SignedIn | None:
    """Who holds a session's token now; None when it has ended, idled too long, or its account or token is closed."""
    with begin(engine, DOOR) as conn:
        given = {"hash": token_hash(token), "now": now, "idle_since": now - idle}
        row = conn.execute(_sql("session_of"), given).mappings().first()
        if row is None:
            return None
        if now - row["seen_at"] > SEEN_EVERY:
            conn.execute(update(Session).where(Session.id == row["session"]).values(seen_at=now))
    who = Who(row["name"], tuple(row["roles"]), tuple(row["places"]), row["officer"], row["channel"])
    return SignedIn(who, row["session"], row["account"], row["must_change"])


def change_password(engine: Engine, keys: Keys, mine: SignedIn, old: str, new: str, now: datetime) -> None:
    """A person's own new password; all their other sessions end. Raises Denied when the old one is wrong."""
    name = mine.who.name
    check_password(new, name)
    found = _checked(engine, name, old, now)
    if found is None:
        raise Denied(NO_ENTRY)
    with begin(engine, DOOR) as conn:
        _unlock(conn, found.id)
        values = {"password_hash": hashed(new), "must_change": False}
        conn.execute(update(Account).where(Account.id == found.id).values(**values))
        end_all(conn, found.id, keep=mine.session)
        act_as(conn, mine.who)
        audit.note(conn, keys, mine.who, "password_changed", name)


def sessions(conn: Connection, account: str | None = None) -> pd.DataFrame:
    """Sessions that last: id, account, created_at, seen_at, expires_at, address, agent; newest first."""
    return frame_of(conn, _sql("sessions"), account=account)


def end_session(conn: Connection, keys: Keys, who: Who, session: int, account: int | None = None) -> None:
    """End one session; with `account` only one of that account. Raises NotFound. Needs "accounts" or the door."""
    query = update(Session).where(Session.id == session, Session.ended_at.is_(None))
    if account is not None:
        query = query.where(Session.account_id == account)
    if conn.execute(query.values(ended_at=text("now()")).returning(Session.id)).scalar() is None:
        raise NotFound(f"There is no session {session} that still lasts.")
    act_as(conn, who)
    audit.note(conn, keys, who, "session_ended", str(session))


def end_all(conn: Connection, account: int, keep: int | None = None) -> None:
    """End every session of an account (id), but for `keep`."""
    query = update(Session).where(Session.account_id == account, Session.ended_at.is_(None))
    conn.execute(query.where(Session.id != (keep or 0)).values(ended_at=text("now()")))


def open_session(conn: Connection, token: str, values: dict[str, Any], address: str | None, agent: str | None) -> None:
    """Keep a session: values name its owner (account_id or token_id), created_at, seen_at, expires_at."""
    told = {"address": (address or "")[:LONGEST_TOLD], "agent": (agent or "").replace("\x00", "")[:LONGEST_TOLD]}
    conn.execute(insert(Session).values(token_hash=token_hash(token), **values, **told))


def token_hash(token: str) -> bytes:
    """What is kept of a token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _checked(engine: Engine, name: str, password: str, now: datetime) -> Any:
    """The account when the password is right. The try counts before it is checked, so that many at once count too."""
    with begin(engine, DOOR) as conn:
        found = conn.execute(_sql("try_password"), {"name": name, "now": now}).first()
    right = matches(found.password_hash if found else None, password)
    return found if right else None


def _unlock(conn: Connection, account: int) -> None:
    conn.execute(update(Account).where(Account.id == account).values(failures=0, locked_until=None))


def _sql(name: str) -> Any:
    return text((SQL_FOLDER / f"{name}.sql").read_text())
