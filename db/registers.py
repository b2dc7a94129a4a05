"""Registers that beat work fills 一标三实, small venues, firms: counts by cell and day, and households of cells."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, stage
from db.outcome import Outcome

Row = dict[str, Any]
STAGED = {"line": "bigint", "cell": "text", "kind": "text", "day": "date", "count": "bigint"}
COUNTS = ("households", "residents")


def write_registers(conn: Connection, rows: pd.DataFrame) -> Outcome:
    """Insert or update how much of a kind a cell held on a day.

    rows: index line; cell (code of a live cell), kind (db.tables.work.REGISTERS), day (date), count; each of the three
    first together once.
    """
    outcome = Outcome()
    frame = rows.assign(line=rows.index, day=[day.isoformat() for day in rows["day"]])
    stage(conn, "counted", STAGED, frame)
    found = frame_of(conn, FOUND).set_index("line")
    for line, cell in frame.loc[~frame["line"].isin(found.index), "cell"].items():
        outcome.reject(int(str(line)), f"cell {cell!r} is not known: load cells first or correct the code")
    conn.execute(UPSERT)
    known = found["before"].notna()
    same = known & (found["before"] == found["count"])
    outcome.label(found.index[~known], "inserted")
    outcome.label(found.index[same], "unchanged")
    outcome.label(found.index[known & ~same], "updated")
    return outcome


def write_households(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Update live cells. Rows: line, cell (code), households, residents (None: as it was)."""
    outcome = Outcome()
    known = {row["code"]: dict(row) for row in conn.execute(CELLS).mappings()}
    for row in rows:
        cell = known.get(row["cell"])
        if cell is None:
            outcome.reject(row["line"], f"cell {row['cell']!r} is not known: load cells first or correct the code")
            continue
        told = {name: row[name] for name in COUNTS if row.get(name) is not None}
        if all(cell[name] == value for name, value in told.items()):
            outcome.labels[row["line"]] = "unchanged"
            continue
        cell |= told
        conn.execute(SET_CELL, {"code": row["cell"], **{name: cell[name] for name in COUNTS}})
        outcome.labels[row["line"]] = "updated"
    return outcome


def register_counts(conn: Connection, place: str | None = None, day: date | None = None) -> pd.DataFrame:
    """What the registers of a place ("KIND:CODE" as in db.teams, or None: all) hold on a day (default: today).

    Columns: kind, count (the newest count of each of its cells, summed), cells (how many of them have one), newest,
    oldest (days of those counts).
    """
    kind, _, code = (place or "all:").partition(":")
    return frame_of(conn, COUNTED, kind=kind, code=code, day=day)


FOUND = text("""
    SELECT n.line, n.count, r.count AS before FROM counted n
    JOIN cell c ON c.code = n.cell AND upper_inf(c.valid)
    LEFT JOIN register_count r ON r.cell_id = c.id AND r.kind = n.kind AND r.day = n.day""")
UPSERT = text("""
    INSERT INTO register_count (cell_id, kind, day, count)
    SELECT c.id, n.kind, n.day, n.count FROM counted n JOIN cell c ON c.code = n.cell AND upper_inf(c.valid)
    ON CONFLICT (cell_id, kind, day) DO UPDATE SET count = excluded.count
    WHERE register_count.count <> excluded.count""")
CELLS = text("SELECT code, households, residents FROM cell WHERE upper_inf(valid)")
SET_CELL = text("""
    UPDATE cell SET households = :households, residents = :residents WHERE code = :code AND upper_inf(valid)""")
COUNTED = text("""
    WITH newest AS (
        SELECT DISTINCT ON (r.cell_id, r.kind) r.cell_id, r.kind, r.count, r.day
        FROM register_count r WHERE r.day <= coalesce(CAST(:day AS date), current_date)
        ORDER BY r.cell_id, r.kind, r.day DESC)
    SELECT n.kind, sum(n.count)::bigint AS count, count(*) AS cells, max(n.day) AS newest, min(n.day) AS oldest
    FROM newest n JOIN cell c ON c.id = n.cell_id AND upper_inf(c.valid)
    LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> now()
    LEFT JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
    LEFT JOIN area community ON community.id = c.community_id
    LEFT JOIN area street ON street.id = community.parent_id AND street.level = 'street'
    LEFT JOIN area district ON district.id = coalesce(street.parent_id, community.parent_id)
    WHERE CASE CAST(:kind AS text)
        WHEN 'all' THEN true WHEN 'cell' THEN c.code = :code WHEN 'beat' THEN b.code = :code
        WHEN 'station' THEN u.code = :code WHEN 'community' THEN community.code = :code
        WHEN 'street' THEN street.code = :code WHEN 'district' THEN district.code = :code END
    GROUP BY n.kind ORDER BY n.kind""")
