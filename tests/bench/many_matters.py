"""A record with very many made-up matters, written by SQL alone, and the same as Parquet for DuckDB."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from db.cluster import APP, OWNER, SUPERUSER, Cluster
from db.migrate import upgrade
from db.readmodel import Model
from db.ready import create_database
from grids.levels import LEVELS

CITY = """
INSERT INTO area (level, code, name, geom)
    SELECT 'district', 'K', 'K', ST_Multi(ST_MakeEnvelope(120, 36, 121, 37, 4326));
INSERT INTO area (level, code, name, parent_id, geom)
    SELECT 'street', 'T' || n, 'T' || n, 1, ST_Multi(ST_MakeEnvelope(120, 36, 121, 37, 4326))
    FROM generate_series(1, 12) n;
INSERT INTO area (level, code, name, parent_id, geom)
    SELECT 'community', 'C' || n, 'C' || n, s.id, ST_Multi(ST_MakeEnvelope(120, 36, 121, 37, 4326))
    FROM generate_series(1, 137) n JOIN area s ON s.code = 'T' || (1 + n % 12);
INSERT INTO unit (code, name, level, kind) SELECT 'S' || n, 'S' || n, 'street', 'station' FROM generate_series(1, 12) n;
INSERT INTO beat (code, name, station_id)
    SELECT 'B' || n, 'B' || n, u.id FROM generate_series(1, 158) n JOIN unit u ON u.code = 'S' || (1 + n % 12);
INSERT INTO cell (code, name, community_id, geom)
    SELECT 'G' || n, 'G' || n, a.id, ST_Multi(ST_MakeEnvelope(120, 36, 121, 37, 4326))
    FROM generate_series(1, 1250) n JOIN area a ON a.code = 'C' || (1 + n % 137);
INSERT INTO beat_cell (cell_id, beat_id, valid)
    SELECT c.id, 1 + c.id % 158, tstzrange(NULL, '2021-01-01Z') FROM cell c;
INSERT INTO beat_cell (cell_id, beat_id, valid)
    SELECT c.id, 1 + (c.id + (c.id % 7 = 0)::int) % 158, tstzrange('2021-01-01Z', NULL) FROM cell c;
INSERT INTO category (code, name, group_name, containable)
    SELECT 'k' || n, 'k' || n, 'g' || n % 8, n % 4 > 0 FROM generate_series(1, 63) n;
INSERT INTO channel VALUES ('110', '110', '110'), ('12345', '12345', '12345'), ('patrol', '巡逻', 'patrol')
    ON CONFLICT DO NOTHING"""

MATTERS = """
INSERT INTO matter (channel, category_id, opened_at, cell_id, severity_initial, severity, severity_at, severity_now,
                    reached_cell, reached_beat, reached_community, reached_street, reached_district, lead_level)
SELECT (ARRAY['110', '12345', 'patrol'])[1 + (random() * 2)::int], 1 + (random() * 62)::int, at,
    CASE WHEN random() < 0.97 THEN 1 + (random() * 1249)::int END, 1, g, at + interval '1 day' * (n % 3), g, at,
    CASE WHEN r < 0.5 THEN at + interval '3 hours' END, CASE WHEN r < 0.2 THEN at + interval '9 hours' END,
    CASE WHEN r < 0.1 THEN at + interval '30 hours' END, CASE WHEN r < 0.03 THEN at + interval '70 hours' END, 'cell'
FROM (SELECT n, random() AS r, 1 + (random() * 2)::int AS g,
        timestamptz '2016-01-01Z' + interval '1 second' * (random() * 3650 * 86400)::int AS at
      FROM generate_series(1, :count) n) made"""

CLOSURES = """
INSERT INTO closure (matter_id, closed_at, reopened_at)
SELECT id, opened_at + interval '1 second' * (3600 + id * 7919 % 900000),
    CASE WHEN id % 20 = 0 THEN opened_at + interval '1 second' * (1000000 + id % 1000) END
FROM matter WHERE id % 10 <> 3"""
AGAIN = """
INSERT INTO closure (matter_id, closed_at)
SELECT id, opened_at + interval '1 second' * 2000000 FROM matter WHERE id % 40 = 0"""


@contextmanager
def many_matters(count: int) -> Iterator[tuple[Engine, Path]]:
    """An engine of the application on a private PostGIS with so many matters over ten years, and a folder."""
    home = Path(tempfile.mkdtemp(prefix="beatgrid-bench-"))
    home.chmod(0o755)
    cluster = Cluster(home)
    try:
        cluster.start()
        create_database(cluster, "bench")
        upgrade(create_engine(cluster.url(OWNER, "bench"), poolclass=NullPool))
        _fill(create_engine(cluster.url(SUPERUSER, "bench"), isolation_level="AUTOCOMMIT", poolclass=NullPool), count)
        engine = create_engine(cluster.url(APP, "bench"))
        yield engine, home
        engine.dispose()
    finally:
        cluster.destroy()
        shutil.rmtree(home, ignore_errors=True)


def _fill(engine: Engine, count: int) -> None:
    with engine.connect() as conn:
        # What is made here keeps the rules; checking them row by row would take minutes.
        for statement in ("SET session_replication_role = replica", *CITY.split(";\n"), "SELECT setseed(0.5)"):
            conn.execute(text(statement))
        conn.execute(text(MATTERS), {"count": count})
        for statement in (CLOSURES, AGAIN, "VACUUM ANALYZE matter", "VACUUM ANALYZE closure"):
            conn.execute(text(statement))


def write_parquet(model: Model, folder: Path) -> None:
    """The model's columns as Parquet, with what its codes mean: the same rows for another engine."""
    part = model._parts[0]
    columns = {name: getattr(part, name) for name in ("opened", "spot", "category", "channel", "severity_at")}
    columns |= {"initial": part.grades & 3, "severity": part.grades >> 2, "closed": part.closed}
    columns |= {"reopened": part.reopened, "id": part.id}
    columns |= {f"reached_{level}": part.reached[n] for n, level in enumerate(LEVELS)}
    pq.write_table(pa.table(columns), folder / "matter.parquet")
    more = {"id": part.id[part.more_row], "closed": part.more_closed, "reopened": part.more_reopened}
    pq.write_table(pa.table(more), folder / "more.parquet")
    spots = model.spots.table.reset_index(names="spot")
    pq.write_table(pa.Table.from_pandas(spots), folder / "spots.parquet")
    names = ("id", "code", "name", "group", "containable")
    rows = [dict(zip(names, row, strict=True)) | {"category": n} for n, row in enumerate(model.words.categories)]
    pq.write_table(pa.Table.from_pylist(rows), folder / "categories.parquet")
