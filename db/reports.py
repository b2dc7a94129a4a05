"""Reports for programmes: listed by filter, newest first and paged by key, or one by its number; nothing personal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, tuple_
from sqlalchemy.orm import aliased

from db.facts import Facts, Filter, contains, incidents
from db.states import STATES, state_of
from db.tables import Beat, BeatCell, Category, Cell, Incident, Matter
from geo.errors import InputError, NotFound

Held, Holder, Then = aliased(BeatCell), aliased(Beat), aliased(Cell)
Sort = aliased(Category)


@dataclass(frozen=True)
class Position:
    """The last report of a page: the next page goes on behind it."""

    reported_at: datetime
    id: int


def reports(
    conn: Connection, flt: Filter, state: str | None, after: Position | None, limit: int
) -> tuple[list[dict[str, Any]], Position | None]:
    """A page of reports within a filter, newest first, and where the next page begins (None: this was the last).

    Rows: number, channel, source_no, reported_at, category, category_name, severity, address, lon, lat, cell, beat,
    placed_by, ambiguous, state, lead_level, closed_at. Row-level security bounds them to what the actor may see.
    """
    if state is not None and state not in STATES:
        raise InputError(f"state must be one of {', '.join(STATES)}, not {state!r}.")
    facts = incidents()
    conditions = facts.within(flt)
    if state is not None:
        conditions.append(state_of() == state)
    if after is not None:
        conditions.append(tuple_(Incident.reported_at, Incident.id) < tuple_(after.reported_at, after.id))
    query = _joined(facts).where(*conditions).order_by(Incident.reported_at.desc(), Incident.id.desc())
    found = [dict(row) for row in conn.execute(query.limit(limit + 1)).mappings()]
    page, more = found[:limit], len(found) > limit
    last = Position(page[-1]["reported_at"], page[-1]["id"]) if more else None
    return [_public(row) for row in page], last


def report(conn: Connection, channel: str, source_no: str) -> dict[str, Any]:
    """One report as in `reports`. Raises NotFound for a number that is not there or not the actor's to see."""
    query = _joined(incidents()).where(Incident.channel == channel, Incident.source_no == source_no)
    found = conn.execute(query).mappings().first()
    if found is None:
        raise NotFound(f"There is no report {channel}:{source_no} that you may see: check its number.")
    return _public(dict(found))


def _joined(facts: Facts) -> Any:
    lon, lat = func.ST_X(Incident.geom).label("lon"), func.ST_Y(Incident.geom).label("lat")
    columns: list[Any] = [
        Incident.id, Incident.channel, Incident.source_no, Incident.reported_at, Sort.code.label("category"),
        Sort.name.label("category_name"), Matter.severity_now.label("severity"), Incident.address, lon, lat,
        Then.code.label("cell"), Holder.code.label("beat"), Incident.placed_by, Incident.ambiguous,
        state_of().label("state"), Matter.lead_level, Matter.closed_at,
    ]  # fmt: skip
    held: ColumnElement[bool] = and_(Held.cell_id == Then.id, contains(Held.valid, Incident.reported_at))
    return (
        facts.select(columns)
        .join(Matter, Matter.id == Incident.matter_id)
        .join(Sort, Sort.id == Incident.category_id)
        .outerjoin(Then, Then.id == Incident.cell_then)
        .outerjoin(Held, held)
        .outerjoin(Holder, Holder.id == Held.beat_id)
    )


def _public(row: dict[str, Any]) -> dict[str, Any]:
    number = f"{row['channel']}:{row['source_no']}"
    return {"number": number} | {name: value for name, value in row.items() if name != "id"}
