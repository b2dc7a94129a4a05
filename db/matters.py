"""Matters: their state, always recomputed from their handling steps in the transaction that adds some."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, run_sql, stage
from db.calendar import calendar
from db.ledgers import stage_ledgers
from db.matter_locks import hold_matters
from grids.casework import summarise
from grids.deadlines import due_many
from grids.levels import LEVELS

INSTANTS = (
    *(f"reached_{level}" for level in LEVELS),
    *("severity_at", "closed_at", "last_at", "settled_at", "revisit_due_at", "supervised_at"),
)
STATE = {
    "matter_id": "bigint", "lead_level": "text", "severity": "smallint", "severity_now": "smallint", "steps": "integer",
    "lead_unit": "text", "offered_level": "text", "offered_unit": "text", "grade_asked": "smallint",
    "satisfaction": "smallint", **dict.fromkeys(INSTANTS, "timestamptz"),
}  # fmt: skip
CLOSURES = {"matter_id": "bigint", "closed_at": "timestamptz", "reopened_at": "timestamptz"}
ORIGINS = {
    "matter_id": "bigint", "incident_id": "bigint", "channel": "text", "category_id": "bigint",
    "opened_at": "timestamptz", "cell_id": "bigint", "due_at": "timestamptz", "severity": "smallint",
}  # fmt: skip
# What a step's JSON says is only taken where it has the type that it should have.
STEPS = """
    SELECT m.id AS matter, s.at, s.no, s.kind, s.level, s.severity, m.severity_initial AS initial, u.code AS unit,
           CASE WHEN jsonb_typeof(s.detail -> 'to') = 'string' THEN nullif(s.detail ->> 'to', '') END AS "to",
           CASE WHEN jsonb_typeof(s.detail -> 'satisfaction') = 'number'
                THEN CAST(s.detail ->> 'satisfaction' AS float8) END AS satisfaction
    FROM touched t JOIN matter m ON m.id = t.matter_id LEFT JOIN step s ON s.matter_id = m.id
    LEFT JOIN unit u ON u.id = s.unit_id"""
# Held before the steps are read: whoever else adds some to these matters waits, and then reads these too. A weaker lock
# than FOR UPDATE, which would wait for everybody who has added a step and so for whoever waits for this one.
HOLD = text("SELECT m.id FROM matter m JOIN touched t ON t.matter_id = m.id ORDER BY m.id FOR NO KEY UPDATE OF m")
EARLIEST = """
    SELECT DISTINCT ON (i.matter_id)
        i.matter_id, i.id AS incident_id, i.channel, i.category_id, i.reported_at AS opened_at, i.cell_then AS cell_id,
        c.deadline_hours, c.deadline_clock, coalesce(i.severity, c.default_severity) AS severity
    FROM incident i JOIN touched t USING (matter_id) JOIN category c ON c.id = i.category_id
    ORDER BY i.matter_id, i.reported_at, i.channel COLLATE "C", i.source_no COLLATE "C"
"""


def refresh_matters(conn: Connection, matters: "np.ndarray[Any, Any]") -> None:
    """Recompute everything that follows from the steps of the given matters (ids): lead, reach, grade, closures,
    offer, settling, tags, and their lines in closure, diversion, whistle and matter_unit."""
    hold_matters(conn)
    stage(conn, "touched", {"matter_id": "bigint"}, pd.DataFrame({"matter_id": np.unique(matters)}))
    conn.execute(HOLD)
    steps = frame_of(conn, STEPS).astype({"at": "datetime64[us, UTC]"})
    summary = summarise(steps)
    stage(conn, "state", STATE, summary.matters.rename_axis("matter_id").reset_index())
    # Closed, reopened and closed again at one instant: the first closure stood for no time at all.
    closures = summary.closures.drop_duplicates(["matter", "closed_at"], keep="last")
    stage(conn, "closing", CLOSURES, closures.rename(columns={"matter": "matter_id"}))
    stage_ledgers(conn, steps, summary.parts)
    run_sql(conn, "refresh_matters")


def refresh_origins(conn: Connection, matters: Iterable[int]) -> None:
    """Take over origin, grade and deadline of the given matters (ids) from their earliest report, then refresh them."""
    ids = np.array(sorted(set(matters)), dtype=np.int64)
    if len(ids):
        hold_matters(conn)
        stage(conn, "touched", {"matter_id": "bigint"}, pd.DataFrame({"matter_id": ids}))
        origins = frame_of(conn, EARLIEST)
        due_at = due_dates(conn, origins["opened_at"], origins["deadline_hours"], origins["deadline_clock"])
        stage(conn, "origin", ORIGINS, origins.assign(due_at=due_at))
        run_sql(conn, "refresh_origins")
        refresh_matters(conn, ids)


def due_dates(conn: Connection, at: pd.Series, hours: pd.Series, clock: pd.Series) -> pd.Series:
    """Deadlines of reports (aware instants) by hours and clock of their categories, on this city's calendar."""
    return due_many(at, hours.astype("float64"), clock, calendar(conn))
