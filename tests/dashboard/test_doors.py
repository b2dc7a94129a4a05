"""The page that says what is done where names only commands, endpoints and tests that are there."""

import re
from pathlib import Path

import pytest
import typer.main

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "doors.md").read_text(encoding="utf-8")


def named(pattern):
    found = sorted(set(re.findall(pattern, TEXT)))
    assert found
    return found


@pytest.mark.parametrize("words", named(r"`manage\.py ([a-z -]+)`"))
def test_every_command_named_is_there(words):
    from manage import app

    command = typer.main.get_command(app)
    for word in words.split():
        assert word in command.commands, f"manage.py {words}"
        command = command.commands[word]


@pytest.mark.parametrize(("method", "path"), named(r"`(GET|POST) (/[^`]*)`"))
def test_every_endpoint_named_is_there(demo_app, method, path):
    assert method.lower() in demo_app.get(f"/api/v1{path}", {}), f"{method} {path}"


@pytest.mark.parametrize("path", named(r"`((?:db|grids|geo|loaders|dashboard|oracle|prove)/[\w/]+\.(?:py|sql))`"))
def test_every_file_named_is_there(path):
    assert (ROOT / path).is_file() or (ROOT / "tests" / path).is_file()


@pytest.fixture(scope="module")
def demo_app(template, cluster, tmp_path_factory):
    """Paths of the OpenAPI document, by address."""
    from dashboard.app import create_app
    from tests.conftest import copy_database, drop_database

    settings = copy_database(cluster, template, tmp_path_factory.mktemp("doors"))
    server = create_app(settings)
    while not hasattr(server, "openapi"):
        server = server.app
    yield server.openapi()["paths"]
    drop_database(cluster, settings)
