"""Visits: by source and number, placed into the cell of their time, entered one by one or in bulk, seen by place."""

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from db.addresses import learn
from db.engine import act_as
from db.visits import COLUMNS, add_visit, add_visits, visit_totals, visits, write_visits
from geo.errors import Denied, InputError, NotFound
from grids.rights import Who, operator
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_officer,
    make_unit,
    middle,
    square,
)

HOST = operator("test")


@pytest.fixture
def ground(conn, keys):
    """Cells G1 (beat B1) and G2 (beat B2) side by side, officers P1 and P2, incident 110:1 in G1."""
    make_area(conn)
    make_unit(conn)
    for n in (1, 2):
        make_beat(conn, f"B{n}", station="S1", community="C1")
        make_cell(conn, f"G{n}", n - 1, 0, f"B{n}", now=day(-9))
        make_officer(conn, keys, f"P{n}")
    make_category(conn)
    make_incident(conn, keys, "1", 0, 0)
    return conn


def visit(number="1", i=None, **more):
    where = {} if i is None else dict(zip(("lon", "lat"), middle(i, 0), strict=True))
    row = {"source": "walk", "source_no": number, "at": day(1), "officer": "P1", "kind": "household"}
    return row | where | more


def written(conn, keys, *rows):
    frame = pd.DataFrame([dict.fromkeys(COLUMNS) | row for row in rows], index=pd.Index(range(1, len(rows) + 1)))
    frame = frame.astype({"lon": float, "lat": float, "minutes": float})
    return write_visits(conn, frame.assign(at=pd.to_datetime(frame["at"], utc=True)), keys)


def stored(conn):
    rows = conn.execute(text("""
        SELECT v.source_no, c.code, v.count, v.records, v.minutes FROM visit v LEFT JOIN cell c ON c.id = v.cell_id
        ORDER BY v.source_no"""))  # fmt: skip
    return [tuple(row) for row in rows]


