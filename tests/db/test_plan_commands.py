"""The planner's commands as typed: from draft to publication and back, the optimiser, refusals with exit codes."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.engine import begin
from db.planning.places import assignment_at
from tests.commands import words_of
from tests.db.planned_town import make_planned_town

TOMORROW = (datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)).replace(
    hour=0, minute=0, second=0, microsecond=0
)
ON = f"{TOMORROW:%Y-%m-%d}"


@pytest.fixture
def run(settings, record):
    """Runs manage.py's words in this process on the planned town, as somebody: (exit code, stdout, stderr)."""
    with begin(record.engine, "test") as conn:
        make_planned_town(conn, record.keys)
    typed = words_of(settings)
    return lambda *words, by="mei": typed("plan", *words, by=by)


def held(record):
    with begin(record.engine, "test") as conn:
        return assignment_at(conn, TOMORROW)


def test_a_plan_from_draft_to_publication_and_back(run, record):
    before = held(record)
    assert run("new", "Even out B2")[1].startswith("P")
    code = json.loads(run("list", "--json")[1])[0]["code"]
    assert json.loads(run("move", code, "B1", "G20", "G21", "--json")[1])["moves"] == [
        {"cell": "G20", "from": "B2", "to": "B1"}, {"cell": "G21", "from": "B2", "to": "B1"},
    ]  # fmt: skip
    assert "No rule is broken." in run("check", code)[1]
    assert run("submit", code)[1] == f"{code} is submitted.\n"
    status, _, said = run("approve", code)
    assert (status, said) == (6, "beatgrid: mei submitted this plan: somebody else must approve it.\n")
    assert run("approve", code, by="shen")[0] == 0
    assert f"{code} holds from {ON}" in run("publish", code, "--on", ON, by="shen")[1]
    assert held(record) == before | {"G20": "B1", "G21": "B1"}
    assert "110:20" in run("handover", code)[1]
    back = json.loads(run("rollback", code, "--json")[1])["code"]
    run("submit", back), run("approve", back, by="shen"), run("publish", back, "--on", ON, by="shen")
    assert held(record) == before


def test_check_ends_with_4_while_a_rule_is_broken(run):
    run("new", "Too far")
    code = json.loads(run("list", "--json")[1])[0]["code"]
    run("move", code, "B1", "G50")
    status, said, _ = run("check", code, "--json")
    assert status == 4
    assert [each["rule"] for each in json.loads(said)["findings"]] == ["split"]
    assert run("submit", code)[0] == 4
    assert run("undo", code)[1] == "Nothing is moved.\n"
    assert run("redo", code)[1] == "G50: B3 → B1\n"


def test_the_optimiser_evens_out_what_a_hand_made_uneven(run, record):
    with begin(record.engine, "test") as conn:
        from tests.factories import make_incidents, middle

        lon, lat = middle(1, 0)
        make_incidents(conn, record.keys, [
            {"source_no": f"more {n}", "lon": lon, "lat": lat, "reported_at": datetime.now(UTC) - timedelta(days=9)}
            for n in range(6)
        ])  # fmt: skip
    run("new", "Balance")
    code = json.loads(run("list", "--json")[1])[0]["code"]
    run("lock", code, "G00")
    status, said, _ = run("optimise", code, "--moves", 0, "--moves", 2, "--seconds", 1, "--take", 2, "--json")
    told = json.loads(said)
    assert status == 0
    assert told[1]["cv"] < told[0]["cv"]
    moves = json.loads(run("check", code, "--json")[1])["moves"]
    assert 0 < len(moves) <= 2
    assert "G00" not in {each["cell"] for each in moves}


def test_an_assignment_goes_out_as_a_file_and_comes_back(run, tmp_path):
    code = json.loads(run("new", "One", "--json")[1])["code"]
    run("move", code, "B1", "G20", "G21", "--reason", "the school belongs to B1")
    for ending in ("csv", "xlsx", "gpkg"):
        path = tmp_path / f"sheet.{ending}"
        assert run("export", code, path)[1] == f"12 cells → {path}\n"
        other = json.loads(run("new", ending, "--json")[1])["code"]
        assert "12 read, 2 moved, 10 unchanged, 0 rejected" in run("import", other, path)[1]
    assert json.loads(run("compare", code, other, "--json")[1])["cells"] == []
    assert "mei" in run("explain", code, "G20")[1]
    assert "the school belongs to B1" in run("explain", code, "G20")[1]
    bad = tmp_path / "bad.csv"
    bad.write_text("网格,警格\nG20,B3\nG99,B1\n")
    status, said, _ = run("import", code, bad)
    assert (status, said.splitlines()[0]) == (2, "line 3: there is no cell 'G99' in this plan")
    assert run("export", code, tmp_path / "a.pdf")[0] == 2


def test_a_link_lets_a_beat_reach_over_water(run):
    code = json.loads(run("new", "Over the water", "--json")[1])["code"]
    run("move", code, "B1", "G50")
    assert run("check", code)[0] == 4
    assert run("link", "G10", "G50")[0] == 2
    assert "a ferry" in run("link", "G10", "G50", "--reason", "a ferry")[1]
    assert run("check", code)[0] == 0
    assert run("link", "G50", "G10", "--off")[1] == run("links")[1] == "No cells are linked.\n"


def test_what_is_asked_before_a_plan_is_drawn(run):
    code = json.loads(run("new", "How many?", "--json")[1])["code"]
    told = json.loads(run("beats", code, "--count", 2, "--count", 4, "--seconds", 0.2, "--json")[1])
    assert [each["beats"] for each in told] == [2, 4]
    assert {each["beat"] for each in json.loads(run("leads", code, "--json")[1])} == {"B1", "B2", "B3"}
    assert run("first", code, "--seconds", 0.2)[0] in (0, 4)
    assert "first look" in run("comment", code, "first look")[1]


def test_what_is_not_there_is_said_in_one_sentence(run):
    status, _, said = run("check", "P1")
    assert (status, said.count("\n")) == (3, 1)
    assert "no plan 'P1'" in said
