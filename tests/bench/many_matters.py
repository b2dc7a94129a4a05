"""A record with very many made-up matters and all that happens to them, written by SQL, and the same as Parquet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, text

from db.readmodel import Model, whole
from db.readmodel.columns import EVENTS
from db.readmodel.words import CATEGORY
from tests.bench.private_record import private_record

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
    SELECT 'G' || n, 'G' || n, a.id, ST_Multi(ST_MakeEnvelope(
        120 + (n - 1) % 50 * 0.02, 36 + (n - 1) / 50 * 0.04,
        120.02 + (n - 1) % 50 * 0.02, 36.04 + (n - 1) / 50 * 0.04, 4326))
    FROM generate_series(1, 1250) n JOIN area a ON a.code = 'C' || (1 + n % 137);
INSERT INTO beat_cell (cell_id, beat_id, valid)
    SELECT c.id, 1 + c.id % 158, tstzrange(NULL, '2021-01-01Z') FROM cell c;
INSERT INTO beat_cell (cell_id, beat_id, valid)
    SELECT c.id, 1 + (c.id + (c.id % 7 = 0)::int) % 158, tstzrange('2021-01-01Z', NULL) FROM cell c;
INSERT INTO category (code, name, group_name, containable)
    SELECT 'k' || n, 'k' || n, 'g' || n % 8, n % 4 > 0 FROM generate_series(1, 63) n;
INSERT INTO officer (code, kind, personal, content_hash)
    SELECT 'P' || n, 'police', '', '' FROM generate_series(1, 900) n;
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
# One report opens each matter; every tenth matter has a second one, before or after its settling.
REPORTS = """
INSERT INTO incident (channel, source_no, reported_at, category_id, matter_id, cell_then, cell_now, placed_by,
                      content_hash, run_id, geom, building)
SELECT m.channel, n || '-' || m.id, m.opened_at + interval '1 second' * (n * (m.id % 400000)), m.category_id, m.id,
    m.cell_id, m.cell_id, CASE WHEN m.cell_id IS NULL THEN 'none' ELSE 'point' END, '', 1,
    CASE WHEN m.cell_id IS NOT NULL THEN
        ST_SetSRID(ST_MakePoint(120 + (m.id % 997) / 997.0, 36 + (m.id % 991) / 991.0), 4326) END,
    CASE WHEN m.id % 3 = 0 THEN 'door ' || m.id % 60000 END
FROM matter m, generate_series(0, 1) n WHERE n = 0 OR m.id % 10 = 0"""
OPENERS = """
UPDATE matter m SET incident_id = i.id, recorded_minutes = CASE WHEN m.id % 6 = 0 THEN m.id % 90 END
FROM incident i WHERE i.matter_id = m.id AND i.reported_at = m.opened_at AND i.source_no = '0-' || m.id"""
# Taken, handled by one or two, half of them mediated, one in eight diverted, settled, one in four revisited.
STEPS = """
INSERT INTO step (matter_id, incident_id, no, at, kind, level, officer_id, role, minutes, detail, content_hash)
SELECT m.id, m.incident_id, told.no, m.opened_at + interval '1 second' * (told.no * (60 + m.id % 7000)),
    told.kind, 'cell', 1 + (m.id * 31 + told.no) % 900, told.role,
    CASE WHEN m.id % 6 = 0 THEN (m.id % 90) / 2.0 END, told.detail, ''
FROM matter m CROSS JOIN LATERAL (VALUES
    (1, 'take_lead', 'lead', CAST(NULL AS jsonb), true), (2, 'assist', 'assist', NULL, m.id % 3 = 0),
    (3, 'mediate', 'mediate', NULL, m.id % 2 = 0), (4, 'divert', NULL, NULL, m.id % 8 = 5),
    (5, 'settle', 'lead', NULL, m.id % 10 <> 3),
    (6, 'revisit', NULL, jsonb_build_object('kept', m.id % 16 <> 0), m.id % 4 = 0)
    ) AS told (no, kind, role, detail, there)
WHERE told.there"""
DIVERSIONS = """
INSERT INTO diversion (matter_id, sent_at, step_no, from_unit_id, to_unit_id, accepted_at, bounced_at)
SELECT s.matter_id, s.at, s.no, 1 + s.matter_id % 12, 1 + s.matter_id % 11,
    CASE WHEN s.matter_id % 5 > 0 THEN s.at + interval '2 hours' END,
    CASE WHEN s.matter_id % 5 = 0 THEN s.at + interval '3 hours' END
FROM step s WHERE s.kind = 'divert'"""
WHATEVER_ELSE = (
    "INSERT INTO load_run (kind, path, fingerprint, profile, actor) VALUES ('incidents', '', '', 'beatgrid', 'bench')",
    REPORTS, OPENERS, STEPS, DIVERSIONS,
)  # fmt: skip
FILLED = ("matter", "closure", "incident", "step", "diversion")


@contextmanager
def many_matters(count: int) -> Iterator[tuple[Engine, Path]]:
    """An engine of the application on a private PostGIS with so many matters over ten years, and a folder."""
    with private_record(lambda conn: _fill(conn, count)) as made:
        yield made


def _fill(conn: Connection, count: int) -> None:
    for statement in (*CITY.split(";\n"), "SELECT setseed(0.5)"):
        conn.execute(text(statement))
    conn.execute(text(MATTERS), {"count": count})
    for statement in (CLOSURES, AGAIN, *WHATEVER_ELSE, *(f"VACUUM ANALYZE {table}" for table in FILLED)):
        conn.execute(text(statement))


def write_parquet(model: Model, folder: Path) -> None:
    """The model's tables as Parquet, with what their codes mean: the same rows for another engine.

    matter has its row as `row`, a column for each level reached, and one for each grade.
    """
    view = whole(model)
    for table in ("matter", *EVENTS):
        columns = dict(view.rows(table).columns)
        if table == "matter":
            grades = columns.pop("grades")
            columns |= {"initial": grades & 3, "severity": (grades >> 2) & 3, "row": np.arange(len(grades))}
        pq.write_table(pa.table(columns), folder / f"{table}.parquet")
    part = model._parts[0]
    more = {"id": part.id[part.more_row], "closed": part.more_closed, "reopened": part.more_reopened}
    pq.write_table(pa.table(more), folder / "more.parquet")
    spots = model.spots.table.reset_index(names="spot")
    pq.write_table(pa.Table.from_pandas(spots), folder / "spots.parquet")
    rows = [dict(zip(CATEGORY, row, strict=True)) | {"category": n} for n, row in enumerate(model.words.categories)]
    pq.write_table(pa.Table.from_pylist(rows), folder / "categories.parquet")
