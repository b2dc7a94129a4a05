"""A private PostGIS for one measurement, with a migrated, empty record that SQL then fills."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from db.cluster import APP, OWNER, SUPERUSER
from db.migrate import upgrade
from tests.bench.private_cluster import DATABASE, private_cluster


@contextmanager
def private_record(fill: Callable[[Connection], None]) -> Iterator[tuple[Engine, Path]]:
    """An engine of the application on a record that `fill` has filled, and its folder; both are gone afterwards.

    fill: gets a superuser's connection that commits each statement and checks no rule of the rows.
    """
    with private_cluster() as cluster:
        upgrade(create_engine(cluster.url(OWNER, DATABASE), poolclass=NullPool))
        superuser = create_engine(cluster.url(SUPERUSER, DATABASE), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with superuser.connect() as conn:
            # What is made here keeps the rules; checking them row by row would take minutes.
            conn.execute(text("SET session_replication_role = replica"))
            fill(conn)
        engine = create_engine(cluster.url(APP, DATABASE))
        yield engine, cluster.home
        engine.dispose()
