"""The command line as a whole: help everywhere, one sentence and the right exit code for every error."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import manage
from db.settings import ROOT as FOLDER
from db.settings import Settings
from geo import errors
from tests.commands import environment

ROOT = typer.main.get_command(manage.app)


def commands(command: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group below the root with the words that lead to it."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


ALL = dict(commands())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_and_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert (command.help or "").strip()
    shown = CliRunner().invoke(manage.app, [*path, "--help"])
    assert shown.exit_code == 0
    assert "Usage:" in shown.output
    for parameter in command.params:
        assert getattr(parameter, "help", None) or parameter.name == "help", (path, parameter.name)


def test_the_commands_of_the_plan_are_all_there() -> None:
    kinds = ["areas", "cells", "beats", "units", "officers", "postings", "catalogue", "incidents", "steps", "backdrop"]
    assert {("load", kind) for kind in kinds} <= ALL.keys()
    assert {("db", name) for name in ("start", "stop", "status", "url", "migrate")} <= ALL.keys()
    assert {("rejects",), ("runs",), ("locate",), ("check", "labels"), ("plan", "move"), ("serve",)} <= ALL.keys()
    assert {("report", "containment"), ("report", "workload"), ("export", "beatmap")} <= ALL.keys()


def test_asking_for_help_waits_for_no_large_library() -> None:
    large = ("pandas", "geopandas", "sqlalchemy", "numba", "dash", "fastapi", "shapely", "numpy")
    told = f"import sys, manage; print(*[name for name in {large} if name in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", told], cwd=FOLDER, capture_output=True, text=True, check=True)
    assert asked.stdout.split() == []


def test_a_group_alone_shows_its_help() -> None:
    for path, command in ALL.items():
        if getattr(command, "commands", None):
            assert "Usage:" in CliRunner().invoke(manage.app, list(path)).output


ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.BeatgridError)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_ends_in_its_sentence_and_exit_code(
    kind: type[errors.BeatgridError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_words: object) -> None:
        raise kind("The tide is out: come back later.")

    monkeypatch.setattr("db.record.open_record", fail)
    assert ended(monkeypatch, "runs") == kind.exit_code
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "beatgrid: The tide is out: come back later.\n")


def test_exit_codes_are_the_documented_ones() -> None:
    codes = {kind.__name__: kind.exit_code for kind in ERRORS}
    assert codes | {"BeatgridError": 1} == {
        "BeatgridError": 1, "InputError": 2, "NotFound": 3, "Refused": 4, "Unavailable": 5, "Denied": 6,
    }  # fmt: skip


WRONG: dict[str, tuple[int, str]] = {
    "load incidents none.csv --profile nobody": (3, "There is no profile 'nobody'"),
    "load incidents none.csv": (2, "There is no file none.csv"),
    "load incidents none.csv --map code": (2, "is not FIELD=COLUMN"),
    "rejects --run 7": (3, "There is no run 7"),
    "rejects --out /nowhere/r.csv": (2, "there is no folder /nowhere"),
    "rejects --out r.docx": (2, "written as .csv or .xlsx"),
    "locate none.csv --lon x --lat y": (2, "There is no file none.csv"),
    "locate none.csv --lon x --lat y --out r.txt": (2, "written as .csv or .xlsx"),
    "runs --limit 0": (2, "--limit"),
    "load incidents none.csv --snap -5": (2, "--snap"),
    "load boats none.csv": (2, "No such command 'boats'"),
    "locate none.csv": (2, "--lon"),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_says_what_is_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    code, said = WRONG[line]
    assert ended(monkeypatch, *line.split()) == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_nothing_loaded_yet_is_said_plainly(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    for line, said in {
        "runs": "Nothing has been loaded yet.",
        "rejects": "No rejected rows.",
        "check labels": "No incidents: load some, or look at another channel.",
    }.items():
        assert ended(monkeypatch, *line.split()) == 0
        assert capsys.readouterr().out == f"{said}\n"


def test_verbose_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manage, "show_traceback", False)
    monkeypatch.setattr(sys, "argv", ["manage.py", "-v", "load", "incidents", "a.csv", "--map", "x"])
    with pytest.raises(errors.InputError):
        manage.main()


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit code of manage.py's words, run in this process."""
    monkeypatch.setattr(sys, "argv", ["manage.py", *words])
    with pytest.raises(SystemExit) as end:
        manage.main()
    return int(end.value.code or 0)
