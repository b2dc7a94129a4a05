"""The wall: readable from afar in every scene, live, and honest about what it has lost."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.pages.wall.choice import SCENES
from tests.e2e.browsing import eventually
from tests.e2e.conftest import Watched
from tests.e2e.private_city import PrivateCity, private_city

pytestmark = pytest.mark.e2e
SHORTEST = 0.019  # of the height: 15 mm on a screen of 65 inches, read at four metres
MOST_FETCHES = 6  # of the shared picture, for one report: the news, and what could wait

SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
WORDS = """[...document.querySelectorAll('.wall-head *, .scene.on *, .wall-freshness *')].filter(e =>
    e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"""
SMALLEST = f"() => Math.min(...{WORDS}.map(e => parseFloat(getComputedStyle(e).fontSize)))"
CUT_OFF = f"""() => {WORDS}.filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).textOverflow !== 'ellipsis').map(e => e.innerText)"""
SHOWN = "() => [...document.querySelectorAll('.scene.on')].map(e => e.dataset.scene)"
# Share of the map's panel that the city fills, in the direction in which it fills more of it.
FILLED = """() => { const box = document.getElementById('wall-map'), map = box._fullLayout.map._subplot.map;
    const [west, south, east, north] = JSON.parse(document.getElementById('wall-data').textContent).map.extent;
    const from = map.project([west, north]), to = map.project([east, south]);
    return Math.max((to.x - from.x) / box.clientWidth, (to.y - from.y) / box.clientHeight); }"""
FIGURES = "() => performance.getEntriesByName('wall-first-figure').length > 0"


def test_every_scene_can_be_read_from_afar_and_fills_its_screen(screen: Watched) -> None:
    page = screen.page
    for scene in SCENES:
        for lang in ("zh", "en") if scene == "situation" else ("zh",):
            page.set_viewport_size({"width": 1920, "height": 1080})
            page.goto(f"{screen.host}/wall?scene={scene}&lang={lang}")
            page.wait_for_function(FIGURES)
            assert page.evaluate(SHOWN) == [scene]
            assert page.evaluate(SIZE) == [1920, 1080]
            assert page.evaluate(SMALLEST) >= SHORTEST * 1080
            assert page.evaluate(CUT_OFF) == []
    page.set_viewport_size({"width": 3840, "height": 1080})
    eventually(page, lambda: page.evaluate(SHOWN), ["situation", "supervision"])
    assert page.evaluate(SIZE) == [3840, 1080]
    page.wait_for_function(f"() => {{ const share = ({FILLED})(); return share > 0.8 && share <= 1; }}")
    expect(page.locator(".wall-freshness")).to_contain_text("数据截至")


@pytest.fixture(scope="module")
def city() -> Iterator[PrivateCity]:
    with tempfile.TemporaryDirectory(prefix="beatgrid-wall-") as home, private_city(Path(home)) as made:
        yield made


@pytest.fixture
def wall(browser: Browser, city: PrivateCity) -> Iterator[Watched]:
    """A screen that has come in by its key and remembers nothing else."""
    context = browser.new_context(viewport={"width": 960, "height": 540})
    context.set_default_timeout(60_000)
    context.request.get(f"{city.address}/wall/enter?token={city.wall}", max_redirects=0)
    watched = Watched(context.new_page(), city.address)
    yield watched
    context.close()
    assert watched.left() == []


def loaded_once(page: Page) -> bool:
    return bool(page.evaluate("() => window.mine === 'since the first load'"))


def test_a_report_appears_by_itself_and_a_lost_database_or_server_is_said_until_it_is_back(
    wall: Watched, city: PrivateCity
) -> None:
    """The commander's day: scenes in turn, a report as it comes, database and server away and back, no reload."""
    page = wall.page
    page.goto(f"{city.address}/wall?scene=situation,load&dwell=5")
    page.wait_for_function(FIGURES)
    page.evaluate("() => { window.mine = 'since the first load'; }")
    expect(page.locator("#wall-state")).to_contain_text("实时")
    _is_told_of_a_report(page, city, "J-1")
    expect(page.locator("#wall-scene-name")).to_have_text("负荷")
    expect(page.locator("#wall-scene-name")).to_have_text("态势")
    wall.allowed += ["503", "WebSocket", "Failed to load resource"]
    city.cluster.stop()
    alarm = page.locator("#wall-alarm")
    expect(alarm).to_contain_text("数据库中断")
    expect(alarm).to_contain_text("最后一次完好数据")
    expect(page.locator(".wall-feed-row").first).to_be_visible()
    city.cluster.start()
    expect(alarm).to_be_hidden()
    expect(page.locator("#wall-state")).to_contain_text("实时")
    _is_told_of_a_report(page, city, "J-2")
    city.server.stop()
    expect(alarm).to_contain_text("连接中断")
    city.server.start()
    expect(alarm).to_be_hidden()
    expect(page.locator("#wall-state")).to_contain_text("实时")
    _is_told_of_a_report(page, city, "J-3")
    assert loaded_once(page)


def _is_told_of_a_report(page: Page, city: PrivateCity, number: str) -> None:
    before, fetches = page.locator("[data-part=today-reports]").text_content(), page.evaluate("wall.fetches")
    city.report(number)
    posted = time.monotonic()
    changed = "was => document.querySelector('[data-part=today-reports]').textContent !== was"
    page.wait_for_function(changed, arg=before, polling=20)
    print(f"on the screen {time.monotonic() - posted:.2f} s after its POST was answered")
    assert page.locator(".wall-feed-row.fresh").count() >= 1
    assert page.evaluate("wall.fetches") - fetches <= MOST_FETCHES
    assert loaded_once(page)
