"""Every address, callback and WebSocket that the application itself lists × every role × own and foreign place."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.app import create_app
from dashboard.auth.rules import WEBSOCKET, rule_for
from dashboard.pages.analysis import ids, registry
from db.engine import begin
from db.record import open_record
from db.tokens import make_token
from grids.rights import PERSONS, ROLES, operator
from tests.conftest import copy_database, drop_database
from tests.dashboard.doorways import callbacks, routes
from tests.factories import DAY0
from tests.signing import signed_in
from tests.two_stations import CASE, PHONE, SECRET, STAFF, make_two_stations

HOST = operator("host")
NOW = DAY0 + timedelta(days=5)
OWN, FOREIGN = "1", "2"
PROGRAMMES = ("wall", "feed")
VISITORS = (*PERSONS, *PROGRAMMES)
# What nothing in the table speaks of, on purpose: hot reloading, Dash's own socket, and the page for lost addresses.
UNLISTED = {("GET", "/_reload-hash"), (WEBSOCKET, "/_dash-ws-callback"), ("GET", "/{path:path}")}
# What a template's parts are called in the station numbered n.
PARTS = {
    "code": "B{n}", "number:path": "CASE-{n}", "channel": "110", "version": "0", "layer": "cells", "what": "nix",
    "page": "containment", "file": "places.csv",
    "collection": "cells", "collection_id": "cells", "id": "G{n}", "item": "G{n}", "code:path": "G{n}",
    "file:path": "base.css", "package_name": "dash",
    "fingerprinted_path:path": "dash-renderer/build/dash_renderer.min.js",
}  # fmt: skip
# Forms have tests of their own (test_auth), and so has every callback (below).
LEFT_OUT = {
    "/_dash-update-component",
    "/sign-out",
    "/account/{what}",
    "/account/end",
    "/account/password",
    "/sign-in",
    "/first-run",
    "/wall/enter",
}
SCREEN = {"width": 800, "height": 600}


@pytest.fixture(scope="module")
def house(cluster, template, tmp_path_factory):
    """The application on two stations, and a client for every visitor, everywhere and bounded to station S1."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("matrix"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys)
    app = create_app(settings, record.engine, lambda: NOW)
    clients = {}
    for places in (("*",), ("station:S1",)):
        for role in PERSONS:
            clients[role, places[0]] = signed_in(app, record.engine, role, places=places)
        for kind in PROGRAMMES:
            with begin(record.engine, HOST) as conn:
                told = {"places": places, "channel": "110" if kind == "feed" else None}
                token = make_token(conn, record.keys, HOST, kind, f"{kind} {places[0]}", **told)
            clients[kind, places[0]] = TestClient(app, headers={"Authorization": f"Bearer {token}"})
    for client in clients.values():
        client.follow_redirects = False
    yield app, clients
    record.engine.dispose()
    drop_database(cluster, settings)


def filled(template: str, n: str) -> str:
    """A path with the parts of station n."""
    path = template
    for name in re.findall(r"\{([^}]*)\}", template):
        part = PARTS.get(name, "x").format(n=n)
        if template.startswith("/api/v1/cases") and name == "number:path":
            part = CASE[n]
        path = path.replace(f"{{{name}}}", part)
    return path


def doors(app: Any) -> list[tuple[str, str]]:
    return [door for door in sorted(set(routes(app))) if door not in UNLISTED and door[0] != WEBSOCKET]


def named(template: str) -> Iterator[tuple[str, str]]:
    """A station and the path with its parts; of a path that has no parts, one is enough."""
    for n in (OWN, FOREIGN) if "{" in template else (OWN,):
        yield n, filled(template, n)


def named_or_asked_for(template: str) -> Iterator[tuple[str, str]]:
    """The same, and paths of the API that name no station with each station as their place."""
    yield from named(template)
    if template.startswith("/api/v1/") and "{" not in template:
        yield from ((n, f"{template}?place=station:S{n}") for n in (OWN, FOREIGN))


def asked(client: TestClient, method: str, path: str) -> Any:
    told = {"json": {}} if method in ("POST", "PUT", "PATCH", "DELETE") else {}
    return client.request(method, path, **told)


def may(role: str, need: str) -> bool:
    if need in ("anyone", "somebody"):
        return True
    return role in PERSONS if need == "person" else need in ROLES[role].rights


