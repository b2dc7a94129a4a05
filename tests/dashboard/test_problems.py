"""One table from an error to an HTTP status, and an application that stands even when the database does not."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboard import problems
from dashboard.app import create_app
from db.record import Record
from db.settings import Settings
from geo.errors import BeatgridError, Denied, InputError, NotFound, Refused, Unavailable
from tests.signing import signed_in

STATUS = {InputError: 422, NotFound: 404, Refused: 409, Unavailable: 503, Denied: 403, BeatgridError: 500}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_an_error_answers_with_its_own_status_and_sentence(kind: type[BeatgridError], status: int) -> None:
    server = FastAPI()
    problems.install(server)

    @server.get("/")
    def fail() -> None:
        raise kind("Load it first.")

    answer = TestClient(server).get("/")
    assert answer.status_code == problems.status(kind("x")) == status
    assert answer.json()["message"] == "Load it first."


def test_an_unforeseen_error_tells_nothing_of_its_inside() -> None:
    assert problems.status(ValueError("secret")) == 500
    assert "secret" not in problems.body(ValueError("secret"))["message"]


@pytest.fixture
def nowhere() -> TestClient:
    """The application on a database that does not answer."""
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none")
    return TestClient(create_app(settings))


def test_health_says_that_the_database_is_down(nowhere: TestClient) -> None:
    answer = nowhere.get("/healthz", headers={"Cookie": "beatgrid_session=x"})
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert "beatgrid_database_up 0" in nowhere.get("/metrics").text


def test_the_api_says_so_too(nowhere: TestClient) -> None:
    answer = nowhere.get("/api/v1/totals", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")


def test_pages_say_so_kindly_while_nobody_can_be_known(nowhere: TestClient) -> None:
    for path in ("/", "/wall", "/beat/J101", "/account"):
        page = nowhere.get(path, headers={"Cookie": "beatgrid_session=x"})
        assert page.status_code == 503
        assert "暂时读不到数据" in page.text
    form = nowhere.get("/sign-in")
    assert form.status_code == 503
    assert "暂时读不到数据" in form.text


def test_an_address_that_leads_nowhere_says_where_to_go(record: Record, settings: Settings) -> None:
    client = signed_in(create_app(settings, record.engine), record.engine)
    page = client.get("/nix")
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert 'href="/beat"' in page.text
    assert "There is no such page" in client.get("/nix?lang=en").text
    assert client.get("/api/v1/nix").json()["error"] == "not_found"
