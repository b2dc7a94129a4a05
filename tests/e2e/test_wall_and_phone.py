"""The wall that nobody touches and the page in an officer's hand."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.reading.desk import Desk
from tests.conftest import LoadedDatabase
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
SHORTEST_PX = 20  # of 1080 rows: 18 mm on a screen of 65 inches, read at four metres


@pytest.fixture(scope="module")
def beat(demo_db: LoadedDatabase) -> str:
    places = Desk(demo_db.settings, demo_db.engine).facts().places
    return str(places.loc[places["kind"] == "beat", "code"].iloc[2])


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_the_wall_fills_the_screen_and_can_be_read_from_afar(
    browser: Browser, live_server: str, width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    wall = Watched(context.new_page(), live_server)
    wall.page.goto(f"{live_server}/wall")
    wall.page.wait_for_selector(".wall-feed-row, .wall-freshness span", timeout=60_000)
    size = wall.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [width, height]
    smallest = wall.page.evaluate("""() => Math.min(...[...document.querySelectorAll('.wall *')]
        .filter(e => !e.closest('.js-plotly-plot') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .map(e => parseFloat(getComputedStyle(e).fontSize)))""")
    assert smallest >= SHORTEST_PX * height / 1080 * 0.99
    context.close()
    assert wall.left() == []


def test_the_wall_says_when_its_data_is_stale(screen: Watched) -> None:
    """The demo city of the tests ends in the past, so every channel is late or just loaded."""
    screen.page.goto(f"{screen.host}/wall")
    expect(screen.page.locator(".wall-freshness")).to_contain_text("数据截至 2026-06-30", timeout=60_000)


def test_the_wall_says_when_it_has_lost_its_server_and_recovers(screen: Watched) -> None:
    screen.allowed += ["ERR_FAILED", "ERR_ABORTED"]
    screen.page.goto(f"{screen.host}/wall")
    clock = screen.page.locator(".wall-clock")
    screen.page.wait_for_selector(".wall-share", timeout=60_000)
    screen.page.route("**/api/v1/stamp", lambda route: route.abort())
    expect(clock).to_contain_text("连接中断", timeout=20_000)
    expect(screen.page.locator(".wall-share")).to_be_visible()
    screen.page.unroute("**/api/v1/stamp")
    expect(clock).not_to_contain_text("连接中断", timeout=20_000)


def test_the_phone_page_fits_a_thumb_and_leads_to_its_map(browser: Browser, live_server: str, beat: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
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


def test_the_saved_map_opens_without_a_network(browser: Browser, live_server: str, beat: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
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
