"""What a station clerk relies on when loading again: exact updates, dry runs, nothing doubled, whatever the chunks."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from db.bulk import frame_of
from db.engine import begin
from db.record import Record
from loaders.rejecting import rejects_of
from tests.loaders.town import TOWN, incidents_file, load, placed_incidents, row_counts, write


def test_a_corrected_row_updates_exactly_what_changed(record: Record, tmp_path: Path) -> None:
    rows = [f"110,N{n},2026-03-04 05:06,吵闹,,,海滨路{n}号,139" for n in range(5)]
    first = load(record, "incidents", incidents_file(tmp_path / "a.csv", rows))
    before = placed_incidents(record)
    rows[2] = "110,N2,2026-03-04 05:06,吵闹,,,山东路2号,138"
    second = load(record, "incidents", incidents_file(tmp_path / "b.csv", rows))
    after = placed_incidents(record)
    assert (second.counts["updated"], second.counts["unchanged"]) == (1, 4)
    changed = (before != after) & (before.notna() | after.notna())
    assert {(no, name) for no, name in zip(*np.nonzero(changed.to_numpy()), strict=True)} == {
        (2, before.columns.get_loc("address")),
        (2, before.columns.get_loc("run_id")),
    }
    assert (first.run, second.run) == (before.loc["N2", "run_id"], after.loc["N2", "run_id"])
    with begin(record.engine, "test") as conn:
        token = frame_of(
            conn, "SELECT token FROM incident_personal p JOIN incident i ON i.id = incident_id WHERE source_no = 'N2'"
        )
    assert record.keys.open(token["token"].iloc[0]) == {"phone": "138"}


def test_a_dry_run_says_the_same_and_keeps_nothing(record: Record, tmp_path: Path) -> None:
    before = row_counts(record)
    path = write(TOWN["cells"], tmp_path / "cells.csv")
    report = load(record, "cells", path, dry_run=True)
    assert (report.run, report.counts["inserted"]) == (None, 6)
    rows = ["110,N1,2026-03-04,吵闹,,,路,", "110,N2,0024-03-04,吵闹,,,路,"]
    report = load(record, "incidents", incidents_file(tmp_path / "a.csv", rows), dry_run=True)
    assert (report.counts["inserted"], report.counts["rejected"]) == (1, 1)
    assert report.rejects == ["line 3: reported_at (column '报警时间') '0024-03-04' lies in the year 0024, before 1990"]
    assert row_counts(record) == before


def test_json_prints_one_object_a_file_with_every_count(command: Any, tmp_path: Path) -> None:
    good = incidents_file(tmp_path / "a.csv", ["110,N1,2026-03-04,吵闹,,,路,"])
    mixed = incidents_file(
        tmp_path / "b.csv", ["110,N2,2026-03-04,吵闹,,,路,", "110,N3,,吵闹,,,路,", "110,N1,2026-03-04,吵闹,,,街,"]
    )
    code, out, err = command("load", "incidents", good, mixed, "--json")
    assert (code, err) == (0, "")
    names = ("run", "read", "inserted", "updated", "unchanged", "rejected", "unplaced")
    told = [[json.loads(line)[name] for name in names] for line in out.splitlines()]
    assert told == [[1, 1, 1, 0, 0, 0, 1], [2, 3, 1, 1, 0, 1, 2]]
    assert command("load", "incidents", good)[1].startswith(
        f"Run 3: incidents from {good}: 1 read, 0 inserted, 1 updated"
    )


def test_a_load_of_which_nothing_was_good_ends_with_2(command: Any, tmp_path: Path) -> None:
    code, out, _ = command("load", "incidents", incidents_file(tmp_path / "a.csv", ["110,N1,,吵闹,,,路,"]))
    assert code == 2
    assert "1 rejected" in out


def test_valid_from_is_a_day_of_the_city_and_not_of_this_machine(command: Any, record: Record, tmp_path: Path) -> None:
    path = write(TOWN["cells"], tmp_path / "cells.csv")
    assert command("load", "cells", path, "--valid-from", "2026-01-01")[0] == 0
    with begin(record.engine, "test") as conn:
        since = frame_of(conn, "SELECT DISTINCT lower(valid) AS since FROM cell")["since"]
    assert [at.isoformat() for at in since] == ["2025-12-31T16:00:00+00:00"]


def test_ctrl_c_is_answered_in_a_sentence_and_the_next_load_goes_on(
    command: Any, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = incidents_file(tmp_path / "a.csv", [f"110,N{n},2026-03-04,吵闹,,,路," for n in range(30)])
    with monkeypatch.context() as patch:
        patch.setattr("loaders.running.CHUNK_ROWS", {"incidents": 10})
        patch.setattr("loaders.commands.progress_bar", _Interrupting)
        code, _, err = command("load", "incidents", path)
        assert code == 130
        assert err == "beatgrid: interrupted in a.csv: what was written is kept, run the same command to go on.\n"
        patch.undo()
    monkeypatch.setattr("loaders.running.CHUNK_ROWS", {"incidents": 10})
    code, out, _ = command("load", "incidents", path)
    assert (code, len(placed_incidents(record))) == (0, 30)
    assert "went on after row 20 of an unfinished load" in out


class _Interrupting:
    """A progress bar that a person interrupts after 20 rows."""

    def __init__(self, _title: str) -> None:
        pass

    def __enter__(self) -> Any:
        return self._step

    def __exit__(self, *_error: object) -> None:
        pass

    def _step(self, done: int, _total: int | None) -> None:
        if done == 20:
            raise KeyboardInterrupt


CONTENTS = {
    "a": ("2026-03-04", "路"),
    "b": ("2026-03-04", "街"),
    "bad": ("0024-03-04", "路"),
    "broken": ("2026-03-04", '"路"x'),
}
mixtures = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(list(CONTENTS))), min_size=1, max_size=14)


LOUD = (Phase.explicit, Phase.reuse, Phase.generate)  # every example is two loads: too slow to be shrunk


def expected_of(rows: Sequence[tuple[int, str]]) -> tuple[dict[str, int], dict[int, str]]:
    """Counts of a first load and the content kept by number, told row by row."""
    counts, kept = {"inserted": 0, "unchanged": 0, "rejected": 0}, {}
    for number, content in rows:
        if content in ("bad", "broken") or kept.get(number, content) != content:
            counts["rejected"] += 1
        else:
            counts["unchanged" if number in kept else "inserted"] += 1
            kept[number] = content
    return counts, kept


@rules(max_examples=15, deadline=None, phases=LOUD, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=mixtures, size=st.integers(1, 7), again=st.integers(1, 7))
def test_every_row_is_counted_once_whatever_the_chunks(
    record: Record, tmp_path: Path, rows: list[tuple[int, str]], size: int, again: int
) -> None:
    channel = f"mix{next(_channels)}"
    lines = [f"{channel},{number},{CONTENTS[content][0]},{CONTENTS[content][1]}" for number, content in rows]
    path = incidents_file(tmp_path / f"{channel}.csv", lines, "channel,source_no,reported_at,address")
    expected, kept = expected_of(rows)
    first = load(record, "incidents", path, chunk_rows=size)
    assert {name: first.counts[name] for name in expected} == expected
    assert first.counts["read"] == len(rows)
    second = load(record, "incidents", path, chunk_rows=again)
    assert (second.counts["inserted"], second.counts["updated"], second.counts["rejected"]) == (
        0,
        0,
        expected["rejected"],
    )
    found = placed_incidents(record).query("channel == @channel")["address"]
    assert found.to_dict() == {str(number): CONTENTS[content][1] for number, content in kept.items()}
    for report in (first, second):
        assert len(rejects_of(record, report.run).rows) == expected["rejected"] or not expected["rejected"]


_channels = iter(range(1_000_000))
