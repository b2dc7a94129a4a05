"""The audit: who did what by which right, numbered without gaps, each row sealed to the one before it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, text

from db.bulk import frame_of
from db.keys import Keys
from db.tables import Audit
from geo.errors import InputError
from grids.rights import Who

LOCK = 7_340_412  # one writer at a time, until its transaction ends
CHUNK = 5_000


@dataclass(frozen=True)
class Verdict:
    """What verify found: how many rows, the last seal as "no:hex", and what is wrong (None: nothing)."""

    rows: int
    head: str
    row: int | None = None
    trouble: str | None = None


def note(
    conn: Connection,
    keys: Keys,
    who: Who,
    action: str,
    object: str | None = None,
    *,
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one row to the audit in this transaction; call it last, for others wait until the transaction ends.

    detail: a small JSON object; nothing personal belongs into it.
    """
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    no, seal = conn.execute(text("SELECT no, seal FROM audit_tail()")).one()
    row = {
        "no": (no or 0) + 1,
        "at": datetime.now(UTC),
        "actor": who.name,
        "roles": ",".join(who.roles),
        "action": action,
        "object": _plain(object),
        "reason": _plain(reason),
        "detail": _plain(detail),
    }
    conn.execute(insert(Audit).inline().values(**row, seal=sealed(keys, bytes(seal or b""), row)))


def sealed(keys: Keys, before: bytes, row: dict[str, Any]) -> bytes:
    """The seal of a row: a keyed hash over the seal before it and everything that the row says."""
    said = [row["no"], row["at"].astimezone(UTC).isoformat(timespec="microseconds")]
    said += [row[name] for name in ("actor", "roles", "action", "object", "reason", "detail")]
    return keys.digest(f"audit:{before.hex()}:{json.dumps(said, ensure_ascii=False, sort_keys=True)}")


def verify(conn: Connection, keys: Keys, head: str | None = None) -> Verdict:
    """Check every seal from the first row on and name the first that does not hold.

    head: "no:hex" that an earlier verify printed; with it rows removed from the end are found too. Raises InputError
    when it is not written so.
    """
    expected = _head(head)
    before, count = b"", 0
    for row in _all(conn):
        count += 1
        if row["no"] != count:
            return _bad(count, before, count, f"row {count} was removed by hand")
        if bytes(row["seal"]) != sealed(keys, before, row):
            return _bad(count, before, count, f"row {count} was altered or inserted by hand")
        before = bytes(row["seal"])
        if expected and expected[0] == count and expected[1] != before.hex():
            return _bad(count, before, count, f"row {count} is not the one that was the last before")
    if expected and expected[0] > count:
        return _bad(count, before, count + 1, f"rows {count + 1} to {expected[0]} were removed by hand")
    return Verdict(count, f"{count}:{before.hex()}")


def entries(conn: Connection, limit: int = 50, actor: str | None = None, action: str | None = None) -> pd.DataFrame:
    """The newest rows: no, at, actor, roles, action, object, reason, detail."""
    query = select(*(column for column in Audit.__table__.columns if column.name != "seal"))
    for name, wanted in (("actor", actor), ("action", action)):
        if wanted:
            query = query.where(Audit.__table__.columns[name] == wanted)
    return frame_of(conn, query.order_by(Audit.no.desc()).limit(limit))


def _all(conn: Connection) -> Any:
    query = select(Audit.__table__).order_by(Audit.no)
    return conn.execute(query, execution_options={"yield_per": CHUNK}).mappings()


def _bad(rows: int, before: bytes, row: int, trouble: str) -> Verdict:
    return Verdict(rows, f"{rows}:{before.hex()}", row, trouble)


def _head(head: str | None) -> tuple[int, str] | None:
    if head is None:
        return None
    no, colon, seal = head.partition(":")
    if not colon or not no.isdigit():
        raise InputError("Give the head as NUMBER:SEAL, as `manage.py audit verify` prints it.")
    return int(no), seal


def _plain(value: Any) -> Any:
    """`value` as it comes back from the database, letter by letter: no NUL, no half characters, no inexact numbers."""
    if isinstance(value, dict):
        return {str(_plain(str(name))): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()
