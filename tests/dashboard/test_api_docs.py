"""docs/api.md keeps its word: its example is answered as it says, its routes and collections are there."""

import json
import re

import pytest
from fastapi.testclient import TestClient

from db.engine import begin
from db.settings import ROOT
from tests.dashboard.doors import FEED, api
from tests.factories import make_category

TOLD = (ROOT / "docs" / "api.md").read_text("utf-8")
JSON = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TOLD, re.S)]


@pytest.fixture
def feed(settings, record):
    """A client that pushes 110."""
    with begin(record.engine, "test") as conn:
        make_category(conn, "邻里口角")
    return TestClient(api(settings, record, FEED))


def test_the_push_of_the_page_is_answered_as_the_page_says(feed):
    (items,) = re.findall(r"-d '(\[.*?\])'", TOLD, re.S)
    assert feed.post("/api/v1/incidents", json=json.loads(items)).json() == JSON[0]


def test_changes_have_the_shape_that_the_page_shows(feed):
    (items,) = re.findall(r"-d '(\[.*?\])'", TOLD, re.S)
    feed.post("/api/v1/incidents", json=json.loads(items))
    step = {"source_no": "J20260304-0017", "step_no": 1, "at": "2026-03-04 13:30", "kind": "take_lead", "level": "beat"}
    feed.post("/api/v1/steps", json=step)
    told = feed.get("/api/v1/changes").json()
    assert told.keys() == JSON[1].keys()
    assert told["items"][0].keys() == JSON[1]["items"][0].keys()


def test_every_route_of_the_page_is_in_the_document(feed):
    paths = feed.get("/api/v1/openapi.json").json()["paths"]
    named = re.findall(r"`(GET|POST) (?:/api/v1)?(/[^`?]*)", TOLD)
    assert len(named) > 8
    for method, path in named:
        known = "/api/v1" + path.replace("{use-case}", "take_lead")
        assert method.lower() in paths[known], (method, path)
