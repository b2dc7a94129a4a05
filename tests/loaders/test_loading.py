"""What a station clerk relies on when loading: any format, exact updates, dry runs, mended rejects, nothing doubled."""

import io
import json
import shlex
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as rules
from hypothesis import strategies as st

import manage
from db.bulk import frame_of
from db.cluster import Cluster
from db.engine import begin
from db.loads import runs
from db.record import Record, open_record
from db.settings import Settings
from geo.crs import from_wgs84
from geo.errors import InputError, Refused
from loaders.mapping import parse_overrides
from loaders.options import KINDS, LoadOptions
from loaders.rejecting import rejects_of
from loaders.running import load_file
from tests.commands import environment, start
from tests.conftest import copy_database, drop_database
from tests.factories import middle, square
from tests.loaders.town import (
    LAYER_FORMATS,
    LAYERED,
    TABLE_FORMATS,
    TOWN,
    layer,
    load,
    load_town,
    placed_incidents,
    row_counts,
    table,
    write,
)  # fmt: skip

TITLES = "渠道,警情编号,报警时间,警情类别,经度,纬度,警情地址,联系电话"


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The town, loaded once from CSV; for tests whose loads change nothing or add numbers of their own."""
    folder = tmp_path_factory.mktemp("town")
    made = copy_database(cluster, template, folder)
    record = open_record(made)
    load_town(record, folder)
    yield record
    record.engine.dispose()
    drop_database(cluster, made)


@pytest.fixture
def command(
    settings: Settings, record: Record, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Runs manage.py's words in this process on the fresh database: (exit code, stdout, stderr)."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["manage.py", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            manage.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


# -- formats, encodings, coordinate systems


def _format_cases() -> list[tuple[str, str]]:
    tables = [(kind, ending) for kind in TOWN for ending in TABLE_FORMATS]
    return tables + [(kind, ending) for kind in LAYERED for ending in LAYER_FORMATS]


@pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized/laundered field name")
@pytest.mark.parametrize(("kind", "ending"), _format_cases())
def test_the_same_content_in_any_format_is_the_same_content(
    town: Record, tmp_path: Path, kind: str, ending: str
) -> None:
    path = write(TOWN[kind], tmp_path / f"{kind}.{ending}")
    # A shapefile cuts titles to ten characters.
    overrides = {"reported_at": "reported_a"} if kind == "incidents" and "shp" in ending else {}
    counts = load(town, kind, path, overrides=overrides).counts
    assert counts["unchanged"] == counts["read"] == len(TOWN[kind])


def test_the_town_has_something_of_every_kind() -> None:
    assert set(TOWN) == set(KINDS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_told_apart(town: Record, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "incidents.csv"
    table(TOWN["incidents"]).to_csv(path, index=False, encoding=encoding)
    assert load(town, "incidents", path).counts["unchanged"] == len(TOWN["incidents"])


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4549", "gcj02", "bd09"])
def test_points_of_any_system_land_within_a_metre_in_their_cell(town: Record, tmp_path: Path, crs: str) -> None:
    wanted = [middle(i, j) for i in range(3) for j in range(2)]
    x, y = from_wgs84(*np.transpose(wanted), crs)
    rows = [f"{crs},{at},2026-03-04 05:06,{x[at]:.10f},{y[at]:.10f}" for at in range(len(wanted))]
    path = tmp_path / "points.csv"
    path.write_text("channel,source_no,reported_at,x,y\n" + "\n".join(rows))
    assert load(town, "incidents", path, crs=crs).counts["inserted"] == len(wanted)
    found = placed_incidents(town).query("channel == @crs")
    assert found["cell"].tolist() == [f"G{i}{j}" for i in range(3) for j in range(2)]
    metres = np.hypot(*((found[["lon", "lat"]].to_numpy(float) - wanted) * (90_000, 111_000)).T)
    assert metres.max() < 1


@pytest.mark.parametrize("ending", ["shp", "gpkg", "geoparquet"])
def test_cells_in_gauss_krueger_say_so_themselves(record: Record, tmp_path: Path, ending: str) -> None:
    frame = layer(TOWN["cells"], "EPSG:4549")
    path = tmp_path / f"cells.{ending}"
    frame.to_parquet(path) if ending == "geoparquet" else frame.to_file(path, engine="pyogrio")
    assert load(record, "cells", path).counts["inserted"] == 6
    with begin(record.engine, "test") as conn:
        found = frame_of(conn, "SELECT code, ST_AsBinary(geom) AS geom FROM cell ORDER BY code")
    for row, wkb in zip(TOWN["cells"], found["geom"], strict=True):
        assert shapely.from_wkb(bytes(wkb)).symmetric_difference(row["geometry"]).area < 1e-12


# -- titles, --map, profiles


def test_map_names_columns_and_the_rest_is_reported(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "cells.shp"
    layer(TOWN["cells"]).rename(columns={"code": "WGBH", "beat": "JGBH"}).to_file(path, engine="pyogrio")
    with pytest.raises(
        InputError, match=r"cells need code \(网格编号\).*WGBH, name, JGBH, residents.*--map FIELD=COLUMN"
    ):
        load(record, "cells", path)
    report = load(record, "cells", path, overrides=parse_overrides(["code=WGBH", "beat=jgbh"]))
    assert (report.counts["inserted"], report.unknown_columns) == (6, [])
    report = load(record, "cells", path, overrides=parse_overrides(["code=WGBH"]))
    assert report.unknown_columns == ["JGBH"]


PROFILE = """
zone = "Asia/Shanghai"
crs = "gcj02"
encoding = "gb18030"
[incidents]
auto = false
[incidents.columns]
source_no = ["新编号", "旧编号"]
reported_at = "时刻"
severity = "色"
lon = "X"
lat = "Y"
cell_label = "格"
[incidents.constants]
channel = "110"
[incidents.values.severity]
"橙" = "2"
[incidents.formats]
reported_at = "%d/%m/%Y %H.%M"
[incidents.pad]
cell_label = 4
"""


def test_a_profile_of_ones_own_is_obeyed_to_the_letter(town: Record, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE)
    x, y = (float(value) for value in from_wgs84(*middle(1, 1), "gcj02"))
    rows = [
        "新编号,旧编号,时刻,色,X,Y,格,address",
        f"PR1,,04/03/2026 05.06,橙,{x},{y},7,海",
        ",PR2,05/03/2026 23.59,红,,,12,海",
    ]
    path = tmp_path / "export.csv"
    path.write_bytes("\n".join(rows).encode("gb18030"))
    report = load(town, "incidents", path, profile=str(tmp_path / "ours.toml"))
    assert (report.counts["inserted"], report.unknown_columns) == (2, ["address"])
    with begin(town.engine, "test") as conn:
        found = frame_of(
            conn, "SELECT source_no, channel, severity, cell_label, address FROM incident WHERE source_no LIKE 'PR%'"
        )
    assert found.to_numpy().tolist() == [["PR1", "110", 2, "0007", None], ["PR2", "110", 3, "0012", None]]
    assert placed_incidents(town).loc["PR1", "cell"] == "G11"
    assert placed_incidents(town).loc["PR1", "reported_at"].isoformat() == "2026-03-03T21:06:00+00:00"


# -- loading again


def _incidents(path: Path, rows: Sequence[str], titles: str = TITLES) -> Path:
    path.write_text("\n".join([titles, *rows]), "utf-8")
    return path


def test_a_corrected_row_updates_exactly_what_changed(record: Record, tmp_path: Path) -> None:
    rows = [f"110,N{n},2026-03-04 05:06,吵闹,,,海滨路{n}号,139" for n in range(5)]
    first = load(record, "incidents", _incidents(tmp_path / "a.csv", rows))
    before = placed_incidents(record)
    rows[2] = "110,N2,2026-03-04 05:06,吵闹,,,山东路2号,138"
    second = load(record, "incidents", _incidents(tmp_path / "b.csv", rows))
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
    report = load(record, "incidents", _incidents(tmp_path / "a.csv", rows), dry_run=True)
    assert (report.counts["inserted"], report.counts["rejected"]) == (1, 1)
    assert report.rejects == ["line 3: reported_at (column '报警时间') '0024-03-04' lies in the year 0024, before 1990"]
    assert row_counts(record) == before


def test_json_prints_one_object_a_file_with_every_count(command: Any, tmp_path: Path) -> None:
    good = _incidents(tmp_path / "a.csv", ["110,N1,2026-03-04,吵闹,,,路,"])
    mixed = _incidents(
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
    code, out, _ = command("load", "incidents", _incidents(tmp_path / "a.csv", ["110,N1,,吵闹,,,路,"]))
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
    path = _incidents(tmp_path / "a.csv", [f"110,N{n},2026-03-04,吵闹,,,路," for n in range(30)])
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


# -- rejects, mended and loaded again


def test_rejects_are_written_mended_and_loaded_by_the_command_that_is_told(
    command: Any, record: Record, tmp_path: Path
) -> None:
    rows = [
        "110,N1,2026-03-04,吵闹,,,路,13900000000", "110,N2,0024-03-04,吵闹,east,36.05,路,",
        "110,007,2026-03-04,吵闹,,,=路,,,surplus",
    ]  # fmt: skip
    path = _incidents(tmp_path / "a.csv", rows)
    assert command("load", "incidents", path)[0] == 0
    out = tmp_path / "rejects.xlsx"
    code, shown, said = command("rejects", "--out", out)
    assert (code, shown) == (0, "")
    assert out.stat().st_mode & 0o077 == 0
    frame = pd.read_excel(out, dtype=str, engine="openpyxl")
    assert frame["rejected line"].tolist() == ["3", "4"]
    assert "0024" in frame["why rejected"][0]
    assert "not a number" in frame["why rejected"][0]
    assert frame["unsplit row"][1] == rows[2]
    # Loaded as it is, it is rejected again and loses nothing.
    again = command("load", "incidents", out, "--json")
    assert json.loads(again[1])["rejected"] == 2
    assert rejects_of(record).raw["unsplit row"].tolist()[1] == rows[2]
    frame.loc[0, ["报警时间", "经度", "纬度"]] = ["2024-03-04", None, None]
    frame.loc[1, ["渠道", "警情编号", "报警时间", "警情地址"]] = ["110", "007", "2026-03-04", "=路"]
    frame.drop(columns="why rejected").to_excel(out, index=False)
    words = shlex.split(said.splitlines()[-1])
    assert words[:3] == ["manage.py", "load", "incidents"]
    assert command(*words[1:])[0] == 0
    assert placed_incidents(record).index.tolist() == ["N1", "N2", "007"]


def test_rejected_shapes_come_back_in_their_own_system_under_their_own_profile(
    command: Any, record: Record, tmp_path: Path
) -> None:
    (tmp_path / "gis.toml").write_text(
        'encoding = "gb18030"\n[cells]\nauto = false\n[cells.columns]\ncode = "BH"\nname = "BH"\nbeat = "JG"\n'
    )
    bow_tie = shapely.Polygon([(120.4, 36.05), (120.41, 36.06), (120.41, 36.05), (120.4, 36.06)])
    rows = [{"BH": "G1", "JG": "B1", "geometry": square(0, 0)}, {"BH": "G2", "JG": "B1", "geometry": bow_tie}]
    path = tmp_path / "cells.shp"
    layer(rows, "EPSG:4549").to_file(path, encoding="gb18030", engine="pyogrio")
    assert command("load", "cells", path, "--profile", tmp_path / "gis.toml")[0] == 0
    out = tmp_path / "rejects.csv"
    _, _, said = command("rejects", "--out", out)
    words = shlex.split(said.splitlines()[-1])
    assert words[words.index("--crs") + 1] == "EPSG:4549"
    frame = pd.read_csv(out, dtype=str)
    frame["geometry"] = gpd.GeoSeries([square(1, 0)], crs=4326).to_crs(4549).to_wkt(rounding_precision=6)
    frame.to_csv(out, index=False)
    code, told, _ = command(*words[1:])
    assert (code, "1 inserted" in told) == (0, True)
    with begin(record.engine, "test") as conn:
        found = frame_of(conn, "SELECT code, ST_AsBinary(geom) AS geom FROM cell ORDER BY code")
    assert found["code"].tolist() == ["G1", "G2"]
    assert shapely.from_wkb(bytes(found["geom"][1])).symmetric_difference(square(1, 0)).area < 1e-10


def test_rejected_rows_may_have_columns_called_like_ours(command: Any, record: Record, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("line,reasons,run_id,channel,reported_at\n7,none,8,110,\n")
    assert command("load", "incidents", path, "--map", "source_no=line")[0] == 2
    (row,) = json.loads(command("rejects", "--json")[1])
    assert (row["line"], row["reasons"]) == (2, ["reported_at is missing"])
    assert row["raw"] == {"line": "7", "reasons": "none", "run_id": "8", "channel": "110", "reported_at": None}


# -- any mixture of rows, in chunks of any size

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
    town: Record, tmp_path: Path, rows: list[tuple[int, str]], size: int, again: int
) -> None:
    channel = f"mix{next(_channels)}"
    lines = [f"{channel},{number},{CONTENTS[content][0]},{CONTENTS[content][1]}" for number, content in rows]
    path = _incidents(tmp_path / f"{channel}.csv", lines, "channel,source_no,reported_at,address")
    expected, kept = expected_of(rows)
    first = load(town, "incidents", path, chunk_rows=size)
    assert {name: first.counts[name] for name in expected} == expected
    assert first.counts["read"] == len(rows)
    second = load(town, "incidents", path, chunk_rows=again)
    assert (second.counts["inserted"], second.counts["updated"], second.counts["rejected"]) == (
        0,
        0,
        expected["rejected"],
    )
    found = placed_incidents(town).query("channel == @channel")["address"]
    assert found.to_dict() == {str(number): CONTENTS[content][1] for number, content in kept.items()}
    for report in (first, second):
        assert len(rejects_of(town, report.run).rows) == expected["rejected"] or not expected["rejected"]


_channels = iter(range(1_000_000))


# -- placing


def test_snap_takes_a_point_into_the_nearest_cell_within_the_metres_and_records_it(
    town: Record, tmp_path: Path
) -> None:
    west, lat = square(0, 0).bounds[0], middle(0, 0)[1]
    near, far = west - 30 / 89_900, west - 80 / 89_900
    rows = [f"snap,1,2026-03-04,,{near},{lat},,", f"snap,2,2026-03-04,,{far},{lat},,"]
    report = load(town, "incidents", _incidents(tmp_path / "a.csv", rows), snap_m=50)
    found = placed_incidents(town).query("channel == 'snap'")
    assert report.counts["unplaced"] == 1
    assert found["placed_by"].tolist() == ["snap", "none"]
    assert found["cell"].dropna().to_dict() == {"1": "G00"}
    assert found["snapped_m"].iloc[0] == pytest.approx(30, abs=0.5)


def test_incidents_loaded_before_their_cells_are_placed_when_those_come(record: Record, tmp_path: Path) -> None:
    report = load(record, "incidents", write(TOWN["incidents"], tmp_path / "incidents.csv"))
    assert report.counts["unplaced"] == len(TOWN["incidents"])
    cells = load(record, "cells", write(TOWN["cells"], tmp_path / "cells.csv"))
    assert f"{len(TOWN['incidents'])} incidents were placed on the new boundaries" in cells.notes
    found = placed_incidents(record)
    assert found["cell"].tolist() == [f"G{n % 3}{n % 2}" for n in range(len(TOWN["incidents"]))]
    assert found["matter_cell"].tolist() == found["cell"].tolist()


# -- two processes


def _many(folder: Path, count: int) -> Path:
    return _incidents(folder / "many.csv", [f"110,M{n},2026-03-04,吵闹,,,路{n}," for n in range(count)])


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
