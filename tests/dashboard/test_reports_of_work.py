"""`manage.py report` on work and places: every command in every form, the same figures as its measure."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from dashboard import commands
from dashboard.reading.desk import Desk
from dashboard.reporting import asking
from geo.errors import InputError, NotFound
from tests.conftest import DEMO_UNTIL, LoadedDatabase

PERIOD = ("--from", "2026-05-01", "--to", "2026-06-15")
NOW = ("--at", DEMO_UNTIL.isoformat())
TITLES = {
    ("workload", "--by", "beat", *PERIOD): "key label matters minutes available staff load flag",
    ("workload", "--by", "station", "--monthly", *PERIOD): "month key label matters minutes available staff load flag",
    ("workload", "--by", "officer", *PERIOD): "key label station matters handling visits revisits mediation meetings"
    " minutes available load flag",
    ("fairness", *PERIOD): "key label over n unstaffed mean largest max_over_mean cv",
    ("fairness", "--over", "officer", *PERIOD): "key label over n unstaffed mean largest max_over_mean cv",
    ("staffing", *PERIOD): "station shape kind key label people needed there vacant lacking residents"
    " residents_per_head minutes minutes_per_head",
    ("staffing", "--gaps", *PERIOD): "station gap key",
    ("clock", *PERIOD): "weekday hour reports hours rate",
    ("hotspots", *PERIOD): "key label reports per rate z p q kind",
    ("hotspots", "--of", "surface", *PERIOD): "lon lat reports near density",
    ("hotspots", "--of", "peaks", *PERIOD): "rank lon lat density reports cell beat",
    ("addresses", *PERIOD): "rank key door cell beat calls all_calls share running_calls running_share",
    ("near-repeat", "--permutations", "9", *PERIOD): "metres days observed expected ratio p reports since",
    ("expected", "--by", "station", *NOW): "key label observed expected limit_low limit_high verdict days excess"
    " is_holiday",
    ("scorecards", *PERIOD): "key label station points of percent met judged rules earned rank star",
    ("scorecards", "--card", "four_goals", *PERIOD): "key label station points of percent met judged rules earned rank"
    " star",
    ("scorecards", "--card", "monthly_star", "--by", "beat", "--lines", *PERIOD): "key label rule name group numerator"
    " denominator value bound threshold met points of why_zh why_en",
}
Report = Callable[..., Any]


@pytest.fixture
def report(demo_db: LoadedDatabase, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Runs `manage.py report …` on the demo city."""
    root = typer.Typer()
    commands.mount(root)
    desk = Desk(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL)
    monkeypatch.setattr(asking, "desk_of", lambda: desk)
    return lambda *words: CliRunner().invoke(root, ["report", *words], catch_exceptions=False)


@pytest.mark.parametrize("words", TITLES, ids=" ".join)
def test_every_report_comes_as_table_csv_and_json(report: Report, words: tuple[str, ...]) -> None:
    names = TITLES[words].split()
    rows = json.loads(report(*words, "--format", "json").stdout)
    assert rows
    assert list(rows[0]) == names
    lines = list(csv.DictReader(io.StringIO(report(*words, "--format", "csv").stdout)))
    assert list(lines[0]) == names
    assert len(lines) == len(rows)
    assert report(*words).exit_code == 0


def test_every_place_is_in_the_table_of_work_and_the_unstaffed_have_no_load(report: Report) -> None:
    rows = json.loads(report("workload", "--by", "cell", *PERIOD, "--format", "json").stdout)
    assert any(row["matters"] == 0 for row in rows)
    for row in rows:
        assert (row["load"] is None) == (row["flag"] in ("unstaffed", "unplaced"))
        if row["load"] is not None:
            assert row["load"] == pytest.approx(row["minutes"] / row["available"])


def test_a_surface_is_geojson_of_points(report: Report) -> None:
    told = json.loads(report("hotspots", "--of", "surface", *PERIOD, "--format", "geojson").stdout)
    assert told["type"] == "FeatureCollection"
    first = told["features"][0]
    assert first["geometry"]["type"] == "Point"
    assert set(first["properties"]) == {"reports", "near", "density"}


def test_no_address_and_no_small_count_is_told_to_who_must_not_single_out_people(report: Report) -> None:
    rows = json.loads(report("addresses", *PERIOD, "--suppress", "5", "--format", "json").stdout)
    assert all("door" not in row and row["calls"] >= 5 for row in rows)
    hours = json.loads(report("clock", *PERIOD, "--suppress", "5", "--format", "json").stdout)
    assert any(row["suppressed"] for row in hours)
    assert all(row["reports"] is None or row["reports"] == 0 or row["reports"] >= 5 for row in hours)
    cells = json.loads(report("hotspots", *PERIOD, "--suppress", "5", "--format", "json").stdout)
    assert all(row["reports"] in (None, 0) or row["reports"] >= 5 for row in cells)
    assert all(row["z"] is None for row in cells if row["suppressed"])
    squares = json.loads(report("hotspots", "--of", "surface", *PERIOD, "--suppress", "5", "--format", "json").stdout)
    assert all("reports" not in row and row["near"] >= 5 for row in squares)


def test_the_sentence_of_pareto_has_both_its_counts(report: Report) -> None:
    told = " ".join(report("addresses", *PERIOD).stdout.split())
    assert "reports name an address" in told


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("fairness", "--over", "cell"), InputError),
        (("hotspots", "--of", "moon"), InputError),
        (("scorecards", "--card", "gold"), NotFound),
        (("near-repeat", "--metres", "100", "--metres", "50"), InputError),
        (("expected", "--weeks", "2"), InputError),
    ],
)
def test_what_makes_no_sense_is_refused(report: Report, words: tuple[str, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        report(*words)
