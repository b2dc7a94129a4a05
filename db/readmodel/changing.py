"""What has changed in the record since a model was read: matters by transaction, and what calls for a new build.

PostgreSQL numbers transactions as they begin, and they end in any order. So a model keeps the *snapshot* that it was
read in, and what changed since is what was written by transactions that were not visible in it: nothing can be missed.
"""

from sqlalchemy import Connection, text

SNAPSHOT = text("SELECT pg_current_snapshot()::text")
RECORD = text("""
    SELECT (SELECT system_identifier FROM pg_control_system())::text || '-' || oid
    FROM pg_database WHERE datname = current_database()""")
# Names, stations and holdings of every place: all that spots are made of.
PLACES = text("""
    SELECT md5(concat_ws('|',
        (SELECT string_agg(concat_ws(',', id, level, code, name, parent_id), ';' ORDER BY id) FROM area),
        (SELECT string_agg(concat_ws(',', id, code, name), ';' ORDER BY id) FROM unit),
        (SELECT string_agg(concat_ws(',', id, code, name, station_id), ';' ORDER BY id) FROM beat),
        (SELECT string_agg(concat_ws(',', id, code, name, community_id), ';' ORDER BY id) FROM cell),
        (SELECT string_agg(concat_ws(',', id, cell_id, beat_id, valid), ';' ORDER BY id) FROM beat_cell)))""")
CHANGED = text("""
    SELECT DISTINCT unnest(c.matters) FROM matter_change c
    WHERE c.xact >= pg_snapshot_xmin(CAST(:snapshot AS pg_snapshot))::text::bigint
      AND NOT pg_visible_in_snapshot(c.xact::text::xid8, CAST(:snapshot AS pg_snapshot)) AND c.matters IS NOT NULL""")
ANY_CHANGED = text("""
    SELECT EXISTS (SELECT FROM matter_change c
    WHERE c.xact >= pg_snapshot_xmin(CAST(:snapshot AS pg_snapshot))::text::bigint
      AND NOT pg_visible_in_snapshot(c.xact::text::xid8, CAST(:snapshot AS pg_snapshot)) AND c.matters IS NOT NULL)""")
MISSED = text("""
    SELECT EXISTS (SELECT FROM matter_change c WHERE c.matters IS NULL
        AND c.xact > pg_snapshot_xmin(CAST(:snapshot AS pg_snapshot))::text::bigint)""")
# Other machines may keep a model of the same record: they have two days to take up a change.
PRUNE = text("""
    WITH gone AS (
        DELETE FROM matter_change c WHERE c.at < now() - interval '2 days'
           AND c.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        RETURNING c.xact + (c.matters IS NOT NULL)::int AS bound)
    INSERT INTO matter_change (xact, matters) SELECT max(bound), NULL FROM gone HAVING count(*) > 0""")


def snapshot(conn: Connection) -> str:
    """PostgreSQL's snapshot: which transactions are visible."""
    return str(conn.execute(SNAPSHOT).scalar_one())


def record_stamp(conn: Connection) -> str:
    """Which database this is: a model of another one is of no use."""
    return str(conn.execute(RECORD).scalar_one())


def places_stamp(conn: Connection) -> str:
    """Changes with whatever places are called and who holds them."""
    return str(conn.execute(PLACES).scalar_one())


def changed_matters(conn: Connection, since: str) -> list[int]:
    """Matters (ids) changed by transactions that were not visible in the snapshot `since`; some may be gone by now."""
    return list(conn.execute(CHANGED, {"snapshot": since}).scalars())


def has_changed(conn: Connection, since: str) -> bool:
    """Whether there are any."""
    return bool(conn.execute(ANY_CHANGED, {"snapshot": since}).scalar_one())


def has_missed(conn: Connection, since: str) -> bool:
    """Whether notes of such changes have been removed, so that only a new build finds them."""
    return bool(conn.execute(MISSED, {"snapshot": since}).scalar_one())


def prune(conn: Connection) -> None:
    """Remove old notes of changes, leaving a mark of how far they were removed."""
    conn.execute(PRUNE)
