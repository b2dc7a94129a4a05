"""GET /api/v1/outcomes tells what the command prints; readers who must not single out people see no small counts."""

import json

import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dashboard import commands
from dashboard.app import create_app
from dashboard.reading.desk import Desk
from dashboard.reporting import asking
from db.engine import begin
from db.record import open_record
from db.tokens import make_token
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.db.measures import outcome_city
from tests.signing import signed_in

PERIOD = "period=custom&from=2026-03-01&to=2026-04-30"
WORDS = ("--from", "2026-03-01", "--to", "2026-04-30", "--format", "json")


@pytest.fixture(scope="module")
def house(cluster, template, tmp_path_factory):
    """A random city: its settings, engine and application, and a wall's token."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("outcomes"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        outcome_city.build(conn, record.keys, 3)
        token = make_token(conn, record.keys, operator("test"), "wall", "a wall", places=("*",), channel=None)
    yield settings, record.engine, create_app(settings, record.engine), token
    record.engine.dispose()
    drop_database(cluster, settings)


@pytest.fixture
def report(house, monkeypatch):
    """Runs `manage.py report …` on that record and hands back what it printed."""
    root = typer.Typer()
    commands.mount(root)
    monkeypatch.setattr(asking, "desk_of", lambda: Desk(house[0], house[1]))

    def run(*words):
        answer = CliRunner().invoke(root, ["report", *words], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return run


@pytest.mark.parametrize(("query", "words"), [
    ("", ()),
    ("&by=beat&outcome=closing&outcome=held", ("--by", "beat", "--outcome", "closing", "--outcome", "held")),
    ("&by=severity&place=station:S1", ("--by", "severity", "--place", "station:S1")),
])  # fmt: skip
def test_the_api_tells_what_the_command_prints(house, report, query, words):
    _, engine, app, _ = house
    told = signed_in(app, engine).get(f"/api/v1/outcomes?{PERIOD}{query}").json()
    assert told == json.loads(report("outcomes", *words, *WORDS))
    assert {"numerator", "denominator", "share", "low", "high"} <= told[0].keys()


def test_a_wall_sees_no_small_count_and_the_command_hides_the_same(house, report):
    _, _, app, token = house
    client = TestClient(app, headers={"Authorization": f"Bearer {token}"})
    told = client.get(f"/api/v1/outcomes?{PERIOD}&by=cell").json()
    assert any(row["suppressed"] for row in told)
    for row in told:
        if row["suppressed"]:
            assert (row["numerator"], row["denominator"], row["share"], row["low"], row["high"]) == (None,) * 5
        else:
            counts = (row["numerator"], row["denominator"], row["denominator"] - row["numerator"])
            assert all(count == 0 or count >= 5 for count in counts)
    assert told == json.loads(report("outcomes", "--by", "cell", "--suppress", "5", *WORDS))


def test_what_cannot_be_answered_says_what_can(house):
    _, engine, app, _ = house
    client = signed_in(app, engine)
    assert "on_spot, mediation" in client.get(f"/api/v1/outcomes?{PERIOD}&outcome=luck").json()["message"]
    assert "by must be one of" in client.get(f"/api/v1/outcomes?{PERIOD}&by=moon").json()["message"]


EVERY = [
    ("containment", "--by", "station"), ("containment", "--policies", "--dating", "cohort"), ("flow",),
    ("regrades", "--by", "beat"), ("outcomes", "--by", "street"), ("diversion",), ("diversion", "--by", "category"),
    ("repeats", "--by", "beat"), ("repeats", "--chains"), ("repeats", "--one-community"), ("change", "--by", "beat"),
    ("change", "--of", "on_time", "--against", "previous"), ("trend", "--of", "held"), ("panels",),
    ("panels", "--panel", "3down1up", "--against", "last_year"),
]  # fmt: skip


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_report_prints_a_table_and_the_same_as_csv_and_json(report, words):
    rows = json.loads(report(*words, *WORDS))
    assert rows
    csv = report(*words, *WORDS[:-1], "csv").splitlines()
    assert csv[0].split(",") == list(rows[0])
    assert len(csv) == len(rows) + 1
    table = report(*words, *WORDS[:-1], "table")
    assert all(name in table for name in rows[0] if name not in ("key", "label"))


@pytest.mark.parametrize("words", [words for words in EVERY if words[0] != "panels"], ids=" ".join)
def test_every_report_hides_small_counts_when_told_to(report, words):
    rows = json.loads(report(*words, "--suppress", "5", *WORDS))
    shown = [row for row in rows if not row["suppressed"]]
    counted = ("numerator", "denominator", "contained", "decided", "sent", "done", "reports", "repeats", "count", "now")
    for row in shown:
        singled = [name for name in counted if name in row and 0 < (row[name] or 0) < 5]
        assert singled in ([], ["reports"] if "--chains" in words else [])


def test_boundaries_may_be_those_of_now_or_of_a_draft(report, tmp_path):
    draft = tmp_path / "draft.csv"
    draft.write_text("cell,beat\nG00,B5\nG10,B5\n", "utf-8")
    words = ("repeats", "--by", "beat", *WORDS)
    by_draft = {row["key"]: row["reports"] for row in json.loads(report(*words, "--boundaries", f"plan:{draft}"))}
    now = {row["key"]: row["reports"] for row in json.loads(report(*words, "--boundaries", "now"))}
    assert by_draft["B5"] > now["B5"]
    assert sum(by_draft.values()) == sum(now.values())


@pytest.mark.parametrize(("text", "wanted"), [
    ("cell,beat\n", "not one row"), ("cell,bat\nG00,B1\n", "columns cell and beat"), ("cell,beat\nG00,\n", "line 2"),
    ("cell,beat\nG00,B1\nG00,B2\n", "is in B1 already"), (None, "is then, now or plan:FILE.csv"),
])  # fmt: skip
def test_a_draft_that_cannot_be_used_says_why(house, monkeypatch, tmp_path, text, wanted):
    from dashboard.reporting.drafts import boundaries_of
    from geo.errors import InputError

    file = tmp_path / "draft.csv"
    file.write_text(text or "", "utf-8")
    with pytest.raises(InputError, match=wanted):
        boundaries_of(f"plan:{file}" if text else "tomorrow")
