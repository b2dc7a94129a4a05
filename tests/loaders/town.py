"""A small town as text rows of every kind, written to files of any format, and what the record then says of it."""

import gzip
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import text

from db.bulk import frame_of
from db.engine import begin
from db.record import Record
from loaders.options import LoadOptions, LoadReport
from loaders.running import load_file
from tests.factories import middle, square

Row = dict[str, Any]
TABLES = (
    "area", "unit", "beat", "cell", "beat_cell", "backdrop", "officer", "posting", "category", "channel", "incident",
    "source_key", "incident_personal", "matter", "closure", "step", "load_run", "rejected_row",
    "holiday", "shift", "absence", "visit", "register_count", "plate", "meeting", "meeting_matter",
)  # fmt: skip


def _area(level: str, code: str, wide: int, parent: str | None = None) -> Row:
    row = {"level": level, "code": code, "name": f"{code}区", "geometry": square(0, 0, wide, 2)}
    return row | ({"parent": parent} if parent else {"parent": None})


def _incident(number: int, **more: Any) -> Row:
    lon, lat = middle(number % 3, number % 2)
    row = {"channel": "110", "source_no": f"J{number:03d}", "reported_at": f"2026-03-0{number % 8 + 1} 08:30:00"}
    row |= {"category": "邻里纠纷", "address": f"海滨路{number}号", "phone": f"1380000{number:04d}"}
    return row | {"geometry": shapely.Point(lon, lat)} | more


def _step(number: int, no: int, kind: str, **more: Any) -> Row:
    row = {
        "channel": "110",
        "source_no": f"J{number:03d}",
        "step_no": str(no),
        "at": f"2026-03-09 0{no}:00",
        "kind": kind,
    }
    return row | {"unit": None, "officer": None, "level": None, "severity": None, "minutes": None} | more


def _shift(officer: str, day: int, first: int, last: int, kind: str | None = "day") -> Row:
    times = {"start": f"2026-03-{day:02d} {first:02d}:00", "end": f"2026-03-{day:02d} {last:02d}:00"}
    return {"officer": officer, "kind": kind} | times


def _visit(number: int, **more: Any) -> Row:
    row = {"source": "走访", "source_no": f"V{number}", "at": f"2026-03-0{number} 15:00", "officer": "P1"}
    row |= {"kind": "入户", "count": None, "records": None, "minutes": None, "note": "有人在家", "matter": None}
    return row | {"geometry": shapely.Point(*middle(number % 3, 0))} | more


