"""Migrations: from nothing to the head, equal to the models, one migrator at a time, never waiting for ever."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from db import migrate
from db.cluster import APP, OWNER, SUPERUSER
from db.migrate import config, head, revision, upgrade
from db.ready import create_database, ready_engine
from db.settings import Settings
from db.tables import Base
from geo.errors import Unavailable
from tests.db.catalogue_of import described, tables

_numbers = itertools.count(1)


@pytest.fixture
def empty(cluster):
    """Name of a database with extensions and roles, and nothing else."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    create_database(cluster, name)
    yield name
    drop(cluster, name)


@pytest.fixture
def bare(cluster, template):
    """Name of a database that another administrator made: no extension, no table."""
    name = f"bare_{os.getpid()}_{next(_numbers)}"
    run(cluster, f"CREATE DATABASE {name} TEMPLATE template0")
    yield name
    drop(cluster, name)


def run(cluster, statement, database="postgres", role=SUPERUSER):
    engine = create_engine(cluster.url(role, database), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as conn:
        return conn.execute(text(statement))


def drop(cluster, name):
    run(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def owner(cluster, name, role=OWNER):
    return create_engine(cluster.url(role, name), poolclass=NullPool)


def external(cluster, name, folder, role=OWNER, **told):
    return Settings(home=folder, database_url=cluster.url(role, name), keys_file=folder / "keys", actor="test", **told)


def test_an_empty_database_is_brought_to_the_head_and_then_left_alone(cluster, empty):
    engine = owner(cluster, empty)
    assert upgrade(engine) is True
    assert upgrade(engine) is False
    with engine.connect() as conn:
        assert revision(conn) == head()
        assert set(tables(conn)) == {*Base.metadata.tables, "alembic_version"}
        assert conn.execute(text("SELECT count(*) FROM channel")).scalar_one() == 11


def test_alembic_finds_nothing_left_to_migrate(settings):
    engine = create_engine(settings.database_url, poolclass=NullPool)
    asked = config()
    with engine.connect() as conn:
        asked.attributes["connection"] = conn
        command.check(asked)


def test_migrated_tables_equal_the_models_in_columns_constraints_and_indexes(cluster, empty, settings):
    models = owner(cluster, empty)
    with models.begin() as conn:
        Base.metadata.create_all(conn)
        by_models = described(conn)
    with create_engine(settings.database_url, poolclass=NullPool).connect() as conn:
        by_migrations = described(conn)
    assert by_migrations - by_models == set()
    assert by_models - by_migrations == set()


def test_of_two_migrators_at_once_one_works_and_the_other_finds_it_done(cluster, empty):
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(upgrade, [owner(cluster, empty), owner(cluster, empty)]))
    assert sorted(done) == [False, True]


def test_a_lock_that_somebody_holds_is_not_waited_for_and_changes_nothing(cluster, empty, monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "200ms")
    engine = owner(cluster, empty)
    with engine.connect() as other:
        other.execute(text("CREATE TABLE city (id integer)"))  # not committed: the name is taken until it ends
        with pytest.raises(Unavailable, match=r"rolled back and can be run again: .*lock timeout"):
            upgrade(engine)
        other.rollback()
        assert tables(other) == []
        other.rollback()
    assert upgrade(engine) is True


def test_a_lock_on_the_version_table_is_not_waited_for_either(cluster, settings, monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "200ms")
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.connect() as other:
        other.execute(text("LOCK TABLE alembic_version"))
        with pytest.raises(Unavailable, match="lock timeout"):
            upgrade(engine)


def test_a_migration_that_breaks_midway_leaves_the_database_empty(cluster, empty):
    engine = owner(cluster, empty)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE step (id integer)"))  # in the way of a table made late
    with pytest.raises(Unavailable, match="already exists"):
        upgrade(engine)
    with engine.connect() as conn:
        assert tables(conn) == ["step"]


def test_a_superuser_gets_extensions_and_application_role_made_on_a_bare_database(cluster, bare):
    engine = owner(cluster, bare, SUPERUSER)
    assert upgrade(engine) is True
    with engine.connect() as conn:
        extensions = set(conn.execute(text("SELECT extname FROM pg_extension")).scalars())
        assert {"postgis", "btree_gist"} <= extensions
        owners = text("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = :app)")
        assert conn.execute(owners, {"app": APP}).scalar_one() == 0
        writes = text("SELECT has_table_privilege(:app, 'spatial_ref_sys', 'INSERT, UPDATE, DELETE')")
        assert conn.execute(writes, {"app": APP}).scalar_one() is False


def test_an_owner_who_is_a_member_already_needs_no_right_to_grant_membership(cluster, bare):
    role = f"plain_owner_{os.getpid()}_{next(_numbers)}"
    run(cluster, f"CREATE ROLE {role} LOGIN")
    try:
        run(cluster, f"GRANT {APP} TO {role}")
        run(cluster, f"ALTER DATABASE {bare} OWNER TO {role}")
        for extension in ("postgis", "btree_gist"):
            run(cluster, f"CREATE EXTENSION {extension}", bare)
        assert upgrade(owner(cluster, bare, role)) is True
    finally:
        run(cluster, f"DROP OWNED BY {role}", bare)
        run(cluster, f"ALTER DATABASE {bare} OWNER TO {SUPERUSER}")
        run(cluster, f"REVOKE {APP} FROM {role}")
        run(cluster, f"DROP ROLE {role}")


def test_a_database_whose_making_was_cut_short_gets_its_extensions_later(cluster, template):
    name = f"cut_{os.getpid()}_{next(_numbers)}"
    run(cluster, f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0")
    try:
        create_database(cluster, name)
        assert upgrade(owner(cluster, name)) is True
    finally:
        drop(cluster, name)


def test_two_processes_may_make_the_same_database_at_once(cluster, template):
    name = f"twice_{os.getpid()}_{next(_numbers)}"
    try:
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda _: create_database(cluster, name), range(2)))
        assert sorted(made) == [False, True]
    finally:
        drop(cluster, name)


def test_an_external_server_with_an_older_schema_is_not_migrated_unasked(settings, monkeypatch):
    monkeypatch.setattr("db.ready.head", lambda: "newer")
    with pytest.raises(Unavailable, match=r"back it up, then run `manage.py db migrate`"):
        ready_engine(settings)


def test_a_schema_newer_than_the_program_is_said_in_a_sentence(settings):
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (lambda: upgrade(engine), lambda: ready_engine(settings)):
        with pytest.raises(Unavailable, match="holds schema 9999, which is newer"):
            attempt()


def test_an_external_server_that_does_not_answer_is_said_in_a_sentence(tmp_path):
    nowhere = Settings(home=tmp_path, database_url="postgresql://me:secret@127.0.0.1:1/db", keys_file=tmp_path / "keys")
    with pytest.raises(Unavailable, match="No PostgreSQL answers at") as caught:
        ready_engine(nowhere)
    assert "secret" not in str(caught.value)


def test_an_external_server_with_one_url_is_used_in_the_application_role(cluster, empty, tmp_path):
    upgrade(owner(cluster, empty))
    engine = ready_engine(external(cluster, empty, tmp_path))
    with engine.connect() as conn:
        assert conn.execute(text("SELECT current_user")).scalar_one() == APP
        assert conn.execute(text("SELECT count(*) FROM channel")).scalar_one() == 0
    engine.dispose()
