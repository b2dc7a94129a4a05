"""Plans over HTTP: every edit written at once, two planners told of each other, a plan's life to the day it holds."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from db.engine import begin
from db.planning.searching import begin_search
from grids.rights import Who
from tests.dashboard.doors import api
from tests.db.planned_town import CELLS, make_planned_town
from tests.factories import make_incidents, middle

PLANNER = Who("a planner", ("planner",))
OTHER = Who("another planner", ("planner",))
APPROVER = Who("an approver", ("approver",))
ANALYST = Who("an analyst", ("analyst",))
PATIENCE_S = 60.0


@pytest.fixture
def door(settings, record):
    """Call with who acts: a client of the API on the town of six by two cells in three beats."""
    with begin(record.engine, "test") as conn:
        make_planned_town(conn, record.keys)
        make_busy_west(conn, record.keys)
    kept = {}

    def opened(who):
        return kept.setdefault(who.name, TestClient(api(settings, record, who)))

    return opened


def make_busy_west(conn, keys):
    """Four more reports of last month in each of the two westernmost cells, so that there is something to balance."""
    at = datetime.now(UTC) - timedelta(days=30)
    spots = [middle(0, j) for j in (0, 1) for _ in range(4)]
    rows = [
        {"source_no": f"W{number}", "lon": lon, "lat": lat, "reported_at": at}
        for number, (lon, lat) in enumerate(spots)
    ]
    make_incidents(conn, keys, rows)


@pytest.fixture
def plan(door):
    """The address of a fresh draft for the station."""
    made = door(PLANNER).post("/api/v1/plans", json={"name": "even loads", "place": "station:S1"})
    assert made.status_code == 200, made.text
    return f"/api/v1/plans/{made.json()['code']}"


def moved(client, plan, cells, beat, **more):
    return client.post(f"{plan}/edits", json={"kind": "assign", "cells": cells, "beat": beat, **more})


def test_a_draft_shows_its_moves_and_what_they_cost(door, plan):
    client = door(PLANNER)
    told = moved(client, plan, ["G20", "G21"], "B1", reason="quieter there").json()
    assert told["moves"] == {"G20": "B1", "G21": "B1"}
    assert told["costs"]["after"]["moved"] == 2
    assert told["costs"]["after"]["goes"]["residents"] == 200
    beats = {row["beat"]: (row["cells_before"], row["cells_after"]) for row in told["costs"]["beats"]}
    assert beats == {"B1": (4, 6), "B2": (4, 2), "B3": (4, 4)}
    assert told == client.get(plan).json()  # nothing is lost by loading the page again
    assert [each["name"] for each in client.get("/api/v1/plans").json()] == ["even loads"]


def test_one_takes_back_and_lays_again_ones_own_edits(door, plan):
    client = door(PLANNER)
    moved(client, plan, ["G20"], "B1")
    back = client.post(f"{plan}/undo", json={}).json()
    assert (back["moves"], back["undo"], back["redo"]) == ({}, False, True)
    again = client.post(f"{plan}/redo", json={}).json()
    assert (again["moves"], again["undo"], again["redo"]) == ({"G20": "B1"}, True, False)
    assert client.post(f"{plan}/redo", json={}).status_code == 409


def test_two_planners_at_work_lose_nothing_and_are_told_when_they_cross(door, plan):
    one, other = door(PLANNER), door(OTHER)
    seen = one.get(plan).json()["edit"]
    assert moved(one, plan, ["G20"], "B1", after=seen).status_code == 200
    beside = moved(other, plan, ["G40"], "B2", after=seen)  # another cell: both stand
    assert beside.json()["moves"] == {"G20": "B1", "G40": "B2"}
    crossed = moved(other, plan, ["G20"], "B3", after=seen)
    assert crossed.status_code == 409
    assert "a planner has just changed cell G20" in crossed.json()["message"]
    assert moved(other, plan, ["G20"], "B3", after=beside.json()["edit"]).json()["moves"]["G20"] == "B3"
    assert moved(one, plan, ["G20"], "B1", after=seen).status_code == 409
    revision = one.get(f"{plan}/revision").json()
    assert revision["edit"] == 3
    assert one.post(f"{plan}/undo", json={}).json()["moves"] == {"G20": "B3", "G40": "B2"}  # one's own edit only


def test_what_is_locked_stays(door, plan):
    client = door(PLANNER)
    assert client.post(f"{plan}/edits", json={"kind": "lock", "cells": ["G20"]}).json()["locked_cells"] == ["G20"]
    assert moved(client, plan, ["G20"], "B1").status_code == 409
    assert client.post(f"{plan}/edits", json={"kind": "lock", "beat": "B3"}).json()["locked_beats"] == ["B3"]
    assert moved(client, plan, ["G40"], "B2").status_code == 409
    client.post(f"{plan}/edits", json={"kind": "unlock", "cells": ["G20"]})
    assert moved(client, plan, ["G20"], "B1").status_code == 200


def test_a_broken_rule_is_named_with_its_cells_and_keeps_the_plan_from_being_submitted(door, plan):
    client = door(PLANNER)
    told = moved(client, plan, ["G50"], "B1").json()
    (split,) = [each for each in told["problems"] if each["rule"] == "split"]
    assert (split["beat"], split["cells"], split["weight"]) == ("B1", ["G50"], "error")
    west, south, east, north = split["box"]
    assert west < east
    assert south < north
    assert client.post(f"{plan}/submit", json={}).status_code == 409


def test_the_board_gives_no_two_neighbouring_beats_one_tint(door, plan):
    board = door(PLANNER).get(f"{plan}/board").json()
    assert board["cells"]["code"] == CELLS
    base, tint = board["cells"]["base"], board["beats"]["tint"]
    apart = [(base[a], base[b]) for a, b in board["edges"] if base[a] != base[b]]
    assert apart
    assert all(tint[one] != tint[other] for one, other in apart)


def test_the_optimiser_offers_points_and_one_of_them_becomes_the_draft(door, plan, settings, record):
    client = door(PLANNER)
    begun = client.post(f"{plan}/searches", json={"moves": [0, 2], "seconds": 0.3}).json()
    address, until = f"{plan}/searches/{begun['number']}", time.monotonic() + PATIENCE_S
    while not (told := client.get(address).json())["over"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert told["error"] is None
    assert [point["moves"] for point in told["points"]] == [0, 2]
    assert all(point["peak_bound"] <= point["max_over_mean"] + 1e-9 for point in told["points"])
    best = told["points"][1]
    assert best["cv"] <= told["points"][0]["cv"]
    if best["to"]:
        taken = client.post(f"{address}/take", json={"moves": 2})
        assert taken.json()["moves"] == best["to"]
    assert client.get(f"{plan}/revision").json()["search"] == begun["number"]
    assert client.get(f"{plan}/searches/999").status_code == 404
    restarted = TestClient(api(settings, record, PLANNER))
    assert restarted.get(address).json()["points"] == told["points"]
    with begin(record.engine, PLANNER) as conn:
        cut = begin_search(conn, PLANNER, plan.rpartition("/")[2], 0, {"moves": [0, 2], "seconds": 60})
    lost = restarted.get(f"{plan}/searches/{cut}").json()
    assert (lost["over"], lost["broken_off"], lost["complete"], lost["points"]) == (True, True, False, [])
    assert restarted.post(f"{plan}/searches/{cut}/take", json={"moves": 2}).status_code == 409


def test_who_will_be_told_is_listed_before_anybody_is(door, plan):
    client = door(PLANNER)
    moved(client, plan, ["G20", "G21"], "B1")
    told = client.get(f"{plan}/notices").json()
    assert [(row["beat"], row["gives"], row["takes"], row["told_at"]) for row in told] == [
        ("B1", [], ["G20", "G21"], None), ("B2", ["G20", "G21"], [], None),
    ]  # fmt: skip


def test_a_plan_lives_through_another_hand_to_the_day_it_holds_and_back(door, plan):
    planner, approver = door(PLANNER), door(APPROVER)
    moved(planner, plan, ["G20", "G21"], "B1")
    assert planner.post(f"{plan}/submit", json={"note": "please look"}).json()["state"] == "submitted"
    assert moved(planner, plan, ["G40"], "B2").status_code == 409
    assert planner.post(f"{plan}/approve", json={}).status_code == 403
    seen = approver.get(plan).json()
    assert (seen["may_edit"], set(seen["steps"])) == (False, {"return", "approve"})
    assert approver.post(f"{plan}/approve", json={}).json()["state"] == "approved"
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert approver.post(f"{plan}/publish", json={"day": today.isoformat()}).status_code == 409
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert approver.post(f"{plan}/publish", json={"day": tomorrow}).json()["state"] == "published"
    lists = planner.get(f"{plan}/handover").json()
    assert [(row["cell"], row["gives"], row["takes"]) for row in lists["cells"]] == [
        ("G20", "B2", "B1"), ("G21", "B2", "B1"),
    ]  # fmt: skip
    assert {row["cell"] for row in lists["matters"]} == {"G20", "G21"}
    back = planner.post(f"{plan}/roll_back", json={}).json()
    assert back["state"] == "draft"
    assert planner.get(f"/api/v1/plans/{back['code']}").json()["moves"] == {"G20": "B2", "G21": "B2"}
    said = [(event["by"], event["what"]) for event in planner.get(f"{plan}/story").json()]
    assert said[:4] == [
        ("a planner", "begin"), ("a planner", "submit"), ("an approver", "approve"), ("an approver", "publish"),
    ]  # fmt: skip


def test_comments_and_the_reason_for_a_cell(door, plan):
    planner, approver = door(PLANNER), door(APPROVER)
    moved(planner, plan, ["G20"], "B1", reason="the school is theirs")
    told = approver.post(f"{plan}/comments", json={"note": "why this one?", "cell": "G20"}).json()
    assert (told[-1]["what"], told[-1]["cell"], told[-1]["note"]) == ("comment", "G20", "why this one?")
    why = approver.get(f"{plan}/why/G20").json()
    assert (why["beat_before"], why["beat_after"], why["reason"]) == ("B2", "B1", "the school is theirs")
    assert planner.get(f"{plan}/why/NIX").status_code == 404


def test_an_assignment_goes_out_as_a_file_and_comes_back(door, plan):
    client = door(PLANNER)
    moved(client, plan, ["G20"], "B1")
    for form in ("csv", "xlsx", "gpkg"):
        sheet = client.get(f"{plan}/assignment?form={form}")
        assert sheet.status_code == 200
        again = client.post("/api/v1/plans", json={"name": form, "place": "station:S1"}).json()["code"]
        laid = client.post(f"/api/v1/plans/{again}/assignment?form={form}", content=sheet.content).json()
        assert (laid["moved"], laid["unchanged"], laid["rejected"]) == (1, 11, [])
        assert laid["standing"]["moves"] == {"G20": "B1"}
    wrong = client.post(f"{plan}/assignment?form=csv", content="cell,beat\nG20,B2\nNIX,B1\n").json()
    assert [row["line"] for row in wrong["rejected"]] == [3]
    assert client.post(f"{plan}/assignment?form=doc", content=b"x").status_code == 422


def test_two_plans_are_laid_side_by_side(door, plan):
    client = door(PLANNER)
    moved(client, plan, ["G20"], "B1")
    other = client.post("/api/v1/plans", json={"name": "another", "place": "station:S1"}).json()["code"]
    told = client.get(f"{plan}/compare/{other}").json()
    assert [(row["cell"], row["one"], row["other"]) for row in told["cells"]] == [("G20", "B1", "B2")]
    assert told["other"]["code"] == other


def test_who_may_neither_plan_nor_approve_sees_no_plan(door, plan):
    analyst = door(ANALYST)
    assert analyst.get("/api/v1/plans").json() == []
    assert analyst.get(plan).status_code == 404
    assert moved(analyst, plan, ["G20"], "B1").status_code in (403, 404)


def test_who_is_bound_to_a_place_is_told_that_others_are_not_theirs_to_plan(door, plan):
    bound = door(Who("a planner elsewhere", ("planner",), ("beat:B1",)))
    for place in (None, "station:S1"):
        answer = bound.post("/api/v1/plans", json={"name": "mine", "place": place})
        assert answer.status_code == 403
        assert "choose one of your own places" in answer.json()["message"]
    assert bound.get(plan).status_code == 404
    assert bound.post("/api/v1/plans", json={"name": "mine", "place": "beat:B1"}).status_code == 200


@pytest.mark.parametrize("body", [{"kind": "assign", "cells": ["G20"]}, {"kind": "assign", "beat": "B1"}])
def test_an_edit_that_says_too_little_is_told_what_is_missing(door, plan, body):
    answer = door(PLANNER).post(f"{plan}/edits", json=body)
    assert answer.status_code == 422
    assert "Name the cells and the beat" in answer.json()["message"]
