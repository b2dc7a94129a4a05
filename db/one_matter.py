"""Refreshing a single matter without temporary tables: what refresh_matters and refresh_origins do, for one person's
one step or report."""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.calendar import calendar
from db.ledgers import histories
from grids.casework import MatterState, replay
from grids.deadlines import due_many
from grids.diversions import followers
from grids.levels import LEVELS

FEW = 4  # so many matters are refreshed sooner one by one
EARLIEST = text("""
    SELECT i.id AS incident_id, i.channel, i.category_id, i.reported_at AS opened_at, i.cell_then AS cell_id,
           c.deadline_hours, c.deadline_clock, coalesce(i.severity, c.default_severity) AS severity
    FROM incident i JOIN category c ON c.id = i.category_id WHERE i.matter_id = :matter
    ORDER BY i.reported_at, i.channel COLLATE "C", i.source_no COLLATE "C" LIMIT 1""")
ORIGIN = text("""
    UPDATE matter SET incident_id = :incident_id, channel = :channel, category_id = :category_id,
        opened_at = :opened_at, cell_id = :cell_id, due_at = :due_at, severity_initial = :severity
    WHERE id = :matter""")
INITIAL = text("SELECT severity_initial FROM matter WHERE id = :matter")
STATE = text("""
    UPDATE matter m SET
        reached_cell = :reached_cell, reached_beat = :reached_beat, reached_community = :reached_community,
        reached_street = :reached_street, reached_district = :reached_district, reached_city = :reached_city,
        lead_level = :lead_level, severity = :severity, severity_at = :severity_at, severity_now = :severity_now,
        closed_at = :closed_at, last_at = :last_at, steps = :steps,
        lead_unit_id = (SELECT u.id FROM unit u WHERE u.code = :lead_unit), offered_level = :offered_level,
        offered_unit_id = (SELECT u.id FROM unit u WHERE u.code = :offered_unit), grade_asked = :grade_asked,
        settled_at = :settled_at, revisit_due_at = :revisit_due_at, supervised_at = :supervised_at,
        satisfaction = :satisfaction, tags = CAST(:tags AS text[]),
        recorded_minutes = (
            SELECT sum(w.minutes ORDER BY w.minutes) FROM step w WHERE w.matter_id = m.id AND w.role IS NOT NULL)
    WHERE m.id = :matter""")
CLOSURE = text("INSERT INTO closure (matter_id, closed_at, reopened_at) VALUES (:matter, :closed_at, :reopened_at)")
DIVERSION = text("""
    INSERT INTO diversion (
        matter_id, sent_at, step_no, from_unit_id, to_unit_id, accepted_at, bounced_at, done_at, kept)
    SELECT :matter, :sent_at, :no, (SELECT id FROM unit WHERE code = :from_unit),
           (SELECT id FROM unit WHERE code = :to_unit), :accepted_at, :bounced_at, :done_at, :kept""")
WHISTLE = text("""
    INSERT INTO whistle (matter_id, at, step_no, unit_id, report_by, attended_at)
    SELECT :matter, :at, :no, u.id, :report_by, :attended_at FROM unit u WHERE u.code = :unit""")
PART = text("""
    INSERT INTO matter_unit (matter_id, unit_id, part) SELECT :matter, u.id, :part FROM unit u WHERE u.code = :unit
    ON CONFLICT DO NOTHING""")
OLD_PARTS = text("""
    DELETE FROM matter_unit o USING unit u
    WHERE o.matter_id = :matter AND u.id = o.unit_id AND u.code || ' ' || o.part <> ALL (CAST(:parts AS text[]))""")
VALUES = (
    "lead_level", "severity", "severity_at", "severity_now", "closed_at", "last_at", "steps", "lead_unit",
    "offered_level", "offered_unit", "grade_asked", "settled_at", "revisit_due_at", "supervised_at", "satisfaction",
)  # fmt: skip


def refresh_origin(conn: Connection, matter: int) -> None:
    """Take over origin, grade and deadline of one matter (id) from its earliest report, then refresh it."""
    first = dict(conn.execute(EARLIEST, {"matter": matter}).mappings().one())
    hours, clock = pd.Series([first.pop("deadline_hours")], dtype="float64"), pd.Series([first.pop("deadline_clock")])
    (due,) = due_many(pd.Series([first["opened_at"]]), hours, clock, calendar(conn)).dt.to_pydatetime()
    conn.execute(ORIGIN, first | {"matter": matter, "due_at": None if pd.isna(due) else due})
    refresh_matter(conn, matter)


def refresh_matter(conn: Connection, matter: int) -> None:
    """Recompute everything that follows from the steps of one matter (id), and write it."""
    steps = histories(conn, [matter]).get(matter, [])
    state = replay(steps, conn.execute(INITIAL, {"matter": matter}).scalar_one())
    told = {name: getattr(state, name) for name in VALUES}
    told |= {f"reached_{level}": state.reached.get(level) for level in LEVELS}
    conn.execute(STATE, told | {"matter": matter, "tags": list(state.tags)})
    # Closed, reopened and closed again at one instant: the first closure stood for no time at all.
    closures = {closure.closed_at: vars(closure) for closure in state.closures}
    sent = {(line.sent_at, line.no): vars(line) for line in state.diversions}
    called = {(call.at, call.no, call.unit): vars(call) for call in state.whistles}
    for table, statement, rows in (
        ("closure", CLOSURE, closures), ("diversion", DIVERSION, sent), ("whistle", WHISTLE, called),
    ):  # fmt: skip
        conn.execute(text(f"DELETE FROM {table} WHERE matter_id = :matter"), {"matter": matter})  # noqa: S608
        if rows:
            conn.execute(statement, [{**row, "matter": matter} for row in rows.values()])
    _write_parts(conn, matter, _parts(state, followers(steps, state.lead_unit)))


def _parts(state: MatterState, following: frozenset[str]) -> set[tuple[str, str]]:
    found: set[tuple[str | None, str]] = {(state.lead_unit, "lead"), (state.offered_unit, "offered")}
    found |= {(unit, "kept") for unit in following}
    found |= {(line.to_unit, "diverted") for line in state.diversions}
    found |= {(call.unit, "whistled") for call in state.whistles}
    return {(unit, part) for unit, part in found if unit is not None}


def _write_parts(conn: Connection, matter: int, parts: set[tuple[str, str]]) -> None:
    """New parts before old ones go: whoever sees the matter by a part may be the one who writes."""
    rows: list[dict[str, Any]] = [{"matter": matter, "unit": unit, "part": part} for unit, part in sorted(parts)]
    if rows:
        conn.execute(PART, rows)
    conn.execute(OLD_PARTS, {"matter": matter, "parts": [f"{unit} {part}" for unit, part in parts]})
