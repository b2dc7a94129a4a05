"""Pushing, reading reports and reading changes over HTTP."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from db.engine import begin
from grids.rights import Who
from tests.dashboard.doors import FEED, OFFICER, api
from tests.factories import make_area, make_category, make_cell, make_incident, make_unit, middle


@pytest.fixture
def town(record):
    """A record with one category, a station and two cells."""
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_category(conn)
        make_unit(conn, "S1")
        make_cell(conn, "G1", 0, 0)
        make_cell(conn, "G2", 1, 0, beat="B2")
    return record


@pytest.fixture
def door(settings, town):
    """Call with who acts: a client of the API."""

    def opened(who):
        return TestClient(api(settings, town, who))

    return opened


def report(number, i=0, **more):
    lon, lat = middle(i, 0)
    told = {"source_no": number, "reported_at": "2026-03-04 05:06", "category": "quarrel", "lon": lon, "lat": lat}
    return told | more


def step(number, step_no=1, **more):
    return {"source_no": number, "step_no": step_no, "at": "2026-03-04 06:00", "kind": "take_lead"} | more


def test_one_object_or_a_list_and_a_result_for_each(door):
    feed = door(FEED)
    assert feed.post("/api/v1/incidents", json=report("A1")).json()["inserted"] == 1
    told = feed.post("/api/v1/incidents", json=[report("A1"), report("A2"), {"source_no": "A3"}]).json()
    assert (told["read"], told["inserted"], told["unchanged"], told["rejected"]) == (3, 1, 1, 1)
    assert told["results"][2] == {
        "index": 2, "status": "rejected", "number": "110:A3", "reasons": ["reported_at is missing"],
    }  # fmt: skip


def test_more_than_a_thousand_and_more_than_fits_are_refused_whole(door):
    feed = door(FEED)
    answer = feed.post("/api/v1/incidents", json=[report(str(n)) for n in range(1001)])
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    answer = feed.post("/api/v1/incidents", content=b"[" + b" " * (8 * 2**20) + b"]")
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert feed.post("/api/v1/incidents", content=b"{").status_code == 422
    assert feed.post("/api/v1/incidents", content=b'"\xff"').status_code in (400, 422)


def test_an_officer_may_not_push_and_a_feed_may_not_read_reports(door):
    answer = door(OFFICER).post("/api/v1/incidents", json=report("A1"))
    assert (answer.status_code, answer.json()["error"]) == (403, "denied")
    door(FEED).post("/api/v1/incidents", json=report("A1"))
    assert door(FEED).get("/api/v1/incidents").status_code == 403
    assert door(Who("a wall", ("wall",))).get("/api/v1/incidents").status_code == 403
    assert door(Who("a wall", ("wall",))).get("/api/v1/incidents/110/A1").status_code == 403


def test_reports_are_filtered_and_paged_without_loss(door):
    items = [report(f"P{n:02d}", i=n % 2, reported_at=f"2026-03-04 05:{n // 2:02d}") for n in range(25)]
    door(FEED).post("/api/v1/incidents", json=items)
    officer, seen, address = door(OFFICER), [], "/api/v1/incidents?limit=7"
    while address:
        page = officer.get(address).json()
        seen += [each["source_no"] for each in page["items"]]
        address = page["next"]
    assert seen == sorted(seen, key=lambda no: int(no[1:]), reverse=True)
    assert len(set(seen)) == 25

    def found(query):
        return {each["source_no"] for each in officer.get(f"/api/v1/incidents?{query}").json()["items"]}

    assert found("place=cell:G2") == {f"P{n:02d}" for n in range(1, 25, 2)}
    assert found("place=beat:B1&since=2026-03-04T05:10:00") == {"P20", "P22", "P24"}
    assert found("until=2026-03-04T05:01:00") == {"P00", "P01"}
    assert found("channel=110&channel=x&category=quarrel&state=registered") == set(seen)
    assert found("state=closed") == found("category=other") == found("channel=x") == set()


def test_one_report_by_its_number_even_with_a_slash_in_it(door):
    door(FEED).post("/api/v1/incidents", json=report("2026/17"))
    told = door(OFFICER).get("/api/v1/incidents/110/2026/17").json()
    assert (told["number"], told["cell"], told["beat"], told["state"]) == ("110:2026/17", "G1", "B1", "registered")
    assert door(OFFICER).get("/api/v1/incidents/110/none").status_code == 404


@pytest.mark.parametrize("after", ["x", "WzFd", "WyJhIiwxXQ", "====", "%00", "W1tbW1tb"])
def test_a_cursor_that_is_none_is_refused(door, after):
    for who, address in ((OFFICER, "incidents"), (FEED, "changes")):
        answer = door(who).get(f"/api/v1/{address}?after={after}")
        assert (answer.status_code, answer.json()["error"]) == (422, "input")


def test_changes_come_once_each_in_order_and_only_for_ones_own_channel(door):
    feed, other = door(FEED), door(Who("feed 12345", ("feed",), channel="12345"))
    feed.post("/api/v1/incidents", json=[report("C1"), report("C2")])
    other.post("/api/v1/incidents", json=report("C1"))
    feed.post("/api/v1/steps", json=step("C1", unit="S1"))
    first = feed.get("/api/v1/changes").json()
    assert [(each["number"], each["kind"], each["unit"], each["state"]) for each in first["items"]] == [
        ("110:C1", "take_lead", "S1", "handling")
    ]
    other.post("/api/v1/steps", json=step("C1", unit="S1"))
    feed.post("/api/v1/steps", json=[step("C1", 2, kind="close", at="2026-03-04 07:00"), step("C2", unit="S1")])
    second = feed.get(first["next"]).json()
    assert [(each["number"], each["kind"], each["state"]) for each in second["items"]] == [
        ("110:C1", "close", "closed"), ("110:C2", "take_lead", "handling"),
    ]  # fmt: skip
    assert feed.get(second["next"]).json() == {**second, "items": [], "more": False}
    assert len(other.get("/api/v1/changes").json()["items"]) == 1
    assert feed.get("/api/v1/changes?channel=12345").status_code == 403
    assert door(OFFICER).get("/api/v1/changes").status_code == 403


def test_small_pages_of_changes_leave_nothing_out(door):
    feed = door(FEED)
    feed.post("/api/v1/incidents", json=[report(f"S{n}") for n in range(9)])
    feed.post("/api/v1/steps", json=[step(f"S{n}", no, unit="S1") for n in range(9) for no in (1, 2)])
    seen, address, more = [], "/api/v1/changes?limit=4", True
    while more:
        page = feed.get(address).json()
        seen += [each["number"] for each in page["items"]]
        address, more = page["next"], page["more"]
    assert sorted(seen) == sorted(f"110:S{n}" for n in range(9) for _ in (1, 2))


def test_a_step_under_way_is_waited_for_not_passed_over(door, town):
    """A transaction that began first commits last: its step must still come to a reader who has read the later one."""
    feed = door(FEED)
    feed.post("/api/v1/incidents", json=[report("T1"), report("T2")])
    insert = text("""
        INSERT INTO step (matter_id, incident_id, no, at, kind, content_hash)
        SELECT matter_id, id, 1, now(), 'receive', '' FROM incident WHERE source_no = :number""")
    with begin(town.engine, "slow") as slow:
        slow.execute(insert, {"number": "T1"})
        with begin(town.engine, "fast") as fast:
            fast.execute(insert, {"number": "T2"})
        between = feed.get("/api/v1/changes").json()
    seen = between["items"] + feed.get(between["next"]).json()["items"]
    assert [each["number"] for each in seen] == ["110:T1", "110:T2"]


def test_a_report_that_joined_another_channels_matter_hears_of_it(door, town):
    door(FEED).post("/api/v1/incidents", json=report("M1"))
    with begin(town.engine, "test") as conn:
        make_incident(conn, town.keys, "G1", channel="12345", matter="110:M1")
    door(FEED).post("/api/v1/steps", json=step("M1", unit="S1"))
    hotline = door(Who("feed 12345", ("feed",), channel="12345"))
    told = hotline.get("/api/v1/changes").json()["items"]
    assert [(each["number"], each["kind"], each["state"]) for each in told] == [("12345:G1", "take_lead", "handling")]
    assert "M1" not in str(told)


def test_a_reader_beside_many_writers_gets_every_step_once(door):
    feed, writers, each_writes = door(FEED), 4, 6
    feed.post("/api/v1/incidents", json=[report(f"W{n}") for n in range(writers)])

    def write(n):
        for no in range(1, each_writes + 1):
            feed.post("/api/v1/steps", json=step(f"W{n}", no, kind="receive", at=f"2026-03-04 06:{no:02d}"))

    seen, address = [], "/api/v1/changes?limit=5"
    with ThreadPoolExecutor(writers) as pool:
        under_way = [pool.submit(write, n) for n in range(writers)]
        more = True
        while more or not all(each.done() for each in under_way):
            page = feed.get(address).json()
            address, more = page["next"], page["more"]
            seen += [(each["number"], each["at"]) for each in page["items"]]
    seen += [(each["number"], each["at"]) for each in feed.get(address.replace("limit=5", "limit=100")).json()["items"]]
    assert len(seen) == len(set(seen)) == writers * each_writes


def test_nothing_personal_leaves_by_any_of_these_ways(door):
    feed, officer = door(FEED), door(OFFICER)
    secret = {"reporter": "张三丰", "phone": "13912345678", "narrative": "秘密"}
    feed.post("/api/v1/incidents", json=report("N1", **secret))
    feed.post("/api/v1/steps", json=step("N1", unit="S1", note="秘密", result="秘密结果"))
    answers = [feed.get("/api/v1/changes"), officer.get("/api/v1/incidents"), officer.get("/api/v1/incidents/110/N1")]
    for answer in answers:
        assert answer.status_code == 200
        assert not any(word in answer.text for word in ("张三丰", "13912345678", "秘密"))
