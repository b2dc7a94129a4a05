"""The overview in a real browser: its filters and its address follow each other, and it says what it cannot show."""

import json
import re

import pytest
import shapely
from playwright.sync_api import Page, expect

from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from tests.conftest import LoadedDatabase
from tests.e2e.browsing import FINISHED, drawn, eventually, texts, visit
from tests.e2e.conftest import Clock, Watched

pytestmark = pytest.mark.e2e
PERIOD = "period=custom&from=2026-05-01&to=2026-06-15"


@pytest.fixture(scope="module")
def desk(demo_db: LoadedDatabase, clock: Clock) -> Desk:
    return Desk(demo_db.settings, demo_db.engine, clock)


def at_start(screen: Watched, query: str = PERIOD) -> Page:
    """The overview at an address, its period shown."""
    visit(screen.page, query)
    expect(screen.page.locator("#period-text")).to_have_text("2026-05-01 – 2026-06-15")
    return screen.page


def incidents(page: Page) -> str:
    return page.inner_text("#tile-incidents")


def follows(page: Page, desk: Desk) -> bool:
    """Whether the tile of incidents and the panel of containment show what belongs to the page's own address."""
    view = View.parse(page.url.partition("?")[2])
    counts = desk.containment(view, None).iloc[0]
    held = f"{counts['contained']:,} / {counts['decided']:,} 件化解"
    return incidents(page) == f"{desk.totals(view).incidents:,}" and held in page.inner_text("#containment")


def test_a_filter_goes_into_the_address_and_survives_a_reload(overview: Watched, desk: Desk) -> None:
    page = at_start(overview)
    page.get_by_text("金门路", exact=True).click()
    expect(page).to_have_url(re.compile("policy=JM"))
    page.locator("#map-value").get_by_text("越级数").click()
    expect(page).to_have_url(re.compile("value=escaped"))
    everything = incidents(page)
    page.get_by_text("类别：全部").click()
    page.get_by_text("邻里关系", exact=True).click()
    expect(page).to_have_url(re.compile("group="))
    page.keyboard.press("Escape")
    expect(page.locator("#tile-incidents")).not_to_have_text(everything)
    eventually(page, lambda: max(drawn(page, "map", "z")) < 40, True)
    # Every panel follows the address in its own time.
    eventually(page, lambda: follows(page, desk), True)
    before = (page.url, incidents(page), page.inner_text("#containment"))
    page.reload()
    page.wait_for_function(FINISHED)
    eventually(page, lambda: (page.url, incidents(page), page.inner_text("#containment")), before)
    expect(page.get_by_text("类别：邻里关系")).to_be_visible()
    page.get_by_text("清除", exact=True).click()
    expect(page).to_have_url(f"{overview.host}/")


def test_a_place_is_found_by_typing_and_left_by_the_trail(overview: Watched, desk: Desk) -> None:
    page = at_start(overview)
    page.get_by_text("地点：全部").click()
    page.get_by_placeholder("搜索派出所、社区、警格、网格").fill("J103")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("place=beat%3AJ103"))
    expect(page.locator("#map-trail")).to_contain_text(desk.facts().name("beat:J103"))
    page.keyboard.press("Escape")
    page.locator("#map-trail a").first.click()
    expect(page).not_to_have_url(re.compile("place="))


def test_a_click_on_a_row_filters_by_its_place(overview: Watched) -> None:
    page = at_start(overview)
    page.locator(".ag-row[row-index='0'] .ag-cell").first.click()
    expect(page).to_have_url(re.compile("place=beat"))
    eventually(page, lambda: len(drawn(page, "map", "locations")) < 20, True, "the beat's own cells")