def leaks(text: str) -> list[str]:
    """What of the other station's cases and people stands in an answer."""
    foreign = (CASE[FOREIGN], f"CASE-{FOREIGN}", SECRET[FOREIGN], PHONE[FOREIGN], STAFF[FOREIGN])
    escaped = [word.encode("ascii", "backslashreplace").decode() for word in foreign]
    return [word for word in (*foreign, *escaped) if word in text]


def test_every_way_in_has_its_line_in_the_table(house):
    app, _clients = house
    found = set(routes(app))
    assert len(found) >= 40
    without = {
        (method, path) for method, path in found if rule_for(method, filled(path, OWN).rstrip("/") or "/") is None
    }
    assert without == UNLISTED & found


def test_nobody_gets_anything_but_the_way_to_sign_in(house):
    app, _clients = house
    nobody = TestClient(app, follow_redirects=False)
    for method, path in doors(app):
        answer = asked(nobody, method, filled(path, OWN))
        rule = rule_for(method, filled(path, OWN).rstrip("/") or "/")
        assert rule is not None
        if rule.need == "anyone":
            continue
        turned_away = answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in")
        assert turned_away, (method, path, answer.status_code)
        assert leaks(answer.text) == []


@pytest.mark.parametrize("role", VISITORS)
def test_a_role_gets_what_the_table_gives_it_and_no_more(house, role):
    app, clients = house
    client, wrong = clients[role, "*"], []
    for method, path in doors(app):
        if path in LEFT_OUT:
            continue
        for _n, address in named(path):
            answer = asked(client, method, address)
            rule = rule_for(method, address.rstrip("/") or "/")
            allowed = may(role, rule.need if rule else "nothing")
            own_say = method == "POST" and path.startswith("/api/v1/cases")  # a use-case asks for its own right besides
            let_in = answer.status_code not in (401, 403) or (own_say and allowed)
            if let_in != allowed or answer.status_code >= 500:
                wrong.append((method, path, answer.status_code, allowed))
            if any(secret in answer.text for secret in (*SECRET.values(), "吵架")):
                wrong.append((method, path, "personal data"))
            if not may(role, "people") and any(name in answer.text for name in STAFF.values()):
                wrong.append((method, path, "staff"))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("role", VISITORS)
def test_a_role_bounded_to_one_station_is_shown_nothing_of_the_other(house, role):
    app, clients = house
    client, wrong, seen = clients[role, "station:S1"], [], ""
    for method, path in doors(app):
        if path in LEFT_OUT:
            continue
        for n, address in named_or_asked_for(path):
            answer = asked(client, method, address)
            seen += answer.text
            echoed = address + address.replace(
                "/", ":"
            )  # "There is no case 110:CASE-2" tells what they said themselves
            told = [word for word in leaks(answer.text) if word not in echoed or answer.status_code == 200]
            if role != "feed" and told:
                wrong.append((method, path, n, told))
            if answer.status_code >= 500:
                wrong.append((method, path, n, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))
    if role in ("officer", "grid_worker", "planner", "approver"):
        assert STAFF[OWN] in seen, "an answer that shows nothing at all proves nothing"


@pytest.mark.parametrize("role", ["officer", "analyst", "loader", "planner", "approver", "grid_worker"])
def test_the_other_stations_beat_and_case_are_not_there(house, role):
    _app, clients = house
    client = clients[role, "station:S1"]
    for path in ("/beat/B{n}", "/beat/B{n}/map.html", "/api/v1/incidents/110/CASE-{n}", "/api/v1/cases/110:CASE-{n}"):
        got = [client.get(path.format(n=n)).status_code for n in (OWN, FOREIGN)]
        assert got == [200, 404], path


@pytest.mark.parametrize("role", [role for role in VISITORS if role != "feed"])
def test_figures_of_a_bounded_role_count_its_own_cases_only(house, role):
    _app, clients = house
    days = "period=custom&from=2026-02-20&to=2026-03-05"
    counted = {}
    for places in ("*", "station:S1"):
        client = clients[role, places]
        totals = client.get(f"/api/v1/totals?{days}").json()
        cells = {row["code"]: row["matters"] for row in client.get(f"/api/v1/values?{days}").json()}
        parts = {row["key"] for row in client.get(f"/api/v1/containment?{days}&by=station").json()}
        wall = client.get("/api/v1/wall").json()
        feed = {row["cell"] for row in wall["feed"]}
        counted[places] = (totals["incidents"], cells, parts, set(wall["cells"]["steps"]), feed)
    assert counted["*"] == (2, {"G1": 1, "G2": 1}, {"S1", "S2"}, {"G1", "G2"}, {"G1", "G2"})
    assert counted["station:S1"] == (1, {"G1": 1}, {"S1"}, {"G1"}, {"G1"})
    assert clients[role, "station:S1"].get(f"/api/v1/totals?{days}&place=station:S2").status_code == 404


