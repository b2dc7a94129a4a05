"""Accounts: who may sign in, in which roles and where. Every change is audited."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, text, update

from db import audit
from db.bulk import frame_of
from db.engine import begin
from db.keys import Keys
from db.passwords import check_password, hashed
from db.sessions import DOOR, end_all
from db.tables import Account, Area, Beat, Cell, Officer, Unit
from geo.errors import InputError, NotFound, Refused
from grids.rights import EVERYWHERE, PERSONS, Who

NAME = re.compile(r"\w[\w.-]{1,39}")
RESERVED = ("door", "operator", "system", "unknown")
PLACES: dict[str, Any] = {
    "beat": Beat, "cell": Cell, "station": Unit, "unit": Unit, "district": Area, "street": Area, "community": Area,
}  # fmt: skip


def create_account(
    conn: Connection,
    keys: Keys,
    who: Who,
    name: str,
    password: str,
    roles: Sequence[str],
    places: Sequence[str] = (EVERYWHERE,),
    *,
    officer: str | None = None,
    must_change: bool = True,
    demo: bool = False,
) -> None:
    """Make an account that must choose its own password at the first sign-in.

    roles: of PERSONS. places: "*" or KIND:CODE. officer: code of the member of staff it belongs to. Raises Refused for
    a name that is taken, InputError for one that cannot be used, an unknown role or place, or a weak password.
    """
    name = checked_name(name)
    if conn.execute(select(Account.id).where(Account.name == name)).first():
        raise Refused(f"There is an account {name!r} already: choose another name.")
    _check_scope(conn, roles, places)
    if not demo:
        check_password(password, name)
    scope = {"roles": list(roles), "places": list(places)}
    values: dict[str, Any] = {"name": name, "password_hash": hashed(password)} | scope
    values |= {"officer_id": _officer_id(conn, officer), "must_change": must_change, "demo": demo}
    conn.execute(insert(Account).values(**values))
    audit.note(conn, keys, who, "account_created", name, detail={"roles": list(roles), "places": list(places)})


def first_account(engine: Engine, keys: Keys, name: str, password: str) -> None:
    """Make the first administrator. Raises Refused once any account exists."""
    with begin(engine, DOOR) as conn:
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": audit.LOCK})  # one at a time
        if has_accounts(conn):
            raise Refused("There is an account already: ask its administrator for one of your own.")
        create_account(conn, keys, DOOR, name, password, ("admin",), must_change=False)


def has_accounts(conn: Connection) -> bool:
    """Whether anybody can sign in at all."""
    return conn.execute(select(Account.id).limit(1)).first() is not None


def accounts(conn: Connection) -> pd.DataFrame:
    """Every account: name, roles, places, officer, active, demo, must_change, locked_until, created_at, created_by."""
    columns = [
        Account.name, Account.roles, Account.places, Officer.code.label("officer"), Account.active, Account.demo,
        Account.must_change, Account.locked_until, Account.created_at, Account.created_by,
    ]  # fmt: skip
    query = select(*columns).outerjoin(Officer, Officer.id == Account.officer_id).order_by(Account.name)
    return frame_of(conn, query)


def set_active(conn: Connection, keys: Keys, who: Who, name: str, active: bool) -> None:
    """Disable an account, which ends its sessions, or enable it again, unlocked. Raises NotFound."""
    values = {"active": active, "failures": 0, "locked_until": None}
    account = _changed(conn, name, **values)
    if not active:
        end_all(conn, account)
    audit.note(conn, keys, who, "account_enabled" if active else "account_disabled", name)


def set_roles(conn: Connection, keys: Keys, who: Who, name: str, roles: Sequence[str], places: Sequence[str]) -> None:
    """Give an account other roles and places; they hold from its next request on. Raises NotFound, InputError."""
    _check_scope(conn, roles, places)
    _changed(conn, name, roles=list(roles), places=list(places))
    audit.note(conn, keys, who, "account_roles", name, detail={"roles": list(roles), "places": list(places)})


def set_password(conn: Connection, keys: Keys, who: Who, name: str, password: str) -> None:
    """Give an account a new password, to be changed at the next sign-in; ends its sessions. Raises NotFound."""
    check_password(password, name)
    values = {"password_hash": hashed(password), "must_change": True, "failures": 0, "locked_until": None}
    end_all(conn, _changed(conn, name, **values))
    audit.note(conn, keys, who, "password_reset", name)


def checked_name(name: str) -> str:
    """A name in its one spelling. Raises InputError, saying what a name may hold."""
    told = unicodedata.normalize("NFKC", name).strip()
    if not NAME.fullmatch(told) or told in RESERVED:
        raise InputError(
            "A name is 2 to 40 letters, digits, dots, dashes or underscores (账号名：2至40个字母、汉字或数字)."
        )
    return told


def _changed(conn: Connection, name: str, **values: object) -> int:
    found = conn.execute(update(Account).where(Account.name == name).values(**values).returning(Account.id)).scalar()
    if found is None:
        raise NotFound(f"There is no account {name!r}: `manage.py user list` names them all.")
    return found


def _check_scope(conn: Connection, roles: Sequence[str], places: Sequence[str]) -> None:
    strange = [role for role in roles if role not in PERSONS]
    if strange or not roles:
        raise InputError(f"Give one or more roles of {', '.join(PERSONS)}{', not ' + strange[0] if strange else ''}.")
    if not places:
        raise InputError("Give at least one place: KIND:CODE, or * for everywhere.")
    check_places(conn, places)


def check_places(conn: Connection, places: Iterable[str]) -> None:
    """Raise InputError for a place that is not written KIND:CODE, NotFound for one that is not in the record."""
    Who("anybody", (), tuple(places))
    for place in places:
        kind, _, code = place.partition(":")
        if place == EVERYWHERE:
            continue
        table = PLACES[kind]
        query = select(func.count()).select_from(table).where(table.code == code)
        if table is Area:
            query = query.where(Area.level == kind)
        if not conn.execute(query).scalar_one():
            raise NotFound(f"There is no {kind} {code!r}: load it first or correct the code.")


def place_names(conn: Connection, places: Iterable[str]) -> dict[str, str]:
    """Name of each place (KIND:CODE) that is in the record."""
    found: dict[str, str] = {}
    for place in places:
        kind, _, code = place.partition(":")
        if kind in PLACES:
            name = conn.execute(select(PLACES[kind].name).where(PLACES[kind].code == code)).scalar()
            found |= {place: name} if name else {}
    return found


def _officer_id(conn: Connection, code: str | None) -> int | None:
    if code is None:
        return None
    found = conn.execute(select(Officer.id).where(Officer.code == code)).scalar()
    if found is None:
        raise NotFound(f"There is no officer {code!r}: load officers first or correct the code.")
    return found
