"""What became of a channel's reports since a reader last asked: steps in the order in which they were committed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, select, text, tuple_

from db.engine import acting_everywhere
from db.states import state_of
from db.tables import Incident, Matter, Step, Unit
from geo.errors import Denied, InputError
from grids.rights import Who

# No step of a transaction that is still under way, or that could still come before one already read.
SETTLED = text("step.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


@dataclass(frozen=True, order=True)
class Position:
    """How far a reader has read: transaction, step, report; what comes later in this order is new."""

    xact: int = 0
    step: int = 0
    report: int = 0


@dataclass(frozen=True)
class Changes:
    """rows: number, kind, at, level, unit, state, recorded_at; `reached` is where the next reading goes on."""

    rows: list[dict[str, Any]]
    reached: Position
    more: bool


def changes(conn: Connection, who: Who, after: Position, limit: int, channel: str | None = None) -> Changes:
    """Up to `limit` steps of reports that came through a channel, each step once for each report that it concerns.

    A feed reads its own channel; whoever else may read changes names one. Nothing personal and no free text. A report
    that joins a matter later hears of the steps from then on. Raises Denied without the right.
    """
    who.demand("changes")
    asked = who.channel or channel
    if channel is not None and channel != asked:
        raise Denied(f"{who.name} reads the changes of {asked} only: leave the channel out.")
    if asked is None:
        raise InputError("Say which channel's changes: add channel=CODE.")
    # A report of this channel may belong to a matter that another channel opened: not among the feed's own rows.
    with acting_everywhere(conn, who):
        found = conn.execute(_query(asked, after, limit)).mappings().all()
    if not found:
        return Changes([], after, more=False)
    last = found[-1]
    reached = Position(last["xact"], last["step_id"], last["report_id"])
    return Changes([_public(row) for row in found], reached, more=len(found) == limit)


def _query(channel: str, after: Position, limit: int) -> Any:
    place = tuple_(Step.xact, Step.id, Incident.id)
    number = (Incident.channel + ":" + Incident.source_no).label("number")
    columns = (
        Step.xact, Step.id.label("step_id"), Incident.id.label("report_id"), number, Step.kind, Step.at, Step.level,
        Unit.code.label("unit"), state_of().label("state"), Step.recorded_at,
    )  # fmt: skip
    joined = (
        select(*columns)
        .join(Incident, Incident.matter_id == Step.matter_id)
        .join(Matter, Matter.id == Step.matter_id)
        .outerjoin(Unit, Unit.id == Step.unit_id)
    )
    # The first condition is what the index answers; the second settles the rest.
    new = and_(Step.xact >= after.xact, place > tuple_(after.xact, after.step, after.report))
    found = joined.where(Incident.channel == channel, new, SETTLED)
    return found.order_by(Step.xact, Step.id, Incident.id).limit(limit)


def _public(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("number", "kind", "at", "level", "unit", "state", "recorded_at")}
