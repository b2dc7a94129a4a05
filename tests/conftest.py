"""What every test stands on: a private PostGIS made for this run, a migrated template, fresh copies of it."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from db.cluster import APP, OWNER, SUPERUSER, Cluster
from db.engine import begin
from db.migrate import upgrade
from db.ready import create_database
from db.record import Record, open_record
from db.settings import Settings

TEMPLATE = "template_beatgrid"
DEMO_UNTIL = datetime(2026, 6, 30, 14, tzinfo=UTC)
DEMO_SCALE = 0.03
_numbers = itertools.count(1)

# How long an example takes is no business of a test; that is what `make bench` is for. `make test` tries the same
# examples every time, so that it says the same of the same code; `make prove` (BEATGRID_RANDOM=1) tries new ones.
hypothesis.settings.register_profile("beatgrid", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.register_profile("beatgrid-random", deadline=None, print_blob=True)
RANDOM = bool(os.environ.get("BEATGRID_RANDOM"))
hypothesis.settings.load_profile("beatgrid-random" if RANDOM else "beatgrid")


def examples(usual: int) -> int:
    """How many examples a slow property is tried with: `usual` in `make test`, five times as many in `make prove`."""
    return usual * 5 if RANDOM else usual


@dataclass(frozen=True)
class LoadedDatabase:
    """A database with something in it, for tests that only read."""

    settings: Settings
    engine: Engine
    record: Record


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of the public data that BEATGRID_REALDATA names."""
    named = os.environ.get("BEATGRID_REALDATA")
    if not named:
        pytest.skip("BEATGRID_REALDATA is not set: this test reads public data from the folder it names")
    return Path(named)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL + PostGIS cluster of this test run's own."""
    home = Path(tempfile.mkdtemp(prefix="beatgrid-test-"))
    home.chmod(0o755)
    made = Cluster(home)
    made.start()
    config = "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off", "SELECT pg_reload_conf()"
    with _superuser(made).connect() as conn:
        for statement in config:
            conn.execute(text(statement))
    yield made
    made.destroy()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Name of a migrated, empty database that copies are made of."""
    create_database(cluster, TEMPLATE)
    upgrade(create_engine(cluster.url(OWNER, TEMPLATE), poolclass=NullPool))
    return TEMPLATE


@pytest.fixture
def settings(cluster: Cluster, template: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh, empty, migrated database that is dropped after the test."""
    made = copy_database(cluster, template, tmp_path)
    yield made
    drop_database(cluster, made)


@pytest.fixture
def record(settings: Settings) -> Iterator[Record]:
    """An open record on a fresh database."""
    opened = open_record(settings)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def conn(record: Record) -> Iterator[Connection]:
    """A transaction of the application role on a fresh database."""
    with begin(record.engine, "test") as connection:
        yield connection


@pytest.fixture(scope="session")
def demo_db(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedDatabase]:
    """The demo city, small, loaded by the loaders themselves. For reading only."""
    from loaders.demo.loading import load_demo

    folder = tmp_path_factory.mktemp("demo")
    made = copy_database(cluster, template, folder)
    record = open_record(made)
    load_demo(record, folder / "files", until=DEMO_UNTIL, scale=DEMO_SCALE)
    yield LoadedDatabase(made, record.engine, record)
    record.engine.dispose()
    drop_database(cluster, made)


def copy_database(cluster: Cluster, template: str, folder: Path) -> Settings:
    """A copy of a database of the test cluster, and the settings that reach it."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with _superuser(cluster).connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}"))
    return Settings(
        home=folder,
        database_url=cluster.url(OWNER, name),
        app_database_url=cluster.url(APP, name),
        keys_file=folder / "keys",
        actor="test",
    )


def drop_database(cluster: Cluster, settings: Settings) -> None:
    """Drop what copy_database made."""
    name = str(settings.database_url).split("@/")[1].split("?")[0]
    with _superuser(cluster).connect() as conn:
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _superuser(cluster: Cluster) -> Engine:
    return create_engine(cluster.url(SUPERUSER, "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
