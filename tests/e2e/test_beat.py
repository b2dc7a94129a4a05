"""An officer with a phone: what is due, a revisit in three taps, the same with the network cut, sent exactly once."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.auth.cookies import SESSION_COOKIE
from db.engine import begin
from db.record import Record, open_record
from tests.beat_town import LATE, OFFICER, REVISIT, build, make_account
from tests.conftest import copy_database, drop_database
from tests.e2e.browsing import eventually
from tests.e2e.conftest import Watched
from tests.factories import middle
from tests.signing import open_for

pytestmark = pytest.mark.e2e
STEPS = text("""
    SELECT count(*) FROM step s JOIN matter m ON m.id = s.matter_id JOIN source_key k ON k.incident_id = m.incident_id
    WHERE k.channel || ':' || k.source_no = :number AND s.kind = :kind""")

KEPT = "async () => navigator.serviceWorker.controller !== null && Boolean(await caches.match(location.pathname))"


@dataclass
class Town:
    """A served record of its own, since an officer writes into it."""

    record: Record
    url: str

    def steps(self, number: str, kind: str) -> int:
        """How many steps of a kind a case has."""
        with begin(self.record.engine, "test") as conn:
            return int(conn.execute(STEPS, {"number": number, "kind": kind}).scalar_one())

    def visits(self) -> int:
        """How many visits there are."""
        with begin(self.record.engine, "test") as conn:
            return int(conn.execute(text("SELECT count(*) FROM visit")).scalar_one())


@pytest.fixture(scope="module")
def town(cluster, template, tmp_path_factory) -> Iterator[Town]:
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("beat"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        build(conn, record.keys)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings, record.engine), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Town(record, f"http://127.0.0.1:{listening.getsockname()[1]}")
        server.should_exit = True
        thread.join(10)
    record.engine.dispose()
    drop_database(cluster, settings)


@pytest.fixture
def phone(browser: Browser, town: Town) -> Iterator[BrowserContext]:
    """A phone in the middle of cell G1, signed in as the beat's officer."""
    lon, lat = middle(0, 0)
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
        geolocation={"longitude": lon, "latitude": lat}, permissions=["geolocation"],
    )  # fmt: skip
    context.add_cookies([{"name": SESSION_COOKIE, "value": _session(town), "url": town.url}])
    yield context
    context.close()


def _session(town: Town) -> str:
    with begin(town.record.engine, "test") as conn:
        known = conn.execute(text("SELECT id FROM account WHERE name = 'wang'")).scalar()
        account = known or make_account(conn, "wang", OFFICER)
    return open_for(town.record.engine, account)


def opened(phone: BrowserContext, town: Town) -> Watched:
    """The officer's page with its script at work and its files kept."""
    watched = Watched(phone.new_page(), town.url)
    watched.page.goto(f"{town.url}/beat")
    watched.page.wait_for_selector("html[data-ready=yes]")
    return watched


def tap(page: Page, number: str, word: str) -> None:
    """Matter, what, confirm."""
    page.locator(f'.matter[data-number="{number}"]').click()
    page.locator("#matter .move", has_text=word).first.click()
    page.locator("#matter .main").click()


def test_an_officer_sees_what_is_due_and_records_a_revisit_in_three_taps(phone: BrowserContext, town: Town) -> None:
    watched = opened(phone, town)
    page = watched.page
    assert page.url.endswith("/beat/B1")
    expect(page.locator(".door b").first).to_contain_text("直线")
    expect(page.locator("#doors .from")).to_have_text("从您的位置")
    page.locator(".bar a[href='#map']").click()
    expect(page.locator("#where")).to_contain_text("您在 东海01网格")
    page.locator(".bar a[href='#today']").click()
    tap(page, REVISIT, "回访：正常")
    expect(page.locator("#toast")).to_have_text("已发送，已记入")
    assert town.steps(REVISIT, "revisit") == 1
    expect(page.locator(f'.matter[data-number="{REVISIT}"]')).to_have_count(0)
    assert watched.left() == []


