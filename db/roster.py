"""The duty roster: shifts, absences and who stands in; one officer is never in two of a kind at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, text

from db.audit import note
from db.bulk import stage
from db.city import city
from db.keys import Keys
from db.loads import hold_load_lock, mark_changed
from db.outcome import Label, Outcome
from db.people import officer_ids
from db.tables.work import ABSENCE_KINDS, SHIFT_KINDS
from db.team_gaps import Gaps, gaps
from db.teams import covered_by, on_now, team
from db.timetables import Timetable, in_order, told
from geo.errors import InputError
from grids.rights import Who

__all__ = [
    "Gaps",
    "add_absence",
    "add_shift",
    "covered_by",
    "gaps",
    "on_now",
    "team",
    "write_absences",
    "write_shifts",
]

Row = dict[str, Any]
STAGED = {"id": "bigint", "officer_id": "bigint", "kind": "text", "cover_id": "bigint", "start": "timestamptz",
          "until": "timestamptz"}  # fmt: skip


def write_shifts(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert shifts, or change kind and end of one that starts alike.

    Rows: line, officer (code), kind (day when empty), start, end (aware instants, end later). A shift that overlaps
    another of the same officer is rejected, naming that other.
    """
    return _write(conn, rows, "shift", "day", "is on duty already")


