"""Recording a joint meeting: what it spoke about, and a step in the story of every matter that it decided on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from db.cases import USE_CASES
from db.keys import Keys
from db.loads import hold_load_lock, mark_changed
from db.meetings import NOTHING_DECIDED, matter_ids, meetings, write_meetings
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import Who


def record_meeting(conn: Connection, keys: Keys, who: Who, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Record a meeting of a beat and return {code, beat, at, matters, steps}.

    fields: beat (code); at (aware, default now); code (default one of its own); place, attendees, note; matters:
    mapping "channel:number" → what was decided, or None. Every decision becomes a step. Raises InputError for
    unknown matters, NotFound for an unknown beat, Refused for a code that is taken, Denied without the right to work or
    outside the places of `who`.
    """
    who.demand("work")
    at = fields.get("at") or datetime.now(UTC)
    code = fields.get("code") or f"{fields['beat']}-{at:%Y%m%dT%H%M%S}"
    hold_load_lock(conn, "meetings")
    _check(conn, who, fields["beat"], code)
    decisions: Mapping[str, str | None] = {no: _plain(said) for no, said in (fields.get("matters") or {}).items()}
    spoken = ";".join(decisions), ";".join(said or NOTHING_DECIDED for said in decisions.values())
    row = {name: fields.get(name) for name in ("beat", "place", "attendees", "note")}
    row |= {"line": 1, "code": code, "at": at, "matters": spoken[0], "decisions": spoken[1]}
    outcome = write_meetings(conn, [row], keys)
    if outcome.rejects:
        raise InputError(f"The meeting cannot be recorded: {'; '.join(outcome.rejects[1])}.")
    steps = _add_steps(conn, keys, who, code, at, {number: said for number, said in decisions.items() if said})
    mark_changed(conn)
    return {"code": code, "beat": fields["beat"], "at": at, "matters": len(decisions), "steps": steps}


def _add_steps(conn: Connection, keys: Keys, who: Who, code: str, at: datetime, decided: Mapping[str, str]) -> int:
    """A step for every decision, at the time of the meeting, or now where the matter has gone on since."""
    ids = matter_ids(conn, list(decided))
    # All at once and in order: whoever holds one of them needs the audit, which the first step takes.
    last = {row.id: row.last_at for row in conn.execute(HOLD, {"ids": list(ids.values())})}
    for number, said in decided.items():
        gone_on = (found := last.get(ids[number])) is not None and found > at
        USE_CASES["meet"](conn, keys, who, number, at=None if gone_on else at, meeting=code, decision=said)
    return len(decided)


def _plain(said: str | None) -> str | None:
    """A decision in one piece: the mark between decisions does not stand inside one."""
    return said.replace("；", "，").replace(";", ",").strip() or None if said else None


def _check(conn: Connection, who: Who, beat: str, code: str) -> None:
    found = conn.execute(BEAT, {"beat": beat}).first()
    if found is None:
        raise NotFound(f"There is no beat {beat!r}: choose one from the list of beats.")
    if not found.mine:
        raise Denied(f"{who.name} may not record meetings of beat {beat}: it lies outside their own places.")
    if code in set(meetings(conn, beat, limit=10_000)["code"]):
        raise Refused(f"The meeting {code!r} is recorded already: give this one another code.")


HOLD = text("SELECT id, last_at FROM matter WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
BEAT = text("""
    SELECT everywhere() OR EXISTS (
        SELECT FROM beat_cell bc
        WHERE bc.beat_id = b.id AND bc.valid @> now() AND bc.cell_id = ANY (scope_cells())) AS mine
    FROM beat b WHERE b.code = :beat""")
