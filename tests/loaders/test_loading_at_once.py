"""Two processes load the same file at once: nothing is lost, nothing doubled, and each is told."""

import io
import threading
from pathlib import Path

import pytest

from db.engine import begin
from db.loads import runs
from db.record import Record, open_record
from db.settings import Settings
from geo.errors import Refused
from loaders.options import LoadOptions
from loaders.running import load_file
from tests.commands import start
from tests.loaders.town import incidents_file, placed_incidents, row_counts


def _many(folder: Path, count: int) -> Path:
    return incidents_file(folder / "many.csv", [f"110,M{n},2026-03-04,吵闹,,,路{n}," for n in range(count)])


def test_a_second_process_that_overtakes_a_load_finishes_it_and_the_first_is_told(
    settings: Settings, record: Record, tmp_path: Path
) -> None:
    path, options, other = _many(tmp_path, 200), LoadOptions(chunk_rows=50), open_record(settings)
    finished = []

    def overtake(done: int, _total: int | None) -> None:
        if done == 50 and not finished:
            finished.append(load_file(other, "incidents", path, options))

    with pytest.raises(Refused, match=r"Run 1 is being loaded by another process: wait until it is done\."):
        load_file(record, "incidents", path, options, overtake)
    assert finished[0].counts["inserted"] == len(placed_incidents(record)) == 200
    assert _states(record) == [(1, "done", 200)]
    other.engine.dispose()


def test_a_second_process_that_comes_too_late_does_not_spoil_the_run(
    settings: Settings, record: Record, tmp_path: Path
) -> None:
    path, options, other = _many(tmp_path, 200), LoadOptions(chunk_rows=50), open_record(settings)
    begun, go_on, said = threading.Event(), threading.Event(), io.StringIO()

    def wait(_done: int, _total: int | None) -> None:
        begun.set()
        go_on.wait(30)

    def second() -> None:
        try:
            load_file(other, "incidents", path, options, wait)
        except Refused as error:
            said.write(str(error))

    late = threading.Thread(target=second)

    def start_late(done: int, _total: int | None) -> None:
        if done == 50:
            late.start()
            begun.wait(30)

    load_file(record, "incidents", path, options, start_late)
    go_on.set()
    late.join(30)
    assert "being loaded by another process" in said.getvalue()
    assert _states(record) == [(1, "done", 200)]
    assert load_file(record, "incidents", path, options).counts["unchanged"] == 200
    other.engine.dispose()


def test_two_real_processes_at_once_lose_and_double_nothing(settings: Settings, record: Record, tmp_path: Path) -> None:
    path = _many(tmp_path, 12_000)
    both = [start(settings, "load", "incidents", path) for _ in range(2)]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in both]
    assert sorted(code for _, _, code in ended)[0] == 0
    for _, err, code in ended:
        assert (code, err) == (0, "") or (code == 4 and "is being loaded by another process" in err)
    assert len(placed_incidents(record)) == row_counts(record)["matter"] == 12_000
    assert {state for _, state, _ in _states(record)} == {"done"}


def _states(record: Record) -> list[tuple[int, str, int]]:
    with begin(record.engine, "test") as conn:
        return [(row.id, row.state, row.read) for row in runs(conn).itertuples()]
