"""The measures that screens and reports read: one function a question, counts in SQL, formulas in grids."""

import math
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, or_, select, text
from sqlalchemy.sql.functions import Function

from db.bulk import SQL_FOLDER, frame_of
from db.city import city
from db.containment import containment
from db.facts import By, Facts, Filter, incidents, matters
from db.tables import Beat, BeatCell, Cell, Closure, Incident, LoadRun, Matter, Unit
from db.workload import expected_minutes, workload
from grids.policies import Policy

__all__ = [
    "By", "Filter", "Totals", "cells", "clock", "containment", "daily", "freshness", "lattice", "recent", "totals",
    "workload",
]  # fmt: skip

METRES_A_DEGREE = 111_320.0  # of latitude, and of longitude at the equator, near enough for a display lattice


@dataclass(frozen=True)
class Totals:
    """Plain counts of a period; open, overdue and unplaced as they stand at its end. minutes: expected handling."""

    incidents: int
    matters: int
    open_matters: int
    overdue: int
    unplaced: int
    closed: int
    minutes: float


def totals(conn: Connection, flt: Filter) -> Totals:
    """The plain counts of a period."""
    opened = matters()
    conditions = opened.within(flt)
    minutes = func.coalesce(func.sum(expected_minutes(opened)), 0.0)
    count, worked = conn.execute(opened.select([func.count(), minutes]).where(*conditions)).one()
    reported, unplaced = _reported(conn, flt)
    still_open, overdue = _open(conn, flt)
    return Totals(reported, count, still_open, overdue, unplaced, _closed(conn, flt), float(worked))


def cells(conn: Connection, flt: Filter, policy: Policy) -> pd.DataFrame:
    """One row a live cell: code, name, beat, station, residents and the counts of the period.

    Counts: incidents, matters, contained, escaped, pending (fractions where the filter counts in shares); minutes is
    the demand.
    """
    frame = live_cells(conn)
    facts = incidents()
    key, _ = facts.key("cell")
    conditions = facts.within(flt)
    reported = frame_of(
        conn,
        facts.select([key.label("code"), func.count().label("incidents")]).where(*conditions).group_by(key),
    )
    demand = workload(conn, flt, "cell").rename(columns={"key": "code"})[["code", "matters", "minutes"]]
    held = containment(conn, flt, policy, "cell").rename(columns={"key": "code"}).drop(columns="label")
    for part in (reported, demand, held):
        frame = frame.merge(part.dropna(subset="code"), on="code", how="left")
    counts = ["incidents", "matters", "contained", "escaped", "pending"]
    frame[counts] = frame[counts].astype("float64").fillna(0)
    if not flt.shares:
        frame[counts] = frame[counts].astype("int64")
    return frame.assign(minutes=frame["minutes"].astype("float64").fillna(0.0))


def lattice(conn: Connection, flt: Filter, step_m: float) -> pd.DataFrame:
    """Placed incidents counted on a fixed lattice of about step_m metres: lon, lat (centres, degrees), n."""
    facts = incidents()
    conditions = [*facts.within(flt), facts.cell_id.is_not(None)]
    wide, high = squares(conn, step_m)
    column = func.floor(func.ST_X(Incident.geom) / wide).label("i")
    row = func.floor(func.ST_Y(Incident.geom) / high).label("j")
    frame = frame_of(conn, facts.select([column, row, func.count().label("n")]).where(*conditions).group_by("i", "j"))
    return pd.DataFrame({"lon": (frame["i"] + 0.5) * wide, "lat": (frame["j"] + 0.5) * high, "n": frame["n"]})


def squares(conn: Connection, step_m: float) -> tuple[float, float]:
    """Width and height in degrees of a display lattice's squares of about step_m metres, the same for every filter."""
    latitude = conn.execute(text("SELECT avg(ST_Y(ST_Centroid(geom))) FROM cell WHERE upper_inf(valid)")).scalar()
    high = step_m / METRES_A_DEGREE
    return high / max(0.2, math.cos(math.radians(round(latitude or 0.0, 1)))), high


def daily(conn: Connection, flt: Filter) -> pd.DataFrame:
    """Incidents a day in the city's zone: day (date), incidents; days without any are left out."""
    facts = incidents()
    day = func.date(_local(conn, facts)).label("day")
    conditions = facts.within(flt)
    return frame_of(
        conn,
        facts.select([day, func.count().label("incidents")]).where(*conditions).group_by(day).order_by(day),
    )


