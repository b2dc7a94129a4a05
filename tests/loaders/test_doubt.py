"""Incidents that are known only by their address or to within a radius: placed, in doubt, settled, learned from."""

from pathlib import Path

import pytest

from db.bulk import frame_of
from db.engine import begin
from db.facts import Filter
from db.metrics import containment, workload
from db.queue import settle, waiting
from db.record import Record
from geo.errors import InputError, NotFound
from grids.policies import POLICIES
from loaders.options import LoadOptions, LoadReport
from loaders.running import load_file

# Two cells side by side; their common border is the meridian 120.01. 龙湾路 runs along the parallel 36.005.
CELLS = """code,name,beat,geometry
W,西,B1,"POLYGON((120 36, 120.01 36, 120.01 36.01, 120 36.01, 120 36))"
E,东,B2,"POLYGON((120.01 36, 120.02 36, 120.02 36.01, 120.01 36.01, 120.01 36))"
"""
STREET = "address,lon,lat\n" + "\n".join(f"龙湾路{n}号,{120 + n / 10_000:.4f},36.005" for n in range(2, 200, 2))
HEAD = "channel,source_no,reported_at,category,lon,lat,radius_m,address\n"


def load(record: Record, kind: str, folder: Path, text: str) -> LoadReport:
    file = folder / f"{kind}-{abs(hash(text))}.csv"
    file.write_text(text)
    return load_file(record, kind, file, LoadOptions(crs="EPSG:4326"))


@pytest.fixture
def town(record: Record, tmp_path: Path) -> Record:
    """Two cells, a street of house numbers, one category that counts in containment."""
    load(record, "cells", tmp_path, CELLS)
    load(record, "addresses", tmp_path, STREET)
    load(record, "catalogue", tmp_path, "code,name,containable,minutes\nN,噪音,1,60\n")
    return record


def incidents(record: Record) -> dict[str, tuple[str | None, str, bool]]:
    with begin(record.engine, "test") as conn:
        rows = frame_of(
            conn,
            """SELECT i.source_no, c.code, i.placed_by, i.ambiguous FROM incident i
               LEFT JOIN cell c ON c.id = i.cell_then ORDER BY 1""",
        )
    return {no: (cell, by, doubt) for no, cell, by, doubt in rows.itertuples(index=False)}


def test_an_address_without_coordinates_is_placed_and_says_how(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,,,,龙湾路20号\n")
    cell, placed_by, _ = incidents(town)["1"]
    assert (cell, placed_by) == ("W", "address")
    with begin(town.engine, "test") as conn:
        row = frame_of(conn, "SELECT matched, score, radius_m FROM incident").iloc[0]
    assert row["matched"]
    assert row["score"] > 0
    assert row["radius_m"] > 0


def test_a_radius_across_the_border_keeps_both_cells_with_probabilities(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,120.0099,36.005,200,\n")
    assert incidents(town)["1"] == ("W", "point", True)
    with begin(town.engine, "test") as conn:
        row = waiting(conn).iloc[0]
    assert row["why"] == "ambiguous"
    cells = dict(row["candidates"])
    assert set(cells) == {"W", "E"}
    assert sum(cells.values()) == pytest.approx(1, abs=1e-3)
    assert cells["W"] > cells["E"]


def test_a_radius_inside_one_cell_leaves_no_doubt(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,120.005,36.005,50,\n")
    assert incidents(town)["1"] == ("W", "point", False)


def test_measures_count_doubt_whole_or_in_shares(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,120.0099,36.005,200,\n")
    start, end = (frame_of_time(town, day) for day in ("2026-04-01", "2026-06-01"))
    with begin(town.engine, "test") as conn:
        whole = workload(conn, Filter(start, end), "cell").set_index("key")
        shared = workload(conn, Filter(start, end, shares=True), "cell").set_index("key")
        pending = containment(conn, Filter(start, end, shares=True), POLICIES["QD"], "cell").set_index("key")["pending"]
    assert whole["minutes"].to_dict() == {"W": 60}
    assert shared["minutes"].sum() == pytest.approx(60)
    assert shared.loc["W", "minutes"] > shared.loc["E", "minutes"] > 0
    assert pending.sum() == pytest.approx(1)


def frame_of_time(record: Record, day: str):  # type: ignore[no-untyped-def]
    with begin(record.engine, "test") as conn:
        return conn.exec_driver_sql("SELECT %(day)s::timestamptz", {"day": day}).scalar_one()


def test_an_unknown_address_waits_and_a_click_teaches_it(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,,,,海神阁\n")
    assert incidents(town)["1"] == (None, "none", False)
    with begin(town.engine, "test") as conn:
        assert waiting(conn)["why"].tolist() == ["unplaced"]
        done = settle(conn, "110:1", 120.015, 36.005, "clerk")
        assert (done.cell, done.beat, done.learned) == ("E", "B2", True)
        assert waiting(conn).empty
    load(town, "incidents", tmp_path, HEAD + "110,2,2026-05-02 10:00,N,,,,海神阁\n")
    assert incidents(town)["2"][:2] == ("E", "address")


def test_a_corrected_row_does_not_undo_a_click(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,,,,海神阁\n")
    with begin(town.engine, "test") as conn:
        settle(conn, "110:1", 120.015, 36.005, "clerk")
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:30,N,,,,海神阁二楼\n")
    assert incidents(town)["1"] == ("E", "click", False)
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:30,N,120.005,36.005,,海神阁二楼\n")
    assert incidents(town)["1"] == ("W", "point", False)


def test_a_click_outside_every_cell_is_refused_and_changes_nothing(town: Record, tmp_path: Path) -> None:
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,,,,海神阁\n")
    with begin(town.engine, "test") as conn:
        with pytest.raises(InputError, match="inside a cell"):
            settle(conn, "110:1", 121.0, 36.0, "clerk")
        with pytest.raises(NotFound, match="queue list"):
            settle(conn, "110:9", 120.005, 36.005, "clerk")
    assert incidents(town)["1"] == (None, "none", False)


def test_addresses_are_idempotent_and_a_click_goes_before_files(town: Record, tmp_path: Path) -> None:
    again = load(town, "addresses", tmp_path, STREET + "\n")
    assert again.counts["unchanged"] == again.counts["read"] == 99
    load(town, "incidents", tmp_path, HEAD + "110,1,2026-05-01 10:00,N,,,,海神阁\n")
    with begin(town.engine, "test") as conn:
        settle(conn, "110:1", 120.015, 36.005, "clerk")
    load(town, "addresses", tmp_path, "address,lon,lat\n海神阁,120.001,36.001\n")
    with begin(town.engine, "test") as conn:
        where = frame_of(conn, "SELECT ST_X(geom) AS lon, learned FROM address WHERE address = '海神阁'").iloc[0]
    assert (where["lon"], where["learned"]) == (120.015, True)


def test_an_address_without_coordinates_or_twice_with_others_is_rejected(record: Record, tmp_path: Path) -> None:
    text = (
        "address,lon,lat\n龙湾路1号,120.001,36.001\n龙湾路1号,120.002,36.001\n龙湾路3号,,\n龙湾路1号,120.001,36.001\n"
    )
    report = load(record, "addresses", tmp_path, text)
    assert (report.counts["inserted"], report.counts["rejected"], report.counts["unchanged"]) == (1, 2, 1)
