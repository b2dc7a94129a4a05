"""A map of cells with errors is refused whole; warnings pass; --force is kept with the run."""

from pathlib import Path

import pytest

from db.bulk import frame_of
from db.engine import begin
from db.record import Record
from geo.errors import InputError
from loaders.options import LoadOptions, LoadReport
from loaders.running import load_file

WEST = '"POLYGON((120 36, 120.01 36, 120.01 36.01, 120 36.01, 120 36))"'
EAST = '"POLYGON((120.01 36, 120.02 36, 120.02 36.01, 120.01 36.01, 120.01 36))"'
OVERLAPPING = '"POLYGON((120.005 36, 120.02 36, 120.02 36.01, 120.005 36.01, 120.005 36))"'


def load(record: Record, folder: Path, rows: str, **options: object) -> LoadReport:
    file = folder / f"cells-{abs(hash(rows))}.csv"
    file.write_text("code,name,beat,geometry\n" + rows)
    return load_file(record, "cells", file, LoadOptions(crs="EPSG:4326", **options))  # type: ignore[arg-type]


def cells(record: Record) -> list[str]:
    with begin(record.engine, "test") as conn:
        return frame_of(conn, "SELECT code FROM cell ORDER BY 1")["code"].tolist()


def test_overlapping_cells_are_refused_and_nothing_is_written(record: Record, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"boundary errors \(1 overlap\).*check boundaries.*--force"):
        load(record, tmp_path, f"W,西,B1,{WEST}\nE,东,B1,{OVERLAPPING}\n")
    assert cells(record) == []


def test_a_cell_that_overlaps_one_in_force_is_refused(record: Record, tmp_path: Path) -> None:
    load(record, tmp_path, f"W,西,B1,{WEST}\n")
    with pytest.raises(InputError, match="overlap"):
        load(record, tmp_path, f"X,新,B1,{OVERLAPPING}\n")
    assert cells(record) == ["W"]


def test_with_force_it_is_loaded_and_the_run_says_so(record: Record, tmp_path: Path) -> None:
    report = load(record, tmp_path, f"W,西,B1,{WEST}\nE,东,B1,{OVERLAPPING}\n", force=True)
    assert cells(record) == ["E", "W"]
    assert any("overlap" in note for note in report.notes)
    with begin(record.engine, "test") as conn:
        options = frame_of(conn, "SELECT options FROM load_run WHERE state = 'done'")
    assert options["options"].iloc[-1]["force"] is True


def test_clean_neighbours_are_loaded_without_a_remark(record: Record, tmp_path: Path) -> None:
    report = load(record, tmp_path, f"W,西,B1,{WEST}\nE,东,B1,{EAST}\n")
    assert cells(record) == ["E", "W"]
    assert not [note for note in report.notes if "boundary" in note]


def test_a_row_refused_for_itself_does_not_refuse_its_neighbours(record: Record, tmp_path: Path) -> None:
    bowtie = '"POLYGON((120.01 36, 120.02 36.01, 120.02 36, 120.01 36.01, 120.01 36))"'
    report = load(record, tmp_path, f"W,西,B1,{WEST}\nE,东,B1,{bowtie}\n")
    assert (report.counts["inserted"], report.counts["rejected"]) == (1, 1)
    assert cells(record) == ["W"]