def write_absences(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert absences, or change kind, end and cover of one that starts alike.

    Rows: line, officer, kind (leave when empty), start, end, cover (code of who stands in, or None). One that overlaps
    another of the same officer is rejected; a cover who is away at that time is told in the notes.
    """
    outcome = _write(conn, rows, "absence", "leave", "is away already")
    lacking = conn.execute(COVER_AWAY).scalar_one() if outcome.labels else 0
    if lacking:
        outcome.notes["absences have a cover who is away too: manage.py roster gaps"] += lacking
    return outcome


def add_shift(conn: Connection, keys: Keys, who: Who, row: Row) -> Label:
    """Add one shift (a row of write_shifts without its line).

    Raises InputError with every reason when it cannot be, Denied without the right to keep the roster.
    """
    return _add(conn, keys, who, row, write_shifts, "roster.shift")


def add_absence(conn: Connection, keys: Keys, who: Who, row: Row) -> Label:
    """Add one absence (a row of write_absences without its line); as add_shift."""
    return _add(conn, keys, who, row, write_absences, "roster.absence")


def _add(conn: Connection, keys: Keys, who: Who, row: Row, write: Any, action: str) -> Label:
    who.demand("roster")
    kinds = SHIFT_KINDS if write is write_shifts else ABSENCE_KINDS
    if row.get("kind") is not None and row["kind"] not in kinds:
        raise InputError(f"kind is one of {', '.join(kinds)}, not {row['kind']!r}.")
    hold_load_lock(conn, "roster" if write is write_shifts else "absences")
    outcome: Outcome = write(conn, [row | {"line": 1}])
    if outcome.rejects:
        raise InputError(f"It cannot be added: {'; '.join(outcome.rejects[1])}.")
    label = outcome.labels[1]
    if label != "unchanged":
        mark_changed(conn)
        note(conn, keys, who, action, row["officer"], detail={"from": str(row["start"]), "to": str(row["end"])})
    return label


def _write(conn: Connection, rows: Sequence[Row], table: str, usual: str, busy: str) -> Outcome:
    outcome, officers = Outcome(), officer_ids(conn)
    good = [found for row in rows if (found := _resolved(row, officers, usual, outcome))]
    if not good:
        return outcome
    zone, known, times = ZoneInfo(city(conn).zone), _known(conn, good, table), Timetable()
    for officer in {row["officer_id"] for row in good}:
        times.load(officer, [(start, row["until"]) for (who, start), row in known.items() if who == officer])
    fresh: list[Row] = []
    changed: list[Row] = []
    for row in in_order(good):
        clash = times.place(row["officer_id"], row["start"], row["until"])
        if clash is not None:
            outcome.reject(row["line"], f"officer {row['officer']!r} {busy} from {told(clash, zone)}: mend the times")
            continue
        before = known.get((row["officer_id"], row["start"]))
        same = before is not None and all(before[name] == row[name] for name in ("kind", "until", "cover_id"))
        outcome.labels[row["line"]] = "inserted" if before is None else "unchanged" if same else "updated"
        if before is None:
            fresh.append(row | {"id": None})
        elif not same:
            changed.append(row | {"id": before["id"]})
        known[row["officer_id"], row["start"]] = row | {"id": before and before["id"]}
    _store(conn, table, fresh, changed)
    return outcome


def _resolved(row: Row, officers: Mapping[str, int], usual: str, outcome: Outcome) -> Row | None:
    for name in ("officer", "cover"):
        if row.get(name) and row[name] not in officers:
            outcome.reject(row["line"], f"{name} {row[name]!r} is not known: load officers first or correct the code")
    if row["end"] <= row["start"]:
        outcome.reject(row["line"], "end does not come after start")
    if row.get("cover") and row["cover"] == row["officer"]:
        outcome.reject(row["line"], "cover is the officer who is away: name somebody else or nobody")
    if row["line"] in outcome.rejects:
        return None
    ids = {"officer_id": officers[row["officer"]], "cover_id": officers.get(row.get("cover") or "")}
    return {"line": row["line"], "officer": row["officer"], **ids, "kind": row.get("kind") or usual,
            "start": row["start"], "until": row["end"]}  # fmt: skip


def _known(conn: Connection, rows: Sequence[Row], table: str) -> dict[tuple[int, datetime], Row]:
    """(officer, start) → id, kind, cover_id, until of all that the record holds around the rows' times."""
    asked = {"officers": sorted({row["officer_id"] for row in rows}), "first": min(row["start"] for row in rows),
             "last": max(row["until"] for row in rows)}  # fmt: skip
    found = conn.execute(KNOWN[table], asked).mappings()
    return {(row["officer_id"], row["start"]): dict(row) for row in found}


def _store(conn: Connection, table: str, fresh: Sequence[Row], changed: Sequence[Row]) -> None:
    # First what changes, since a time cut short makes room for a new one.
    for rows, statement in ((changed, CHANGE[table]), (fresh, ADD[table])):
        if rows:
            frame = pd.DataFrame(list(rows), columns=["line", "officer", *STAGED]).astype({"id": "Int64"})
            stage(conn, "timed", STAGED, frame)
            conn.execute(statement)


KNOWN = {
    "shift": text("""
        SELECT id, officer_id, kind, CAST(NULL AS bigint) AS cover_id, lower(during) AS start, upper(during) AS until
        FROM shift WHERE officer_id = ANY(:officers) AND during && tstzrange(:first, :last)"""),
    "absence": text("""
        SELECT id, officer_id, kind, cover_id, lower(during) AS start, upper(during) AS until
        FROM absence WHERE officer_id = ANY(:officers) AND during && tstzrange(:first, :last)"""),
}
CHANGE = {
    "shift": text("""
        UPDATE shift s SET kind = t.kind, during = tstzrange(t.start, t.until) FROM timed t WHERE s.id = t.id"""),
    "absence": text("""
        UPDATE absence a SET kind = t.kind, cover_id = t.cover_id, during = tstzrange(t.start, t.until)
        FROM timed t WHERE a.id = t.id"""),
}
ADD = {
    "shift": text("""
        INSERT INTO shift (officer_id, kind, during)
        SELECT officer_id, kind, tstzrange(start, until) FROM timed ORDER BY officer_id, start"""),
    "absence": text("""
        INSERT INTO absence (officer_id, kind, cover_id, during)
        SELECT officer_id, kind, cover_id, tstzrange(start, until) FROM timed ORDER BY officer_id, start"""),
}
COVER_AWAY = text("""
    SELECT count(*) FROM absence a JOIN absence b ON b.officer_id = a.cover_id AND b.during && a.during""")
