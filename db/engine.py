"""Engines and transactions: every transaction says who acts, in which roles and where."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from db.cluster import APP, OWNER, Cluster
from db.settings import Settings
from geo.errors import Unavailable
from grids.rights import Who, operator

SET_WHO = text("""
    SELECT set_config('beatgrid.actor', :name, true), set_config('beatgrid.roles', :roles, true),
           set_config('beatgrid.places', :places, true), set_config('beatgrid.channel', :channel, true),
           set_config('TimeZone', 'UTC', true)""")


def owner_url(settings: Settings) -> str:
    """URL of the role that owns the tables and runs migrations."""
    return _driver(settings.database_url) if settings.database_url else Cluster(settings.home).url(OWNER)


def app_url(settings: Settings) -> str:
    """URL of beatgrid_app, which owns nothing, so that row-level security binds it."""
    if settings.app_database_url:
        return _driver(settings.app_database_url)
    if settings.database_url:
        url = _driver(settings.database_url)
        return f"{url}{'&' if '?' in url else '?'}options=-crole%3D{APP}"
    return Cluster(settings.home).url(APP)


def make_engine(settings: Settings, *, owner: bool = False) -> Engine:
    """An engine of the application role (or the owner, for migrations)."""
    url = owner_url(settings) if owner else app_url(settings)
    if owner:
        return create_engine(url, poolclass=NullPool)
    return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=16, connect_args={"connect_timeout": 5})


@contextmanager
def begin(engine: Engine, who: Who | str) -> Iterator[Connection]:
    """One transaction of `who`; a bare name is that of whoever runs a command on the host (grids.rights.operator).

    Raises Unavailable when the database does not answer or goes away; the transaction is then rolled back.
    """
    try:
        with engine.begin() as connection:
            act_as(connection, operator(who or "") if not isinstance(who, Who) else who)
            yield connection
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(f"The database does not answer, nothing of this step was kept: {_reason(error)}") from error


def act_as(conn: Connection, who: Who) -> None:
    """Say who acts for the rest of the transaction; row-level security goes by it."""
    said = {"name": who.name, "roles": ",".join(who.roles), "places": ",".join(who.places)}
    conn.execute(SET_WHO, said | {"channel": who.channel or ""})


@contextmanager
def acting_everywhere(conn: Connection, who: Who) -> Iterator[None]:
    """Within: `who` under their own name but with an operator's rights and no bounds of place.

    For use-cases that have checked the right themselves and must write beyond the actor's own places: taking in a
    report that belongs elsewhere, and what follows from it.
    """
    act_as(conn, operator(who.name))
    try:
        yield
    finally:
        if conn.in_transaction() and not conn.invalidated and not _failed(conn):
            act_as(conn, who)


def _failed(conn: Connection) -> bool:
    """Whether a statement has failed, so that the transaction can only be rolled back."""
    driver: Any = conn.connection.dbapi_connection
    return bool(driver.info.transaction_status == TRANSACTION_STATUS_INERROR)


def _driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    return url


def _reason(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else "no reason given"
