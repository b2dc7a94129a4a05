"""Adding steps to a held matter: numbered, sealed, and everything that follows from them in the same transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, text

from db.city import city
from db.keys import Keys
from db.loads import mark_changed
from db.one_matter import refresh_matter
from db.tables import Officer, Unit
from db.tables import Step as StepRow
from geo.errors import InputError, Refused
from grids.steps import STEP_KINDS, Step

FIRST_NO = 100_000  # steps that files bring have lower numbers
NEWEST = text("SELECT kind, at, actor FROM step WHERE matter_id = :matter ORDER BY id DESC LIMIT 1")
LAST_NO = text("SELECT max(no) FROM step WHERE matter_id = :matter AND no >= :first")


@dataclass(frozen=True)
class Addition:
    """A step to add, with what only its row keeps."""

    step: Step
    officer: str | None = None
    minutes: float | None = None
    result: str | None = None
    note: str | None = None


def check_version(conn: Connection, matter: int, steps: int, version: int | None) -> None:
    """Refuse when somebody has added a step since `version` was read: whoever acts must have seen it."""
    if version is None or version == steps:
        return
    newest = conn.execute(NEWEST, {"matter": matter}).first()
    if newest is None or version > steps:
        raise Refused(f"This case has {steps} steps and not {version}: look again and repeat.")
    kind = STEP_KINDS[newest.kind]
    at = newest.at.astimezone(ZoneInfo(city(conn).zone))
    said = f"{kind.zh} ({kind.en}) at {at:%Y-%m-%d %H:%M:%S} by {newest.actor}"
    raise Refused(f"Somebody else added: {said}; look again and repeat.")


def next_no(conn: Connection, matter: int) -> int:
    """The number of the next step added here."""
    last = conn.execute(LAST_NO, {"matter": matter, "first": FIRST_NO}).scalar()
    return FIRST_NO if last is None else last + 1


def add(conn: Connection, keys: Keys, matter: int, incident: int, additions: Sequence[Addition]) -> None:
    """Add steps and refresh the matter; belongs into acting_everywhere, since what follows crosses places.

    Raises InputError for an officer who is not known.
    """
    conn.execute(insert(StepRow), [_row(conn, keys, matter, incident, each) for each in additions])
    refresh_matter(conn, matter)
    mark_changed(conn)


def _row(conn: Connection, keys: Keys, matter: int, incident: int, each: Addition) -> dict[str, Any]:
    step = each.step
    row: dict[str, Any] = {
        "matter_id": matter, "incident_id": incident, "no": step.no, "at": step.at, "kind": step.kind,
        "level": step.level, "unit_id": _unit(conn, step.unit), "officer_id": _officer(conn, each.officer),
        "role": STEP_KINDS[step.kind].default_role, "severity": step.severity, "minutes": each.minutes,
        "result": each.result, "detail": dict(step.detail) or None,
    }  # fmt: skip
    said = json.dumps([row, each.note, step.actor], ensure_ascii=False, sort_keys=True, default=_text)
    note = keys.seal({"note": each.note}) if each.note else None
    return row | {"note": note, "content_hash": keys.digest(said)}


def _unit(conn: Connection, code: str | None) -> int | None:
    return conn.execute(select(Unit.id).where(Unit.code == code)).scalar() if code else None


def _officer(conn: Connection, code: str | None) -> int | None:
    found = conn.execute(select(Officer.id).where(Officer.code == code)).scalar() if code else None
    if code and found is None:
        raise InputError(f"There is no officer {code!r}: give the code of one that is loaded.")
    return found


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
