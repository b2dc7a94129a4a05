"""On the demo city: the API, the pages and the commands all say what the record's own functions say."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dashboard import commands
from dashboard.app import create_app
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from dashboard.reading.view import View
from dashboard.reporting import asking, recorded
from db import metrics
from db.beat_sheets import beat_list
from db.engine import begin
from grids.policies import policy
from tests.conftest import LoadedDatabase
from tests.signing import signed_in

PERIOD = "period=custom&from=2026-05-01&to=2026-06-15"
VIEW = View(period="custom", first=date(2026, 5, 1), last=date(2026, 6, 15))
FLT = metrics.Filter(datetime(2026, 4, 30, 16, tzinfo=UTC), datetime(2026, 6, 15, 16, tzinfo=UTC))
OUTSIDE = re.compile(r"""(?:src|href)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//|@import""")


@pytest.fixture(scope="module")
def desk(demo_db: LoadedDatabase) -> Desk:
    return Desk(demo_db.settings, demo_db.engine)


@pytest.fixture(scope="module")
def client(demo_db: LoadedDatabase) -> TestClient:
    return signed_in(create_app(demo_db.settings, demo_db.engine), demo_db.engine)


@pytest.fixture(scope="module")
def beat(demo_db: LoadedDatabase) -> str:
    """The beat with most to show."""
    with begin(demo_db.engine, "test") as conn:
        return str(beat_list(conn).sort_values("open_matters")["code"].iloc[-1])


def test_the_desk_asks_for_the_days_of_the_city(desk: Desk) -> None:
    assert desk.filter(VIEW) == FLT


def test_the_api_gives_the_records_own_figures(client: TestClient, demo_db: LoadedDatabase) -> None:
    with begin(demo_db.engine, "test") as conn:
        totals = metrics.totals(conn, FLT)
        contained = metrics.containment(conn, FLT, policy("JM"), "severity")
        work = metrics.workload(conn, FLT, "beat")
    assert client.get(f"/api/v1/totals?{PERIOD}").json() == plain(totals)
    told = client.get(f"/api/v1/containment?{PERIOD}&policy=JM&by=severity").json()
    assert [{name: row[name] for name in contained.columns} for row in told] == plain(contained)
    assert all(row["share"] == pytest.approx(row["contained"] / row["decided"]) for row in told if row["decided"])
    told = client.get(f"/api/v1/workload?{PERIOD}&by=beat").json()
    assert {row["key"]: row["minutes"] for row in told} == {row["key"]: row["minutes"] for row in plain(work)}
    assert {row["flag"] for row in told if row["key"] is None} == {"unplaced"}
    assert {row["flag"] for row in client.get(f"/api/v1/workload?{PERIOD}&by=channel").json()} == {None}


def test_the_parts_of_a_place_add_up_to_the_whole(desk: Desk) -> None:
    (total,) = plain(desk.containment(VIEW, None))
    for by in ("station", "community", "beat", "cell", "severity", "channel", "category"):
        parts = desk.containment(VIEW, by)
        assert parts["contained"].sum() == total["contained"], by
        assert parts["escaped"].sum() == total["escaped"], by


@pytest.mark.parametrize("kind", ["district", "street", "station", "community", "beat", "cell"])
def test_the_map_of_a_place_holds_its_cells_and_no_other(desk: Desk, kind: str) -> None:
    places = desk.facts().places
    code = places.loc[places["kind"] == kind, "code"].iloc[0]
    view = View(**{**vars(VIEW), "place": f"{kind}:{code}"})
    shown = desk.cells(view)
    assert 0 < len(shown) <= len(desk.geometry().index)
    assert shown["matters"].sum() <= desk.totals(view).matters
    with desk.connection() as conn:
        everywhere = metrics.cells(conn, desk.filter(view), desk.policy(view))
    assert shown["incidents"].sum() == everywhere["incidents"].sum()


def test_geometry_is_kept_for_good_and_an_old_address_leads_to_the_new(client: TestClient) -> None:
    version = client.get("/api/v1/stamp").json()["boundaries"]
    for layer in ("cells", "beats", "backdrop"):
        answer = client.get(f"/api/v1/boundaries/{version}/{layer}.geojson")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.json()["features"]
    old = client.get("/api/v1/boundaries/0-old/cells.geojson", follow_redirects=False)
    assert old.status_code == 307
    assert old.headers["location"].endswith(f"/{version}/cells.geojson")
    assert old.headers["cache-control"] == "no-store"
    assert client.get(f"/api/v1/boundaries/{version}/roofs.geojson").status_code == 404


