"""The read model beside plain SQL over the rows and DuckDB over Parquet, answers compared, in one run.

BEATGRID_BENCH_MATTERS says how many matters (1 million). DuckDB reads the model's own columns from Parquet, so it has
the same work left to do; SQL is db.containment and its like over the tables, with their indexes.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
from sqlalchemy import Connection, func

from db import readmodel
from db.bulk import frame_of
from db.containment import containment
from db.engine import begin
from db.facts import Filter, matters
from db.ladders import ladders
from db.readmodel import Model, Reach, View, scans
from db.sums import SUMS, sums, write_sums
from grids.levels import Ladder
from grids.policies import POLICIES
from tests.bench.many_matters import many_matters, write_parquet

MONTH = (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
YEAR = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
DECADE = (datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


class Spent(NamedTuple):
    """Milliseconds on the clock, and of processors of this process (PostgreSQL works in others)."""

    wall: float
    cpu: float


QUESTIONS = (
    ("matters by cell, a month", Filter(*MONTH), "cell", None),
    ("matters by category, a year, a station", Filter(*YEAR, place="station:S3"), "category", None),
    ("matters by beat, ten years", Filter(*DECADE), "beat", None),
    ("containment QD by cell, a month", Filter(*MONTH), "cell", "QD"),
    ("containment QD by beat, a year", Filter(*YEAR), "beat", "QD"),
    ("containment JM by grade, a group, a channel", Filter(*YEAR, None, ("g1",), ("110",)), "severity", "JM"),
    ("containment ZS by station, ten years", Filter(*DECADE), "station", "ZS"),
)  # fmt: skip
COUNTED = ("opened", "spot", "category", "channel", "grades")
OFTEN = 15


def main(count: int | None = None) -> None:
    """Print milliseconds of each question, asked of each engine."""
    scans.prepare()
    count = count or int(os.environ.get("BEATGRID_BENCH_MATTERS", 1_000_000))
    with many_matters(count) as (engine, home), begin(engine, "bench") as conn:
        model, spent = _timed(lambda: readmodel.build(conn, home / "readmodel"), 1)
        hot = sum(getattr(model._parts[0], name).itemsize for name in COUNTED)
        size = model.nbytes / len(model)
        print(f"readmodel: {len(model):,} matters of {size:.0f} bytes, of which a count reads {hot}")
        print(f"  built in {spent.wall / 1000:.1f} s, sums in {_timed(lambda: write_sums(model), 1)[1].wall:.0f} ms")
        write_parquet(model, home)
        _ask(conn, model, home)
        _patch(conn, home / "readmodel", model)


def _ask(conn: Connection, model: Model, home: Path) -> None:
    view = readmodel.scoped(model, Reach(figures=True, everywhere=True))
    dated, duck = ladders(conn), duckdb.connect(config={"threads": os.cpu_count()})
    print(f"  {'milliseconds, the best of ' + str(OFTEN):<44}{'ours':>8}{'CPU':>8}{'DuckDB':>9}{'CPU':>8}{'SQL':>9}")
    for name, flt, by, policy in QUESTIONS:
        ours, quick = _timed(lambda: _ours(view, flt, by, policy, dated), OFTEN)  # noqa: B023 - called at once
        theirs, duckdb_ms = _timed(lambda: _duckdb(duck, home, model, flt, by, policy), OFTEN)  # noqa: B023
        rows, sql_ms = _timed(lambda: _sql(conn, flt, by, policy), 1)  # noqa: B023
        agree = "" if _told(ours) == _told(theirs) == _told(rows) else "  ANSWERS DIFFER"
        told = f"{quick.wall:8.1f}{quick.cpu:8.1f}{duckdb_ms.wall:9.1f}{duckdb_ms.cpu:8.1f}{sql_ms.wall:9.0f}"
        print(f"  {name:<44}{told}{agree}", flush=True)
    for name in SUMS:
        _, kept = _timed(lambda: sums(view, name), OFTEN)  # noqa: B023
        print(f"  {'kept sums ' + name:<44}{kept.wall:8.1f}{kept.cpu:8.1f}")


def _patch(conn: Connection, home: Path, model: Model) -> None:
    ids = model._parts[0].id[:: max(1, len(model) // 100)].tolist()
    patched, spent = _timed(lambda: readmodel.patch(conn, home, ids), 1)
    print(f"  {len(ids)} changed matters patched in {spent.wall:.0f} ms; {patched.deltas} delta")


def _ours(view: View, flt: Filter, by: str, policy: str | None, dated: Any) -> pd.DataFrame:
    if policy is None:
        return readmodel.counts(view, flt, by)
    return readmodel.containment(view, flt, POLICIES[policy], by, dated)


def _sql(conn: Connection, flt: Filter, by: Any, policy: str | None) -> pd.DataFrame:
    if policy is not None:
        return containment(conn, flt, POLICIES[policy], by)
    facts = matters()
    key, _ = facts.key(by)
    conditions = facts.within(flt)
    return frame_of(conn, facts.select([key.label("key"), func.count().label("n")]).where(*conditions).group_by(key))


def _duckdb(duck: Any, home: Path, model: Model, flt: Filter, by: str, policy: str | None) -> pd.DataFrame:
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


def _told(frame: pd.DataFrame) -> set[tuple[Any, ...]]:
    values = frame.drop(columns="label", errors="ignore")
    return {(str(row[0]) if pd.notna(row[0]) else None, *row[1:]) for row in values.to_numpy().tolist() if any(row[1:])}


def _timed(work: Callable[[], Any], often: int) -> tuple[Any, Spent]:
    """The result and the fewest milliseconds, on the clock and of this process's processors."""
    spent = []
    for _ in range(often):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        spent.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return result, Spent(*(min(column) for column in zip(*spent, strict=True)))
