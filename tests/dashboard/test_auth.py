"""The guard and the pages of signing in: who gets in, what keeps others out, what every answer tells a browser."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.auth.attempts import Attempts
from dashboard.auth.cookies import SESSION_COOKIE
from dashboard.auth.csrf import from_here
from dashboard.auth.first_run import FirstRun
from dashboard.auth.forms import local_path
from dashboard.auth.rules import RULES, rule_for
from dashboard.pages.sign_in.routes import home_of, page_wanted
from db.accounts import create_account, set_active, set_password
from db.demo_accounts import DEMO_PASSWORD, make_demo_accounts
from db.engine import begin
from db.record import Record
from db.settings import Settings
from db.tokens import make_token, revoke_token
from grids.rights import Who, operator
from tests.factories import make_area, make_beat, make_cell, make_unit
from tests.signing import signed_in

HOST = operator("host")
PASSWORD = "correct horse 7"
FORM = re.compile(r'name="form_token" value="([^"]+)"')


@pytest.fixture
def app(settings: Settings, record: Record) -> Any:
    """The application on a record with one account, wang."""
    with begin(record.engine, HOST) as conn:
        create_account(conn, record.keys, HOST, "wang", PASSWORD, ("analyst",), must_change=False)
    return create_app(settings, record.engine)


@pytest.fixture
def client(app: Any) -> TestClient:
    """A browser that follows nothing by itself."""
    return TestClient(app, follow_redirects=False)


def sent(client: TestClient, path: str, page: str, **fields: str) -> Any:
    """A form of `page`, filled in and sent to `path`."""
    token = FORM.search(client.get(page).text)
    assert token is not None
    return client.post(path, data={"form_token": token[1], **fields})


def enter(client: TestClient, name: str = "wang", password: str = PASSWORD, **more: str) -> Any:
    return sent(client, "/sign-in", "/sign-in", name=name, password=password, **more)


def audited(record: Record) -> list[tuple[Any, ...]]:
    with begin(record.engine, HOST) as conn:
        return [tuple(row) for row in conn.execute(text("SELECT actor, action, object FROM audit ORDER BY no"))]


def test_nobody_is_sent_to_sign_in_and_back(client: TestClient) -> None:
    answer = client.get("/beat?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/beat%3Flang%3Den")
    entered = enter(client, next="/beat?lang=en")
    assert (entered.status_code, entered.headers["location"]) == (303, "/beat?lang=en")
    assert client.get("/beat").status_code == 200
    assert client.get("/sign-in").headers["location"] == "/"


def test_a_programme_is_told_in_json(client: TestClient) -> None:
    for answer in (client.get("/api/v1/totals"), client.post("/_dash-update-component", json={})):
        assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    cookie = enter(client).headers["set-cookie"]
    assert SESSION_COOKIE in cookie
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_https_cookies_are_secure(app: Any) -> None:
    secure = TestClient(app, base_url="https://testserver", follow_redirects=False)
    assert "Secure" in enter(secure).headers["set-cookie"]
    assert "strict-transport-security" in secure.get("/").headers


def test_a_wrong_password_says_nothing_more_and_keeps_what_was_typed_as_name(
    client: TestClient, record: Record
) -> None:
    answers = [enter(client, name, "wrong password") for name in ("wang", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    known, unknown = (answer.text.replace("nobody", "wang") for answer in answers)
    assert FORM.sub("", known) == FORM.sub("", unknown)
    assert "账号或口令不对" in known
    assert 'value="wang"' in known
    assert "wrong password" not in known
    assert audited(record)[-2:] == [("door", "sign_in_failed", "wang"), ("door", "sign_in_failed", None)]


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_that_is_not_ours_signs_nobody_in(client: TestClient, token: str) -> None:
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"form_token": token, "name": "wang", "password": PASSWORD})
    assert answer.status_code == 403
    assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_sites_page_can_send_nothing_in_ones_name(client: TestClient, headers: dict[str, str]) -> None:
    enter(client)
    for path in ("/sign-out", "/account/password", "/_dash-update-component"):
        assert client.post(path, headers=headers, json={}).status_code == 403
    assert client.get("/account").status_code == 200


def test_ones_own_page_and_what_is_no_browser_may_send() -> None:
    assert from_here({"sec-fetch-site": "same-origin", "origin": "http://h", "host": "h"})
    assert from_here({"origin": "http://h:8050", "host": "h:8050"})
    assert from_here({"origin": "https://beat.example", "host": "127.0.0.1:8050"}, "https://beat.example/")
    assert from_here({"host": "h"})
    assert not from_here({"origin": "http://h:1", "host": "h"})


def test_signing_out_ends_the_session_in_the_record_too(client: TestClient, record: Record) -> None:
    enter(client)
    token = client.cookies[SESSION_COOKIE]
    answer = sent(client, "/sign-out", "/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    client.cookies.set(SESSION_COOKIE, token)
    assert client.get("/account").status_code == 303
    assert audited(record)[-1][:2] == ("wang", "session_ended")


def test_what_was_left_lying_in_a_browser_is_not_taken_over_at_the_next_sign_in(client: TestClient) -> None:
    enter(client)
    first = client.cookies[SESSION_COOKIE]
    form = FORM.search(client.get("/account").text)
    assert form is not None
    client.get("/sign-in?x=1")
    fresh = TestClient(client.app, follow_redirects=False)
    enter(fresh)
    assert fresh.cookies[SESSION_COOKIE] != first


def test_a_disabled_account_is_out_with_its_next_request(client: TestClient, record: Record) -> None:
    enter(client)
    assert client.get("/api/v1/stamp").status_code == 200
    with begin(record.engine, HOST) as conn:
        set_active(conn, record.keys, HOST, "wang", False)
    assert client.get("/api/v1/stamp").status_code == 401


def test_a_missing_right_is_said_and_audited_once_a_minute(settings: Settings, record: Record) -> None:
    with begin(record.engine, HOST) as conn:
        make_area(conn)
        make_unit(conn)
        make_beat(conn, station="S1", community="C1")
        make_cell(conn)
    admin = signed_in(create_app(settings, record.engine), record.engine, "admin")
    page = admin.get("/beat/B1")
    assert page.status_code == 403
    assert "没有“看事项”的权限" in page.text
    assert "may not see cases" in admin.get("/beat/B1?lang=en").text
    for _ in range(5):
        admin.get("/beat/B1")
    denied = [row for row in audited(record) if row[1] == "denied"]
    assert [row[2] for row in denied] == ["/beat/B1"]


def test_what_no_rule_names_is_there_for_nobody(client: TestClient) -> None:
    assert client.get("/nix").status_code == 303
    enter(client)
    for method, path in (
        ("GET", "/nix"),
        ("DELETE", "/"),
        ("PUT", "/account"),
        ("GET", "/_reload-hash"),
    ):
        assert client.request(method, path).status_code == 404


def test_every_answer_keeps_other_hosts_and_frames_out(client: TestClient) -> None:
    enter(client)
    for path in ("/", "/sign-in", "/account", "/beat", "/api/v1/totals", "/nix", "/healthz"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
    assert "script-src 'none'" in client.get("/account").headers["content-security-policy"]


def test_a_given_password_must_be_changed_before_anything_else(client: TestClient, record: Record) -> None:
    with begin(record.engine, HOST) as conn:
        set_password(conn, record.keys, HOST, "wang", "given by admin 1")
    enter(client, password="given by admin 1")
    assert client.get("/").headers["location"] == "/account"
    assert client.get("/api/v1/totals").status_code == 403
    assert "请先改成自己的" in client.get("/account").text
    told = {"old": "given by admin 1", "new": "my very own 22", "again": "my very own 22"}
    wrong = sent(client, "/account/password", "/account", **(told | {"old": "x"}))
    assert wrong.status_code == 403
    assert sent(client, "/account/password", "/account", **(told | {"again": "x"})).status_code == 422
    assert sent(client, "/account/password", "/account", **(told | {"new": "1", "again": "1"})).status_code == 422
    assert "口令已修改" in sent(client, "/account/password", "/account", **told).text
    assert client.get("/api/v1/totals").status_code == 200


def test_a_session_of_ones_own_is_ended_from_the_account_page(app: Any, client: TestClient) -> None:
    other = TestClient(app, follow_redirects=False)
    enter(other)
    enter(client)
    page = client.get("/account").text
    (number,) = re.findall(r'name="session" value="(\d+)"', page)
    assert sent(client, "/account/end", "/account", session=number).status_code == 303
    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    assert sent(client, "/account/end", "/account", session="x").status_code == 422


def test_the_first_administrator_needs_the_code_of_the_host(settings: Settings, record: Record) -> None:
    client = TestClient(create_app(settings, record.engine, None, FirstRun("ABCD-EFGH-JKLM")), follow_redirects=False)
    assert client.get("/sign-in").headers["location"] == "/first-run"
    told = {"name": "boss", "password": "first of all 1", "again": "first of all 1"}
    for wrong in (
        {"code": "nix"},
        {"code": ""},
        {"code": "abcdefghjklm", "again": "x"},
        {"code": "abcdefghjklm", "name": "a b"},
    ):
        answer = sent(client, "/first-run", "/first-run", **(told | wrong))
        assert answer.status_code in (403, 422)
    done = sent(client, "/first-run", "/first-run", **told, code="abcd efgh jklm")
    assert done.headers["location"] == "/account"
    assert "管理员" in client.get("/account").text
    assert client.get("/first-run").headers["location"] == "/sign-in"


def test_the_code_is_void_after_ten_wrong_tries() -> None:
    first = FirstRun.made()
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", first.code or "")
    assert first.opens(str(first.code).lower())
    assert not any(first.opens("wrong") for _ in range(10))
    assert not first.opens(str(first.code))
    assert not FirstRun().opens("")


def test_demo_accounts_are_one_tap_in_a_demo_and_nowhere_else(client: TestClient, record: Record) -> None:
    with begin(record.engine, HOST) as conn:
        make_unit(conn)
        make_beat(conn, station="S1")
        make_cell(conn)
        make_demo_accounts(conn, record.keys, HOST)
    assert "demo-officer" not in client.get("/sign-in").text
    with begin(record.engine, HOST) as conn:
        conn.execute(text("UPDATE city SET synthetic = true"))
    page = client.get("/sign-in").text
    assert page.count(f'value="{DEMO_PASSWORD}"') == 7
    assert enter(client, "demo-officer", DEMO_PASSWORD).headers["location"] == "/beat/B1"


def test_a_wall_enters_by_its_link_and_leaves_with_its_token(client: TestClient, record: Record) -> None:
    with begin(record.engine, HOST) as conn:
        token = make_token(conn, record.keys, HOST, "wall", "hall")
    assert client.get("/wall/enter?token=nix").status_code == 403
    entered = client.get(f"/wall/enter?token={token}")
    assert (entered.status_code, entered.headers["location"]) == (303, "/wall")
    assert "Max-Age=31536000" in entered.headers["set-cookie"]
    assert client.get("/wall").status_code == 200
    assert client.get("/account").status_code == 403
    bearer = {"Authorization": f"Bearer {token}"}
    assert TestClient(client.app).get("/api/v1/wall", headers=bearer).status_code == 200
    with begin(record.engine, HOST) as conn:
        revoke_token(conn, record.keys, HOST, "hall")
    assert client.get("/wall").status_code == 303
    assert TestClient(client.app).get("/api/v1/wall", headers=bearer).status_code == 401


def test_a_token_that_is_none_is_refused_even_beside_a_good_cookie(client: TestClient) -> None:
    enter(client)
    assert client.get("/api/v1/stamp", headers={"Authorization": "Bearer nix"}).status_code == 401


@given(
    st.text(max_size=30)
    | st.sampled_from(["//evil", "/\\evil", "http://evil", "/a\nb", "javascript:1", "/%2F/evil", "/ x"])
)
def test_next_leads_nowhere_else(address: str) -> None:
    found = local_path(address)
    assert found is None or (
        found.startswith("/") and not found.startswith(("//", "/\\")) and found.isprintable() is not None
    )
    assert local_path("//" + address) is None
    assert local_path("http://" + address) is None


@pytest.mark.parametrize("address", ["//evil", "/\\evil", "\\\\evil", "http://evil", "/a\nb", "evil", "", None, "/a b"])
def test_an_address_that_leaves_this_site_is_none(address: str | None) -> None:
    assert local_path(address) is None
    assert local_path("/beat/J101?lang=en") == "/beat/J101?lang=en"


def test_too_many_failures_from_one_address_wait() -> None:
    attempts = Attempts(most=3)
    for _ in range(3):
        assert not attempts.too_many("10.0.0.1")
        attempts.failed("10.0.0.1")
    assert attempts.too_many("10.0.0.1")
    assert not attempts.too_many("10.0.0.2")


def test_who_works_on_beats_begins_there() -> None:
    assert home_of(Who("a", ("officer",), ("beat:B1",))) == "/beat/B1"
    assert home_of(Who("a", ("officer",), ("beat:B1", "beat:B2"))) == "/beat"
    assert home_of(Who("a", ("officer",), ("beat:B1", "station:S1"))) == "/"
    assert home_of(Who("a", ("officer",), ())) == "/"
    assert home_of(Who("a", ("officer", "admin"), ("beat:B1",))) == "/"
    assert home_of(Who("a", ("analyst",))) == "/"


@pytest.mark.parametrize(
    ("method", "path", "need"),
    [
        ("GET", "/", "figures"), ("HEAD", "/", "figures"), ("POST", "/", None), ("GET", "/beat/B1", "cases"),
        ("GET", "/beat/B1/x", None), ("GET", "/assets/a/b.css", "figures"), ("GET", "/assets/favicon.svg", "anyone"),
        ("WEBSOCKET", "/_dash-ws-callback", None), ("GET", "/sign-in/", None), ("GET", "/beat/", None),
    ],
)  # fmt: skip
def test_a_rule_speaks_of_whole_addresses(method: str, path: str, need: str | None) -> None:
    rule = rule_for(method, path)
    assert (rule.need if rule else None) == need


def test_no_address_is_listed_twice() -> None:
    listed = [(method, rule.path) for rule in RULES for method in rule.methods.split()]
    assert len(listed) == len(set(listed))


def test_sessions_end_by_the_clock_of_the_host_and_not_of_the_demo(settings: Settings, record: Record) -> None:
    app = create_app(settings, record.engine, lambda: datetime(2030, 1, 1, tzinfo=UTC))
    assert signed_in(app, record.engine).get("/api/v1/stamp").status_code == 200


@pytest.mark.parametrize(
    ("after", "page"),
    [("/", None), (None, None), ("//elsewhere", None), ("/beat?lang=en", "/beat?lang=en"), ("/?place=beat:B1",) * 2],
)
def test_whoever_knocks_at_the_front_door_goes_home_and_others_where_they_wanted(after, page) -> None:
    assert page_wanted(after) == page
