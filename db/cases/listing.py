"""Lists of cases: by place, state, channel, category, tag and time, a page after the other by key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER
from db.facts import PLACE_KINDS
from geo.errors import InputError

CaseState = Literal["all", "open", "overdue", "closed", "revisit_due", "mine"]
STATES: tuple[CaseState, ...] = get_args(CaseState)
MOST = 500


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are listed.

    place: KIND:CODE of cell, beat, community, street, district or station, as boundaries are now. state: "mine" are the
    open ones that a unit of `units` (codes) leads or is offered or called to (db.cases.acts_for). category: code or
    group. since, until: opened at or after, and before. at: the instant at which overdue is told (default now).
    """

    place: str | None = None
    state: CaseState = "all"
    channel: str | None = None
    category: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    units: tuple[str, ...] = ()
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise InputError(f"List cases that are one of {', '.join(STATES)}, not {self.state!r}.")
        if self.place is not None and self.place.partition(":")[0] not in PLACE_KINDS:
            raise InputError(f"Name a place as KIND:CODE with one of {', '.join(PLACE_KINDS)}, not {self.place!r}.")
        for instant in (self.since, self.until, self.at):
            if instant is not None and instant.utcoffset() is None:
                raise InputError("Give the times of the list their time zone.")


def listing(conn: Connection, where: CaseFilter, after: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """Cases that the transaction sees, newest first, nothing personal; at most `limit`.

    after: `key` of the last row of the page before. Columns: key, number, opened_at, channel, category, category_name,
    severity_now, cell, beat, lead_level, lead_unit, offered_level, offered_unit, due_at, overdue, supervised_at,
    settled_at, revisit_due_at, closed_at, grade_asked, tags, steps.
    """
    if not 1 <= limit <= MOST:
        raise InputError(f"Ask for 1 to {MOST} cases at once.")
    opened_at, matter = _after(after)
    kind, _, code = (where.place or "").partition(":")
    values = {
        "kind": kind, "code": code, "state": where.state, "channel": where.channel, "category": where.category,
        "tag": where.tag, "since": where.since, "until": where.until, "units": list(where.units),
        "at": where.at or datetime.now(UTC), "opened_at": opened_at, "matter": matter, "limit": limit,
    }  # fmt: skip
    query = text((SQL_FOLDER / "case_list.sql").read_text())
    return [dict(row) for row in conn.execute(query, values).mappings()]


def _after(key: str | None) -> tuple[datetime | None, int]:
    if key is None:
        return None, 0
    micros, _, matter = key.partition("-")
    if not (micros.isdigit() and matter.isdigit()):
        raise InputError("Give as `after` the key of the last case of the page before.")
    seconds, rest = divmod(int(micros), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(matter)
