"""A matter in doubt between two beats: whole in the likeliest by default, in shares when asked, the sum kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from dashboard import commands
from dashboard.app import create_app
from dashboard.reading.desk import Desk
from dashboard.reporting import asking, showing
from db.record import Record
from db.settings import Settings
from geo.errors import InputError
from tests.loaders.town import load
from tests.signing import signed_in

PERIOD = ("--from", "2026-04-20", "--to", "2026-05-20")
Report = Callable[..., Any]
# Two cells side by side; the point lies 9 m west of their border and is known to within 200 m.
FILES = {
    "cells": 'code,name,beat,wkt\nW,西,B1,"POLYGON((120 36, 120.01 36, 120.01 36.01, 120 36.01, 120 36))"\n'
    'E,东,B2,"POLYGON((120.01 36, 120.02 36, 120.02 36.01, 120.01 36.01, 120.01 36))"\n',
    "catalogue": "code,name,containable,minutes\nN,噪音,1,60\n",
    "incidents": "channel,source_no,reported_at,category,lon,lat,radius_m\n"
    "110,1,2026-05-01 10:00,N,120.0099,36.005,200\n110,2,2026-05-01 11:00,N,120.005,36.005,\n",
    "steps": "channel,source_no,step_no,at,kind,level\n"
    "110,1,1,2026-05-01 10:05,take_lead,cell\n110,1,2,2026-05-01 11:00,close,\n",
}


@pytest.fixture
def doubt(record: Record, tmp_path: Path) -> Record:
    """Matter 110:1 in doubt between beats B1 and B2, contained; matter 110:2 in B1 for sure, pending."""
    for kind, text in FILES.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, "utf-8")
        assert load(record, kind, file).counts["rejected"] == 0
    return record


@pytest.fixture
def report(settings: Settings, doubt: Record, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Runs `manage.py report …` on that record."""
    root = typer.Typer()
    commands.mount(root)
    monkeypatch.setattr(asking, "desk_of", lambda: Desk(settings, doubt.engine))
    return lambda *words: CliRunner().invoke(root, ["report", *words, *PERIOD])


def column(report: Report, name: str, *words: str) -> dict[str, float]:
    """beat → value of a column of a report by beat."""
    answer = report(*words, "--by", "beat", "--format", "json")
    assert answer.exit_code == 0, answer.output
    return {row["key"]: row[name] for row in json.loads(answer.stdout)}


def test_a_matter_in_doubt_is_whole_by_default_and_shared_when_asked(report: Report) -> None:
    assert column(report, "contained", "containment") == {"B1": 1}
    shared = column(report, "contained", "containment", "--shares")
    assert 0.5 < shared["B1"] < 1
    assert 0 < shared["B2"] < 0.5
    assert sum(shared.values()) == pytest.approx(1)


def test_what_is_certain_stays_whole_in_shares(report: Report) -> None:
    assert column(report, "pending", "containment", "--shares") == {"B1": 1, "B2": 0}


def test_minutes_are_shared_and_their_sum_kept(report: Report) -> None:
    assert column(report, "minutes", "workload") == {"B1": 120, "B2": 0}
    shared = column(report, "minutes", "workload", "--shares")
    assert shared["B2"] > 0
    assert sum(shared.values()) == pytest.approx(120)
    assert shared["B2"] == pytest.approx(60 * column(report, "matters", "workload", "--shares")["B2"])


def test_the_table_says_that_it_counts_in_shares_and_shows_parts(report: Report) -> None:
    whole, shared = report("workload").output, report("workload", "--shares").output
    assert showing.IN_SHARES not in whole
    assert showing.IN_SHARES in " ".join(shared.split())
    matters = column(report, "matters", "workload", "--shares")["B2"]
    assert f"{matters:.2f}" in shared


def test_shares_of_a_persons_minutes_are_refused(report: Report) -> None:
    answer = report("workload", "--by", "officer", "--shares")
    assert isinstance(answer.exception, InputError)
    assert "leave the shares out" in str(answer.exception)


def test_the_api_counts_in_shares_when_its_address_says_so(settings: Settings, doubt: Record) -> None:
    client = signed_in(create_app(settings, doubt.engine), doubt.engine)
    days = "period=custom&from=2026-04-20&to=2026-05-20"
    whole = client.get(f"/api/v1/values?{days}").json()
    shared = client.get(f"/api/v1/values?{days}&shares=1").json()
    assert {row["code"]: row["matters"] for row in whole} == {"W": 2, "E": 0}
    assert sum(row["matters"] for row in shared) == pytest.approx(2)
    assert 0 < min(row["matters"] for row in shared) < 0.5