def test_a_visit_is_inserted_once_then_unchanged_then_updated(ground, keys):
    told = [{}, {}, {"count": 3}, {"count": 3, "note": "nobody in"}, {"count": 3, "note": "nobody in"}]
    labels = [written(ground, keys, visit(i=0) | more).labels[1] for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated", "unchanged"]
    assert stored(ground) == [("1", "G1", 3, 0, None)]


def test_the_cell_named_goes_before_the_point_and_the_point_before_the_address(ground, keys):
    learn(ground, "海滨路9号", *middle(1, 0), "test")
    rows = [visit("1", 0, cell="G2"), visit("2", 0, address="海滨路9号"), visit("3", address="海滨路9号"), visit("4"),
            visit("5", 7), visit("6", address="没有这条路1号")]  # fmt: skip
    outcome = written(ground, keys, *rows)
    assert [row[:2] for row in stored(ground)] == [("1", "G2"), ("2", "G1"), ("3", "G2"), ("4", None), ("5", None),
                                                    ("6", None)]  # fmt: skip
    assert outcome.unplaced == 3


def test_a_visit_lies_in_the_cell_of_its_own_time(ground, keys):
    make_cell(ground, "G1", geometry=square(0, 1), valid_from=day(4))
    written(ground, keys, visit("1", 0, at=day(3)), visit("2", 0, at=day(5)), visit("3", cell="G1", at=day(3)),
            visit("4", cell="G1", at=day(5)))  # fmt: skip
    then, now = ground.execute(text("SELECT id FROM cell WHERE code = 'G1' ORDER BY id")).scalars()
    found = ground.execute(text("SELECT cell_id FROM visit ORDER BY source_no")).scalars().all()
    assert found == [then, None, then, now]


@pytest.mark.parametrize(("more", "said"), [
    ({"officer": "X"}, "officer 'X' is not known"), ({"cell": "X"}, "cell 'X' is not known"),
    ({"matter": "110:9"}, "matter '110:9' is not known"),
])  # fmt: skip
def test_an_unknown_reference_refuses_that_visit_alone(ground, keys, more, said):
    outcome = written(ground, keys, visit("1", 0), visit("2", 0) | more)
    assert said in outcome.rejects[2][0]
    assert outcome.labels == {1: "inserted"}


def test_a_number_that_comes_twice_is_unchanged_when_alike_and_refused_when_not(ground, keys):
    outcome = written(ground, keys, visit(), visit(), visit(count=2))
    assert (outcome.labels, set(outcome.rejects)) == ({1: "inserted", 2: "unchanged"}, {3})


def test_a_note_is_kept_encrypted(ground, keys):
    written(ground, keys, visit(note="老人独居"))
    (note,) = ground.execute(text("SELECT note FROM visit")).scalars()
    assert "老人".encode() not in bytes(note)
    assert keys.open(bytes(note)) == {"note": "老人独居"}


def test_one_visit_by_hand_gets_a_number_of_its_own_and_the_matter_it_was_about(ground, keys):
    officer = Who("wang", ("officer",), ("beat:B1",), officer="P1")
    act_as(ground, officer)
    done = add_visit(ground, keys, officer, {"kind": "care", "cell": "G1", "at": day(1), "matter": "110:1"})
    assert (done["status"], done["cell"], done["source"]) == ("inserted", "G1", "beatgrid")
    again = {"kind": "care", "cell": "G1", "at": day(1), "source_no": "n1"}
    assert [add_visit(ground, keys, officer, again)["status"] for _ in range(2)] == ["inserted", "unchanged"]
    assert ground.execute(text("SELECT DISTINCT actor FROM visit")).scalars().all() == ["wang"]


def test_bulk_says_of_each_what_became_of_it(ground, keys):
    venue = {"kind": "venue"}
    items = [venue | {"officer": "P1", "cell": "G1", "at": day(1)}, {"kind": "nap", "officer": "P1"}, venue,
             venue | {"officer": "X", "count": 0}, venue | {"officer": "X"}]  # fmt: skip
    done = add_visits(ground, keys, HOST, items)
    assert [row["status"] for row in done] == ["inserted", *["rejected"] * 4]
    said = ["; ".join(row["reasons"]) for row in done]
    assert "kind 'nap' is none of household" in said[1]
    assert "officer is missing" in said[2]
    assert "count 0 is not a number from 1 up" in said[3]
    assert "officer 'X' is not known" in said[4]
    assert len(stored(ground)) == 1


def test_what_cannot_be_recorded_alone_is_an_error(ground, keys):
    with pytest.raises(InputError, match="kind None is none of"):
        add_visit(ground, keys, HOST, {"officer": "P1"})
    with pytest.raises(InputError, match="time zone"):
        add_visit(ground, keys, HOST, {"officer": "P1", "kind": "care", "at": "yesterday"})


def test_an_officer_sees_and_records_visits_of_their_own_cells_only(ground, keys):
    written(ground, keys, visit("1", 0), visit("2", 1))
    mine = Who("wang", ("officer",), ("beat:B1",), officer="P1")
    act_as(ground, mine)
    assert visits(ground, day(0), day(9))["source_no"].tolist() == ["1"]
    assert visits(ground, day(0), day(9), "cell:G2").empty
    with pytest.raises(Denied, match="outside their own places"):
        add_visit(ground, keys, mine, {"kind": "care", "cell": "G2", "at": day(1)})
    with pytest.raises(Denied, match="outside their own places"):
        add_visit(
            ground, keys, mine, {"kind": "care", "at": day(1)} | dict(zip(("lon", "lat"), middle(1, 0), strict=True))
        )
    with pytest.raises(Denied, match="work on cases"):
        add_visit(ground, keys, Who("wall", ("wall",)), {"kind": "care"})
    act_as(ground, HOST)
    assert len(stored(ground)) == 2


def test_a_number_taken_by_a_visit_that_is_not_seen_is_refused_and_nothing_changes(ground, keys):
    written(ground, keys, visit("1", 1))
    mine = Who("wang", ("officer",), ("beat:B1",), officer="P1")
    act_as(ground, mine)
    outcome = written(ground, keys, visit("1", 0, count=9))
    assert "taken by a visit outside your places" in outcome.rejects[1][0]
    act_as(ground, HOST)
    assert stored(ground) == [("1", "G2", 1, 0, None)]


def test_visits_are_listed_newest_first_and_summed_by_officer(ground, keys):
    written(ground, keys, visit("1", 0, count=2, minutes=30), visit("2", 1, at=day(2), records=4, minutes=10),
            visit("3", 0, at=day(8), officer="P2"))  # fmt: skip
    assert visits(ground, day(0), day(5))["source_no"].tolist() == ["2", "1"]
    assert visits(ground, day(0), day(5), "beat:B2")["cell"].tolist() == ["G2"]
    assert visits(ground, day(0), day(9), "station:S1", limit=2)["source_no"].tolist() == ["3", "2"]
    assert visits(ground, day(0), day(9), officer="P2")["source_no"].tolist() == ["3"]
    totals = visit_totals(ground, day(0), day(5))
    assert totals.to_numpy().tolist() == [["P1", 3, 4, 40.0, 2]]
    with pytest.raises(NotFound):
        visits(ground, day(0), day(5), "room:1")


def test_thousands_at_once_are_placed_as_one_by_one(ground, keys):
    rng = np.random.default_rng(5)
    where = rng.integers(0, 3, 2_000)
    rows = [visit(str(n), int(i)) for n, i in enumerate(where)]
    outcome = written(ground, keys, *rows)
    assert outcome.count("inserted") == 2_000
    found = dict(row[:2] for row in stored(ground))
    assert [found[str(n)] for n in range(2_000)] == [{0: "G1", 1: "G2", 2: None}[int(i)] for i in where]
