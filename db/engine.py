"""Engines and transactions: every transaction says who acts and within which scope."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from db.cluster import APP, OWNER, Cluster
from db.settings import Settings
from geo.errors import Unavailable

SET_ACTOR = text("""
    SELECT set_config('beatgrid.actor', :actor, true), set_config('beatgrid.scope', :scope, true),
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
def begin(engine: Engine, actor: str, scope: str = "*") -> Iterator[Connection]:
    """One transaction acting as `actor` within `scope` ("*": everything).

    Raises Unavailable when the database does not answer or goes away; the transaction is then rolled back.
    """
    try:
        with engine.begin() as connection:
            connection.execute(SET_ACTOR, {"actor": actor, "scope": scope})
            yield connection
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(f"The database does not answer, nothing of this step was kept: {_reason(error)}") from error


def _driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    return url


def _reason(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else "no reason given"
