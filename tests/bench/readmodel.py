"""The read model beside plain SQL over the rows and DuckDB over Parquet, answers compared, in one run.

BEATGRID_BENCH_MATTERS says how many matters (1 million; reports are a tenth more). DuckDB reads the model's own columns
from Parquet, so it has the same work left to do; SQL asks the tables, with their indexes. Questions:
tests/bench/readmodel_scans.py (counts and containment) and tests/bench/readmodel_questions.py (every table).
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
from sqlalchemy import Connection

from db import readmodel
from db.bulk import frame_of
from db.engine import begin
from db.ladders import ladders
from db.readmodel import Model, View, scans, whole
from db.sums import SUMS, sums, write_sums
from tests.bench import readmodel_scans
from tests.bench.many_matters import many_matters, write_parquet
from tests.bench.readmodel_questions import QUESTIONS, YEAR

OFTEN = 15


class Spent(NamedTuple):
    """Milliseconds on the clock, and of processors of this process (PostgreSQL works in others)."""

    wall: float
    cpu: float


def main(count: int | None = None) -> None:
    """Print milliseconds of each question, asked of each engine."""
    scans.prepare()
    count = count or int(os.environ.get("BEATGRID_BENCH_MATTERS", 1_000_000))
    with many_matters(count) as (engine, home), begin(engine, "bench") as conn:
        model, spent = _timed(lambda: readmodel.build(conn, home / "readmodel"), 1)
        size = model.nbytes / len(model)
        print(
            f"readmodel: {len(model):,} matters of {size:.0f} bytes with all that happened: {model.nbytes / 1e6:.0f} MB"
        )
        tables = {name: len(whole(model).rows(name)) for name in model._tables}
        print("  " + ", ".join(f"{rows:,} {name}" for name, rows in tables.items()))
        print(f"  built in {spent.wall / 1000:.1f} s, sums in {_timed(lambda: write_sums(model), 1)[1].wall:.0f} ms")
        write_parquet(model, home)
        _ask_all(conn, model, home)
        _patch(conn, home / "readmodel", model)


def _ask_all(conn: Connection, model: Model, home: Path) -> None:
    view, dated = whole(model), ladders(conn)
    duck = duckdb.connect(config={"threads": os.cpu_count()})
    print(f"  {'milliseconds, the best of ' + str(OFTEN):<46}{'ours':>8}{'CPU':>8}{'DuckDB':>9}{'CPU':>8}{'SQL':>9}")
    for name, flt, by, policy in readmodel_scans.QUESTIONS:
        _row(
            name,
            lambda: readmodel_scans.ours(view, flt, by, policy, dated),  # noqa: B023 - called at once
            lambda: readmodel_scans.in_duckdb(duck, home, model, flt, by, policy),  # noqa: B023
            lambda: readmodel_scans.in_sql(conn, flt, by, policy),  # noqa: B023
        )
    ticks = model.ticks
    span = {"start": ticks.first_from(YEAR.start), "end": ticks.end_before(YEAR.end), "home": home}
    instants = {"start": f"timestamptz '{YEAR.start.isoformat()}'", "end": f"timestamptz '{YEAR.end.isoformat()}'"}
    channels = [row[0] for row in model.words.channels]
    for question in QUESTIONS:
        _row(
            question.name,
            lambda: question.ours(view, dated),  # noqa: B023
            lambda: duck.execute(question.duckdb.format(**span, channels=channels)).df(),  # noqa: B023
            lambda: frame_of(conn, question.sql.format(**instants)),  # noqa: B023
        )
    for name in SUMS:
        _, kept = _timed(lambda: sums(view, name), OFTEN)  # noqa: B023
        print(f"  {'kept sums ' + name:<46}{kept.wall:8.1f}{kept.cpu:8.1f}")


def _row(name: str, ours: Callable[[], Any], duck: Callable[[], Any], sql: Callable[[], Any]) -> None:
    """Ask all three, print what each took, and say so where the answers differ."""
    one, quick = _timed(ours, OFTEN)
    two, duckdb_ms = _timed(duck, OFTEN)
    three, sql_ms = _timed(sql, 1)
    agree = "" if _told(one) == _told(two) == _told(three) else "  ANSWERS DIFFER"
    told = f"{quick.wall:8.1f}{quick.cpu:8.1f}{duckdb_ms.wall:9.1f}{duckdb_ms.cpu:8.1f}{sql_ms.wall:9.0f}"
    print(f"  {name:<46}{told}{agree}", flush=True)


def _patch(conn: Connection, home: Path, model: Model) -> None:
    ids = model._parts[0].id[:: max(1, len(model) // 100)].tolist()
    patched, spent = _timed(lambda: readmodel.patch(conn, home, ids), 1)
    print(f"  {len(ids)} changed matters patched in {spent.wall:.0f} ms; {patched.deltas} delta")
    view = whole(patched)
    for question in QUESTIONS:
        _, first = _timed(lambda: _ask_once(view, question), 1)  # noqa: B023
        _, again = _timed(lambda: _ask_once(view, question), OFTEN)  # noqa: B023
        print(f"  after it: {question.name:<40}{first.wall:8.1f} at first, then{again.wall:8.1f}")


def _ask_once(view: View, question: Any) -> pd.DataFrame:
    found: pd.DataFrame = question.ours(view, None)
    return found


def _told(frame: pd.DataFrame) -> set[tuple[Any, ...]]:
    """key → counts without order, to the third decimal; keys without any left out."""
    columns = frame.drop(columns="label", errors="ignore")
    values = columns.itertuples(index=False, name=None)
    plain = [(row[0], *(round(float(value), 3) for value in row[1:])) for row in values if any(row[1:])]
    return {(None if pd.isna(key) else str(key), *counts) for key, *counts in plain}


def _timed(work: Callable[[], Any], often: int) -> tuple[Any, Spent]:
    """The result and the fewest milliseconds, on the clock and of this process's processors."""
    spent = []
    for _ in range(often):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        spent.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return result, Spent(*(min(column) for column in zip(*spent, strict=True)))
