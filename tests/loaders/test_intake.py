"""Pushed items: the same checks as files, a result for each, safe to send again, one run a day that adds up."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import text

from db.engine import begin
from db.loads import rejected_rows
from geo.errors import Denied, InputError
from grids.rights import Who
from loaders.intake import take
from tests.factories import make_area, make_category, make_cell, make_incidents, make_officer, make_unit, middle, square

FEED = Who("feed 110", ("feed",), channel="110")


@pytest.fixture
def town(record):
    """A record with one category, one unit and two cells side by side."""
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_category(conn)
        make_unit(conn, "D1", "department", "community")
        make_cell(conn, "G1", 0, 0)
        make_cell(conn, "G2", 1, 0)
    return record


def push(record, items, kind="incidents", who=FEED, **options):
    """Results of one push, and status → how many."""
    return take(record.engine, record.keys, who, items, kind, **options)


def statuses(results):
    return [each["status"] for each in results]


def report(number, i=0, **more):
    lon, lat = middle(i, 0)
    told = {"source_no": number, "reported_at": "2026-03-04 05:06", "category": "quarrel", "lon": lon, "lat": lat}
    return told | more


def runs(record):
    with begin(record.engine, "test") as conn:
        return conn.execute(text("SELECT * FROM load_run WHERE kind = 'push' ORDER BY id")).mappings().all()


def test_a_push_is_placed_and_sent_again_changes_nothing(town):
    items = [report("A1"), report("A2", i=1, phone="13800000000")]
    assert [(each["status"], each["number"]) for each in push(town, items)] == [
        ("inserted", "110:A1"),
        ("inserted", "110:A2"),
    ]
    assert statuses(push(town, items)) == ["unchanged", "unchanged"]
    assert statuses(push(town, [report("A1", category="noise")])) == ["updated"]
    with begin(town.engine, "test") as conn:
        found = conn.execute(
            text("SELECT i.source_no, c.code FROM incident i JOIN cell c ON c.id = i.cell_then ORDER BY i.source_no")
        ).all()
        assert [tuple(row) for row in found] == [("A1", "G1"), ("A2", "G2")]
        assert conn.execute(text("SELECT count(phone_hash) FROM incident_personal")).scalar_one() == 1


def test_every_bad_item_says_all_its_faults_and_holds_up_no_other(town):
    items = [
        report("B1"),
        report("B2", reported_at="yesterday", lat="north"),
        {"source_no": "B3", "reporte_at": "2026-03-04"},
        report("B4", channel="12345"),
        report("B5", matter="12345:9"),
        report("B1", category="other"),
        report("B6\ud800"),
        report("B7", address={"street": "x"}),
    ]
    results = push(town, items)
    assert statuses(results) == ["inserted", *["rejected"] * 6, "inserted"]
    said = ["; ".join(each["reasons"]) for each in results]
    assert "reported_at 'yesterday'" in said[1]
    assert "lat 'north' is not a number" in said[1]
    assert "did you mean 'reported_at'" in said[2]
    assert "'12345' is not yours" in said[3]
    assert "is of another channel" in said[4]
    assert "already in line 0 with other content" in said[5]
    assert "source_no is not text that can be stored" in said[6]


def test_the_days_run_adds_up_and_keeps_what_was_rejected_sealed(town):
    push(town, [report("C1"), {"source_no": "C2", "narrative": "private"}])
    push(town, [report("C1"), report("C3"), {"narrative": "more"}])
    push(town, [{"source_no": "C1", "step_no": 1, "at": "2026-03-04 06:00", "kind": "receive"}], "steps")
    first, second = runs(town)
    assert {name: first[name] for name in ("read", "inserted", "updated", "unchanged", "rejected")} == {
        "read": 5, "inserted": 2, "updated": 0, "unchanged": 1, "rejected": 2,
    }  # fmt: skip
    assert (first["state"], second["inserted"], first["actor"]) == ("done", 1, "feed 110")
    with begin(town.engine, "test") as conn:
        kept = rejected_rows(conn, town.keys, first["id"])
        raw = conn.execute(text("SELECT string_agg(encode(raw, 'escape'), '') FROM rejected_row")).scalar_one()
    assert kept["narrative"].tolist() == ["private", "more"]
    assert "private" not in raw


def test_steps_of_a_feed_reach_only_its_own_reports(town):
    push(town, [report("D1")])
    other = Who("feed 12345", ("feed",), channel="12345")
    step = {"source_no": "D1", "step_no": 1, "at": "2026-03-04 06:00", "kind": "take_lead", "unit": "D1"}
    assert "is not known" in push(town, [step], "steps", other)[0]["reasons"][0]
    assert "is not yours" in push(town, [step | {"channel": "110"}], "steps", other)[0]["reasons"][0]
    assert statuses(push(town, [step, step | {"step_no": 2, "unit": "D9"}], "steps")) == ["inserted", "rejected"]
    assert statuses(push(town, [step], "steps")) == ["unchanged"]


def test_visits_are_pushed_like_reports(town):
    with begin(town.engine, "test") as conn:
        make_officer(conn, town.keys)
    visit = {"source_no": "V1", "at": "2026-03-04 15:00", "officer": "P1", "kind": "household", "cell": "G1"}
    items = [visit, visit | {"source_no": "V2", "kind": "party"}, visit | {"source_no": "V3", "source": "other"}]
    results = push(town, items, "visits")
    assert statuses(results) == ["inserted", "rejected", "rejected"]
    assert (results[0]["number"], statuses(push(town, [visit], "visits"))) == ("110:V1", ["unchanged"])


@pytest.mark.parametrize("bad", [{"a": "\x00"}, {"a": "\ud800"}, {"a": {"b": ["\x00"]}}, ["\ud800"], [[1]], "{"])
def test_what_no_database_can_hold_is_a_reason_and_not_a_fault(town, bad):
    push(town, [report("J1")])
    step = {"source_no": "J1", "step_no": 1, "at": "2026-03-04 06:00", "kind": "handle"}
    for item, kind in ((step | {"detail": bad}, "steps"), (step | {"result": bad, "note": bad}, "steps"),
                       (report("J2", narrative=bad, address=bad, category=bad), "incidents")):  # fmt: skip
        assert statuses(push(town, [item], kind))[0] in ("inserted", "rejected", "updated")


def test_coordinates_may_be_in_the_datum_of_the_sender(town):
    with begin(town.engine, "test") as conn:
        make_cell(conn, "G3", geometry=square(2, 0))
    assert statuses(push(town, [report("E1")], crs="gcj02")) == ["inserted"]
    with begin(town.engine, "test") as conn:
        lon = conn.execute(text("SELECT ST_X(geom) FROM incident")).scalar_one()
    assert 0.003 < middle(0, 0)[0] - lon < 0.008
    with pytest.raises(InputError):
        push(town, [report("E2")], crs="mars")


def test_redrawn_boundaries_are_noticed_by_the_next_push(town):
    from db.loads import mark_changed

    push(town, [report("F1", i=5)])
    with begin(town.engine, "test") as conn:
        make_cell(conn, "G6", 5, 0)
        mark_changed(conn, boundary=True)
    push(town, [report("F2", i=5, reported_at="2026-03-05")])
    with begin(town.engine, "test") as conn:
        placed = conn.execute(text("SELECT source_no, cell_then IS NOT NULL FROM incident ORDER BY source_no")).all()
    assert [tuple(row) for row in placed] == [("F1", False), ("F2", True)]


def test_two_that_push_the_same_at_once_store_it_once(town):
    items = [report(f"H{n}") for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: statuses(push(town, items)), range(4)))
    assert sorted(each.count("inserted") for each in told) == [0, 0, 0, 20]
    assert runs(town)[0]["read"] == 80


def test_a_number_that_somebody_registers_at_the_same_moment_is_one_report(town):
    """The other transaction holds the number, not yet committed: the push waits for it, then finds it there."""
    with begin(town.engine, "by hand") as conn:
        make_incidents(conn, town.keys, [{"source_no": "K1"}])
        with ThreadPoolExecutor(1) as pool:
            pushed = pool.submit(push, town, [report("K1"), report("K2")])
            wait([pushed], timeout=1)
            conn.commit()
            assert statuses(pushed.result()) == ["updated", "inserted"]
    assert [run["read"] for run in runs(town)] == [2]


def test_only_a_feed_pushes_and_not_more_than_fits(town):
    with pytest.raises(Denied):
        push(town, [report("I1")], who=Who("an officer", ("officer",)))
    with pytest.raises(Denied):
        push(town, [report("I1", channel="110")], who=Who("a feed of nothing", ("feed",)))
    with pytest.raises(InputError, match="1,000"):
        push(town, [report(str(n)) for n in range(1001)])
    assert push(town, []) == []
