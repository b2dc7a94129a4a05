"""One database for most tests of the record: each runs in a transaction that is rolled back."""

import pytest
from sqlalchemy import text

from db.engine import act_as
from db.record import open_record
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.db import random_city
from tests.db.planned_town import make_planned_town


@pytest.fixture(scope="session")
def shared(cluster, template, tmp_path_factory):
    """An open record that stays empty, because what stands on it is rolled back."""
    made = copy_database(cluster, template, tmp_path_factory.mktemp("shared"))
    record = open_record(made)
    yield record
    record.engine.dispose()
    drop_database(cluster, made)


@pytest.fixture
def conn(shared):
    """A transaction of the application role on an empty record, rolled back after the test."""
    with shared.engine.connect() as connection:
        act_as(connection, operator("test"))
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def built(cluster, template, tmp_path_factory):
    """One transaction with a random city for the whole module, in a database that no other test waits for."""
    told = copy_database(cluster, template, tmp_path_factory.mktemp("built"))
    record = open_record(told)
    with record.engine.connect() as connection:
        act_as(connection, operator("test"))
        random_city.build(connection, record.keys, 1)
        yield connection
        connection.rollback()
    record.engine.dispose()
    drop_database(cluster, told)


@pytest.fixture
def city(built):
    """That city; what a test does to it is undone."""
    before = built.begin_nested()
    yield built
    before.rollback()
    act_as(built, operator("test"))


@pytest.fixture
def keys(shared):
    """The keys of `conn`'s record."""
    return shared.keys


@pytest.fixture
def town(conn, keys):
    """The planned town, rolled back afterwards; a file about something else has a town of its own."""
    make_planned_town(conn, keys)
    return conn


@pytest.fixture
def commit(conn):
    """Call it to have checked now what PostgreSQL checks at a commit."""

    def check():
        conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        conn.execute(text("SET CONSTRAINTS ALL DEFERRED"))

    return check
