"""Workload counted in SQL: demand by place or kind, load by person, and the minutes that people have."""

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select
from sqlalchemy.orm import aliased

from db.activities import events
from db.at_hand import by_officer, by_place, posted, posted_and_rostered
from db.bulk import frame_of
from db.facts import By, Facts, Filter, matters
from db.tables import Category, Matter, Officer, Step
from grids.workload import activity_minutes

PLACES = ("cell", "beat", "community", "station")
COLUMNS = ["key", "label", "matters", "minutes", "available", "staff"]


def workload(conn: Connection, flt: Filter, by: By | str) -> pd.DataFrame:
    """By key: key, label, matters, minutes, available, staff (docs/metrics.md, "Workload").

    by a place, severity, channel or category: demand of the matters opened in the period, and for places the minutes
    of the people posted there (NaN where nobody is). by "officer": minutes that each person carried, activities too.
    """
    if by == "officer":
        return _by_officer(conn, flt)
    demand = _demand(conn, flt, by)  # type: ignore[arg-type]
    if by not in PLACES:
        return demand.assign(available=float("nan"), staff=0)[COLUMNS]
    merged = demand.merge(available(conn, flt.start, flt.end, by), on="key", how="left")
    merged["staff"] = merged["staff"].astype("Int64").fillna(0).astype("int64")
    return merged.astype({"available": "float64"})[COLUMNS]


def available(conn: Connection, start: datetime, end: datetime, by: By | str) -> pd.DataFrame:
    """Minutes at hand of the people posted to each place (cell, beat, community or station): key, available, staff."""
    return by_place(posted(conn, start, end), str(by))


def expected_minutes(facts: Facts) -> ColumnElement[float]:
    """Minutes of a matter: those recorded, else what the catalogue expects."""
    return func.coalesce(Matter.recorded_minutes, facts.category().minutes)


def _demand(conn: Connection, flt: Filter, by: By) -> pd.DataFrame:
    facts = matters(shares=flt.shares)
    key, label = facts.key(by)
    minutes = func.sum(expected_minutes(facts) * facts.weight).label("minutes")
    conditions = facts.within(flt)
    # A redrawn cell may have a new name: one key is one row all the same.
    query = facts.select(
        [key.label("key"), func.max(label).label("label"), func.sum(facts.weight).label("matters"), minutes]
    )
    return frame_of(conn, query.where(*conditions).group_by(key).order_by(key)).astype({"minutes": "float64"})


def _by_officer(conn: Connection, flt: Filter) -> pd.DataFrame:
    shares = _shares(flt).subquery()
    query = (
        select(
            Officer.code.label("officer"),
            func.count(shares.c.matter_id.distinct()).label("matters"),
            func.sum(shares.c.minutes).label("minutes"),
        )
        .join(shares, shares.c.officer_id == Officer.id)
        .group_by(Officer.code)
    )
    handled = frame_of(conn, query).astype({"minutes": "float64"}).set_index("officer")
    others = activity_minutes(events(conn, flt)).sum(axis=1)
    codes = handled.index.union(others.index)
    found = handled.reindex(codes).fillna(0).astype({"matters": "int64"})
    minutes = found["minutes"] + others.reindex(codes).fillna(0.0)
    pieces, on_roster = posted_and_rostered(conn, flt.start, flt.end)
    at_hand = by_officer(pieces, on_roster).reindex(codes)
    staff = pd.Index(codes).isin(pieces["officer"]).astype("int64")
    told = {"key": codes, "label": codes, "minutes": minutes, "available": at_hand, "staff": staff}
    return found.assign(**told).reset_index(drop=True)[COLUMNS]


def _shares(flt: Filter) -> Any:
    """Minutes of each officer in each (matter, role) whose first handling step lies in the period."""
    handled = _handled(flt)
    catalogue = aliased(Category)
    pair = (handled.c.matter_id, handled.c.role)
    named = handled.c.officer_id.is_not(None)
    recorded = func.sum(handled.c.recorded).filter(named).over(partition_by=pair)
    spread = catalogue.minutes / func.nullif(func.count(handled.c.officer_id).over(partition_by=pair), 0)
    minutes = case((recorded.is_not(None), func.coalesce(handled.c.recorded, 0)), else_=spread)
    began = func.min(handled.c.first_at).over(partition_by=pair)
    rows = (
        select(handled.c.matter_id, handled.c.officer_id, minutes.label("minutes"), began.label("began"))
        .join(Matter, Matter.id == handled.c.matter_id)
        .join(catalogue, catalogue.id == Matter.category_id)
    ).subquery()
    return select(rows.c.matter_id, rows.c.officer_id, rows.c.minutes).where(
        rows.c.officer_id.is_not(None), rows.c.began >= flt.start, rows.c.began < flt.end
    )


def _handled(flt: Filter) -> Subquery:
    """Per matter, role and officer (null: nobody named): recorded minutes (null: none) and the first handling step."""
    query = select(
        Step.matter_id,
        Step.role,
        Step.officer_id,
        func.sum(Step.minutes).label("recorded"),
        func.min(Step.at).label("first_at"),
    ).where(Step.role.is_not(None))
    facts = matters()
    chosen = facts.conditions(flt)
    # Handling of a matter only starts once it is open, so later matters cannot count.
    query = query.where(Step.matter_id.in_(facts.select([Matter.id]).where(Matter.opened_at < flt.end, *chosen)))
    return query.group_by(Step.matter_id, Step.role, Step.officer_id).subquery()