TOWN: Mapping[str, list[Row]] = {
    "areas": [_area("district", "D", 9), _area("street", "S", 6, "D"), _area("community", "C", 4, "S")],
    "units": [
        {"code": "PS", "name": "海滨派出所", "level": "street", "kind": "station", "area": "S",
         "geometry": shapely.Point(*middle(0, 0))},
    ],
    "beats": [
        {"code": code, "name": f"{code}警格", "station": "PS", "community": "C"} for code in ("B1", "B2")
    ],
    "cells": [
        {"code": f"G{i}{j}", "name": f"网格{i}{j}", "beat": "B1" if i < 2 else "B2", "residents": "1200",
         "geometry": square(i, j)}
        for i in range(3) for j in range(2)
    ],
    "backdrop": [{"kind": "park", "name": "海滨公园", "rank": "1", "geometry": square(5, 0)}],
    "officers": [
        {"code": "P1", "name": "王", "kind": "police", "unit": "PS", "phone": "13900000000"},
        {"code": "P2", "name": "李", "kind": "auxiliary", "unit": "PS", "phone": "13900000001"},
    ],
    "postings": [{"officer": "P1", "role": "beat_lead", "beat": "B1", "valid_from": "2026-01-01"}],
    "catalogue": [{"code": "C01", "name": "邻里纠纷", "group": "纠纷", "containable": "是", "minutes": "45"}],
    "addresses": [{"address": "海滨路1号", "street": "S区", "geometry": shapely.Point(*middle(0, 0))}],
    "incidents": [_incident(number) for number in range(8)],
    "steps": [
        _step(0, 1, "take_lead", unit="PS", officer="P1"), _step(0, 2, "close"), _step(1, 1, "grade", severity="2"),
        _step(2, 1, "divert", unit="PS", to_unit="PS", detail='{"reason": "主责清单"}'),
    ],
    "holidays": [
        {"day": "2026-01-01", "kind": "放假", "name": "元旦"},
        {"day": "2026-01-04", "kind": "work", "name": "元旦调休"},
    ],
    "roster": [_shift("P1", 2, 8, 17), _shift("P1", 3, 8, 17, kind="夜班"), _shift("P2", 2, 8, 17, kind=None)],
    "absences": [
        {"officer": "P1", "kind": "病假", "start": "2026-03-05 08:00", "end": "2026-03-07 08:00", "cover": "P2"},
    ],
    "visits": [_visit(1), _visit(2, count="12", records="3", minutes="90"), _visit(3, matter="110:J000")],
    "registers": [
        {"cell": code, "kind": kind, "day": "2026-03-01", "count": "31"}
        for code in ("G00", "G10") for kind in ("small_venues", "企业")
    ],
    "households": [{"cell": "G00", "households": "400"}, {"cell": "G01", "households": "410"}],
    "plates": [{"code": "MP1", "address": "海滨路1号", "geometry": shapely.Point(*middle(0, 0))}],
    "meetings": [
        {"code": "H1", "at": "2026-03-09 10:00", "beat": "B1", "place": "社区会议室", "attendees": "7",
         "matters": "110:J000;110:J003", "decisions": "请街道、物业到场;-", "note": "纪要"},
    ],
}  # fmt: skip
TITLES = "渠道,警情编号,报警时间,警情类别,经度,纬度,警情地址,联系电话"
LAYERED = tuple(kind for kind in TOWN if "geometry" in TOWN[kind][0])


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows for a file without geometry: points as lon and lat, other shapes as WKT."""
    plain = []
    for row in rows:
        shape = row.get("geometry")
        where: Row = {}
        if isinstance(shape, shapely.Point):
            where = {"lon": repr(shape.x), "lat": repr(shape.y)}
        elif isinstance(shape, shapely.Geometry):
            where = {"geometry": shapely.to_wkt(shape, rounding_precision=-1)}
        plain.append({name: value for name, value in row.items() if name != "geometry"} | where)
    return pd.DataFrame(plain, dtype=object)


def layer(rows: Sequence[Row], crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    """Rows for a file with geometry, in `crs`."""
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, dtype=object), geometry="geometry", crs=4326)
    return frame.to_crs(crs)


def write(rows: Sequence[Row], path: Path) -> Path:
    """Write rows in the format that the name says; ".shp.zip" and ".csv.zip" are archives of one."""
    _WRITERS[path.name.split(".", 1)[1]](rows, path)
    return path


def incidents_file(path: Path, rows: Sequence[str], titles: str = TITLES) -> Path:
    """Write lines of incidents under a line of titles."""
    path.write_text("\n".join([titles, *rows]), "utf-8")
    return path


def _zip(path: Path, parts: Sequence[Path]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for part in parts:
            archive.write(part, part.name)


def _zipped_csv(rows: Sequence[Row], path: Path) -> None:
    inner = path.with_name("inner.csv")
    table(rows).to_csv(inner, index=False)
    _zip(path, [inner])


def _shape(rows: Sequence[Row], path: Path) -> None:
    layer(rows).to_file(path, encoding="utf-8", engine="pyogrio")


def _zipped_shape(rows: Sequence[Row], path: Path) -> None:
    inner = path.with_name(path.name.removesuffix(".shp.zip") + "_inner.shp")
    _shape(rows, inner)
    _zip(path, sorted(inner.parent.glob(f"{inner.stem}.*")))


_WRITERS: dict[str, Callable[[Sequence[Row], Path], Any]] = {
    "csv": lambda rows, path: table(rows).to_csv(path, index=False),
    "tsv": lambda rows, path: table(rows).to_csv(path, index=False, sep="\t"),
    "xlsx": lambda rows, path: table(rows).to_excel(path, index=False),
    "csv.gz": lambda rows, path: path.write_bytes(gzip.compress(table(rows).to_csv(index=False).encode())),
    "csv.zip": _zipped_csv,
    "parquet": lambda rows, path: table(rows).astype("string").to_parquet(path),
    "geoparquet": lambda rows, path: layer(rows).to_parquet(path),
    "geojson": lambda rows, path: path.write_text(layer(rows).to_json(ensure_ascii=False, drop_id=True)),
    "gpkg": lambda rows, path: layer(rows).to_file(path, engine="pyogrio"),
    "shp": _shape,
    "shp.zip": _zipped_shape,
}
TABLE_FORMATS = ("csv", "tsv", "xlsx", "csv.gz", "csv.zip", "parquet")
LAYER_FORMATS = ("geoparquet", "geojson", "gpkg", "shp", "shp.zip")


def load(record: Record, kind: str, path: Path, **options: Any) -> LoadReport:
    """Load a file by the real loader and hold it to its promise that every row is accounted for."""
    report = load_file(record, kind, path, LoadOptions(**options))
    counts = report.counts
    assert counts["read"] == sum(counts[name] for name in ("inserted", "updated", "unchanged", "rejected"))
    return report


def load_town(record: Record, folder: Path, kinds: Sequence[str] = tuple(TOWN)) -> None:
    """Load the town's kinds, by default all, in the order in which they refer to each other."""
    order = [kind for kind in TOWN if kind in kinds]
    for kind in order:
        report = load(record, kind, write(TOWN[kind], folder / f"{kind}.csv"))
        # Households only ever change cells that are there.
        taken = report.counts["inserted"] + report.counts["updated"]
        assert taken == len(TOWN[kind]), (kind, report.rejects)


def row_counts(record: Record) -> dict[str, int]:
    """How many rows each table of the record holds."""
    with begin(record.engine, "test") as conn:
        return {name: int(conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in TABLES}


def placed_incidents(record: Record) -> pd.DataFrame:
    """source_no → channel, cell (then), matter_cell, placed_by, snapped_m, lon, lat, address, run_id."""
    with begin(record.engine, "test") as conn:
        found = frame_of(
            conn,
            """SELECT i.source_no, i.channel, c.code AS cell, mc.code AS matter_cell, i.placed_by, i.snapped_m,
                      ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.address, i.run_id, i.reported_at
               FROM incident i JOIN matter m ON m.id = i.matter_id
               LEFT JOIN cell c ON c.id = i.cell_then LEFT JOIN cell mc ON mc.id = m.cell_id ORDER BY i.id""",
        )
    return found.set_index("source_no")
