"""What is exported are the rows that plain loops find, whatever the form; and the same address gives the same again."""

import csv
import io
import json
from collections import Counter

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from openpyxl import load_workbook

from dashboard.app import create_app
from db.engine import begin
from db.facts import Filter
from db.record import open_record
from grids.policies import POLICIES
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.db import figures
from tests.db.measures import outcome_city
from tests.db.test_drill import number_of
from tests.factories import day
from tests.oracle import measures as oracle
from tests.signing import signed_in

PERIOD = "period=custom&from=2026-03-02&to=2026-04-10"
SHARES = ("closing", "on_time", "satisfaction", "accepted", "repeat", "held")


@pytest.fixture(scope="module")
def house(cluster, template, tmp_path_factory):
    """A random city: its engine, application and the oracle's rows."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("rows"))
    record = open_record(settings)
    with begin(record.engine, operator("test")) as conn:
        outcome_city.build(conn, record.keys, 4)
        raw = oracle.Told(figures.City.read(conn))
    yield record.engine, create_app(settings, record.engine, lambda: day(200)), raw
    record.engine.dispose()
    drop_database(cluster, settings)


@pytest.fixture
def analyst(house):
    return signed_in(house[1], house[0], "analyst")


def wanted(raw, code, part, by=None, key=None):
    """Numbers of the matters behind a share, counted in plain loops."""
    flt = asked_days()
    found = Counter()
    for fact, below, above in oracle.rows_of(raw, code, flt, flt.end, POLICIES["QD"]):
        if by is None or str(fact[by]) == key:
            counts = bool(below and (above if part == "numerator" else True))
            found[number_of(raw, fact.get("matter", fact.get("matter_id")))] += counts
    return +found


def asked_days():
    """PERIOD as the record understands it: whole days of the city."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    return Filter(datetime(2026, 3, 2, tzinfo=zone), datetime(2026, 4, 11, tzinfo=zone))


def csv_rows(answer):
    """The table of a CSV below its first line."""
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][0].startswith("# ")
    return pd.DataFrame(lines[2:], columns=lines[1])


@pytest.mark.parametrize("code", SHARES)
def test_every_form_of_file_holds_the_rows_of_the_oracle(house, analyst, tmp_path, code):
    by, key = ("beat", "B1") if code in ("closing", "repeat") else (None, None)
    keys = f"&key={by}:{key}" if by else ""
    for part in ("numerator", "denominator"):
        address = f"/api/v1/rows?{PERIOD}&figure={code}.{part}{keys}"
        listed = wanted(house[2], code, part, by, key)
        told = analyst.get(address + "&limit=1000").json()
        assert told["count"] == listed.total()
        assert Counter(row["number"] for row in told["items"]) == listed
        assert Counter(csv_rows(analyst.get(address + "&format=csv"))["事项编号"]) == listed
        book = tmp_path / "rows.xlsx"
        book.write_bytes(analyst.get(address + "&format=xlsx").content)
        assert Counter(pd.read_excel(book, sheet_name="明细", dtype=str)["事项编号"]) == listed
        package = tmp_path / f"{part}.gpkg"
        package.write_bytes(analyst.get(address + "&format=gpkg").content)
        assert Counter(gpd.read_file(package, layer="rows")["number"]) == listed


def test_a_package_opens_with_its_crs_points_and_cells(house, analyst, tmp_path):
    package = tmp_path / "rows.gpkg"
    package.write_bytes(analyst.get(f"/api/v1/rows?{PERIOD}&figure=matters&format=gpkg").content)
    assert {name for name, _ in pyogrio.list_layers(package)} == {"rows", "cells", "about"}
    rows, cells = (gpd.read_file(package, layer=name) for name in ("rows", "cells"))
    assert rows.crs == cells.crs == "EPSG:4326"
    assert cells["rows"].sum() == rows["cell"].isin(cells["cell"]).sum()
    first = {f"{r['channel']}:{r['source_no']}": (r["lon"], r["lat"]) for r in house[2].reports}
    for row in rows.itertuples():
        placed = first[row.number][0] is not None
        assert row.point == ("placed" if placed else "centroid" if row.cell in set(cells["cell"]) else "none")
        if placed:
            assert (row.geometry.x, row.geometry.y) == pytest.approx(first[row.number])
    about = dict(pyogrio.read_dataframe(package, layer="about").to_numpy().tolist())
    assert about["条数"] == f"{len(rows):,}"


