"""The peers of points → cells: each makes ready what it likes beforehand, then answers with pairs of point and cell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import create_engine

from db.cluster import OWNER
from tests.bench.private_cluster import DATABASE, private_cluster

Points = tuple[np.ndarray, np.ndarray]
# Called once to make tables ready (not measured); what comes back is measured: it answers (point numbers, cells).
Join = Callable[[], tuple[np.ndarray, np.ndarray]]
Peer = Callable[[np.ndarray, Points], "contextmanager[Join]"]


@contextmanager
def geopandas_join(cells: np.ndarray, points: Points) -> Iterator[Join]:
    """sjoin of two GeoDataFrames."""
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points), crs=4326)
    right = gpd.GeoDataFrame({"cell": np.arange(len(cells))}, geometry=cells, crs=4326)

    def run() -> tuple[np.ndarray, np.ndarray]:
        found = gpd.sjoin(left, right, predicate="intersects")
        return found.index.to_numpy(), found["cell"].to_numpy()

    yield run


@contextmanager
def duckdb_join(cells: np.ndarray, points: Points) -> Iterator[Join]:
    """DuckDB's spatial join of two of its own tables."""
    import duckdb
    import duckdb_extension_spatial

    file = next(Path(duckdb_extension_spatial.__path__[0]).rglob("spatial.duckdb_extension"))
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    connection.execute(f"LOAD '{file}'")
    frame = _points_frame(points)
    outlines = pd.DataFrame({"cell": np.arange(len(cells)), "wkb": shapely.to_wkb(cells)})
    connection.register("point_frame", frame)
    connection.register("cell_frame", outlines)
    connection.execute("CREATE TABLE points AS SELECT id, ST_Point(x, y) AS g FROM point_frame")
    connection.execute("CREATE TABLE cells AS SELECT cell, ST_GeomFromWKB(wkb) AS g FROM cell_frame")
    query = "SELECT p.id, c.cell FROM points p JOIN cells c ON ST_Intersects(c.g, p.g)"

    def run() -> tuple[np.ndarray, np.ndarray]:
        found = connection.execute(query).fetchnumpy()
        return np.asarray(found["id"]), np.asarray(found["cell"])

    yield run
    connection.close()


@contextmanager
def sedona_join(cells: np.ndarray, points: Points) -> Iterator[Join]:
    """SedonaDB's spatial join of two tables that it holds in memory."""
    import sedonadb

    connection = sedonadb.connect()
    outlines = pd.DataFrame({"cell": np.arange(len(cells)), "wkb": shapely.to_wkb(cells)})
    connection.create_data_frame(_points_frame(points)).to_view("point_frame")
    connection.create_data_frame(outlines).to_view("cell_frame")
    connection.sql("SELECT id, ST_Point(x, y) AS g FROM point_frame").to_memtable().to_view("points")
    connection.sql("SELECT cell, ST_GeomFromWKB(wkb) AS g FROM cell_frame").to_memtable().to_view("cells")
    query = "SELECT p.id, c.cell FROM points p JOIN cells c ON ST_Intersects(c.g, p.g)"

    def run() -> tuple[np.ndarray, np.ndarray]:
        found = connection.sql(query).to_arrow_table()
        return found["id"].to_numpy(), found["cell"].to_numpy()

    yield run


@contextmanager
def postgis_join(cells: np.ndarray, points: Points) -> Iterator[Join]:
    """PostGIS: both tables with geometry, the cells with a GiST index, the result into a third table."""
    with _postgis() as raw:
        ask = raw.cursor()
        ask.execute("CREATE UNLOGGED TABLE points (id int, g geometry(Point, 4326))")
        ask.execute("CREATE UNLOGGED TABLE cells (cell int, g geometry(Polygon, 4326))")
        _copy(
            ask, "points", shapely.to_wkb(shapely.set_srid(shapely.points(*points), 4326), hex=True, include_srid=True)
        )
        _copy(ask, "cells", shapely.to_wkb(shapely.set_srid(cells, 4326), hex=True, include_srid=True))
        ask.execute("CREATE INDEX ON cells USING gist (g)")
        raw.commit()
        raw.autocommit = True
        ask.execute("VACUUM ANALYZE points")
        ask.execute("VACUUM ANALYZE cells")
        join = "SELECT p.id, c.cell FROM points p JOIN cells c ON ST_Intersects(c.g, p.g)"

        def run() -> tuple[np.ndarray, np.ndarray]:
            ask.execute("DROP TABLE IF EXISTS found")
            ask.execute(f"CREATE UNLOGGED TABLE found AS {join}")
            ask.execute("SELECT id, cell FROM found")
            found = np.array(ask.fetchall(), dtype=np.int64).reshape(-1, 2)
            return found[:, 0], found[:, 1]

        yield run


@contextmanager
def _postgis() -> Iterator[object]:
    """A raw connection to a private PostGIS that is gone afterwards."""
    with private_cluster() as cluster:
        engine = create_engine(cluster.url(OWNER, DATABASE))
        raw = engine.raw_connection()
        yield raw.driver_connection
        raw.close()
        engine.dispose()


def _copy(cursor: object, table: str, geometries: np.ndarray) -> None:
    lines = "".join(f"{number}\t{wkb}\n" for number, wkb in enumerate(geometries))
    cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(lines))


def _points_frame(points: Points) -> pd.DataFrame:
    return pd.DataFrame({"id": np.arange(len(points[0])), "x": points[0], "y": points[1]})
