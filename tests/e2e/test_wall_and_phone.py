"""The wall that nobody touches and the page in an officer's hand."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dashboard.reading.desk import Desk
from tests.conftest import LoadedDatabase
from tests.e2e.browsing import eventually
from tests.e2e.conftest import Clock, Watched

pytestmark = pytest.mark.e2e
SHORTEST = 0.019  # of the height: 15 mm on a screen of 65 inches, read at four metres

SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
WORDS = """[...document.querySelectorAll('.wall *')].filter(e => !e.closest('.js-plotly-plot')
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"""
SMALLEST = f"() => Math.min(...{WORDS}.map(e => parseFloat(getComputedStyle(e).fontSize)))"
CUT_OFF = f"() => {WORDS}.filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"


@pytest.fixture(scope="module")
def beat(demo_db: LoadedDatabase) -> str:
    places = Desk(demo_db.settings, demo_db.engine).facts().places
    return str(places.loc[places["kind"] == "beat", "code"].iloc[2])


def test_the_wall_can_be_read_from_afar_and_says_when_it_is_cut_off_or_stale(screen: Watched, clock: Clock) -> None:
    """One wall, from its first picture to the day on which nothing has come for too long."""
    page = screen.page
    page.goto(f"{screen.host}/wall")
    page.wait_for_selector(".wall-share")
    for width, height in ((1280, 720), (1920, 1080), (3840, 2160)):
        page.set_viewport_size({"width": width, "height": height})
        eventually(page, lambda: page.evaluate(SIZE), [width, height])
        assert page.evaluate(SMALLEST) >= SHORTEST * height
        assert page.evaluate(CUT_OFF) == []
    page.set_viewport_size({"width": 960, "height": 540})
    expect(page.locator(".wall-freshness")).to_contain_text("数据截至 2026-06-30")
    expect(page.locator(".wall-alarm")).to_be_empty()
    _loses_its_server(screen)
    clock.later = timedelta(days=5)
    try:
        expect(page.locator(".wall-alarm")).to_contain_text("之后没有新的警情")
    finally:
        clock.later = timedelta(0)


def _loses_its_server(screen: Watched) -> None:
    screen.allowed += ["ERR_FAILED", "ERR_ABORTED"]
    time = screen.page.locator(".wall-clock")
    screen.page.route("**/api/v1/stamp", lambda route: route.abort())
    expect(time).to_contain_text("连接中断")
    expect(screen.page.locator(".wall-share")).to_be_visible()
    screen.page.unroute("**/api/v1/stamp")
    expect(time).not_to_contain_text("连接中断")


def test_the_phone_page_fits_a_thumb_and_leads_to_its_map(
    browser: Browser, live_server: str, cookies: Any, beat: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.add_cookies(cookies)
    phone = Watched(context.new_page(), live_server)
    page = phone.page
    page.goto(f"{live_server}/beat")
    page.locator(f'a[href="/beat/{beat}"]').click()
    page.wait_for_selector("svg.map")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for link in page.locator("a.call, a.action, header a").all():
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 48
    context.close()
    assert phone.left() == []


def test_the_saved_map_opens_without_a_network(
    browser: Browser, live_server: str, cookies: Any, beat: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies(cookies)
    file = tmp_path / "beat.html"
    file.write_bytes(context.request.get(f"{live_server}/beat/{beat}/map.html").body())
    context.set_offline(True)
    saved = Watched(context.new_page(), "file://")
    saved.page.goto(file.as_uri())
    expect(saved.page.locator(".cell-name").first).to_be_visible()
    assert saved.page.locator("path.leaflet-interactive, svg path").count() > 3
    saved.page.locator(".card summary").click()
    expect(saved.page.locator(".card a[href^='tel:']").first).to_be_visible()
    context.close()
    assert saved.left() == []
