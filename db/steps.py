"""Handling steps: added a chunk at a time, never edited; the matters they belong to follow in the same transaction."""

import json

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from db.bulk import frame_of, run_sql, stage
from db.matter_locks import hold_matters
from db.matters import refresh_matters
from db.outcome import Outcome

INCOMING = {
    "incident_id": "bigint", "matter_id": "bigint", "no": "integer", "at": "timestamptz", "kind": "text",
    "level": "text", "unit_id": "bigint", "officer_id": "bigint", "role": "text", "severity": "smallint",
    "minutes": "float8", "result": "text", "detail": "text", "note": "bytea", "content_hash": "bytea",
}  # fmt: skip
TRIES = 3  # another chunk may add more of the same steps while the first are looked up anew
UNIQUE_VIOLATION = "23505"
KEY = ["channel", "source_no", "step_no"]


def write_steps(conn: Connection, rows: pd.DataFrame, run_id: int | None) -> Outcome:
    """Add steps to incidents that are there; whoever brings the very same step at the same moment finds it there.

    rows: index line; channel, source_no, step_no and the columns of INCOMING but incident_id, matter_id and no; detail
    (an object, or its JSON text) may be left out. A step that is there with the same content is unchanged; with other
    content it is rejected, since steps are never edited.
    """
    hold_matters(conn)
    for _ in range(TRIES - 1):
        try:
            with conn.begin_nested():
                return _write(conn, rows, run_id)
        except IntegrityError as error:
            if getattr(error.orig, "pgcode", None) != UNIQUE_VIOLATION:
                raise
    return _write(conn, rows, run_id)


def _write(conn: Connection, rows: pd.DataFrame, run_id: int | None) -> Outcome:
    outcome = Outcome()
    rows = rows.assign(line=rows.index, no=rows["step_no"], detail=_as_json(rows.get("detail")))
    found = _known(conn, rows)
    rows = rows.assign(incident_id=found["incident_id"], matter_id=found["matter_id"])
    missing = rows["incident_id"].isna()
    for line, row in rows[missing].iterrows():
        outcome.reject(
            int(str(line)), f"incident {row['channel']}:{row['source_no']} is not known: load incidents first"
        )
    _settle_repeats(rows[~missing], found["content_hash"], outcome)
    new = rows[~missing & ~rows.index.isin([*outcome.labels, *outcome.rejects])]
    if len(new):
        stage(conn, "incoming", INCOMING, new)
        run_sql(conn, "insert_steps", run=run_id)
        refresh_matters(conn, new["matter_id"].to_numpy(dtype="int64"))
    outcome.label(new.index, "inserted")
    return outcome


def _as_json(details: pd.Series | None) -> pd.Series | None:
    if details is None:
        return None
    return details.map(lambda told: json.dumps(told, ensure_ascii=False) if isinstance(told, dict) else told)


def _known(conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    stage(conn, "asked", {"line": "bigint", "channel": "text", "source_no": "text", "no": "integer"}, rows)
    found = frame_of(
        conn,
        """SELECT a.line, k.incident_id, i.matter_id, s.content_hash FROM asked a
           JOIN source_key k USING (channel, source_no) JOIN incident i ON i.id = k.incident_id
           LEFT JOIN step s ON s.incident_id = k.incident_id AND s.no = a.no""",
    ).set_index("line")
    found["content_hash"] = (
        found["content_hash"].map(lambda value: None if value is None else bytes(value)).astype(object)
    )
    return found.reindex(rows.index)


def _settle_repeats(rows: pd.DataFrame, stored: pd.Series, outcome: Outcome) -> None:
    """Steps that are in the record or stood higher up in the chunk: alike → unchanged, different → rejected."""
    hashes = rows["content_hash"]
    first = hashes.groupby([rows[name] for name in KEY], sort=False).transform("first")
    recorded = stored.reindex(rows.index)
    before = recorded.where(recorded.notna(), first)
    repeats = recorded.notna() | rows.duplicated(KEY, keep="first")
    alike = hashes.eq(before)
    outcome.label(rows.index[repeats & alike], "unchanged")
    for line, row in rows[repeats & ~alike].iterrows():
        number = f"{row['channel']}:{row['source_no']}"
        reason = f"step {row['step_no']} of {number} is recorded with other content: add a new step that corrects it"
        outcome.reject(int(str(line)), reason)
