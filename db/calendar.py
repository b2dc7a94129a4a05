"""The calendar that deadlines in working hours go by: holidays and weekend days at work, as data."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from db.city import city
from db.outcome import Outcome
from db.tables import Holiday
from grids.deadlines import Calendar

Row = dict[str, Any]


def write_holidays(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert or update days that are not what their weekday says. Rows: line, day (date), kind (off, work), name."""
    outcome = Outcome()
    known = {row.day: (row.kind, row.name) for row in conn.execute(select(Holiday.day, Holiday.kind, Holiday.name))}
    for row in rows:
        told, before = (row["kind"], row.get("name")), known.get(row["day"])
        values = dict(zip(("kind", "name"), told, strict=True))
        if before is None:
            conn.execute(insert(Holiday).values(day=row["day"], **values))
        elif before != told:
            conn.execute(update(Holiday).where(Holiday.day == row["day"]).values(**values))
        outcome.labels[row["line"]] = "inserted" if before is None else "unchanged" if before == told else "updated"
        known[row["day"]] = told
    return outcome


def calendar(conn: Connection) -> Calendar:
    """The calendar of this city: its days off and at work that the weekday does not tell, and its time zone."""
    days = {row.day: row.kind for row in conn.execute(select(Holiday.day, Holiday.kind))}
    return Calendar(days, ZoneInfo(city(conn).zone))
