"""Return files: one row a report with how it ended, in three formats, nothing personal, noted in the audit."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from dashboard.commands import export_app
from dashboard.exports.returns import export_returns
from db.engine import begin
from geo.errors import Denied, InputError, NotFound
from grids.rights import Who, operator
from tests.factories import day, make_category, make_incidents, make_steps, make_unit

ME = operator("test")
SECRETS = ("李四", "13800001111", "秘密")


@pytest.fixture
def town(record):
    """Three reports of 12345 (closed after a street took it, joined to the first, untouched) and one of 110."""
    secret = dict(zip(("reporter", "phone", "narrative"), SECRETS, strict=True))
    rows = [
        {"channel": "12345", "source_no": "G1", "reported_at": day(0), **secret},
        {"channel": "12345", "source_no": "G2", "reported_at": day(1), "matter": "12345:G1"},
        {"channel": "12345", "source_no": "G3", "reported_at": day(2)},
        {"channel": "110", "source_no": "J1", "reported_at": day(2)},
    ]
    steps = [
        {"channel": "12345", "source_no": "G1", "step_no": 1, "at": day(3), "kind": "take_lead", "level": "beat"},
        {"channel": "12345", "source_no": "G1", "step_no": 2, "at": day(4), "kind": "take_lead", "level": "street"},
        {"channel": "12345", "source_no": "G1", "step_no": 3, "at": day(5), "kind": "close", "note": "秘密"},
    ]
    with begin(record.engine, "test") as conn:
        make_category(conn)
        make_unit(conn)
        make_incidents(conn, record.keys, rows)
        make_steps(conn, record.keys, steps)
    return record


READERS = {
    ".csv": lambda path: pd.read_csv(path, dtype=str, encoding="utf-8-sig").fillna("").to_dict("records"),
    ".xlsx": lambda path: pd.read_excel(path, dtype=str, engine="openpyxl").fillna("").to_dict("records"),
    ".json": lambda path: [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in json.loads(path.read_text())
    ],
}


@pytest.mark.parametrize("ending", list(READERS))
def test_a_return_file_says_of_every_report_how_it_ended(town, tmp_path, ending):
    out = tmp_path / f"back{ending}"
    assert export_returns(town, ME, "12345", None, out) == 3
    rows = READERS[ending](out)
    assert [row["number"] for row in rows] == ["G1", "G2", "G3"]
    for row in rows[:2]:  # a report that joined another's matter is told the same end
        assert (row["state"], row["level_reached"], row["last_step"]) == ("closed", "street", "close")
        assert row["closed_at"] == "2026-03-06T08:00:00+08:00"
    assert (rows[2]["state"], rows[2]["level_reached"], rows[2]["closed_at"]) == ("registered", "", "")
    assert not any(secret in out.read_bytes().decode("utf-8", "replace") for secret in SECRETS)
    assert out.stat().st_mode & 0o077 == 0


def test_only_what_was_reported_or_acted_on_since(town, tmp_path):
    out = tmp_path / "back.json"
    assert export_returns(town, ME, "12345", day(4), out) == 2
    assert export_returns(town, ME, "12345", datetime(2027, 1, 1, tzinfo=UTC), out) == 0
    assert json.loads(out.read_text()) == []


def test_an_export_is_noted_and_asks_for_its_right(town, tmp_path):
    export_returns(town, ME, "12345", None, tmp_path / "back.csv")
    with begin(town.engine, "test") as conn:
        noted = conn.execute(text("SELECT actor, action, object, detail FROM audit")).one()
    assert (noted.actor, noted.action, noted.object, noted.detail["rows"]) == (
        "test", "export", "returns of 12345", 3,
    )  # fmt: skip
    with pytest.raises(Denied):
        export_returns(town, Who("o", ("officer",)), "12345", None, tmp_path / "back.csv")
    with pytest.raises(NotFound, match="110, 12345"):
        export_returns(town, ME, "none", None, tmp_path / "back.csv")
    with pytest.raises(InputError, match="ends in"):
        export_returns(town, ME, "12345", None, tmp_path / "back.pdf")


def test_the_command_writes_the_file(town, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("db.settings.Settings.from_env", lambda: settings)
    out = tmp_path / "back.csv"
    told = CliRunner().invoke(export_app, ["returns", "--channel", "12345", "--out", str(out)])
    assert (told.exit_code, told.output.strip()) == (0, f"{out}: 3 reports of 12345")
