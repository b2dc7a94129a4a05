"""Counts and containment, asked of the read model's scans, of SQL over the rows and of DuckDB over Parquet."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func

from db import readmodel
from db.bulk import frame_of
from db.containment import containment
from db.facts import Filter, matters
from db.readmodel import Model, View
from grids.levels import Ladder
from grids.policies import POLICIES

MONTH = (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
YEAR = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
DECADE = (datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))

QUESTIONS = (
    ("matters by cell, a month", Filter(*MONTH), "cell", None),
    ("matters by category, a year, a station", Filter(*YEAR, place="station:S3"), "category", None),
    ("matters by beat, ten years", Filter(*DECADE), "beat", None),
    ("containment QD by cell, a month", Filter(*MONTH), "cell", "QD"),
    ("containment QD by beat, a year", Filter(*YEAR), "beat", "QD"),
    ("containment JM by grade, a group, a channel", Filter(*YEAR, None, ("g1",), ("110",)), "severity", "JM"),
    ("containment ZS by station, ten years", Filter(*DECADE), "station", "ZS"),
)  # fmt: skip


def ours(view: View, flt: Filter, by: str, policy: str | None, dated: Any) -> pd.DataFrame:
    """The read model's answer."""
    if policy is None:
        return readmodel.counts(view, flt, by)
    return readmodel.containment(view, flt, POLICIES[policy], by, dated)


def in_sql(conn: Connection, flt: Filter, by: Any, policy: str | None) -> pd.DataFrame:
    """That of SQL over the rows."""
    if policy is not None:
        return containment(conn, flt, POLICIES[policy], by)
    facts = matters()
    key, _ = facts.key(by)
    conditions = facts.within(flt)
    return frame_of(conn, facts.select([key.label("key"), func.count().label("n")]).where(*conditions).group_by(key))


def in_duckdb(duck: Any, home: Path, model: Model, flt: Filter, by: str, policy: str | None) -> pd.DataFrame:
    """The same by hand in DuckDB's SQL, for the one ladder that this city has."""
    start, end = model.ticks.first_from(flt.start), model.ticks.end_before(flt.end)
    key = {"category": "c.code", "severity": "grade"}.get(by, f"s.{by}")
    where = [f"opened < {end}"]
    if flt.place:
        kind, _, code = flt.place.partition(":")
        where.append(f"s.{kind} = '{code}'")
    if flt.categories:
        where.append(f"c.group IN ('{flt.categories[0]}')")
    if flt.channels:
        channels = [n for n, row in enumerate(model.words.channels) if row[0] in flt.channels]
        where.append(f"channel IN ({', '.join(map(str, channels))})")
    joined = f"""FROM '{home}/matter.parquet' m JOIN '{home}/spots.parquet' s USING (spot)
        JOIN '{home}/categories.parquet' c USING (category)"""
    if policy is None:
        where.append(f"opened >= {start}")
        return duck.execute(f"SELECT {key} AS key, count(*) AS n {joined} WHERE {' AND '.join(where)} GROUP BY 1").df()
    beyond = {grade: Ladder.default().beyond(ceiling) for grade, ceiling in POLICIES[policy].ceilings.items()}
    whens = " ".join(
        f"WHEN {grade} THEN least({', '.join(f'reached_{level}' for level in levels)})"
        for grade, levels in beyond.items()
    )
    return duck.execute(f"""
        WITH found AS (
            SELECT m.*, s.*, c.code, CASE WHEN severity_at > {end} THEN initial ELSE m.severity END AS grade,
                CASE WHEN m.closed <= {end} AND m.reopened > {end} THEN m.closed ELSE again.closed END AS standing
            {joined} LEFT JOIN '{home}/more.parquet' again
                ON again.id = m.id AND again.closed <= {end} AND again.reopened > {end}
            WHERE c.containable AND {" AND ".join(where)}),
        decided AS (SELECT *, CASE grade {whens} END AS crossed FROM found)
        SELECT {key.replace("s.", "").replace("c.", "")} AS key,
            count(*) FILTER (crossed > {end} AND standing >= {start} AND standing < {end}) AS contained,
            count(*) FILTER (crossed <= {end} AND crossed >= {start} AND crossed < {end}) AS escaped,
            count(*) FILTER (crossed > {end} AND standing IS NULL) AS pending
        FROM decided GROUP BY 1""").df()
