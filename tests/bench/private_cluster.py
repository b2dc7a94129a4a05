"""A private PostGIS for one measurement."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.cluster import Cluster
from db.ready import create_database

DATABASE = "bench"


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A running cluster with an empty database DATABASE; it and its folder are gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="beatgrid-bench-"))
    home.chmod(0o755)
    cluster = Cluster(home)
    try:
        cluster.start()
        create_database(cluster, DATABASE)
        yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(home, ignore_errors=True)
