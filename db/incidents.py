"""Incidents: written a chunk at a time by (channel, source number), each linked into its matter."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, next_ids, run_sql, stage
from db.keys import Keys
from db.linking import link_reports, source_says
from db.linking.phones import phones_of
from db.matter_locks import hold_links
from db.matters import due_dates
from db.outcome import Outcome
from grids.repeats import rooms_of

INCOMING = {
    "line": "bigint", "channel": "text", "source_no": "text", "reported_at": "timestamptz", "category_id": "bigint",
    "severity": "smallint", "address": "text", "cell_label": "text", "beat_label": "text", "lon": "float8",
    "lat": "float8", "cell_then": "bigint", "cell_now": "bigint", "placed_by": "text", "snapped_m": "float8",
    "radius_m": "float8", "score": "float8", "matched": "text", "ambiguous": "boolean", "content_hash": "bytea",
    "room": "text", "building": "text", "district_named": "text", "incident_id": "bigint", "matter_id": "bigint",
    "due_at": "timestamptz",
}  # fmt: skip
CANDIDATES = {"line": "bigint", "cell_id": "bigint", "probability": "float8"}
# What rows may leave out: placings without doubt.
SURE = {"score": None, "matched": None, "ambiguous": False}
PERSONAL = ("reporter", "phone", "narrative")


def write_incidents(
    conn: Connection, rows: pd.DataFrame, keys: Keys, run_id: int, candidates: pd.DataFrame | None = None
) -> Outcome:
    """Insert new incidents, update those whose content changed, leave the others alone.

    rows: index line; every number once; the columns of INCOMING from line to content_hash, then PERSONAL and
    `matter` ("channel:source_no" of an earlier report of the same matter, or null). A row that names a report which is
    not known is rejected. All are then linked (db.linking). candidates: line, cell_id, probability of the rows that
    are ambiguous; score, matched and ambiguous may be left out where nothing is in doubt. Whoever writes acts
    everywhere.
    """
    outcome = Outcome()
    hold_links(conn)
    rows = rows.assign(line=rows.index, **{name: value for name, value in SURE.items() if name not in rows})
    stage(conn, "candidates", CANDIDATES, pd.DataFrame(columns=list(CANDIDATES)) if candidates is None else candidates)
    known = _known(conn, rows)
    rows = rows.assign(incident_id=known["incident_id"], matter_id=known["matter_id"])
    same = known["content_hash"].eq(rows["content_hash"]) & rows["incident_id"].notna()
    outcome.label(rows.index[same], "unchanged")
    is_new = ~same & rows["incident_id"].isna()
    rows.loc[is_new, "incident_id"] = next_ids(conn, "incident", int(is_new.sum()))
    rows["incident_id"] = rows["incident_id"].astype("Int64")
    written, said = _referring(conn, rows[~same], is_new, outcome)
    fresh, changed = written[is_new[written.index]], written[~is_new[written.index]]
    before = phones_of(conn, _ids(changed))
    _insert(conn, fresh.assign(matter_id=next_ids(conn, "matter", len(fresh))), keys, run_id)
    _update(conn, changed, keys, run_id)
    outcome.label(fresh.index, "inserted")
    outcome.label(changed.index, "updated")
    source_says(conn, _ids(changed), said)
    link_reports(conn, _ids(fresh), _ids(changed), before)
    outcome.unplaced = int(rows.loc[list(outcome.labels), "cell_then"].isna().sum())
    return outcome


def _ids(rows: pd.DataFrame) -> list[int]:
    return [int(number) for number in rows["incident_id"]]


def _known(conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    stage(conn, "asked", {"line": "bigint", "channel": "text", "source_no": "text"}, rows)
    found = frame_of(
        conn,
        """SELECT a.line, k.incident_id, i.matter_id, i.content_hash FROM asked a
           JOIN source_key k USING (channel, source_no) JOIN incident i ON i.id = k.incident_id""",
    ).set_index("line")
    found["content_hash"] = found["content_hash"].map(bytes).astype(object)
    return found.reindex(rows.index)


def _referring(
    conn: Connection, rows: pd.DataFrame, is_new: pd.Series, outcome: Outcome
) -> tuple[pd.DataFrame, list[tuple[int, int]]]:
    """The rows but those that refer to an unknown report, and (report, report that it refers to) of those that do."""
    numbers = rows["channel"] + ":" + rows["source_no"]
    # Some sources name the first report's number on the first report too.
    refer = rows["matter"].notna() & (rows["matter"] != numbers)
    if not refer.any():
        return rows, []
    there = ~refer | ~is_new[rows.index]
    found = {number: int(row) for number, row in zip(numbers[there], rows.loc[there, "incident_id"], strict=True)}
    found |= _reports_of(conn, set(rows.loc[refer, "matter"]) - found.keys())
    said, lost, ids = [], [], rows["incident_id"].astype("int64")
    for line, number, reference in zip(rows.index[refer], numbers[refer], rows.loc[refer, "matter"], strict=True):
        # Rows are in the order of the file, so a report may refer to one that itself referred to one above it.
        if reference not in found:
            outcome.reject(int(line), f"matter {reference!r} is not known: load its first report before this one")
            lost.append(line)
        else:
            found[number] = int(ids[line])
            said.append((found[number], found[reference]))
    return rows.drop(index=lost), said


def _reports_of(conn: Connection, references: set[str]) -> dict[str, int]:
    stage(conn, "referred", {"reference": "text"}, pd.DataFrame({"reference": sorted(references)}))
    found = conn.execute(
        text("""SELECT r.reference, k.incident_id FROM referred r
                JOIN source_key k ON k.channel = split_part(r.reference, ':', 1)
                 AND k.source_no = substr(r.reference, length(split_part(r.reference, ':', 1)) + 2)""")
    )
    return {row.reference: row.incident_id for row in found}


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    """With the keys of their addresses, null where an address does not go so far."""
    keys = rooms_of(rows["address"])
    columns = {"room": "room", "building": "building", "district_named": "district"}
    told = {name: [getattr(each, part) or None for each in keys] for name, part in columns.items()}
    return rows.assign(**{name: pd.Series(values, rows.index, object) for name, values in told.items()})


def _insert(conn: Connection, fresh: pd.DataFrame, keys: Keys, run_id: int) -> None:
    if fresh.empty:
        return
    stage(conn, "incoming", INCOMING, _keyed(fresh).assign(due_at=_due(conn, fresh)))
    run_sql(conn, "insert_incidents", run=run_id)
    run_sql(conn, "write_candidates")
    _write_personal(conn, fresh[fresh[list(PERSONAL)].notna().any(axis=1)], keys)


def _due(conn: Connection, fresh: pd.DataFrame) -> pd.Series:
    """When each matter that a row opens is due."""
    limits = frame_of(conn, "SELECT id, deadline_hours, deadline_clock FROM category").set_index("id")
    hours, clock = (fresh["category_id"].map(limits[name]) for name in ("deadline_hours", "deadline_clock"))
    return due_dates(conn, fresh["reported_at"], hours, clock)


def _update(conn: Connection, changed: pd.DataFrame, keys: Keys, run_id: int) -> None:
    if changed.empty:
        return
    stage(conn, "incoming", INCOMING, _keyed(changed).assign(due_at=None))
    run_sql(conn, "update_incidents", run=run_id)
    run_sql(conn, "write_candidates")
    # Rows without personal data too: a correction may take back what an earlier row said.
    _write_personal(conn, changed, keys)


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
