"""Every operation of the OpenAPI document, asked with made-up and broken values: no 5xx, no undocumented answer.

The whole application is asked, guard and all: people by a session, feeds by a token.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.app import create_app
from dashboard.auth.cookies import SESSION_COOKIE
from dashboard.auth.rules import rule_for
from db.accounts import create_account
from db.engine import begin, make_engine
from db.record import open_record
from db.sessions import sign_in
from db.settings import Settings
from db.tokens import make_token
from grids.rights import PERSONS, operator
from tests.conftest import copy_database, drop_database
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_step,
    make_unit,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ADDRESS = "/api/v1/openapi.json"
PASSWORD = "correct-horse-battery-9"
NOWHERE = Settings(home=Path("nowhere"), database_url="postgresql://nowhere/none", keys_file=Path("nowhere"), actor="-")
FEEDS = ("push", "changes")


def document_of(settings):
    """The OpenAPI document of the whole application."""
    app = create_app(settings, make_engine(settings))
    while not hasattr(app, "openapi"):
        app = app.app if hasattr(app, "app") else app._app
    return app.openapi()


def operations(schema):
    """Label, such as "GET /api/v1/changes" → operation."""
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


def asked_of(schema):
    """(label, mode) of every operation; wrong requests only where something but a text in the path can be wrong."""
    for label, operation in operations(schema).items():
        yield label, GenerationMode.POSITIVE
        if len(operation.query) or len(operation.body):
            yield label, GenerationMode.NEGATIVE


DOCUMENT = document_of(NOWHERE)  # the same whatever is in the record, so no database is asked to name the operations
CASES = sorted(asked_of(schemathesis.openapi.from_dict(DOCUMENT)), key=str)
NAMES = [f"{label} {mode.value}" for label, mode in CASES]


@pytest.fixture(scope="module")
def town(cluster, template, tmp_path_factory):
    """A small record of this module's own, with something of every kind to find."""
    made = copy_database(cluster, template, tmp_path_factory.mktemp("api"))
    record = open_record(made)
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_unit(conn, "S1")
        make_beat(conn, "B1", station="S1")
        make_cell(conn, "G1", 0, 0)
        make_category(conn)
        make_incident(conn, record.keys, "1", 0, 0, phone="13800000000")
        make_step(conn, record.keys, "take_lead", day(1), unit="S1", level="beat")
    yield made, record
    record.engine.dispose()
    drop_database(cluster, made)


@pytest.fixture(scope="module")
def keys_in(town):
    """Need of a rule → the headers of somebody who may."""
    _, record = town
    me = operator("test")
    with begin(record.engine, me) as conn:
        create_account(conn, record.keys, me, "everybody", PASSWORD, PERSONS, must_change=False)
        token = make_token(conn, record.keys, me, "feed", "feed 110", channel="110")
    session = sign_in(record.engine, record.keys, "everybody", PASSWORD, None, None, datetime.now(UTC))
    person = {"Cookie": f"{SESSION_COOKIE}={session}"}
    return lambda need: {"Authorization": f"Bearer {token}"} if need in FEEDS else person


@pytest.fixture(scope="module")
def asked(town):
    """Label → operation, on the record."""
    settings, record = town
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = create_app(settings, record.engine)
    return operations(schema)


def hammer(operation, headers, mode, examples, derandomize):
    """Ask an operation with `examples` made-up requests and hold every answer to the document."""

    @settings(
        max_examples=examples, derandomize=derandomize, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), there=st.booleans())
    def ask(case, there):
        if there and "/cases/{number}" in operation.label:
            case.path_parameters["number"] = "110:1"  # a made-up number would hardly ever be that of a case
        case.headers.pop("Authorization", None)
        case.cookies.clear()
        answer = case.call(headers=headers)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    seen = Counter()
    ask()
    assert not seen[401], "the guard turned requests away, so nothing behind it was asked"
    return seen


def need_of(label):
    """The right that the policy table asks for an operation."""
    method, path = label.split(" ")
    rule = rule_for(method, path)
    assert rule is not None, f"{label} is documented and nobody may use it"
    return rule.need


@pytest.mark.parametrize(("label", "mode"), CASES, ids=NAMES)
def test_every_operation_answers_as_its_document_says(asked, keys_in, label, mode):
    hammer(asked[label], keys_in(need_of(label)), mode, 3, derandomize=True)


@pytest.mark.prove
@pytest.mark.parametrize(("label", "mode"), CASES, ids=NAMES)
def test_every_operation_answers_as_its_document_says_at_size(asked, keys_in, label, mode):
    hammer(asked[label], keys_in(need_of(label)), mode, 300, derandomize=False)


def test_the_document_says_how_to_sign_and_gives_examples():
    assert DOCUMENT["security"] == [{"token": []}, {"session": []}]
    for label in ("/api/v1/incidents", "/api/v1/cases/{number}/mediate", "/api/v1/cases"):
        schema = DOCUMENT["paths"][label]["post"]["requestBody"]["content"]["application/json"]["schema"]
        parts = schema.get("anyOf", [schema])
        named = [part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part]
        assert named
        about = DOCUMENT["components"]["schemas"][named[0]]
        assert about.get("examples") or any(field.get("examples") for field in about["properties"].values())


def test_every_route_documents_its_problems():
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            if path.startswith("/api/v1/"):
                wanted = {"401", "403", "404", "422", "503"} | ({"409", "413"} if method == "post" else set())
                assert wanted <= told["responses"].keys(), (method, path)
