"""Every table of the read model holds what the rows of the record say, after any change, for every reader."""

import json
import random
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from db import linking, readmodel
from db.engine import act_as
from db.readmodel import open_model, reach_of, scoped, whole
from db.readmodel.columns import EVENTS
from db.readmodel.merging import MATTER
from grids.rights import Who, operator
from tests.db import random_city
from tests.db.figures import City
from tests.db.readmodel_rows import told
from tests.factories import day, make_category, make_incidents, make_step, make_steps
from tests.oracle import readmodel as oracle
from tests.oracle import workload

ADDRESSES = (
    "青岛市市南区香港中路12号3号楼2单元401室", "青岛市市南区香港中路12号3号楼", "香港中路14号", "市民广场对面", None,
)  # fmt: skip
NOTED = text("SELECT DISTINCT unnest(matters) FROM matter_change WHERE id > :since")
LAST = text("SELECT coalesce(max(id), 0) FROM matter_change")
PARTS = text("""
    INSERT INTO matter_unit (matter_id, unit_id, part)
    SELECT m.id, u.id, 'diverted' FROM matter m, unit u WHERE u.code = 'S2' AND m.id % 5 = 0
    ON CONFLICT DO NOTHING""")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "readmodel"


@pytest.fixture
def lively(city, keys):
    """The random city with addresses, joined matters, diversions that end in every way, and revisits."""
    enliven(city, keys, random.Random(5))
    return city


def enliven(conn, keys, rng, begin=0):
    """New reports and steps, and words of people about which reports are of one matter."""
    numbers = [f"late {begin + n}" for n in range(12)]
    rows = [
        {"source_no": number, "category": rng.choice(random_city.CATEGORIES), "address": rng.choice(ADDRESSES),
         "reported_at": day(rng.randint(0, 900) / 24), "lon": rng.choice([np.nan, 120.305, 120.325]), "lat": 36.065,
         "phone": rng.choice([None, "13800000001", "13800000002"])}
        for number in numbers
    ]  # fmt: skip
    make_incidents(conn, keys, rows)
    make_steps(conn, keys, [step for row in rows for step in _history(rng, row)])
    known = conn.execute(text("SELECT channel || ':' || source_no FROM incident ORDER BY id")).scalars().all()
    for _ in range(4):
        a, b = rng.sample(known, 2)
        linking.join(conn, keys, operator("test"), a, b, "the same quarrel")
    for _ in range(2):
        a, b = rng.sample(known, 2)
        linking.split(conn, keys, operator("test"), a, b, "two quarrels")


def _history(rng, row):
    at = row["reported_at"]
    ends = rng.choice([("divert_accept", "divert_done"), ("divert_bounce", "keep"), ("keep",), ("divert_accept",), ()])
    kinds = ["take_lead", *rng.choices(["mediate", "settle", "divert", "assist"], k=2), "divert", *ends]
    kinds += rng.choice([["settle", "revisit"], ["close", "reopen", "settle", "revisit", "close"], ["revisit"], []])
    for no, kind in enumerate(kinds, 1):
        at += timedelta(hours=rng.choice([0, 1, 30]))
        yield {
            "source_no": row["source_no"], "step_no": no, "at": at, "kind": kind, "level": "street",
            "unit": rng.choice(["S1", "S2"]), "officer": rng.choice((None, *random_city.OFFICERS)),
            "minutes": rng.choice([None, 7.1, 33.3]),
            "detail": {"to": "S2"} if kind == "divert" else
            {name: rng.random() < 0.2 for name in ("kept", "grievance", "new_dispute")} | {"satisfaction": 4}
            if kind == "revisit" else None,
        }  # fmt: skip


def read(conn):
    """The record as the oracle reads it: everything, whoever acts."""
    tables = City.read(conn).tables
    for name in ("matter", "closure", "diversion"):
        tables[name] = [dict(row) for row in conn.execute(text(f"SELECT * FROM {name}")).mappings()]
    return City(tables)


def plain(rows, doors):
    """Rows as texts without order; numbers of doors as the buildings that they stand for."""
    named = [row | ({"door": doors[row["door"]]} if "door" in row else {}) for row in rows]
    rounded = [{k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()} for row in named]
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in rounded)


def doors_of(view, record):
    """Number of a door → building, each of them once."""
    pairs = {(row["door"], _building(record, row["id"])) for row in told(view, "report")}
    assert len({door for door, _ in pairs}) == len({building for _, building in pairs}) == len(pairs)
    return dict(pairs)


def _building(record, incident):
    return record.row("incident", incident)["building"]


def assert_equal_to_rows(conn, view):
    record = read(conn)
    doors, keys = doors_of(view, record), {None: None} | {b: b for b in doors_of(view, record).values()}
    for table, rows in oracle.TABLES.items():
        assert plain(told(view, table), doors) == plain(rows(record), keys), table


