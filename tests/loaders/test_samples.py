"""The sample files of docs/samples, each loaded by its profile: what is taken in, and why the rest is not."""

import re
from pathlib import Path

import pytest
import shapely
from sqlalchemy import text

from db.engine import begin
from loaders.options import LoadOptions
from loaders.rejecting import rejects_of
from loaders.running import load_file
from tests.factories import make_area, make_category, make_cell, make_officer

FIRST_POINT = "SELECT ST_X(geom), ST_Y(geom) FROM incident WHERE source_no = 'A202603010001'"
SAMPLES = Path(__file__).parents[2] / "docs" / "samples"


@pytest.fixture
def town(record):
    """One cell around every point of the samples, one known category, one member of staff."""
    around = shapely.box(120.8, 35.8, 121.0, 36.0)
    with begin(record.engine, "test") as conn:
        make_area(conn, geometry=around)
        make_category(conn, "邻里口角")
        make_officer(conn, record.keys, "P017")
        make_cell(conn, geometry=around)
    return record


def load(record, kind, name, profile):
    """(counts by name, line → reasons joined) of a sample."""
    report = load_file(record, kind, SAMPLES / name, LoadOptions(profile=profile))
    found = rejects_of(record, report.run)
    reasons = dict(zip(found.rows["line"], found.rows["reasons"].map("; ".join), strict=True))
    return {name: report.counts[name] for name in ("read", "inserted", "unchanged", "rejected", "unplaced")}, reasons


def matched(why, patterns):
    """Whether just these lines were rejected, each for the reason told."""
    assert why.keys() == patterns.keys()
    assert [line for line, pattern in patterns.items() if not re.search(pattern, why[line])] == []
    return True


def test_a_110_export_in_gb18030_and_gcj02(town):
    counts, why = load(town, "incidents", "110.csv", "110")
    assert counts == {"read": 19, "inserted": 9, "unchanged": 1, "rejected": 9, "unplaced": 2}
    assert matched(why, {
        11: "'2026-13-05 10:00:00' is no time that can be read", 12: "lies in the future", 13: "look swapped",
        14: "lon is given without lat", 15: "source_no is missing", 17: "already in line 3 with other content",
        18: "'五级' is not a number", 19: "reported_at is missing; .*'东经120度' is not .*; .*'三十六' is not a number",
        20: "4 fields where the titles have 15",
    })  # fmt: skip
    with begin(town.engine, "test") as conn:
        lon, lat = conn.execute(text(FIRST_POINT)).one()
        joined = conn.execute(
            text("SELECT max(n) FROM (SELECT count(*) n FROM incident GROUP BY matter_id) t")
        ).scalar()
    assert (lon, lat) == pytest.approx((120.893, 35.907), abs=1e-5)  # the map's GCJ-02 taken back to WGS-84
    assert joined == 2  # a report that names the first call's number joins its matter


def test_what_patrols_report_back_to_110(town):
    load(town, "incidents", "110.csv", "110")
    counts, why = load(town, "steps", "110-steps.csv", "110")
    assert counts == {"read": 12, "inserted": 6, "unchanged": 1, "rejected": 5, "unplaced": 0}
    assert matched(why, {
        8: "incident 110:A202603010099 is not known", 9: "'飞走' is none of", 10: "unit '无此单位' is not known",
        11: "step_no .*'五' is not a number; minutes .*'-5' is not between", 12: "needs the level or unit",
    })  # fmt: skip


def test_a_12345_workbook(town):
    counts, why = load(town, "incidents", "12345.xlsx", "12345")
    assert counts == {"read": 12, "inserted": 5, "unchanged": 1, "rejected": 6, "unplaced": 1}
    assert matched(why, {
        7: "matter '12345:GD2026030199999' is not known", 8: "'昨天下午' is no time", 9: "'马上' is not a number",
        10: "look swapped", 11: "source_no is missing", 13: "already in line 4 with other content",
    })  # fmt: skip


def test_petitions_without_coordinates_wait_for_their_place(town):
    counts, why = load(town, "incidents", "petition.csv", "petition")
    assert counts == {"read": 10, "inserted": 4, "unchanged": 1, "rejected": 5, "unplaced": 4}
    assert matched(why, {
        6: "'2026-02-30' is no time", 7: "'极高' is not a number", 8: "source_no is missing",
        9: "matter 'petition:XF2025-9999' is not known", 11: "already in line 3 with other content",
    })  # fmt: skip


def test_a_patrol_terminal_in_wgs84(town):
    counts, why = load(town, "incidents", "patrol.csv", "patrol")
    assert counts == {"read": 10, "inserted": 4, "unchanged": 1, "rejected": 5, "unplaced": 1}
    assert matched(why, {
        6: "radius_m .*'负数' is not a number", 7: "25:30:00' is no time", 8: "look swapped",
        9: "source_no is missing", 11: "already in line 3 with other content",
    })  # fmt: skip
    counts, why = load(town, "visits", "patrol-visits.csv", "patrol")
    assert counts == {"read": 8, "inserted": 3, "unchanged": 1, "rejected": 4, "unplaced": 0}
    assert matched(why, {
        5: "officer 'P999' is not known", 6: "'串门' is none of", 7: "'0' is not between", 8: "'三月一日' is no time",
    })  # fmt: skip


def test_the_table_of_samples_says_what_loading_them_gives():
    told = (SAMPLES / "README.md").read_text("utf-8")
    listed = re.findall(r"\| \[([^\]]+)\]\(\1\) \| `([^`]+)` \|.*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", told)
    assert {name: tuple(map(int, numbers)) for name, _, *numbers in listed} == {
        "110.csv": (19, 9, 1, 9), "110-steps.csv": (12, 6, 1, 5), "12345.xlsx": (12, 5, 1, 6),
        "petition.csv": (10, 4, 1, 5), "patrol.csv": (10, 4, 1, 5), "patrol-visits.csv": (8, 3, 1, 4),
    }  # fmt: skip
    assert {path.name for path in SAMPLES.iterdir()} == {"README.md", *(name for name, *_ in listed)}
