"""Visits 走访: entered one by one or in bulk by people at work, listed and summed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, stage
from db.keys import Keys
from db.loads import hold_load_lock, mark_changed
from db.outcome import Outcome
from db.tables.work import VISIT_KINDS
from db.visit_writing import COLUMNS, placed, write_visits
from geo.errors import Denied, InputError, NotFound
from grids.rights import Who

__all__ = ["COLUMNS", "add_visit", "add_visits", "visit_totals", "visits", "write_visits"]

OWN_SOURCE = "beatgrid"
PLACE = text("SELECT everywhere() OR :cell = ANY (scope_cells())")


def add_visit(conn: Connection, keys: Keys, who: Who, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Record one visit; see add_visits. Raises InputError with every reason when it cannot be taken."""
    (result,) = add_visits(conn, keys, who, [fields])
    if result["status"] == "rejected":
        raise InputError(f"The visit cannot be recorded: {'; '.join(result['reasons'])}.")
    return result


def add_visits(conn: Connection, keys: Keys, who: Who, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Record visits of COLUMNS and say of each {index, status, source, source_no, cell, reasons}.

    Needed: kind; at (default now) and officer (default the one behind `who`). Without source and number it gets one of
    its own; give both, and at, to be able to send it again. status: inserted, updated, unchanged or rejected. Raises
    Denied without the right to work, and for a cell outside the places of `who`, before anything is written.
    """
    who.demand("work")
    now = datetime.now(UTC)
    told = [{"officer": who.officer, "at": now, "source": OWN_SOURCE, **item} for item in items]
    numbered = [row | {"source_no": row.get("source_no") or uuid4().hex[:20]} for row in told]
    frame = pd.DataFrame(numbered).reindex(columns=list(COLUMNS))
    bad = [(at, why) for at, row in enumerate(numbered) for why in _objections(row)]
    for name in ("lon", "lat", "minutes", "count", "records"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    good = frame.drop(index=list({at for at, _ in bad}))
    good = good.assign(at=pd.to_datetime(good["at"], utc=True))
    hold_load_lock(conn, "visits")
    _within(conn, who, good)
    outcome = write_visits(conn, good, keys) if len(good) else Outcome()
    for at, why in bad:
        outcome.reject(at, why)
    if outcome.count("inserted") or outcome.count("updated"):
        mark_changed(conn)
    cells = _cells_now(conn, good)
    return [
        {"index": at, "status": outcome.labels.get(at, "rejected"), "source": row["source"],
         "source_no": row["source_no"], "cell": cells.get((row["source"], row["source_no"])),
         "reasons": outcome.rejects.get(at, [])}
        for at, row in enumerate(numbered)
    ]  # fmt: skip


def _within(conn: Connection, who: Who, rows: pd.DataFrame) -> None:
    """Raise Denied for a visit to a cell outside the places of `who`, whose own rows are all that they may write."""
    if rows.empty:
        return
    for cell in placed(conn, rows).dropna().unique().tolist():
        if not conn.execute(PLACE, {"cell": int(cell)}).scalar_one():
            raise Denied(f"{who.name} may not record visits outside their own places: correct the cell or the point.")


def _objections(row: Mapping[str, Any]) -> list[str]:
    told = []
    if not row.get("officer"):
        told.append("officer is missing: name who made the visit")
    if row.get("kind") not in VISIT_KINDS:
        told.append(f"kind {row.get('kind')!r} is none of {', '.join(VISIT_KINDS)}")
    if not isinstance(row["at"], datetime) or row["at"].utcoffset() is None:
        told.append("at is no time with a time zone")
    for name, least in (("count", 1), ("records", 0), ("minutes", 0)):
        value = row.get(name)
        if value is not None and not (isinstance(value, int | float) and value >= least):
            told.append(f"{name} {value!r} is not a number from {least} up")
    return told


def _cells_now(conn: Connection, rows: pd.DataFrame) -> dict[tuple[str, str], str | None]:
    if rows.empty:
        return {}
    stage(conn, "asked", {"source": "text", "source_no": "text"}, rows)
    return {(row.source, row.source_no): row.code for row in conn.execute(CELLS)}


def visits(
    conn: Connection, start: datetime, end: datetime, place: str | None = None, officer: str | None = None,
    limit: int = 200,
) -> pd.DataFrame:  # fmt: skip
    """Visits of a time, newest first, that the actor may see: source, source_no, at, officer, cell, cell_name, kind,
    count, records, minutes, address. place: cell:CODE, beat:CODE or station:CODE. Raises NotFound for another kind."""
    kind, _, code = (place or "all:").partition(":")
    if kind not in ("all", "cell", "beat", "station"):
        raise NotFound(f"Visits are listed by cell, beat or station, not by {kind!r}.")
    return frame_of(conn, LISTED, start=start, end=end, kind=kind, code=code, officer=officer, limit=limit)


def visit_totals(conn: Connection, start: datetime, end: datetime) -> pd.DataFrame:
    """Visits of a time by officer: officer, visits, records, minutes (recorded), days (with a visit)."""
    return frame_of(conn, TOTALS, start=start, end=end)


CELLS = text("""
    SELECT v.source, v.source_no, c.code FROM asked a JOIN visit v USING (source, source_no)
    LEFT JOIN cell c ON c.id = v.cell_id""")
LISTED = text("""
    SELECT v.source, v.source_no, v.at, o.code AS officer, c.code AS cell, c.name AS cell_name, v.kind, v.count,
           v.records, v.minutes, v.address
    FROM visit v JOIN officer o ON o.id = v.officer_id LEFT JOIN cell c ON c.id = v.cell_id
    LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> v.at
    LEFT JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
    WHERE v.at >= :start AND v.at < :end AND (CAST(:officer AS text) IS NULL OR o.code = :officer)
      AND CASE CAST(:kind AS text) WHEN 'all' THEN true WHEN 'cell' THEN c.code = :code
          WHEN 'beat' THEN b.code = :code ELSE u.code = :code END
    ORDER BY v.at DESC, v.id DESC LIMIT :limit""")
TOTALS = text("""
    SELECT o.code AS officer, sum(v.count)::bigint AS visits, sum(v.records)::bigint AS records,
           coalesce(sum(v.minutes), 0)::float8 AS minutes, count(DISTINCT v.at::date) AS days
    FROM visit v JOIN officer o ON o.id = v.officer_id WHERE v.at >= :start AND v.at < :end
    GROUP BY o.code ORDER BY visits DESC, o.code""")
