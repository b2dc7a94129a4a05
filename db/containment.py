"""Containment counted in SQL: contained, escaped and pending matters of a period, by anything."""

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import TIMESTAMP

from db.bulk import frame_of
from db.facts import By, Filter, contains, matters
from db.ladders import DatedLadder, ladders
from db.tables import Beat, Closure, Matter
from grids.levels import Level
from grids.policies import Policy

NEVER: ColumnElement[Any] = null().cast(TIMESTAMP(timezone=True))


def containment(
    conn: Connection, flt: Filter, policy: Policy, by: By | None, as_of: datetime | None = None
) -> pd.DataFrame:
    """Counts by key: key, label, contained, escaped, pending (docs/metrics.md, "Containment").

    Matters of containable categories, decided in the filter's period as seen at its end (or at `as_of`); pending are
    those opened before the end and not decided by then. `by` None: one row. key None: in no cell. Whole numbers, or
    sums of probabilities where the filter counts matters in doubt in shares.
    """
    decided = _decided(flt, policy, by, as_of or flt.end, ladders(conn)).subquery()
    within = and_(decided.c.decided_at >= flt.start, decided.c.decided_at < flt.end)

    def counted(state: str, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        weighed = func.sum(decided.c.weight).filter(decided.c.state == state, *conditions)
        return func.coalesce(weighed, 0).label(state)

    counts = (counted("contained", within), counted("escaped", within), counted("pending"))
    # A redrawn cell may have a new name: one key is one row all the same.
    query = select(decided.c.key, func.max(decided.c.label).label("label"), *counts).group_by(decided.c.key)
    frame = frame_of(conn, query.order_by(decided.c.key))
    if by is None and frame.empty:
        return pd.DataFrame([{"key": None, "label": None, "contained": 0, "escaped": 0, "pending": 0}])
    return frame[(frame[["contained", "escaped", "pending"]] > 0).any(axis=1)].reset_index(drop=True) if by else frame


def _decided(flt: Filter, policy: Policy, by: By | None, at: datetime, dated: list[DatedLadder]) -> Select[Any]:
    """One row a matter (or candidate cell of one): key, label, weight, state, decided_at."""
    severity = _severity(at)
    facts = matters(severity, flt.shares)
    key, label = facts.key(by) if by else (literal(None), literal(None))
    if any(ladder.station_id is not None for ladder in dated):
        facts.key("beat")
    conditions = [facts.at < flt.end, facts.category().containable, *facts.conditions(flt)]
    crossed = _crossed(severity, policy, dated)
    standing = (
        select(Closure.closed_at)
        .where(Closure.matter_id == Matter.id, Closure.closed_at <= at)
        .where(or_(Closure.reopened_at.is_(None), Closure.reopened_at > at))
        .scalar_subquery()
    )
    told = [key.label("key"), label.label("label"), facts.weight.label("weight")]
    rows = facts.select([*told, crossed.label("crossed"), standing.label("closed")])
    # A figure of a period needs nothing that was settled for good before it began, and before it is looked at.
    since = min(flt.start, at)
    rows = rows.where(*conditions, or_(Matter.last_at.is_(None), Matter.last_at >= since, Matter.closed_at.is_(None)))
    found = rows.subquery()
    escaped = found.c.crossed <= at
    state = case((escaped, "escaped"), (found.c.closed.is_not(None), "contained"), else_="pending")
    decided_at = case((escaped, found.c.crossed), else_=found.c.closed)
    return select(found.c.key, found.c.label, found.c.weight, state.label("state"), decided_at.label("decided_at"))


def _severity(at: datetime) -> ColumnElement[int]:
    """The grade that counts at an instant: the initial one until it was fixed."""
    return case((Matter.severity_at > at, Matter.severity_initial), else_=Matter.severity)


def _crossed(severity: ColumnElement[int], policy: Policy, dated: list[DatedLadder]) -> ColumnElement[Any]:
    """First instant at which the lead was held beyond the ceiling, by the ladder of the matter's station and time."""
    branches = [
        (and_(severity == grade, *_in_force(ladder)), _first(ladder.ladder.beyond(ceiling)))
        for ladder in dated
        for grade, ceiling in policy.ceilings.items()
    ]
    return case(*branches, else_=NEVER)


def _in_force(ladder: DatedLadder) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if ladder.station_id is not None:
        conditions.append(Beat.station_id == ladder.station_id)
    if ladder.since is not None or ladder.until is not None:
        conditions.append(contains(func.tstzrange(ladder.since, ladder.until), Matter.opened_at))
    return conditions


def _first(levels: tuple[Level, ...]) -> ColumnElement[Any]:
    reached = [getattr(Matter, f"reached_{level}") for level in levels]
    return func.least(*reached) if reached else NEVER
