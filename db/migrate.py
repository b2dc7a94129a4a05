"""Bring a database to the newest schema: one migrator at a time, never waiting long for a lock."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from db.cluster import APP
from geo.errors import Unavailable

FOLDER = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x62656174  # "beat"
EXTENSIONS = ("postgis", "btree_gist")
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "15min"


def config() -> Config:
    """Alembic's configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return made


def head() -> str:
    """The newest revision in the code."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    return found or ""


def revision(conn: Connection) -> str | None:
    """The revision a database stands at, None when it is empty."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def check_known(standing: str | None) -> None:
    """Raise Unavailable when a database stands at a revision that this program does not have."""
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if standing is not None and standing not in known:
        raise Unavailable(f"This database holds schema {standing}, which is newer than this program: update beatgrid.")


def upgrade(owner: Engine) -> bool:
    """Migrate to the head under an advisory lock; False when there was nothing to do.

    Raises Unavailable, with nothing changed, when a lock cannot be had or the schema is newer than this program.
    """
    try:
        with owner.begin() as conn:
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            conn.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            conn.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
            standing = revision(conn)
            if standing == head():
                return False
            check_known(standing)
            prepare(conn)
            settings = config()
            settings.attributes["connection"] = conn
            command.upgrade(settings, "head")
            return True
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise Unavailable(f"The migration was rolled back and can be run again: {said}") from error


def prepare(conn: Connection) -> None:
    """Extensions and the application role, where they are missing (a private cluster makes them itself)."""
    for extension in EXTENSIONS:
        conn.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
    if conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APP}).first() is None:
        conn.execute(text(f"CREATE ROLE {APP} NOLOGIN"))
    # Who is a member already may lack the right to grant membership, and needs no grant.
    if not conn.execute(text("SELECT pg_has_role(:name, 'MEMBER')"), {"name": APP}).scalar_one():
        conn.execute(text(f"GRANT {APP} TO CURRENT_USER"))
