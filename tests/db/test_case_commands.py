"""`manage.py case`: a case from registering to closing as typed, with exit codes and JSON."""

import json

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from db.case_commands import case_app
from db.engine import begin
from geo.errors import InputError, NotFound, Refused
from grids.moves import MOVES
from tests.commands import environment, manage
from tests.db.acting import build


@pytest.fixture
def place(record, settings):
    """Settings of a small place without a case."""
    with begin(record.engine, "test") as conn:
        build(conn, record.keys)
        conn.execute(text("UPDATE city SET zone = 'Asia/Shanghai'"))
    return settings


def test_every_move_is_a_command_with_an_option_for_every_field():
    commands = typer.main.get_command(case_app).commands
    assert set(commands) == {code.replace("_", "-") for code in MOVES} | {"list", "show"}
    for code, move in MOVES.items():
        if code != "register":
            given = {parameter.name for parameter in commands[code.replace("_", "-")].params}
            assert {field.name for field in move.fields} | {"number", "version", "at", "note"} <= given


@pytest.fixture
def typed(place, monkeypatch):
    """Types one command in this process; gives its result, whose exception is the error that ends it."""
    for name, value in environment(place).items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(case_app, words)


def test_a_case_goes_from_registering_to_closing_as_typed(typed, place):
    made = typed(
        "register", "window", "quarrel", "--cell", "G1", "--phone", "13800001234",
        "--reported-at", "2026-03-02T09:00:00", "--at", "2026-03-02T09:05:00", "--json",
    )  # fmt: skip
    number = json.loads(made.stdout)["number"]
    assert number == "window:20260302-0001"
    taken = typed("take-lead", number, "--unit", "S1", "--level", "beat", "--at", "2026-03-02T10:00:00")
    assert "lead: S1 (beat)" in taken.stdout
    settled = typed("settle", number, "--on-the-spot", "--at", "2026-03-02T11:00:00", "--json")
    told = json.loads(settled.stdout)
    assert told["steps"][-1]["detail"] == {"on_the_spot": True}
    assert told["facts"]["revisit_due_at"] == "2026-03-16T03:00:00+00:00"
    assert [row["number"] for row in json.loads(typed("list", "--state", "revisit_due", "--json").stdout)] == [number]
    closed = typed("close", number, "--satisfaction", "5", "--at", "2026-03-02T11:30:00")
    assert "2026-03-02 11:30  办结 closed" in closed.stdout
    assert typed("list").stdout == "0 cases.\n"
    late = manage(place, "case", "reopen", number, "--reason", "反悔", "--version", "1")
    assert (late.returncode, late.stdout) == (4, "")
    assert "Somebody else added: 办结 (closed) at 2026-03-02 11:30:00 by test" in late.stderr


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("divert", "12345:1", "--to", "NOBODY"), InputError),
        (("settle", "12345:1"), Refused),
        (("show", "110:404"), NotFound),
        (("register", "12345", "quarrel", "--cell", "G1"), InputError),
    ],
)
def test_what_goes_wrong_ends_in_its_own_error(typed, words, error):
    said = ("--no", "1", "--cell", "G1", "--anonymous", "--at", "2026-03-02T09:05:00")
    assert typed("register", "12345", "quarrel", *said).exit_code == 0
    assert isinstance(typed(*words).exception, error)
