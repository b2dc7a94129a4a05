"""Row-level security and rights: the application owns nothing and, until somebody acts, sees and writes nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from db.cluster import APP
from db.engine import begin
from db.record import open_record
from tests.conftest import copy_database, drop_database
from tests.db.catalogue_of import POSTGIS, tables
from tests.two_stations import make_two_stations

OPEN_TO_ALL = {"alembic_version"}  # holds one revision number
FIRST_COLUMN = text("""
    SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 ORDER BY attnum LIMIT 1""")


@pytest.fixture(scope="module")
def filled(cluster, template, tmp_path_factory):
    """A record with at least one row in every table; for reading only."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("filled"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys)
    yield record
    record.engine.dispose()
    drop_database(cluster, settings)


def protected(conn):
    return [name for name in tables(conn) if name not in OPEN_TO_ALL]


def test_without_an_actor_no_row_of_any_table_is_visible(filled):
    with filled.engine.connect() as conn:
        names = protected(conn)
        seen = {name: conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}
    with begin(filled.engine, "test") as conn:
        there = {name: conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}
    assert len(names) >= 38
    assert all(there.values()), "a table without a row proves nothing"
    assert seen == dict.fromkeys(names, 0)


@pytest.mark.parametrize("actor", ["", None])
def test_an_empty_actor_is_nobody(filled, actor):
    with begin(filled.engine, actor) as conn:
        assert conn.execute(text("SELECT count(*) FROM incident")).scalar_one() == 0


def test_the_actor_ends_with_its_transaction(filled):
    with begin(filled.engine, "test") as conn:
        backend = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with filled.engine.connect() as conn:
        assert conn.execute(text("SELECT pg_backend_pid()")).scalar_one() == backend, "the pool gave another session"
        assert conn.execute(text("SELECT count(*) FROM incident")).scalar_one() == 0


def test_without_an_actor_nothing_is_inserted_into_any_table(filled):
    with filled.engine.connect() as conn:
        for name in protected(conn):
            column = conn.execute(FIRST_COLUMN, {"name": name}).scalar_one()
            with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
                conn.execute(text(f"INSERT INTO {name} ({column}) OVERRIDING SYSTEM VALUE VALUES (NULL)"))
            conn.rollback()


def test_without_an_actor_nothing_is_updated_or_deleted_in_any_table(filled):
    with filled.engine.connect() as conn:
        for name in protected(conn):
            column = conn.execute(FIRST_COLUMN, {"name": name}).scalar_one()
            for statement in (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"):
                try:
                    assert conn.execute(text(statement)).rowcount == 0
                except ProgrammingError as error:
                    assert "permission denied" in str(error)  # noqa: PT017 - either answer will do
                conn.rollback()


def test_row_security_is_on_with_a_policy_for_every_table(conn):
    query = text("""
        SELECT c.relname FROM pg_class c
        WHERE c.relname = ANY(:names) AND (NOT c.relrowsecurity
           OR (SELECT array_agg(p.polname::text ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid)
              IS DISTINCT FROM CASE c.relname WHEN 'audit' THEN ARRAY['adds', 'reads']
                  ELSE ARRAY['adds', 'changes', 'reads', 'removes'] END)""")
    assert conn.execute(query, {"names": protected(conn)}).scalars().all() == []


def test_the_application_owns_nothing_and_may_not_bypass(conn):
    owned = text("""
        SELECT (SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relpersistence <> 't'),
            (SELECT count(*) FROM pg_proc WHERE proowner = r.oid),
            (SELECT count(*) FROM pg_namespace n WHERE nspowner = r.oid AND nspname NOT LIKE 'pg_%'),
            r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb
        FROM pg_roles r WHERE rolname = :app""")
    assert tuple(conn.execute(owned, {"app": APP}).one()) == (0, 0, 0, False, False, False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE incident DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reads ON incident",
        "ALTER TABLE step DISABLE TRIGGER ALL",
        "DROP TRIGGER steps_are_only_added ON step",
        "DROP FUNCTION steps_are_only_added() CASCADE",
        "ALTER TABLE beat_cell DROP CONSTRAINT ex_beat_cell_one_beat",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id integer)",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE beatgrid_owner",
        "UPDATE alembic_version SET version_num = ''",
        "INSERT INTO role_right VALUES ('wall', 'unmask')",
        "UPDATE role_right SET holds = 'unmask' WHERE role = 'wall'",
        "CREATE OR REPLACE FUNCTION may(wanted text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "DROP TRIGGER audit_is_only_added ON audit",
        "INSERT INTO spatial_ref_sys (srid) VALUES (999999)",
    ],
)
def test_the_application_cannot_loosen_its_bonds(conn, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner|permission denied to set"):
        conn.execute(text(statement))


@pytest.mark.parametrize(
    "name", ["incident", "incident_personal", "source_key", "step", "load_run", "rejected_row", "cell"]
)
def test_the_application_deletes_no_record(filled, name):
    with begin(filled.engine, "test") as conn, pytest.raises(ProgrammingError, match="permission denied"):
        conn.execute(text(f"DELETE FROM {name}"))


def test_nobody_but_the_owner_and_the_application_has_rights_on_the_tables(conn):
    query = text("""
        SELECT table_name, grantee FROM information_schema.role_table_grants
        WHERE table_schema = 'public' AND grantee NOT IN ('beatgrid_app', 'beatgrid_owner', 'postgres')
          AND table_name <> ALL(:postgis)""")
    assert conn.execute(query, {"postgis": list(POSTGIS)}).all() == []