def clock(conn: Connection, flt: Filter) -> pd.DataFrame:
    """Incidents by weekday (1 Monday … 7) and hour in the city's zone: weekday, hour, incidents."""
    facts = incidents()
    local = _local(conn, facts)
    weekday = func.extract("isodow", local).cast(LoadRun.read.type).label("weekday")
    hour = func.extract("hour", local).cast(LoadRun.read.type).label("hour")
    conditions = facts.within(flt)
    query = facts.select([weekday, hour, func.count().label("incidents")]).where(*conditions)
    return frame_of(conn, query.group_by(weekday, hour).order_by(weekday, hour))


def recent(conn: Connection, flt: Filter, limit: int = 20) -> pd.DataFrame:
    """The newest incidents, nothing personal: reported_at, channel, category, cell, beat, lon, lat."""
    facts = incidents()
    cell, _ = facts.key("cell")
    _, beat = facts.key("beat")
    channel, channel_name = facts.key("channel")
    _, category = facts.key("category")
    columns = [
        Incident.id.label("id"), Incident.reported_at, channel.label("channel"), channel_name.label("channel_name"),
        category.label("category"), cell.label("cell"), Cell.name.label("cell_name"), beat.label("beat"),
        func.ST_X(Incident.geom).label("lon"), func.ST_Y(Incident.geom).label("lat"),
    ]  # fmt: skip
    conditions = facts.within(flt)
    query = facts.select(columns).where(*conditions)
    return frame_of(conn, query.order_by(Incident.reported_at.desc(), Incident.id.desc()).limit(limit))


def freshness(conn: Connection) -> pd.DataFrame:
    """How far each channel's data reaches: channel, name, name_en, last_reported_at, last_loaded_at, pushed,
    longest_gap_s (between two of its reports in the last eight weeks of the record, NaN with fewer than two).
    """
    found = frame_of(conn, text((SQL_FOLDER / "freshness.sql").read_text()))
    return found.astype({"longest_gap_s": "float64"})


def _reported(conn: Connection, flt: Filter) -> tuple[int, int]:
    facts = incidents()
    conditions = facts.within(flt)
    unplaced = func.count().filter(facts.cell_id.is_(None))
    count, lost = conn.execute(facts.select([func.count(), unplaced]).where(*conditions)).one()
    return count, lost


def _open(conn: Connection, flt: Filter) -> tuple[int, int]:
    """Matters open at the end of the period, and those of them past their deadline."""
    facts = matters()
    conditions = [facts.at < flt.end, *facts.conditions(flt), ~_standing(flt)]
    overdue = func.count().filter(Matter.due_at < flt.end)
    count, late = conn.execute(facts.select([func.count(), overdue]).where(*conditions)).one()
    return count, late


def _standing(flt: Filter) -> ColumnElement[bool]:
    closed = select(Closure.matter_id).where(Closure.matter_id == Matter.id, Closure.closed_at < flt.end)
    return closed.where(or_(Closure.reopened_at.is_(None), Closure.reopened_at >= flt.end)).exists()


def _closed(conn: Connection, flt: Filter) -> int:
    facts = matters()
    within = select(Closure.matter_id).where(Closure.closed_at >= flt.start, Closure.closed_at < flt.end)
    conditions = [Matter.id.in_(within), *facts.conditions(flt)]
    return int(conn.execute(facts.select([func.count()]).where(*conditions)).scalar_one())


def _local(conn: Connection, facts: Facts) -> Function[object]:
    return func.timezone(city(conn).zone, facts.at)


def live_cells(conn: Connection) -> pd.DataFrame:
    """code, name, beat, station, residents of every cell in force now, by code."""
    held = Cell.__table__.outerjoin(
        BeatCell, (BeatCell.cell_id == Cell.id) & BeatCell.valid.op("@>", is_comparison=True)(func.now())
    )
    joined = held.outerjoin(Beat, Beat.id == BeatCell.beat_id).outerjoin(Unit, Unit.id == Beat.station_id)
    columns = (Cell.code, Cell.name, Beat.code.label("beat"), Unit.code.label("station"), Cell.residents)
    query = select(*columns).select_from(joined).where(Cell.valid.op("@>", is_comparison=True)(func.now()))
    return frame_of(conn, query.order_by(Cell.code))
