"""Cases over HTTP: every use-case has its route, versions conflict aloud, nothing personal without a reason."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from db.cases import USE_CASES
from db.engine import begin
from grids.rights import Who
from tests.dashboard.doors import FEED, OFFICER, api
from tests.factories import make_area, make_beat, make_category, make_cell, make_unit, middle

ELSEWHERE = Who("an officer elsewhere", ("officer",), ("cell:G2",))
ANALYST = Who("an analyst", ("analyst",))
ON_DUTY = text("""
    INSERT INTO shift (officer_id, during)
    SELECT id, tstzrange(now() - interval '1 hour', now() + interval '1 hour') FROM officer""")


@pytest.fixture
def door(settings, record):
    """Call with who acts: a client of the API on a record with two cells of two beats."""
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_category(conn)
        make_unit(conn, "S1")
        make_beat(conn, "B1", station="S1")
        make_cell(conn, "G1", 0, 0)
        make_cell(conn, "G2", 1, 0, beat="B2")

    def opened(who):
        return TestClient(api(settings, record, who))

    return opened


def reported(number="1", **more):
    lon, lat = middle(0, 0)
    told = {"channel": "window", "source_no": number, "category": "quarrel", "lon": lon, "lat": lat}
    return told | {"reporter": "张三丰", "phone": "13912345678", "narrative": "秘密"} | more


def test_every_use_case_has_a_route(door):
    paths = door(OFFICER).get("/api/v1/openapi.json").json()["paths"]
    assert {path.rpartition("/")[2] for path in paths if path.startswith("/api/v1/cases/{number}/")} == {
        *USE_CASES, "unmask", "why", "join", "split", "undecide",
    } - {"register"}  # fmt: skip
    assert "post" in paths["/api/v1/cases"]


def test_a_case_goes_its_way_and_a_version_that_is_past_is_refused(door):
    officer = door(OFFICER)
    case = officer.post("/api/v1/cases", json=reported()).json()
    assert case["number"] == "window:1"
    told = {"version": case["version"], "level": "beat", "unit": "S1"}
    led = officer.post("/api/v1/cases/window:1/take_lead", json=told)
    assert led.status_code == 200, led.text
    assert led.json()["version"] == case["version"] + 1
    late = officer.post("/api/v1/cases/window:1/handle", json={"version": case["version"]})
    assert (late.status_code, late.json()["error"]) == (409, "refused")
    assert "Somebody else added" in late.json()["message"]
    assert officer.post("/api/v1/cases/window:1/handle", json={"minutes": 20}).status_code == 200
    assert officer.post("/api/v1/cases/window:1/fly", json={}).status_code in (404, 405)
    assert officer.post("/api/v1/cases/window:2/handle", json={}).status_code == 404
    assert officer.post("/api/v1/cases/window:1/handle", json={"minuets": 1}).status_code == 422


def test_a_case_is_masked_until_somebody_gives_a_reason_which_the_audit_keeps(door, record):
    officer = door(OFFICER)
    case = officer.post("/api/v1/cases", json=reported())
    for answer in (case, officer.get("/api/v1/cases/window:1"), officer.get("/api/v1/cases")):
        assert answer.status_code == 200
        assert not any(secret in answer.text for secret in ("张三丰", "13912345678", "秘密"))
    assert officer.post("/api/v1/cases/window:1/unmask", json={"reason": "x"}).status_code == 422
    shown = officer.post("/api/v1/cases/window:1/unmask", json={"reason": "回访需要联系"})
    assert shown.json() == {"reporter": "张三丰", "phone": "13912345678", "narrative": "秘密"}
    assert door(ANALYST).post("/api/v1/cases/window:1/unmask", json={"reason": "回访需要联系"}).status_code == 403
    with begin(record.engine, "test") as conn:
        noted = conn.execute(text("SELECT actor, reason FROM audit WHERE action = 'unmask'")).all()
    assert [tuple(row) for row in noted] == [("an officer", "回访需要联系")]


def test_who_serves_another_place_neither_sees_nor_moves_it(door):
    door(OFFICER).post("/api/v1/cases", json=reported())
    other = door(ELSEWHERE)
    assert other.get("/api/v1/cases").json()["items"] == []
    assert other.get("/api/v1/cases/window:1").status_code == 404
    assert other.post("/api/v1/cases/window:1/take_lead", json={"level": "beat"}).status_code == 404
    assert other.post("/api/v1/cases/window:1/unmask", json={"reason": "回访需要联系"}).status_code == 404
    assert other.get("/api/v1/incidents").json()["items"] == []
    assert other.get("/api/v1/incidents/window/1").status_code == 404


def test_a_feed_and_an_analyst_move_no_case(door):
    door(OFFICER).post("/api/v1/cases", json=reported())
    for who in (FEED, ANALYST):
        assert door(who).post("/api/v1/cases/window:1/take_lead", json={"level": "beat"}).status_code == 403
        assert door(who).post("/api/v1/cases", json=reported("9")).status_code == 403
    assert door(FEED).get("/api/v1/cases/window:1").status_code == 403


def test_lists_of_cases_are_filtered_and_paged(door):
    officer = door(OFFICER)
    for n in range(7):
        officer.post("/api/v1/cases", json=reported(f"{n}", phone=f"1380000000{n}"))
    seen, address = [], "/api/v1/cases?limit=3&place=beat:B1&channel=window&state=open"
    while address:
        page = officer.get(address).json()
        seen += [row["number"] for row in page["items"]]
        address = page["next"]
    assert sorted(seen) == [f"window:{n}" for n in range(7)]
    assert officer.get("/api/v1/cases?place=cell:G2").json()["items"] == []
    assert officer.get("/api/v1/cases?after=WyIyIl0").status_code == 422
    assert officer.get("/api/v1/cases?state=mine").status_code == 200


def test_two_reports_are_one_case_as_long_as_nobody_says_otherwise(door):
    officer = door(OFFICER)
    for number in "12":
        officer.post("/api/v1/cases", json=reported(number))
    why = officer.get("/api/v1/cases/window:2/why").json()
    assert why["number"] == "window:1"
    assert [(link["a"], link["b"], link["rule"]) for link in why["links"]] == [("window:1", "window:2", "reporter")]
    told = officer.post("/api/v1/cases/window:1/split", json={"other": "window:2", "reason": "two flats"})
    assert told.json() == {"number": "window:1", "other": "window:2", "one_matter": False, "moved": 1}
    assert officer.get("/api/v1/cases/window:2").json()["number"] == "window:2"
    assert officer.post("/api/v1/cases/window:1/undecide", json={"other": "window:2"}).json()["one_matter"]
    for body, status in (
        ({"other": "window:9", "reason": "because"}, 404),
        ({"other": "window:1", "reason": "because"}, 422),
    ):
        assert officer.post("/api/v1/cases/window:1/join", json=body).status_code == status


def test_who_is_on_duty_now_is_told_with_their_phone(door, record):
    from tests.factories import make_officer, make_posting

    with begin(record.engine, "test") as conn:
        make_officer(conn, record.keys, phone="13700000000")
        make_posting(conn, beat="B1", role="beat_lead")
        conn.execute(ON_DUTY)
    told = door(OFFICER).get("/api/v1/roster/on-now?place=beat:B1").json()
    assert [(row["officer"], row["role"], row["name"], row["phone"]) for row in told] == [
        ("P1", "beat_lead", "Mr P1", "13700000000")
    ]
    assert door(OFFICER).get("/api/v1/roster/on-now?place=beat:B9").status_code == 404
    assert door(FEED).get("/api/v1/roster/on-now?place=beat:B1").status_code == 403
