"""Incidents: written a chunk at a time by (channel, source number), each in a matter."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, next_ids, run_sql, stage
from db.keys import Keys
from db.matters import due_dates, refresh_origins
from db.outcome import Outcome

INCOMING = {
    "line": "bigint", "channel": "text", "source_no": "text", "reported_at": "timestamptz", "category_id": "bigint",
    "severity": "smallint", "address": "text", "cell_label": "text", "beat_label": "text", "lon": "float8",
    "lat": "float8", "cell_then": "bigint", "cell_now": "bigint", "placed_by": "text", "snapped_m": "float8",
    "radius_m": "float8", "score": "float8", "matched": "text", "ambiguous": "boolean", "content_hash": "bytea",
    "incident_id": "bigint", "matter_id": "bigint", "due_at": "timestamptz",
}  # fmt: skip
CANDIDATES = {"line": "bigint", "cell_id": "bigint", "probability": "float8"}
# What rows may leave out: placings without doubt.
SURE = {"score": None, "matched": None, "ambiguous": False}
PERSONAL = ("reporter", "phone", "narrative")


def write_incidents(
    conn: Connection, rows: pd.DataFrame, keys: Keys, run_id: int, candidates: pd.DataFrame | None = None
) -> Outcome:
    """Insert new incidents, update those whose content changed, leave the others alone.

    rows: index line; every number once; the columns of INCOMING but the last three, then PERSONAL and
    `matter` ("channel:source_no" of the first report of the same matter, or null). A row that names a matter which is
    not known is rejected. Every new incident without one opens a matter of its own. candidates: line, cell_id,
    probability of the rows that are ambiguous; score, matched and ambiguous may be left out where nothing is in doubt.
    """
    outcome = Outcome()
    rows = rows.assign(line=rows.index, **{name: value for name, value in SURE.items() if name not in rows})
    stage(conn, "candidates", CANDIDATES, pd.DataFrame(columns=list(CANDIDATES)) if candidates is None else candidates)
    known = _known(conn, rows)
    rows = rows.assign(incident_id=known["incident_id"], matter_id=known["matter_id"])
    same = known["content_hash"].eq(rows["content_hash"]) & rows["incident_id"].notna()
    outcome.label(rows.index[same], "unchanged")
    fresh = rows[~same & rows["incident_id"].isna()].copy()
    fresh["incident_id"] = next_ids(conn, "incident", len(fresh))
    changed = rows[~same & rows["incident_id"].notna()]
    fresh, opened = _with_matters(conn, fresh, outcome)
    touched = _insert(conn, fresh, opened, keys, run_id) | _update(conn, changed, keys, run_id)
    outcome.label(fresh.index, "inserted")
    outcome.label(changed.index, "updated")
    refresh_origins(conn, touched)
    outcome.unplaced = int(rows.loc[list(outcome.labels), "cell_then"].isna().sum())
    return outcome


def _known(conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    stage(conn, "asked", {"line": "bigint", "channel": "text", "source_no": "text"}, rows)
    found = frame_of(
        conn,
        """SELECT a.line, k.incident_id, i.matter_id, i.content_hash FROM asked a
           JOIN source_key k USING (channel, source_no) JOIN incident i ON i.id = k.incident_id""",
    ).set_index("line")
    found["content_hash"] = found["content_hash"].map(bytes).astype(object)
    return found.reindex(rows.index)


def _with_matters(conn: Connection, fresh: pd.DataFrame, outcome: Outcome) -> tuple[pd.DataFrame, set[int]]:
    """Give every new incident its matter: one of its own, or that of the report it refers to."""
    numbers = fresh["channel"] + ":" + fresh["source_no"]
    # Some sources name the first report's number on the first report too.
    joins = fresh["matter"].notna() & (fresh["matter"] != numbers)
    own = fresh[~joins]
    fresh["matter_id"] = fresh["matter_id"].astype("Int64")
    fresh.loc[own.index, "matter_id"] = next_ids(conn, "matter", len(own))
    opened = set(fresh.loc[own.index, "matter_id"])
    if not joins.any():
        return fresh, opened
    found = dict(zip(numbers[~joins], fresh.loc[~joins, "matter_id"], strict=True))
    found |= _matters_of(conn, set(fresh.loc[joins, "matter"]) - found.keys())
    lost = []
    for line, number, reference in zip(fresh.index[joins], numbers[joins], fresh.loc[joins, "matter"], strict=True):
        # Rows are in the order of the file, so a report may refer to one that itself joined a matter above it.
        matter = found.get(reference)
        if matter is None:
            outcome.reject(int(line), f"matter {reference!r} is not known: load its first report before this one")
            lost.append(line)
        else:
            fresh.loc[line, "matter_id"] = found[number] = matter
    return fresh.drop(index=lost), opened


def _matters_of(conn: Connection, references: set[str]) -> dict[str, int]:
    asked = pd.DataFrame({"reference": sorted(references)})
    stage(conn, "referred", {"reference": "text"}, asked)
    found = conn.execute(
        text("""SELECT r.reference, i.matter_id FROM referred r
                JOIN source_key k ON k.channel = split_part(r.reference, ':', 1)
                 AND k.source_no = substr(r.reference, length(split_part(r.reference, ':', 1)) + 2)
                JOIN incident i ON i.id = k.incident_id""")
    )
    return {row.reference: row.matter_id for row in found}


def _insert(conn: Connection, fresh: pd.DataFrame, opened: set[int], keys: Keys, run_id: int) -> set[int]:
    if fresh.empty:
        return set()
    stage(conn, "incoming", INCOMING, fresh.assign(due_at=_due(conn, fresh)))
    run_sql(conn, "insert_incidents", run=run_id)
    run_sql(conn, "write_candidates")
    _write_personal(conn, fresh[fresh[list(PERSONAL)].notna().any(axis=1)], keys)
    return set(fresh["matter_id"]) - opened


def _due(conn: Connection, fresh: pd.DataFrame) -> pd.Series:
    """When each matter that a row opens is due."""
    limits = frame_of(conn, "SELECT id, deadline_hours, deadline_clock FROM category").set_index("id")
    hours, clock = (fresh["category_id"].map(limits[name]) for name in ("deadline_hours", "deadline_clock"))
    return due_dates(conn, fresh["reported_at"], hours, clock)


def _update(conn: Connection, changed: pd.DataFrame, keys: Keys, run_id: int) -> set[int]:
    if changed.empty:
        return set()
    stage(conn, "incoming", INCOMING, changed.assign(due_at=None))
    run_sql(conn, "update_incidents", run=run_id)
    run_sql(conn, "write_candidates")
    # Rows without personal data too: a correction may take back what an earlier row said.
    _write_personal(conn, changed, keys)
    return set(changed["matter_id"].astype("int64"))


def _write_personal(conn: Connection, rows: pd.DataFrame, keys: Keys) -> None:
    sealed = [keys.seal(_told(row)) for row in rows[list(PERSONAL)].to_dict("records")]
    hashes = [keys.phone_hash(phone if isinstance(phone, str) else None) for phone in rows["phone"]]
    frame = pd.DataFrame(
        {
            "incident_id": rows["incident_id"].to_numpy(),
            "token": pd.Series(sealed, dtype=object),
            "phone_hash": pd.Series(hashes, dtype=object),
        }
    )
    stage(conn, "personal", {"incident_id": "bigint", "token": "bytea", "phone_hash": "bytea"}, frame)
    run_sql(conn, "write_personal")


def _told(row: Mapping[Any, Any]) -> dict[str, str]:
    return {name: value for name, value in row.items() if isinstance(value, str)}