def in_browser(n: str | None) -> dict[str, Any]:
    """What a browser holds that looks at station n, or at everything."""
    search = "?period=custom&from=2026-02-20&to=2026-03-05" + (f"&place=station:S{n}" if n else "")
    return {
        "location.pathname": "/", "location.search": search, "overview-address.search": search,
        "analysis-address.search": search, "analysis-address.pathname": "/containment", "map-size.data": SCREEN,
        "work-by.value": "officer",
    }  # fmt: skip


@pytest.mark.parametrize("role", [*VISITORS, None])
def test_callbacks_answer_those_who_may_see_figures_and_show_nothing_of_the_other_station(house, role):
    app, clients = house
    tried = 0
    for n in (None, OWN, FOREIGN):
        for outputs, body in callbacks(app, in_browser(n)):
            tried += 1
            if role is None:
                answer = TestClient(app).post("/_dash-update-component", json=body)
                assert answer.status_code == 401
                continue
            for places in ("*", "station:S1"):
                answer = clients[role, places].post("/_dash-update-component", json=body)
                if not may(role, "figures"):
                    assert answer.status_code == 403, outputs
                    continue
                assert answer.status_code in (200, 204), (outputs, answer.text[:300])
                assert SECRET[OWN] not in answer.text
                if places != "*":
                    named = ("beat B2", '"G2"', '"B2"', '"P2"')
                    assert [*leaks(answer.text), *(word for word in named if word in answer.text)] == [], (outputs, n)
    assert tried >= 30


def panels() -> list[dict[str, str]]:
    """The id of every panel of every analysis page."""
    return [ids.panel(code, panel.name) for code, page in registry.pages().items() for panel in page.panels]


@pytest.mark.parametrize("role", ["analyst", "wall"])
def test_no_panel_shows_anything_of_the_other_station(house, role):
    app, clients = house
    client, told = clients[role, "station:S1"], ""
    for n in (None, FOREIGN):
        values = in_browser(n)
        for outputs, body in callbacks(app, values, panels()):
            if " " not in outputs:  # a callback that matches nothing has no part's name
                continue
            answer = client.post("/_dash-update-component", json=body)
            assert answer.status_code == 200, (outputs, answer.text[:300])
            told += answer.text
            named = ("beat B2", '"G2"', '"B2"', '"P2"')
            assert [*leaks(answer.text), *(word for word in named if word in answer.text)] == [], (outputs, n)
    assert "beat B1" in told or role == "wall", "panels that show nothing at all prove nothing"


@pytest.mark.parametrize("role", [*VISITORS, None])
def test_no_websocket_opens_that_the_table_does_not_name(house, role):
    app, clients = house
    sockets = [path for method, path in routes(app) if method == WEBSOCKET]
    assert sockets
    client = TestClient(app) if role is None else clients[role, "*"]
    for path in sockets:
        rule = rule_for(WEBSOCKET, path)
        if rule is not None and role is not None and may(role, rule.need):
            continue
        with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(path):
            pass
        assert refused.value.code == (4401 if role is None else 4403)


def test_what_one_scope_has_read_is_never_shown_to_another(house):
    """Facts, geometry and the wall's snapshots are kept between requests; whoever comes first must not decide."""
    _app, clients = house
    days = "period=custom&from=2026-02-20&to=2026-03-05"
    for _ in range(2):
        for places, beats in (("*", {"B1", "B2"}), ("station:S1", {"B1"})):
            listed = clients["officer", places].get("/beat").text
            assert set(re.findall(r'href="/beat/([^"]+)"', listed)) == beats
            wall = clients["wall", places].get("/api/v1/wall").json()
            assert set(wall["cells"]["steps"]) == {f"G{beat[1]}" for beat in beats}
            rows = clients["officer", places].get(f"/api/v1/workload?{days}&by=beat").json()
            assert {row["key"] for row in rows} == beats