@pytest.mark.parametrize(
    "path", ["totals?period=x", "containment?by=moon", "workload?by=", "values?place=1", "wall?policy=X"]
)
def test_a_badly_typed_question_is_answered_with_what_to_type(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_place_that_is_not_there_is_named(client: TestClient) -> None:
    answer = client.get("/api/v1/totals?place=beat:NIX")
    assert answer.status_code == 404
    assert "There is no place beat:NIX" in answer.json()["message"]


def test_the_api_describes_itself(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/totals", "/api/v1/containment", "/api/v1/boundaries/{version}/{layer}.geojson"} <= paths.keys()
    assert client.get("/healthz").json() == {"status": "ok"}
    assert "beatgrid_database_up 1" in client.get("/metrics").text
    assert client.get(f"/api/v1/heat.png?{PERIOD}").content.startswith(b"\x89PNG")
    assert "beatgrid_channel_age_seconds" in client.get("/metrics").text
    assert client.get("/api/v1/wall").json()["containment"]["overall"]


def test_the_phone_page_is_light_and_whole(client: TestClient, desk: Desk, beat: str) -> None:
    page, sheet = client.get(f"/beat/{beat}"), desk.sheet(beat)
    assert page.status_code == 200
    assert len(page.content) < 400_000
    assert not OUTSIDE.search(page.text)
    assert set(re.findall(r"<script type=\"([^\"]+)\"", page.text)) == {"module", "application/json"}  # none written in
    assert page.text.count('class="cell ') == len(sheet.cells)
    assert page.text.count('href="tel:') > 0
    listed = re.findall(r'class="matter[^>]*data-number="([^"]+)"', page.text)
    assert len(listed) == len(set(listed))  # each once
    assert set(sheet.open_matters["no"]) <= set(listed)
    assert "演示数据" in page.text
    assert "Demo data" in client.get(f"/beat/{beat}?lang=en").text
    assert "Demo data" in client.get(f"/beat/{beat}").text  # remembered
    assert "演示数据" in client.get(f"/beat/{beat}?lang=zh").text


def test_an_unknown_beat_is_answered_kindly(client: TestClient) -> None:
    for path in ("/beat/nix", "/beat/nix/map.html"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "没有这个警格" in answer.text
        assert 'href="/beat"' in answer.text


def test_the_list_names_every_beat_with_cells(client: TestClient, demo_db: LoadedDatabase) -> None:
    with begin(demo_db.engine, "test") as conn:
        codes = set(beat_list(conn)["code"])
    assert set(re.findall(r'href="/beat/([^"]+)"', client.get("/beat").text)) == codes


def test_the_map_file_needs_nothing_else(client: TestClient, beat: str) -> None:
    answer = client.get(f"/beat/{beat}/map.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    links = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(?!data:)', answer.text)
    assert links == []
    assert len(OUTSIDE.findall(answer.text)) <= 1  # Leaflet's name in its own attribution, which the map does not show
    assert len(answer.content) < 1_500_000
    assert "Leaflet 1.9" in answer.text
    assert "Redistributions of source code must retain" in answer.text  # its licence goes with it


def run(demo_db: LoadedDatabase, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    import typer

    root = typer.Typer()
    commands.mount(root)
    monkeypatch.setattr(asking, "desk_of", lambda: Desk(demo_db.settings, demo_db.engine))
    return CliRunner().invoke(root, list(words), catch_exceptions=False)


def test_the_report_prints_numerator_denominator_and_interval(
    demo_db: LoadedDatabase, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["report", "containment", "--from", "2026-05-01", "--to", "2026-06-15", "--by", "severity"]
    told = json.loads(run(demo_db, monkeypatch, *words, "--format", "json").output)
    assert told == plain(recorded.named(desk.containment(VIEW, "severity"), "severity")[recorded.CONTAINMENT])
    assert [row["label"] for row in told] == ["一般", "复杂", "疑难"]
    table = run(demo_db, monkeypatch, *words).output
    assert all(title in table for title in ("contained", "decided", "share", "low", "high"))
    lines = run(demo_db, monkeypatch, *words, "--format", "csv").output.splitlines()
    assert lines[0] == ",".join(recorded.CONTAINMENT)
    assert len(lines) == len(told) + 1


def test_the_workload_report_never_calls_the_unstaffed_nought(
    demo_db: LoadedDatabase, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["report", "workload", "--from", "2026-05-01", "--to", "2026-06-15", "--format", "json"]
    told = json.loads(run(demo_db, monkeypatch, *words).output)
    alone = [row for row in told if row["flag"] == "unstaffed"]
    assert alone
    assert all(row["load"] is None for row in alone)


def test_a_beats_map_is_written_to_a_file(
    demo_db: LoadedDatabase, beat: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "beat.html"
    assert run(demo_db, monkeypatch, "export", "beatmap", beat, "--out", str(out)).exit_code == 0
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
