"""Damaged files through the real loader: one sentence and an untouched record, or rejected rows to read again."""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

import db.bulk
import loaders.running
from db.cluster import SUPERUSER, Cluster
from db.record import Record, open_record
from db.settings import Settings
from geo.errors import InputError, Unavailable
from loaders.options import LoadOptions
from loaders.rejecting import rejects_of
from loaders.running import load_file
from tests.commands import alone
from tests.conftest import copy_database, drop_database
from tests.factories import middle, square
from tests.loaders.town import TOWN, layer, load, load_town, placed_incidents, row_counts, table, write

LON, LAT = middle(0, 0)
Make = Callable[[Path], Path]


@pytest.fixture(scope="module")
def town(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, Record]]:
    folder = tmp_path_factory.mktemp("town")
    made = copy_database(cluster, template, folder)
    record = open_record(made)
    load_town(record, folder)
    yield made, record
    record.engine.dispose()
    drop_database(cluster, made)


def _bytes(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _cut(name: str, kind: str) -> Make:
    """The first 60 % of a good file."""

    def make(folder: Path) -> Path:
        whole = write(TOWN[kind] * 20, folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) * 6 // 10])
        return folder / name

    return make


def _two_sheets(folder: Path) -> Path:
    with pd.ExcelWriter(folder / "two.xlsx") as book:
        for name in ("一月", "二月"):
            table(TOWN["incidents"]).to_excel(book, sheet_name=name, index=False)
    return folder / "two.xlsx"


def _two_layers(folder: Path) -> Path:
    for name in ("old", "new"):
        layer(TOWN["cells"]).to_file(folder / "two.gpkg", layer=name, engine="pyogrio")
    return folder / "two.gpkg"


def _without_crs(folder: Path) -> Path:
    path = write(TOWN["cells"], folder / "cells.shp")
    path.with_suffix(".prj").unlink()
    return path


def _without_dbf(folder: Path) -> Path:
    path = write(TOWN["cells"], folder / "cells.shp")
    path.with_suffix(".dbf").unlink()
    return path


def _two_in_a_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "both.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, table(TOWN["incidents"]).to_csv(index=False))
    return folder / "both.zip"


TITLES = "channel,source_no,reported_at,address\n"
BIG5 = (TITLES + "".join(f"110,{n},2026-03-04,臺北市信義區國際路\n" for n in range(9))).encode("big5")
MIXED = (TITLES + "110,1,2026-03-04,海滨路\n").encode() + "110,2,2026-03-04,海滨路\n".encode("gb18030")
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2_000
PAGE = b"<html><body><table><tr><td>110</td></tr></table></body></html>"
REFUSED: dict[str, tuple[str, Make, dict[str, Any], str]] = {
    "wrong encoding": ("incidents", _bytes("big5.csv", BIG5), {}, "--encoding"),
    "wrong encoding named": ("incidents", _bytes("big5.csv", BIG5), {"encoding": "utf-8"}, "is not utf-8 throughout"),
    "unknown encoding": ("incidents", _bytes("big5.csv", BIG5), {"encoding": "utf8000"}, "There is no encoding"),
    "two encodings in one file": ("incidents", _bytes("mixed.csv", MIXED), {}, "mix encodings"),
    "truncated zip": ("cells", _cut("cut.shp.zip", "cells"), {}, "copy it again"),
    "truncated gzip": ("incidents", _cut("cut.csv.gz", "incidents"), {}, "copy it again"),
    "truncated xlsx": ("incidents", _cut("cut.xlsx", "incidents"), {}, "save it again"),
    "truncated parquet": ("incidents", _cut("cut.parquet", "incidents"), {}, "save it again"),
    "truncated geojson": ("cells", _cut("cut.geojson", "cells"), {}, "export it again"),
    "truncated geopackage": ("cells", _cut("cut.gpkg", "cells"), {}, "export it again"),
    "xlsx with a password": ("incidents", _bytes("locked.xlsx", LOCKED), {}, "remove the password"),
    "CRS missing": ("cells", _without_crs, {}, "--crs EPSG:4490"),
    "unknown CRS": ("cells", _without_crs, {"crs": "EPSG:12"}, "type EPSG:4326"),
    "shapefile without dbf": ("cells", _without_dbf, {}, "put all its parts in one folder"),
    "empty file": ("incidents", _bytes("empty.csv", b""), {}, "is empty"),
    "titles and no row": ("incidents", _bytes("titles.csv", TITLES.encode()), {}, "not one row"),
    "wrong sheet": ("incidents", _two_sheets, {"sheet": "三月"}, "'一月' or '二月'"),
    "two sheets": ("incidents", _two_sheets, {}, "--sheet"),
    "two layers": ("cells", _two_layers, {}, "--layer"),
    "wrong layer": ("cells", _two_layers, {"layer": "newer"}, "has no layer 'newer'"),
    "two files in a zip": ("incidents", _two_in_a_zip, {}, "--layer"),
    "missing column": ("incidents", _bytes("few.csv", b"channel,number,when\n110,1,2\n"), {}, "reported_at (报警时间)"),
    "open quote": ("incidents", _bytes("open.csv", TITLES.encode() + b'110,1,2026-03-04,"sea'), {}, "close it"),
    "a title twice": ("incidents", _bytes("twice.csv", b"channel,channel\n1,2\n"), {}, "rename all but one"),
    "web page as workbook": ("incidents", _bytes("page.xls", PAGE), {}, "save it as .xlsx"),
    "no such file": ("incidents", lambda folder: folder / "none.csv", {}, "check the name"),
}


def assert_one_sentence(said: str) -> None:
    assert said.count("\n") == 0
    assert "Traceback" not in said
    assert "Error" not in said
    assert said[-1] in ".?"
    assert ". " not in said.replace("e. g. ", "")


@pytest.mark.parametrize("case", REFUSED)
def test_a_damaged_file_is_refused_in_one_sentence_and_nothing_is_loaded(
    town: tuple[Settings, Record], tmp_path: Path, case: str
) -> None:
    kind, make, options, advice = REFUSED[case]
    before = row_counts(town[1])
    with pytest.raises(InputError) as refused:
        load_file(town[1], kind, make(tmp_path), LoadOptions(**options))
    assert advice in str(refused.value)
    assert_one_sentence(str(refused.value))
    assert refused.value.exit_code == 2
    assert row_counts(town[1]) == before


def incident_lines(*rows: str) -> bytes:
    titles = "channel,source_no,reported_at,lon,lat,address,severity\n"
    return (titles + "".join(f"{row}\n" for row in rows)).encode()


GOOD = f"110,NEW,2026-03-04 05:06,{LON},{LAT},海滨路,1"
STEPS = b"channel,source_no,step_no,at,kind,unit,officer,severity\n"
MANY = [GOOD.replace("NEW", f"E{n}") for n in range(20)]
BOW_TIE = "POLYGON ((120.4 36.05, 120.41 36.06, 120.41 36.05, 120.4 36.06, 120.4 36.05))"
ROWS: dict[str, tuple[str, bytes, dict[int, list[str]]]] = {
    "swapped lon and lat": (
        "incidents", incident_lines(GOOD, f"110,S1,2026-03-04,{LAT},{LON},x,"), {3: ["lon and lat look swapped"]},
    ),
    "text in numbers": (
        "incidents", incident_lines(GOOD, f"110,T1,2026-03-04,east,{LAT},x,grave"),
        {3: ["lon 'east' is not a number", "severity 'grave' is not a number"]},
    ),
    "dates of year 0024": (
        "incidents", incident_lines(GOOD, f"110,Y1,0024-03-04 05:06,{LON},{LAT},x,"),
        {3: ["lies in the year 0024, before 1990"]},
    ),
    "dates of the future": (
        "incidents", incident_lines(GOOD, f"110,Y2,2126-03-04,{LON},{LAT},x,"), {3: ["lies in the future"]},
    ),
    "duplicate numbers": (
        "incidents", incident_lines(GOOD, GOOD, GOOD.replace("海滨路", "他路")), {4: ["already in line 2"]},
    ),
    "all at once": (
        "incidents", incident_lines(GOOD, f",X1,0024-01-01,east,{LAT},x,9"),
        {3: ["channel is missing", "0024", "'east'", "severity '9'"]},
    ),
    "too many fields": ("incidents", incident_lines(GOOD, "110,F1,2026-03-04,,,sea, road,,1"), {3: ["9 fields where"]}),
    "a number as long as a page": (
        "incidents", incident_lines(GOOD, f"110,{'9x' * 2_000},2026-03-04,,,x,"), {3: ["at most 200 fit"]},
    ),
    "bytes of another encoding": (
        "incidents", incident_lines(*MANY) + "110,E99,2026-03-04,,,海滨路,\n".encode("gb18030"),
        {22: ["bytes that do not follow"]},
    ),
    "invalid ring": (
        "cells", f'code,name,beat,geometry\nG99,x,B2,"{square(7, 0).wkt}"\nBAD,x,B2,"{BOW_TIE}"\n'.encode(),
        {3: ["crosses or overlaps itself near lon 120.405"]},
    ),
    "unknown unit, officer and incident": (
        "steps",
        STEPS + b"110,J005,1,2026-03-10,take_lead,U9,P9,\n110,NONE,1,2026-03-10,handle,,,\n"
        b"110,J005,2,2026-03-10,grade,U9,P1,\n110,J005,3,2026-03-10,handle,PS,P1,\n",
        {2: ["unit 'U9' is not known", "officer 'P9' is not known"], 3: ["incident 110:NONE is not known"],
         4: ["needs the severity", "unit 'U9' is not known"]},
    ),
    "a recorded step rewritten": (
        "steps", STEPS + b"110,J000,2,2026-03-11,reopen,,,\n110,J005,4,2026-03-10,handle,,,\n",
        {2: ["recorded with other content: add a new step"]},
    ),
    "a posting of nobody to nowhere": (
        "postings",
        b"officer,role,beat,cell,valid_from\nP9,police,B9,,2026-02-01\nP1,police,B2,,2026-02-01\n"
        b"P9,police,,,2026-02-01\n",
        {2: ["officer 'P9'", "beat 'B9'"], 4: ["exactly one of beat, cell and unit", "officer 'P9'"]},
    ),
    "a street drawn twice": (
        "areas",
        f'level,code,name,geometry\nstreet,S2,a,"{square(20, 0)}"\nstreet,S2,b,"{square(21, 0)}"\n'.encode(),
        {3: ["street:S2 is already in line 2"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_damaged_rows_are_kept_with_line_reasons_and_content(
    town: tuple[Settings, Record], tmp_path: Path, case: str
) -> None:
    kind, content, expected = ROWS[case]
    path = _bytes("rows.csv", content)(tmp_path)
    report = load(town[1], kind, path)
    found = rejects_of(town[1], report.run)
    assert dict(zip(found.rows["line"], found.rows["reasons"].map(len), strict=True)) == {
        line: len(parts) for line, parts in expected.items()
    }
    for line, reasons in zip(found.rows["line"], found.rows["reasons"], strict=True):
        for part, reason in zip(expected[line], reasons, strict=True):
            assert part in reason
            assert "\n" not in reason
    lines = content.decode("utf-8", "backslashreplace").splitlines()
    for row in found.as_json():
        written = lines[row["line"] - 1].replace(r"\x", r"\udc")
        assert row["raw"]
        assert all(value in written for value in row["raw"].values() if value)
    assert report.counts["read"] == report.counts["inserted"] + report.counts["unchanged"] + len(expected)
    assert report.counts["read"] > len(expected)


def test_refused_rows_leave_no_trace_but_their_rejection(town: tuple[Settings, Record], tmp_path: Path) -> None:
    path = _bytes("bad.csv", incident_lines("newchannel,Q1,0024-01-01,,,x,", "newchannel,Q2,,,,x,"))(tmp_path)
    before = row_counts(town[1])
    load(town[1], "incidents", path)
    after = row_counts(town[1])
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "load_run": 1,
        "rejected_row": 2,
    }


def _numbered(folder: Path, count: int = 60) -> Path:
    rows = [GOOD.replace("NEW", f"D{n}") for n in range(count)]
    return _bytes("many.csv", incident_lines(*rows))(folder)


def _shut(cluster: Cluster, settings: Settings, shut: bool) -> None:
    """Close a database to everybody, or open it again."""
    name = str(settings.database_url).split("@/")[1].split("?")[0]
    engine = create_engine(cluster.url(SUPERUSER, "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as conn:
        conn.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {'false' if shut else 'true'}"))
        if shut:
            conn.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
            )


@pytest.mark.parametrize("moment", ["between two chunks", "in the middle of a chunk", "while rows are copied"])
def test_a_database_that_goes_away_is_said_so_and_the_next_start_goes_on(
    cluster: Cluster, settings: Settings, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path, options = _numbered(tmp_path), LoadOptions(chunk_rows=20)
    with monkeypatch.context() as patch:
        _go_away_at(moment, patch, lambda: _shut(cluster, settings, True))
        with pytest.raises(Unavailable) as said:
            load_file(record, "incidents", path, options)
    assert "20 rows are done" in str(said.value)
    assert "run the same command again" in str(said.value)
    _shut(cluster, settings, False)
    report = load_file(record, "incidents", path, options)
    assert (report.resumed_at, report.counts["read"], report.counts["inserted"]) == (20, 60, 60)
    assert len(placed_incidents(record)) == row_counts(record)["source_key"] == 60


def _go_away_at(moment: str, patch: pytest.MonkeyPatch, leave: Callable[[], None]) -> None:
    owner, name = {
        "between two chunks": (loaders.running, "check_position"),
        "in the middle of a chunk": (loaders.running, "record_chunk"),
        "while rows are copied": (db.bulk, "_csv"),
    }[moment]
    real = getattr(owner, name)
    state = {"chunks": 0}

    def called(*words: Any, **named: Any) -> Any:
        # A chunk's own staging is told from others by the column that only incidents on their way in have.
        state["chunks"] += name != "_csv" or "content_hash" in words[1]
        if state["chunks"] == 2:
            leave()
        return real(*words, **named)

    patch.setattr(owner, name, called)


def test_the_command_line_ends_with_a_sentence_and_its_exit_code(town: tuple[Settings, Record], tmp_path: Path) -> None:
    refused = alone(town[0], "load", "incidents", _bytes("empty.csv", b"")(tmp_path))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "beatgrid: empty.csv is empty (0 bytes): export it again.\n"
    path = _bytes("bad.csv", incident_lines("110,Z1,0024-01-01,,,x,"))(tmp_path)
    rejected = alone(town[0], "load", "incidents", path)
    assert (rejected.returncode, rejected.stderr) == (2, "")
    assert "line 2: reported_at '0024-01-01' lies in the year 0024, before 1990" in rejected.stdout
    assert "manage.py rejects --run" in rejected.stdout


def test_a_gzip_that_is_none_and_a_broken_member_are_refused(town: tuple[Settings, Record], tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(table(TOWN["incidents"] * 50).to_csv(index=False).encode()))
    packed[len(packed) // 2] ^= 0xFF
    before = row_counts(town[1])
    with pytest.raises(InputError, match="damaged"):
        load_file(town[1], "incidents", _bytes("flip.csv.gz", bytes(packed))(tmp_path), LoadOptions())
    assert row_counts(town[1]) == before


def test_no_shape_of_the_town_is_invalid() -> None:
    assert all(shapely.is_valid(row["geometry"]) for row in TOWN["cells"])