def test_a_file_says_first_what_it_holds(house, analyst, tmp_path):
    address = f"/api/v1/rows?{PERIOD}&figure=containment.escaped&key=station:S1&policy=JM&lang=en"
    first = analyst.get(address + "&format=csv").content.decode("utf-8-sig").splitlines()[0]
    for words in ("escaped", "2026-03-02 00:00", "2026-04-11 00:00", "Jinmen", "S1"):
        assert words in first
    book = tmp_path / "rows.xlsx"
    book.write_bytes(analyst.get(address + "&format=xlsx").content)
    sheet = load_workbook(book).worksheets[0]
    assert "escaped" in [row[1].value for row in sheet.iter_rows()]


def test_an_address_opened_again_gives_the_same_page_after_page(house, analyst):
    address = f"/api/v1/rows?{PERIOD}&figure=reports&sort=category&up=1"
    whole = analyst.get(address + "&limit=1000").json()["items"]
    pages, following = [], address + "&limit=17"
    while following:
        page = analyst.get(following).json()
        pages += page["items"]
        following = page["next"]
    assert pages == whole
    assert analyst.get(address + "&limit=1000").json()["items"] == whole


@pytest.mark.parametrize("number", ["=1+1", "+49", "-x", "@cmd", "\ttab"])
def test_no_text_of_a_csv_is_taken_for_a_formula(number):
    from dashboard.exports.rows.table import guarded

    assert guarded(pd.DataFrame({"number": [number], "n": [-3]})) == [(f"'{number}", -3)]


@pytest.mark.parametrize(("query", "status", "words"), [
    ("figure=luck", 404, "containment.escaped"),
    ("figure=reports&key=B1", 422, "key=KIND:VALUE"),
    ("figure=reports&key=moon:1", 422, "Group by one of"),
    ("figure=flow&key=source:cell", 422, "key=target:VALUE"),
    ("figure=clock&key=beat:B1", 422, "key=hour:VALUE"),
    ("figure=reports&key=month:2020-01-01", 404, "widen the period"),
    ("figure=reports&key=day:soon", 422, "a day such as"),
    ("figure=reports&sort=luck", 422, "sorted by"),
    ("figure=reports&boundaries=plan:NONE", 404, "NONE"),
    ("figure=", 422, "Say which figure"),
])  # fmt: skip
def test_a_bad_question_is_answered_with_what_to_do(analyst, query, status, words):
    answer = analyst.get(f"/api/v1/rows?{PERIOD}&{query}")
    assert answer.status_code == status, answer.text
    assert words in answer.json()["message"]


def test_rows_ask_for_rights(house):
    engine, app, _ = house
    address = f"/api/v1/rows?{PERIOD}&figure=reports"
    officer, admin, analyst = (signed_in(app, engine, role) for role in ("officer", "admin", "analyst"))
    assert officer.get(address).status_code == 200
    assert officer.get(address + "&format=csv").status_code == 403
    assert admin.get(address).status_code == 403
    people = f"/api/v1/rows?{PERIOD}&figure=workload.people&key=officer:P1"
    assert (officer.get(people).status_code, analyst.get(people).status_code) == (200, 403)


def test_taking_rows_away_is_written_into_the_audit(house, analyst):
    from sqlalchemy import text

    analyst.get(f"/api/v1/rows?{PERIOD}&figure=diversion.sent&format=csv")
    with begin(house[0], operator("test")) as conn:
        last = conn.execute(text("SELECT action, object FROM audit ORDER BY no DESC LIMIT 1")).mappings().one()
    assert "diversion.sent" in json.dumps(dict(last))