def test_what_is_written_down_without_a_network_is_sent_once_when_there_is_one(
    phone: BrowserContext, town: Town
) -> None:
    watched = opened(phone, town)
    page = watched.page
    eventually(page, lambda: page.evaluate(KEPT), True, "the page is kept")
    before = town.steps(LATE, "meet"), town.visits()
    watched.allowed += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    phone.set_offline(True)
    page.reload()  # from the phone's own keeping
    page.wait_for_selector("html[data-ready=yes]")
    expect(page.locator("#state")).to_contain_text("离线")
    page.locator(f'.matter[data-number="{LATE}"]').click()
    page.locator("#matter summary").click()
    page.locator("#matter [data-move=meet]").click()
    page.locator("#matter .main").click()
    expect(page.locator("#state")).to_contain_text("待发送 1")
    page.locator(".bar a[href='#visits']").click()
    page.locator("#visit-form [name=count]").first.fill("0")
    page.locator("#visit-form [name=address]").first.fill("示范路12号3单元")
    page.locator("#visit-form [type=submit]").click()
    expect(page.locator("#visit-form li .bad").first).to_contain_text("第 1 行")
    page.locator("#visit-form [name=count]").first.fill("2")
    page.locator("#visit-form [type=submit]").click()
    expect(page.locator("#pending")).to_have_text("2")
    assert (town.steps(LATE, "meet"), town.visits()) == before
    # The answer to the first sending is lost on the way back: the phone cannot know that it was taken.
    lost = {"left": 1}

    def swallow(route) -> None:
        if lost["left"]:
            lost["left"] = 0
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/api/v1/cases/**/meet", swallow)
    phone.set_offline(False)
    eventually(page, lambda: lost["left"], 0)
    page.wait_for_selector("html[data-ready=yes]")
    page.reload()
    eventually(page, lambda: town.steps(LATE, "meet"), before[0] + 1)
    eventually(page, town.visits, before[1] + 1)
    expect(page.locator("#pending")).to_be_hidden()
    assert town.steps(LATE, "meet") == before[0] + 1
    assert watched.left() == []


def test_a_queue_outlives_the_session_and_the_next_person_finds_no_pages(phone: BrowserContext, town: Town) -> None:
    watched = opened(phone, town)
    page = watched.page
    eventually(page, lambda: page.evaluate(KEPT), True, "the page is kept")
    before = town.steps(LATE, "urge")
    watched.allowed += ["401", "console"]
    phone.clear_cookies()
    page.locator(f'.matter[data-number="{LATE}"]').click()
    page.locator("#matter summary").click()
    page.locator("#matter [data-move=urge]").click()
    page.locator("#matter .main").click()
    expect(page.locator("#state")).to_contain_text("登录后继续发送")
    phone.add_cookies([{"name": SESSION_COOKIE, "value": _session(town), "url": town.url}])
    page.reload()
    eventually(page, lambda: town.steps(LATE, "urge"), before + 1)
    page.goto(f"{town.url}/account")
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in*")
    eventually(page, lambda: page.evaluate("caches.has('beat-pages')"), False)
    assert watched.left() == []


def test_paper_and_saved_map_ask_nobody_for_anything(phone: BrowserContext, town: Town, tmp_path: Path) -> None:
    paper = Watched(phone.new_page(), town.url)
    paper.page.goto(f"{town.url}/beat/B1/print?paper=A3")
    assert [url for url in paper.requests if not url.startswith("data:")] == [f"{town.url}/beat/B1/print?paper=A3"]
    file = tmp_path / "beat.html"
    file.write_bytes(phone.request.get(f"{town.url}/beat/B1/map.html").body())
    phone.set_offline(True)
    saved = Watched(phone.new_page(), "file://")
    saved.page.goto(file.as_uri())
    expect(saved.page.locator(".cell-name").first).to_be_visible()
    assert len([url for url in saved.requests if not url.startswith("data:")]) == 1
    assert [*paper.left(), *saved.left()] == []
