"""Every measure: all of them on the demo district's year; and at 1 million matters beside the same in plain SQL.

The SQL of tests.bench.questions is asked of PostgreSQL over the rows and of DuckDB over the same rows as Parquet, in
one run; answers are compared. BEATGRID_BENCH_MATTERS says how many matters (1 million), BEATGRID_BENCH_DEMO=0 leaves
the demo district out.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
from sqlalchemy import Connection, Engine, text

from db import readmodel
from db.cluster import Cluster
from db.engine import begin
from db.facts import Filter
from db.measures import MEASURES
from db.readmodel import View
from db.record import open_record
from db.settings import Settings
from db.warming import warm
from tests.bench.many_matters import many_matters
from tests.bench.questions import SQL

YEAR = Filter(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
OFTEN = 7
# Measures that shuffle times again and again are not a question of counting.
PERMUTING = ("near repeats",)
TABLES = ("matter", "incident", "step", "closure", "diversion", "category", "officer", "unit", "cell")
LEFT_OUT = {
    "incident": ("geom", "content_hash"), "step": ("detail", "note", "content_hash"), "cell": ("geom", "valid"),
    "matter": ("tags",), "officer": ("personal", "phone_hash", "content_hash"), "unit": ("geom", "valid", "lead_for"),
}  # fmt: skip
HELD = """
    CREATE TEMP VIEW held AS SELECT bc.cell_id, b.code AS beat, coalesce(lower(bc.valid), '0001-01-01Z') AS since,
        coalesce(upper(bc.valid), '9999-01-01Z') AS until
    FROM beat_cell bc JOIN beat b ON b.id = bc.beat_id"""


class Ours(NamedTuple):
    """The measure that answers a question, how it is asked, and which of its columns are compared as what."""

    measure: str
    options: dict[str, Any]
    columns: dict[str, str]
    key: Callable[[pd.DataFrame], Any] = lambda frame: frame["key"]


LEVELS = ("cell", "beat", "community", "street", "district", "city", "closed", "open")
SHARE = {"numerator": "numerator", "denominator": "denominator"}


def _outcome(code: str, by: str | None = None) -> Ours:
    return Ours("outcomes", {"codes": (code,), "by": by}, SHARE)


OURS = {
    "closing rate by beat": _outcome("closing", "beat"),
    "on time by category": _outcome("on_time", "category"),
    "settled on the spot by beat": _outcome("on_spot", "beat"),
    "revisit coverage": _outcome("revisit"),
    "regrades": Ours("regrades", {}, {"numerator": "numerator"}, lambda f: f["severity"] * 10 + f["severity_now"]),
    "flow from level to level": Ours(
        "flow", {}, {"numerator": "numerator"},
        lambda f: f["source"].map(LEVELS.index) * 10 + f["target"].map(LEVELS.index),
    ),
    "diversions by unit": Ours(
        "diversions", {}, {"diverted": "diverted", "diverted_accepted": "accepted", "diverted_done": "done"}
    ),
    "repeat rate by category": _outcome("repeat", "category"),
    "same-matter chains": Ours("chains", {}, {"numerator": "numerator"}, lambda f: f["reports"]),
    "demand by beat": Ours("workload", {"by": "beat"}, {"matters": "matters", "minutes": "minutes"}),
    "handling minutes by officer": Ours("load of people", {}, {"handling": "minutes"}),
    "clock of the week": Ours("clock", {}, {"reports": "reports"}, lambda f: f["weekday"] * 100 + f["hour"]),
    "fewest addresses of half the calls": Ours(
        "pareto of addresses", {}, {"doors": "doors", "fewest": "fewest"}, lambda f: pd.Series([None] * len(f))
    ),
    "reports by cell, for hot cells": Ours("hot cells", {}, {"reports": "reports"}),
}  # fmt: skip


def main() -> None:
    """Print milliseconds of every measure."""
    warm()
    if os.environ.get("BEATGRID_BENCH_DEMO", "1") != "0":
        _demo()
    count = int(os.environ.get("BEATGRID_BENCH_MATTERS", 1_000_000))
    with many_matters(count) as (engine, home):
        with begin(engine, "bench") as conn:
            model = readmodel.build(conn, home / "readmodel")
        print(
            f"measures: {len(model):,} matters, {len(readmodel.whole(model).rows('report')):,} reports over ten years"
        )
        _beside(engine, home, readmodel.whole(model))
        _each(engine, readmodel.whole(model), YEAR)


def _demo() -> None:
    """All measures of the demo district's last year, one after the other, from a warm process."""
    from loaders.demo.loading import load_demo

    home = Path(tempfile.mkdtemp(prefix="beatgrid-bench-"))
    home.chmod(0o755)
    try:
        settings = Settings(home=home, keys_file=home / "keys", actor="bench")
        record, until = open_record(settings), datetime.now(UTC)
        load_demo(record, home / "demo", until=until)
        model = readmodel.current(record.engine, home / "readmodel")
        view = readmodel.whole(model)
        print(f"measures: the demo district, {len(model):,} matters, {len(view.rows('report')):,} reports")
        _each(record.engine, view, Filter(until - timedelta(days=365), until))
        record.engine.dispose()
    finally:
        Cluster(home).destroy()
        shutil.rmtree(home, ignore_errors=True)


