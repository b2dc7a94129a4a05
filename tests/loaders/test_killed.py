"""A load killed at any moment goes on where it was and ends as if nothing had happened."""

import gzip
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from db.checksums import checksums
from db.cluster import Cluster
from db.engine import begin
from db.record import Record, open_record
from db.settings import Settings
from loaders.options import LoadOptions
from loaders.running import load_file
from tests.commands import alone, start
from tests.conftest import copy_database, drop_database


@contextmanager
def loaded_cells(cluster: Cluster, template: str, folder: Path, realdata: Path) -> Iterator[tuple[Settings, Record]]:
    folder.mkdir(parents=True, exist_ok=True)
    made = copy_database(cluster, template, folder)
    record = open_record(made)
    load_file(record, "cells", realdata / "chicago/police_beats.zip", LoadOptions("chicago"))
    yield made, record
    record.engine.dispose()
    drop_database(cluster, made)


def rows_read(record: Record) -> int:
    with begin(record.engine, "test") as conn:
        return int(
            conn.exec_driver_sql("SELECT coalesce(max(read), 0) FROM load_run WHERE kind = 'incidents'").scalar_one()
        )


def kill_after(process: object, record: Record, rows: int, extra_s: float) -> None:
    """Kill -9 once that many rows are committed, and a little later, so that it hits any point of a chunk."""
    deadline = time.monotonic() + 60
    while rows_read(record) < rows and process.poll() is None and time.monotonic() < deadline:  # type: ignore[attr-defined]
        time.sleep(0.02)
    time.sleep(extra_s)
    process.send_signal(signal.SIGKILL)  # type: ignore[attr-defined]
    process.communicate()  # type: ignore[attr-defined]


def beginning(file: Path, rows: int, folder: Path) -> Path:
    """A file of its own with the head and the first rows of a compressed table."""
    short = folder / "incidents.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as whole, gzip.open(short, "wt", encoding="utf-8") as part:
        part.writelines(islice(whole, rows + 1))
    return short


@pytest.mark.realdata
@pytest.mark.parametrize(("kills", "rows"), [(1, 8_000), pytest.param(5, 50_000, marks=pytest.mark.prove)])
def test_kills_at_random_moments_end_in_the_undisturbed_tables(
    cluster: Cluster, template: str, realdata: Path, tmp_path: Path, kills: int, rows: int
) -> None:
    file = beginning(realdata / "chicago/incidents_2019_50k.csv.gz", rows, tmp_path)
    words = ("load", "incidents", str(file), "--profile", "chicago", "--json")
    with loaded_cells(cluster, template, tmp_path / "calm", realdata) as (_, record):
        load_file(record, "incidents", file, LoadOptions("chicago"))
        with begin(record.engine, "test") as conn:
            undisturbed = {name: counted for name, (counted, _) in checksums(conn).items()}
            placed = _placed(record)
    dice = random.Random(20_260_101)
    with loaded_cells(cluster, template, tmp_path / "killed", realdata) as (settings, record):
        for kill in range(kills):
            kill_after(start(settings, *words), record, (kill + 1) * rows * 4 // 5 // kills, dice.uniform(0.0, 0.9))
        finished = alone(settings, *words)
        assert finished.returncode == 0, finished.stderr
        with begin(record.engine, "test") as conn:
            assert {name: counted for name, (counted, _) in checksums(conn).items()} == undisturbed
        pd.testing.assert_frame_equal(_placed(record), placed)
        assert rows_read(record) == rows


def _placed(record: Record) -> pd.DataFrame:
    """Everything that the file says and that placing made of it, row by row."""
    with begin(record.engine, "test") as conn:
        return pd.read_sql(
            """SELECT i.channel, i.source_no, i.reported_at, k.code AS category, i.address, i.cell_label, i.beat_label,
                      ST_AsEWKT(i.geom) AS place, c.code AS cell, n.code AS cell_now, i.placed_by, m.opened_at
               FROM incident i JOIN category k ON k.id = i.category_id JOIN matter m ON m.id = i.matter_id
               LEFT JOIN cell c ON c.id = i.cell_then LEFT JOIN cell n ON n.id = i.cell_now ORDER BY 1, 2""",
            conn,
        )


def test_ctrl_c_leaves_a_run_that_goes_on(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "incidents.csv"
    rows = (f"110,{n},2026-01-0{1 + n % 9} 10:00,盗窃,120.{n},36.1" for n in range(100))
    file.write_text("channel,source_no,reported_at,category,lon,lat\n" + "\n".join(rows))
    options = LoadOptions(chunk_rows=10)

    def interrupt(done: int, total: int | None) -> None:
        if done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_file(record, "incidents", file, options, interrupt)
    report = load_file(record, "incidents", file, options)
    assert report.resumed_at == 40
    assert report.counts["read"] == report.counts["inserted"] == 100
    again = load_file(record, "incidents", file, options)
    assert (again.resumed_at, again.counts["unchanged"]) == (None, 100)


def test_a_repeat_after_the_interruption_is_still_seen_as_a_repeat(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "incidents.csv"
    rows = [f"110,{n},2026-01-01 10:00,盗窃" for n in range(30)] + ["110,3,2026-01-02 11:00,诈骗"]
    file.write_text("channel,source_no,reported_at,category\n" + "\n".join(rows))
    options = LoadOptions(chunk_rows=10)

    def interrupt(done: int, total: int | None) -> None:
        if done == 20:
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            load_file(record, "incidents", file, options, interrupt)
        report = load_file(record, "incidents", file, options)
        assert report.counts["rejected"] == 1
