"""A private PostGIS for one measurement, with a migrated, empty record that SQL then fills."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from db.cluster import APP, OWNER, SUPERUSER, Cluster
from db.migrate import upgrade
from db.ready import create_database


@contextmanager
def private_record(fill: Callable[[Connection], None]) -> Iterator[tuple[Engine, Path]]:
    """An engine of the application on a record that `fill` has filled, and its folder; both are gone afterwards.

    fill: gets a superuser's connection that commits each statement and checks no rule of the rows.
    """
    home = Path(tempfile.mkdtemp(prefix="beatgrid-bench-"))
    home.chmod(0o755)
    cluster = Cluster(home)
    try:
        cluster.start()
        create_database(cluster, "bench")
        upgrade(create_engine(cluster.url(OWNER, "bench"), poolclass=NullPool))
        superuser = create_engine(cluster.url(SUPERUSER, "bench"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with superuser.connect() as conn:
            # What is made here keeps the rules; checking them row by row would take minutes.
            conn.execute(text("SET session_replication_role = replica"))
            fill(conn)
        engine = create_engine(cluster.url(APP, "bench"))
        yield engine, home
        engine.dispose()
    finally:
        cluster.destroy()
        shutil.rmtree(home, ignore_errors=True)
