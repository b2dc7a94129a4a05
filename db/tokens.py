"""Keys for programmes: a wall's (aggregates of some places) and a feed's (one channel). Shown once, kept as SHA-256."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, update

from db import audit
from db.accounts import check_places
from db.bulk import frame_of
from db.engine import act_as, begin
from db.keys import Keys
from db.sessions import DOOR, SEEN_EVERY, SignedIn, open_session, token_hash
from db.tables import Token
from db.tables.accounts import TOKEN_KINDS
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import EVERYWHERE, Who

WALL_LASTS = timedelta(days=400)
CLOSED = (
    "This key opens nothing: it was revoked or mistyped; ask an administrator for a new one (令牌无效，请联系管理员)."
)


def make_token(
    conn: Connection,
    keys: Keys,
    who: Who,
    kind: str,
    name: str,
    *,
    places: Sequence[str] = (EVERYWHERE,),
    channel: str | None = None,
) -> str:
    """A new token, told only here. kind: wall or feed; a feed has one channel. Raises InputError, Refused."""
    if kind not in TOKEN_KINDS:
        raise InputError(f"A token is one of {', '.join(TOKEN_KINDS)}, not {kind!r}.")
    if (kind == "feed") != bool(channel):
        raise InputError("Give a feed the channel it may push (--channel), and a wall none.")
    if not name.strip() or len(name) > 60:
        raise InputError("Give the token a name of 1 to 60 characters, so that it can be told from others.")
    if conn.execute(select(Token.id).where(Token.name == name)).first():
        raise Refused(f"There is a token {name!r} already: choose another name.")
    check_places(conn, places)
    token = f"bg-{kind}-{secrets.token_urlsafe(32)}"
    values = {"kind": kind, "name": name, "places": list(places), "channel": channel}
    conn.execute(insert(Token).values(token_hash=token_hash(token), **values))
    audit.note(conn, keys, who, "token_created", name, detail={"kind": kind, "channel": channel})
    return token


def revoke_token(conn: Connection, keys: Keys, who: Who, name: str) -> None:
    """Close a token and with it every session that it opened. Raises NotFound."""
    query = update(Token).where(Token.name == name, Token.revoked_at.is_(None)).values(revoked_at=func.now())
    if conn.execute(query.returning(Token.id)).scalar() is None:
        raise NotFound(f"There is no token {name!r} in use: `manage.py token list` names them all.")
    audit.note(conn, keys, who, "token_revoked", name)


def tokens(conn: Connection) -> pd.DataFrame:
    """Every token: kind, name, places, channel, created_at, created_by, used_at, revoked_at."""
    columns = (
        Token.kind, Token.name, Token.places, Token.channel, Token.created_at, Token.created_by, Token.used_at,
        Token.revoked_at,
    )  # fmt: skip
    return frame_of(conn, select(*columns).order_by(Token.name))


def holder(engine: Engine, token: str, now: datetime) -> SignedIn | None:
    """Who holds a token; None for one that is unknown or revoked."""
    with begin(engine, DOOR) as conn:
        found = _found(conn, token)
        if found is None:
            return None
        if found.used_at is None or now - found.used_at > SEEN_EVERY:
            conn.execute(update(Token).where(Token.id == found.id).values(used_at=now))
    return SignedIn(_who(found))


def enter_wall(engine: Engine, keys: Keys, token: str, address: str | None, agent: str | None, now: datetime) -> str:
    """The session token of a screen that nobody touches; it lasts until the wall's token is revoked. Raises Denied."""
    session = secrets.token_urlsafe(32)
    with begin(engine, DOOR) as conn:
        found = _found(conn, token)
        if found is None or found.kind != "wall":
            raise Denied(CLOSED)
        values = {"token_id": found.id, "created_at": now, "seen_at": now, "expires_at": now + WALL_LASTS}
        open_session(conn, session, values, address, agent)
        who = _who(found)
        act_as(conn, who)
        audit.note(conn, keys, who, "wall_entered", found.name, detail={"address": address})
    return session


def _found(conn: Connection, token: str) -> Any:
    query = select(Token.__table__).where(Token.token_hash == token_hash(token), Token.revoked_at.is_(None))
    return conn.execute(query).first()


def _who(found: Any) -> Who:
    return Who(f"{found.kind} {found.name}", (found.kind,), tuple(found.places), channel=found.channel)
