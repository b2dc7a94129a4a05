"""The documentation keeps its word: its tables equal the fields that are loaded, its commands parse."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import typer

import manage
from db.settings import ROOT
from loaders.fields import FIELDS, KINDS
from loaders.options import KINDS as LOADED
from loaders.profiles import _profile, names

README, LOADING, WORK = ROOT / "README.md", ROOT / "docs" / "loading.md", ROOT / "docs" / "work.md"
SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^### |\Z)", re.M | re.S)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


def tables() -> dict[str, list[list[str]]]:
    """kind → rows [field, needed, what, titles] as docs/loading.md has them."""
    found = {}
    for kind, body in SECTION.findall(LOADING.read_text("utf-8")):
        rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")]
        found[kind] = [[cell.strip() for cell in row] for row in rows[2:]]
    return found


def fenced(language: str) -> Iterator[str]:
    for path in (README, LOADING, WORK):
        yield from (body for tongue, body in FENCED.findall(path.read_text("utf-8")) if tongue == language)


def commands() -> list[str]:
    """Every manage.py command that the documents show, as typed."""
    lines = [line for body in fenced("sh") for line in body.splitlines()]
    return [line.split("manage.py ", 1)[1] for line in lines if line.lstrip().startswith("./manage.py ")]


def test_every_kind_has_its_table() -> None:
    assert set(tables()) == set(KINDS) == set(LOADED)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_equals_the_fields_that_are_loaded(kind: str) -> None:
    written = [(name, needed, titles) for name, needed, _, titles in tables()[kind]]
    assert written == [(each.name, "yes" if each.required else "", ", ".join(each.aliases)) for each in FIELDS[kind]]
    for (_, _, what, _), each in zip(tables()[kind], FIELDS[kind], strict=True):
        assert what
        assert all(choice in what for choice in each.choices), each.name


def parsed(line: str) -> Any:
    """The innermost command of a line with its parameters, parsed and not run."""
    words = shlex.split(line, comments=True)
    command: Any = typer.main.get_command(manage.app)
    context = command.make_context("manage.py", words)
    while hasattr(command, "commands"):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, words, parent=context)
    return context


def test_the_documents_show_commands() -> None:
    assert len(commands()) > 20


@pytest.mark.parametrize("line", commands())
def test_every_command_shown_parses(line: str) -> None:
    context = parsed(line.replace("KIND FILE…", "incidents a.csv"))
    assert context.command.callback is not None
    profile = context.params.get("profile")
    assert profile is None or profile in names() or profile.endswith(".toml")


def test_the_profile_shown_is_one() -> None:
    (shown,) = fenced("toml")
    profile = _profile("shown", tomllib.loads(shown))
    section = profile.section("incidents")
    assert profile.crs == "gcj02"
    assert section.columns["source_no"] == ("接警单号", "旧单号")
    assert (section.constants, section.pad, section.auto) == ({"channel": "110"}, {"cell_label": 15}, True)


def test_exit_codes_shown_are_those_of_the_errors() -> None:
    from geo import errors

    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.M)
    kinds = {name: getattr(errors, name) for name, _, _ in rows}
    assert len(rows) == 5
    assert all((kinds[name].exit_code, kinds[name].http_status) == (int(code), int(http)) for name, code, http in rows)