def test_a_click_on_the_map_filters_by_its_cell(overview: Watched, desk: Desk) -> None:
    cell = desk.geometry().index.iloc[100]
    page = at_start(overview, f"{PERIOD}&place=beat:{cell['beat']}")
    eventually(
        page, lambda: cell["cell"] in drawn(page, "map", "locations") and len(drawn(page, "map", "z")) < 20, True
    )
    there = "document.querySelector('#map .js-plotly-plot')._fullLayout.map._subplot.map"
    page.wait_for_function(f"() => {there}.loaded() && !{there}.isMoving()")
    point = inside(desk, cell["cell"])

    def at() -> tuple[float, float]:
        spot = page.evaluate(f"p => {{ const at = {there}.project(p); return [at.x, at.y]; }}", point)
        box = page.locator("#map .maplibregl-canvas").bounding_box() or {"x": 0.0, "y": 0.0}
        return box["x"] + spot[0], box["y"] + spot[1]

    def named() -> bool:
        page.mouse.move(0, 0)
        page.mouse.move(*at())
        page.wait_for_selector("#map .hoverlayer .hovertext", timeout=1_000)
        return True

    eventually(page, named, True, "the words about the cell under the pointer")
    page.mouse.click(*at())
    expect(page).to_have_url(re.compile(f"place=cell%3A{cell['cell']}"))


def inside(desk: Desk, cell: str) -> list[float]:
    """Lon/lat of a point that surely lies in a cell."""
    shape = next(f["geometry"] for f in json.loads(desk.geometry().cells)["features"] if f["id"] == cell)
    point = shapely.point_on_surface(shapely.from_geojson(json.dumps(shape)))
    return [point.x, point.y]


def test_heat_is_a_picture_from_our_own_host_and_geometry_is_fetched_once(overview: Watched) -> None:
    page = at_start(overview)
    with page.expect_response(re.compile("heat.png")) as answer:
        page.locator("#map-heat").click()
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "image/png"
    expect(page.locator("#heat-key")).to_be_visible()
    page.locator("#map-heat").click()
    expect(page.locator("#heat-key")).to_be_hidden()
    geometry = [url for url in overview.requests if url.endswith("/cells.geojson")]
    loads = overview.requests.count(f"{overview.host}/_dash-layout")
    assert len(set(geometry)) == 1
    assert len(geometry) <= 2 * loads  # by the values, and by the lines of the style


def test_the_day_that_runs_is_hatched_and_lowers_no_mean(overview: Watched) -> None:
    page = overview.page
    visit(page, "period=30d")
    eventually(page, lambda: drawn(page, "trend", "x")[-1][:10], "2026-06-30")
    assert drawn(page, "trend", "marker.pattern.shape") == [*[""] * 29, "/"]
    assert len(drawn(page, "trend", "x", 1)) == 29


def test_english_and_dark_are_remembered(screen: Watched) -> None:
    page = screen.page
    page.goto(f"{screen.host}/?{PERIOD}&lang=en")
    page.get_by_text("Dark", exact=True).click()
    page.wait_for_selector("html[data-theme=dark] #tile-incidents")
    page.goto(screen.host)
    page.wait_for_selector("html[data-theme=dark] #tile-incidents")
    expect(page.locator(".badge")).to_have_text("Demo data")
    page.get_by_text("中文", exact=True).click()
    expect(page.locator(".badge")).to_have_text("演示数据")


def test_no_data_is_said_with_a_way_to_some(overview: Watched) -> None:
    page = overview.page
    visit(page, "period=custom&from=2027-01-01&to=2027-01-02")
    page.get_by_text("看最后30天的数据").click()
    expect(page).to_have_url(re.compile("to=2026-06-30"))
    expect(page.locator("#tile-incidents")).not_to_have_text("0")


def test_a_place_that_is_not_there_is_named(overview: Watched) -> None:
    page = at_start(overview, f"{PERIOD}&place=beat:NIX")
    expect(page.locator(".banner")).to_contain_text("没有“beat:NIX”这个地点")
    eventually(page, lambda: set(texts(page, ".tile-number")), {"–"})
    page.get_by_text("看全市").click()
    expect(page.locator(".banner")).to_have_count(0)
    expect(page.locator("#tile-incidents")).not_to_have_text("–")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_sticks_out_of_the_page(overview: Watched, width: int) -> None:
    page = at_start(overview)
    usual = page.viewport_size
    page.set_viewport_size({"width": width, "height": 760})
    wide = "[...document.querySelectorAll('.desk *')].filter(e => !e.closest('.js-plotly-plot, .ag-root-wrapper'))"
    over = f"() => {wide}.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"
    eventually(page, lambda: page.evaluate(over), [])
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert usual is not None
    page.set_viewport_size(usual)
