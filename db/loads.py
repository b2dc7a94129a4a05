"""Runs of the loaders: begin or go on with one, record a chunk, finish, and read what was rejected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select, text, update

from db.bulk import frame_of, stage
from db.keys import Keys
from db.outcome import Outcome
from db.tables import LoadRun, RejectedRow
from geo.errors import NotFound, Refused

COUNTS = ("read", "inserted", "updated", "unchanged", "rejected", "unplaced")
_LOAD_LOCK = 0x6C6F6164  # "load"


@dataclass(frozen=True)
class Run:
    """A run with its counts so far; `resumed` says that an interrupted one goes on."""

    id: int
    counts: dict[str, int]
    resumed: bool
    state: str = "running"


def begin_run(
    conn: Connection,
    *,
    kind: str,
    path: str,
    fingerprint: str,
    profile: str,
    options: Mapping[str, Any],
    actor: str,
) -> Run:
    """Go on with the unfinished run of the same file and options, or begin a new one."""
    unfinished = select(LoadRun).where(
        LoadRun.kind == kind,
        LoadRun.fingerprint == fingerprint,
        LoadRun.state.in_(("running", "interrupted", "failed")),
    )
    row = conn.execute(unfinished.order_by(LoadRun.id.desc()).limit(1).with_for_update()).mappings().first()
    if row is not None:
        conn.execute(
            update(LoadRun).where(LoadRun.id == row["id"]).values(state="running", finished_at=None, message=None)
        )
        return Run(row["id"], {name: row[name] for name in COUNTS}, resumed=True)
    values = {
        "kind": kind,
        "path": path,
        "fingerprint": fingerprint,
        "profile": profile,
        "options": dict(options),
    }
    new_id = conn.execute(insert(LoadRun).values(**values, actor=actor).returning(LoadRun.id)).scalar_one()
    return Run(new_id, dict.fromkeys(COUNTS, 0), resumed=False)


def hold_load_lock(conn: Connection, kind: str) -> None:
    """Let one transaction at a time write rows of a kind, so that two loads never wait for each other in a circle."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock, hashtext(:kind))"), {"lock": _LOAD_LOCK, "kind": kind})


def record_chunk(
    conn: Connection,
    run_id: int,
    outcome: Outcome,
    raw: Mapping[int, Mapping[str, Any]],
    keys: Keys,
    boundary: bool,
) -> None:
    """Add a chunk's counts to its run and keep its rejected rows, raw content encrypted.

    Belongs into the transaction that wrote the chunk. Raises Refused when another process went on with the same run.
    """
    counts = {
        "inserted": outcome.count("inserted"),
        "updated": outcome.count("updated"),
        "unchanged": outcome.count("unchanged"),
        "rejected": len(outcome.rejects),
        "unplaced": outcome.unplaced,
    }
    counts["read"] = len(outcome.labels) + len(outcome.rejects)
    added = {name: getattr(LoadRun, name) + value for name, value in counts.items()}
    conn.execute(update(LoadRun).where(LoadRun.id == run_id).values(**added))
    if outcome.rejects:
        _keep_rejects(conn, run_id, outcome, raw, keys)
    if counts["inserted"] or counts["updated"]:
        mark_changed(conn, boundary)


def check_position(conn: Connection, run_id: int, expected: int) -> None:
    """Refuse to go on when somebody else has moved this run since we read it."""
    read = conn.execute(select(LoadRun.read).where(LoadRun.id == run_id).with_for_update()).scalar_one()
    if read != expected:
        raise Refused(f"Run {run_id} is being loaded by another process: wait until it is done.")


def finish_run(conn: Connection, run_id: int, state: str, message: str | None = None) -> None:
    """Set how a run ended: done, interrupted or failed."""
    values = {"state": state, "finished_at": func.now(), "message": message}
    conn.execute(update(LoadRun).where(LoadRun.id == run_id).values(**values))


def mark_changed(conn: Connection, boundary: bool = False) -> None:
    """Raise the data version (and the boundary version) and tell the web process, with no data in the message."""
    conn.execute(
        text("UPDATE city SET data_version = data_version + 1, boundary_version = boundary_version + :step"),
        {"step": int(boundary)},
    )
    conn.execute(text("SELECT pg_notify('beatgrid', data_version::text) FROM city"))


def runs(conn: Connection, limit: int = 20) -> pd.DataFrame:
    """The newest runs, newest first: every column of load_run."""
    return frame_of(conn, select(LoadRun.__table__).order_by(LoadRun.id.desc()).limit(limit))


def rejected_rows(conn: Connection, keys: Keys, run_id: int | None = None) -> pd.DataFrame:
    """Rejected rows of a run (default: the newest that has any): run, line, reasons, raw as columns.

    Raises NotFound for an unknown run.
    """
    if run_id is None:
        run_id = conn.execute(select(func.max(RejectedRow.run_id))).scalar()
    elif conn.execute(select(LoadRun.id).where(LoadRun.id == run_id)).first() is None:
        raise NotFound(f"There is no run {run_id}: `manage.py runs` lists them.")
    query = select(RejectedRow.run_id, RejectedRow.line, RejectedRow.reasons, RejectedRow.raw)
    frame = frame_of(conn, query.where(RejectedRow.run_id == run_id).order_by(RejectedRow.line))
    raw = [keys.open(token) for token in frame.pop("raw")]
    return pd.concat([frame, pd.DataFrame(raw, index=frame.index)], axis=1)


def _keep_rejects(
    conn: Connection, run_id: int, outcome: Outcome, raw: Mapping[int, Mapping[str, Any]], keys: Keys
) -> None:
    lines = sorted(outcome.rejects)
    frame = pd.DataFrame(
        {
            "line": lines,
            "reasons": [outcome.rejects[line] for line in lines],
            "raw": [keys.seal(raw.get(line, {})) for line in lines],
        }
    )
    stage(conn, "kept", {"line": "bigint", "reasons": "text[]", "raw": "bytea"}, frame)
    conn.execute(
        text("INSERT INTO rejected_row (run_id, line, reasons, raw) SELECT :run, line, reasons, raw FROM kept"),
        {"run": run_id},
    )