@pytest.mark.parametrize("seed", range(2))
def test_every_table_holds_what_the_rows_say(conn, keys, home, seed):
    random_city.build(conn, keys, seed, incidents=40)
    enliven(conn, keys, random.Random(seed))
    view = whole(readmodel.build(conn, home))
    assert_equal_to_rows(conn, view)
    assert all(len(view.rows(table)) for table in oracle.TABLES), "a table without rows proves nothing"
    assert set(view.rows("followup")["kind"]) == set(view.rows("report")["kind"]) == {0, 1, 2}
    assert set(view.rows("matter")["flags"]) >= {0, 1, 2, 6}
    assert {0} < set(view.rows("report")["door"])


def test_tables_are_sorted_by_their_instant(lively, home):
    view = whole(readmodel.build(lively, home))
    for table in oracle.TABLES:
        instants = view.rows(table)["opened" if table == "matter" else next(iter(EVENTS[table]))]
        assert (np.diff(instants.astype(np.int64)) >= 0).all()


def test_charges_are_the_minutes_split_among_the_handlers(lively, home):
    view = whole(readmodel.build(lively, home))
    charges = pd.DataFrame(dict(view.rows("charge").columns))
    steps = text("""
        SELECT s.matter_id AS matter, s.role, s.officer_id AS officer, s.minutes AS recorded_minutes,
            c.minutes AS catalogue_minutes
        FROM step s JOIN matter m ON m.id = s.matter_id JOIN category c ON c.id = m.category_id
        WHERE s.role IS NOT NULL""")
    expected = workload.loads(lively.execute(steps).mappings().all())
    assert charges.groupby("officer")["minutes"].sum().to_dict() == pytest.approx(expected)


def assert_same_columns(one, other):
    for table in oracle.TABLES:
        names = MATTER if table == "matter" else tuple(EVENTS[table])
        for name in names:
            np.testing.assert_array_equal(one.rows(table)[name], other.rows(table)[name], err_msg=f"{table}.{name}")


@pytest.mark.parametrize("seed", range(3))
def test_a_patched_model_equals_one_built_anew_after_any_changes(lively, keys, home, tmp_path, seed):
    rng = random.Random(seed)
    readmodel.build(lively, home)
    for round_ in range(4):
        since = lively.execute(LAST).scalar_one()
        _change(lively, keys, rng, 100 * (seed + 1) + 20 * round_)
        noted = lively.execute(NOTED, {"since": since}).scalars().all()
        model = readmodel.patch(lively, home, noted)
        assert model.deltas > 0
        assert_same_columns(whole(model), whole(readmodel.build(lively, tmp_path / "anew")))
    assert_equal_to_rows(lively, whole(model))


def _change(conn, keys, rng, begin):
    """One of the ways in which matters change, vanish or pass reports to one another."""
    known = conn.execute(text("SELECT channel, source_no, reported_at FROM incident ORDER BY id")).all()
    way = rng.choice(["lively", "steps", "joins", "directly"])
    if way == "lively":
        enliven(conn, keys, rng, begin)
    for n in range(6 if way == "steps" else 0):
        row = rng.choice(known)
        make_step(conn, keys, rng.choice(["settle", "close", "take_lead"]), row.reported_at + timedelta(hours=5),
                  begin + n, channel=row.channel, source_no=row.source_no, level="city")  # fmt: skip
    for _ in range(5 if way == "joins" else 0):
        a, b = rng.sample(known, 2)
        said = (conn, keys, operator("test"), f"{a.channel}:{a.source_no}", f"{b.channel}:{b.source_no}")
        rng.choice([linking.join, linking.split])(*said, "said at the door")
    if way == "directly":
        conn.execute(text("UPDATE incident SET cell_then = NULL WHERE id % 7 = 0"))
        conn.execute(text("DELETE FROM closure WHERE matter_id % 11 = 0"))
        conn.execute(text("DELETE FROM diversion WHERE matter_id % 3 = 0"))


def test_few_deltas_stand_beside_a_model_however_often_it_is_patched(lively, home):
    model = readmodel.build(lively, home)
    ids = lively.execute(text("SELECT id FROM matter ORDER BY id")).scalars().all()
    for number in ids[:40]:
        changed = text("UPDATE matter SET recorded_minutes = :number WHERE id = :number")
        lively.execute(changed, {"number": number})
        model = readmodel.patch(lively, home, [number])
    assert model.deltas <= 6
    assert len(list(model.folder.glob("delta-*"))) <= 2 * model.deltas + 2
    assert_equal_to_rows(lively, whole(model))


