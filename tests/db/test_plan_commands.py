"""The planner's commands as typed: from draft to publication and back, the optimiser, refusals with exit codes."""

import json
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import manage
from db.engine import begin
from db.planning.places import assignment_at
from tests.commands import environment
from tests.db.planned_town import make_planned_town

TOMORROW = (datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)).replace(
    hour=0, minute=0, second=0, microsecond=0
)
ON = f"{TOMORROW:%Y-%m-%d}"


@pytest.fixture
def run(settings, record, monkeypatch, capsys):
    """Runs manage.py's words in this process on the planned town, as somebody: (exit code, stdout, stderr)."""
    with begin(record.engine, "test") as conn:
        make_planned_town(conn, record.keys)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def words(*told, by="mei"):
        monkeypatch.setenv("BEATGRID_ACTOR", by)
        monkeypatch.setattr(sys, "argv", ["manage.py", "plan", *map(str, told)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            manage.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return words


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


def test_what_is_not_there_is_said_in_one_sentence(run):
    status, _, said = run("check", "P1")
    assert (status, said.count("\n")) == (3, 1)
    assert "no plan 'P1'" in said
