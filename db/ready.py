"""A database that is up, migrated and ours: what every command stands on."""

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from db.cluster import APP, DATABASE, OWNER, SUPERUSER, Cluster
from db.engine import make_engine
from db.migrate import ADVISORY_LOCK, EXTENSIONS, check_known, head, revision, upgrade
from db.settings import Settings
from geo.errors import Unavailable


def ready_engine(settings: Settings) -> Engine:
    """Start the private cluster when needed, migrate, and return the application's engine.

    Raises Unavailable when an external server does not answer or holds an older schema.
    """
    if settings.database_url is None:
        cluster = Cluster(settings.home)
        cluster.start()
        create_database(cluster)
    _migrated(settings)
    return make_engine(settings)


def create_database(cluster: Cluster, database: str = DATABASE) -> bool:
    """Make roles, database and extensions of a private cluster where they are missing; False: database was there."""
    maintenance = create_engine(cluster.url(SUPERUSER, "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as conn:
        # One process at a time; the lock goes with the connection.
        conn.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        known = conn.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}).first()
        if known is None:
            _make_roles(conn)
            conn.execute(text(f"CREATE DATABASE \"{database}\" OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'"))
        _make_extensions(cluster, database)
    return known is None


def _make_roles(conn: Connection) -> None:
    for role in (OWNER, APP):
        if conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first() is None:
            conn.execute(text(f"CREATE ROLE {role} LOGIN"))
    conn.execute(text(f"GRANT {APP} TO {OWNER} WITH ADMIN OPTION"))


def _make_extensions(cluster: Cluster, database: str) -> None:
    """Only a superuser may; asked every time, since an earlier start may have been cut short."""
    inside = create_engine(cluster.url(SUPERUSER, database), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with inside.connect() as conn:
        for extension in EXTENSIONS:
            conn.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))


def _migrated(settings: Settings) -> None:
    owner = make_engine(settings, owner=True)
    try:
        with owner.connect() as conn:
            standing = revision(conn)
    except OperationalError as error:
        shown = make_url(str(owner.url)).render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0]
        raise Unavailable(f"No PostgreSQL answers at {shown}: {reason}") from error
    if standing == head():
        return
    check_known(standing)
    if standing is not None and settings.database_url is not None:
        raise Unavailable("This server holds an older schema: back it up, then run `manage.py db migrate`.")
    upgrade(owner)