def test_a_model_that_was_not_touched_is_mapped_and_not_copied(lively, home):
    view = whole(readmodel.build(lively, home))
    for table in oracle.TABLES:
        for column in view.rows(table).columns.values():
            assert not column.flags.owndata


ROWS = {
    "matter": "SELECT id FROM matter",
    "report": "SELECT id FROM incident",
    "closing": "SELECT matter_id FROM closure",
    "diversion": "SELECT matter_id FROM diversion",
    "followup": """
        SELECT matter_id FROM step WHERE kind = 'revisit' UNION ALL
        SELECT i.matter_id FROM incident i JOIN matter m ON m.id = i.matter_id AND m.incident_id <> i.id
        WHERE i.reported_at >= (
            SELECT min(s.at) FROM step s WHERE s.matter_id = m.id AND s.kind IN ('settle', 'close'))""",
    "charge": """
        SELECT DISTINCT ON (matter_id, role, officer_id) matter_id FROM step
        WHERE role IS NOT NULL AND officer_id IS NOT NULL""",
}


@pytest.mark.parametrize(
    "places",
    [
        ("*",), ("station:S1",), ("station:S2",), ("beat:B2", "cell:G00"), ("community:C1",), ("street:T1",),
        ("district:K",), ("cell:G40",), ("unit:S2",), ("beat:nowhere",), (),
    ],
)  # fmt: skip
@pytest.mark.parametrize("patched", [False, True])
def test_of_every_table_a_reader_counts_what_row_level_security_shows(lively, home, places, patched):
    model = readmodel.build(lively, home)
    lively.execute(PARTS)
    if patched:
        model = readmodel.patch(lively, home, lively.execute(text("SELECT id FROM matter WHERE id % 2 = 0")).scalars())
    act_as(lively, Who("somebody", ("analyst",), places))
    view = scoped(model, reach_of(lively))
    for table, query in ROWS.items():
        name = "id" if table in ("matter", "report") else "matter"
        shown = sorted(lively.execute(text(query)).scalars())
        assert sorted(row[name] for row in told(view, table)) == shown, table
        assert (view.rows(table).seen is None) == (places == ("*",))
        if places == () or places == ("beat:nowhere",):
            assert shown == []


def test_a_report_shows_itself_by_its_own_cell_and_nothing_of_its_matter(lively, keys, home):
    """One joined from another station's ground is seen there; the matter and what happened to it is not."""
    rows = [{"source_no": f"joined {n}", "lon": lon, "lat": 36.055, "reported_at": day(n)} for n, lon in
            ((1, 120.305), (2, 120.335))]  # fmt: skip
    make_incidents(lively, keys, rows)
    linking.join(lively, keys, operator("test"), "110:joined 1", "110:joined 2", "one quarrel")
    model = readmodel.build(lively, home)
    (cell,) = lively.execute(
        text("SELECT c.code FROM incident i JOIN cell c ON c.id = i.cell_then WHERE i.source_no = 'joined 2'")
    ).scalars()
    matter = lively.execute(text("SELECT matter_id FROM incident WHERE source_no = 'joined 2'")).scalar_one()
    act_as(lively, Who("somebody", ("analyst",), (f"cell:{cell}",)))
    view = scoped(model, reach_of(lively))
    assert [row["matter"] for row in told(view, "report")].count(matter) == 1
    assert matter not in [row["id"] for row in told(view, "matter")]


def test_categories_that_take_other_minutes_call_for_a_new_model(lively, home):
    before = readmodel.build(lively, home)
    lively.execute(text("UPDATE category SET minutes = minutes + 1"))
    after = readmodel.patch(lively, home, [])
    assert after.folder != before.folder
    assert_equal_to_rows(lively, whole(after))


def test_names_alone_change_without_a_row_being_read(lively, home):
    readmodel.build(lively, home)
    lively.execute(text("UPDATE category SET name = 'loud', group_name = 'other' WHERE code = 'noise'"))
    model = readmodel.patch(lively, home, [])
    assert model.deltas == 0
    assert {row[1]: row[2] for row in model.words.categories}["noise"] == "loud"
    assert open_model(home).folder == model.folder


def test_a_report_is_a_repeat_from_the_very_instant_of_the_settling_on(conn, keys, home):
    make_category(conn)
    at = {"first": day(0), "before": day(1) - timedelta(seconds=1), "same": day(1), "after": day(2)}
    rows = [{"source_no": number, "reported_at": when, "matter": "110:first"} for number, when in at.items()]
    make_incidents(conn, keys, rows)
    make_step(conn, keys, "settle", day(1), source_no="first")
    view = whole(readmodel.build(conn, home))
    assert [row["kind"] for row in told(view, "report")] == [0, 1, 2, 2]
    assert [row["at"] for row in told(view, "followup")] == [day(1), day(2)]
    assert view.rows("matter")["reports"].tolist() == [4]