def _each(engine: Engine, view: View, flt: Filter) -> None:
    print(f"  {'milliseconds of a year, the best of ' + str(OFTEN):<52}{'ours':>8}")
    whole = 0.0
    with begin(engine, "bench") as conn:
        for name in MEASURES:
            spent = _timed(lambda: MEASURES[name](conn, view, flt), 2 if name in PERMUTING else OFTEN)[1]  # noqa: B023
            whole += 0 if name in PERMUTING else spent
            print(f"  {name:<52}{spent:8.1f}", flush=True)
    print(f"  {'all of them, without ' + ', '.join(PERMUTING):<52}{whole:8.1f}")


def _beside(engine: Engine, home: Path, view: View) -> None:
    print(
        f"  {'milliseconds of a year, the best of ' + str(OFTEN) + ' (SQL: 1)':<52}{'ours':>8}{'DuckDB':>9}{'SQL':>9}"
    )
    with begin(engine, "bench") as conn:
        conn.execute(text(HELD))
        duck = _parquet(conn, home)
        for name, query in SQL.items():
            ours, quick = _timed(lambda: _ours(conn, view, OURS[name]), OFTEN)  # noqa: B023
            theirs, ducks = _timed(lambda: _duck(duck, query), OFTEN)  # noqa: B023
            rows, slow = _timed(lambda: _sql(conn, query), 1)  # noqa: B023
            agree = "" if _told(ours) == _told(theirs) == _told(rows) else "  ANSWERS DIFFER"
            print(f"  {name:<52}{quick:8.1f}{ducks:9.1f}{slow:9.0f}{agree}", flush=True)


def _ours(conn: Connection, view: View, ours: Ours) -> pd.DataFrame:
    found = MEASURES[ours.measure](conn, view, YEAR, **ours.options)
    return pd.DataFrame({"key": ours.key(found)} | {theirs: found[own] for own, theirs in ours.columns.items()})


def _sql(conn: Connection, query: str) -> pd.DataFrame:
    found = conn.execute(text(query), {"start": YEAR.start, "end": YEAR.end})
    return pd.DataFrame(found.all(), columns=list(found.keys()))


def _duck(duck: Any, query: str) -> pd.DataFrame:
    start, end = (f"TIMESTAMPTZ '{at.isoformat()}'" for at in (YEAR.start, YEAR.end))
    found: pd.DataFrame = duck.execute(query.replace(":start", start).replace(":end", end)).df()
    return found


def _parquet(conn: Connection, home: Path) -> Any:
    """DuckDB with the rows of the record as Parquet under the names that the tables have in PostgreSQL."""
    duck = duckdb.connect(config={"threads": os.cpu_count()})
    duck.execute("SET TimeZone = 'UTC'")
    driver: Any = conn.connection.dbapi_connection
    for table in (*TABLES, "held"):
        plain, file = home / f"{table}.csv", home / f"{table}_rows.parquet"
        kinds = _kinds(conn, table)
        columns = ", ".join(f'"{name}"' for name in kinds)
        with plain.open("wb") as out, driver.cursor() as cursor:
            cursor.copy_expert(f"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT csv, HEADER)", out)
        duck.execute(f"COPY (FROM read_csv('{plain}', header = true, columns = {kinds})) TO '{file}' (FORMAT parquet)")
        plain.unlink()
        duck.execute(f"CREATE VIEW {table} AS FROM '{file}'")
    return duck


def _kinds(conn: Connection, table: str) -> dict[str, str]:
    """Column → type of DuckDB, which calls nearly all of them as PostgreSQL does."""
    query = """SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :table
        ORDER BY ordinal_position"""
    rows = conn.execute(text(query), {"table": table})
    return {row[0]: "TEXT[]" if row[1] == "ARRAY" else row[1] for row in rows if row[0] not in LEFT_OUT.get(table, ())}


def _told(frame: pd.DataFrame) -> set[tuple[Any, ...]]:
    """Rows as plain values: keys as text, numbers to a millionth, those that count nothing left out."""
    found = set()
    for key, *values in frame[["key", *sorted(frame.columns.drop("key"))]].to_numpy(dtype=object).tolist():
        numbers = tuple(0.0 if pd.isna(value) else round(float(value), 6) for value in values)
        plain = str(int(key)) if isinstance(key, float) and not pd.isna(key) else str(key)
        if any(numbers):
            found.add((None if pd.isna(key) else plain, *numbers))
    return found


def _timed(work: Callable[[], Any], often: int) -> tuple[Any, float]:
    """The result, and the fewest milliseconds on the clock."""
    result, spent = None, []
    for _ in range(often):
        began = time.perf_counter()
        result = work()
        spent.append(1000 * (time.perf_counter() - began))
    return result, min(spent)
