"""The overview in a real browser: its figures, its filters, its address."""

import random
import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.components import placetable
from dashboard.components.shares import percent
from dashboard.figures.load import busiest
from dashboard.language import speaker
from dashboard.reading.desk import Desk
from dashboard.reading.records import rows
from dashboard.reading.view import POLICIES, View
from tests.conftest import DEMO_UNTIL, LoadedDatabase
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
PERIOD = "period=custom&from=2026-05-01&to=2026-06-15"
DRAWN = "() => document.querySelector('#map .js-plotly-plot')?.data?.[0]?.locations?.length > 0"


@pytest.fixture(scope="module")
def desk(demo_db: LoadedDatabase) -> Desk:
    return Desk(demo_db.settings, demo_db.engine)


def opened(screen: Watched, query: str) -> Page:
    """The overview with every panel filled."""
    screen.page.goto(f"{screen.host}/?{query}")
    screen.page.wait_for_selector("#tile-incidents")
    screen.page.wait_for_function(DRAWN)
    screen.page.wait_for_selector(".share-large, #containment .note")
    return screen.page


def chosen_at_random(seed: int, desk: Desk) -> View:
    """Some period, place, group, channel and policy."""
    pick, facts = random.Random(seed), desk.facts()
    last = DEMO_UNTIL.date() - timedelta(days=pick.randrange(60))
    place = pick.choice(facts.places[facts.places["kind"].isin(["station", "community", "beat", "street"])].index)
    kind, code = facts.places.loc[place, ["kind", "code"]]
    return View(
        period="custom",
        first=last - timedelta(days=pick.randrange(40, 400)),
        last=last,
        place=f"{kind}:{code}",
        groups=tuple(pick.sample(facts.groups(), 8)),
        channels=tuple(pick.sample(list(facts.channels["code"]), 6)),
        policy=pick.choice(POLICIES),
    )


def number(page: Page, name: str) -> int:
    return int(page.inner_text(f"#tile-{name}").replace(",", ""))


def drawn(page: Page, graph: str, name: str) -> list[Any]:
    """What the first trace of a graph holds under `name`, decoded; None where nothing is drawn."""
    page.wait_for_function(f"() => document.querySelector('#{graph} .js-plotly-plot')?._fullData?.length > 0")
    found = f"document.querySelector('#{graph} .js-plotly-plot')._fullData[0].{name}"
    return list(page.evaluate(f"() => Array.from({found}, v => typeof v === 'object' && v ? Array.from(v) : v)"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_panel_shows_what_the_record_says(screen: Watched, desk: Desk, seed: int) -> None:
    view = chosen_at_random(seed, desk)
    page, totals = opened(screen, view.query()), desk.totals(view)
    shown = [number(page, name) for name in ("incidents", "matters", "closed", "open", "overdue", "unplaced")]
    assert shown == [
        totals.incidents, totals.matters, totals.closed, totals.open_matters, totals.overdue, totals.unplaced,
    ]  # fmt: skip
    (whole,) = rows(desk.containment(view, None))
    if whole.decided or whole.pending:
        assert page.inner_text(".share-large") == percent(whole.share)
        assert f"{whole.contained:,} / {whole.decided:,}" in page.inner_text(".share-parts")
    cells = desk.cells(view)
    assert drawn(page, "map", "locations") == cells["code"].tolist()
    assert drawn(page, "map", "z") == cells["incidents"].tolist()
    if totals.incidents:
        assert sum(drawn(page, "trend", "y")) == totals.incidents
        assert sum(map(sum, drawn(page, "clock", "z"))) == totals.incidents
    work = desk.workload(view, "beat")
    heaviest = busiest(work[work["key"].notna()])
    if heaviest.empty:
        return
    assert sorted(bar[0] for bar in drawn(page, "work", "customdata")) == sorted(heaviest["label"])
    first = placetable.rows(desk.places(view), speaker("zh"))[0]
    row = page.locator(f'.ag-center-cols-container .ag-row[row-id="{first["key"]}"]')
    expect(row).to_contain_text(str(first["of"]))


def test_a_filter_goes_into_the_address_and_survives_a_reload(screen: Watched) -> None:
    page = opened(screen, PERIOD)
    page.get_by_text("金门路", exact=True).click()
    expect(page).to_have_url(re.compile("policy=JM"))
    page.locator("#map-value").get_by_text("越级数").click()
    expect(page).to_have_url(re.compile("value=escaped"))
    page.get_by_text("类别：全部").click()
    page.get_by_text("邻里关系", exact=True).click()
    expect(page).to_have_url(re.compile("group="))
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)
    before = (page.url, number(page, "incidents"), page.inner_text("#containment"))
    page.reload()
    page.wait_for_selector(".share-large, #containment .note")
    page.wait_for_selector("#tile-incidents")
    assert (page.url, number(page, "incidents"), page.inner_text("#containment")) == before
    expect(page.get_by_text("类别：邻里关系")).to_be_visible()
    page.get_by_text("清除", exact=True).click()
    expect(page).to_have_url(f"{screen.host}/")


def test_a_place_is_found_by_typing_or_in_the_tree(screen: Watched, desk: Desk) -> None:
    page = opened(screen, PERIOD)
    page.get_by_text("地点：全部").click()
    page.get_by_placeholder("搜索派出所、社区、警格、网格").fill("J103")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("place=beat%3AJ103"))
    name = desk.facts().name("beat:J103")
    expect(page.locator("#map-trail")).to_contain_text(name)
    page.locator("#map-trail a").first.click()
    expect(page).not_to_have_url(re.compile("place="))


def test_a_click_on_a_row_or_a_cell_filters_by_it(screen: Watched) -> None:
    page = opened(screen, PERIOD)
    page.locator(".ag-row").first.locator(".ag-cell").first.click()
    expect(page).to_have_url(re.compile("place=beat"))
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.wait_for_timeout(3000)
    for across in (0.5, 0.42, 0.58):
        x, y = box["x"] + box["width"] * across, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.wait_for_timeout(700)
        page.mouse.click(x, y)
        page.wait_for_timeout(1500)
        if "place=cell" in page.url:
            break
    expect(page).to_have_url(re.compile("place=cell"))


def test_heat_is_a_picture_from_our_own_host(screen: Watched) -> None:
    with screen.page.expect_response(re.compile("heat.png")) as answer:
        opened(screen, f"{PERIOD}&heat=1")
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "image/png"


def test_geometry_is_fetched_once_whatever_the_filters(screen: Watched) -> None:
    fetched: list[str] = []
    screen.page.on("request", lambda request: fetched.append(request.url))
    page = opened(screen, PERIOD)
    page.get_by_text("贮水山", exact=True).click()
    expect(page).to_have_url(re.compile("policy=ZS"))
    page.locator("#map-value").get_by_text("化解率").click()
    page.wait_for_timeout(2500)
    assert len({url for url in fetched if url.endswith("/cells.geojson")}) == 1
    assert sum(url.endswith("/cells.geojson") for url in fetched) <= 2  # by the values, and by the lines of the style


def test_english_and_dark_are_remembered(screen: Watched) -> None:
    page = screen.page
    page.goto(f"{screen.host}/?{PERIOD}&lang=en")
    page.get_by_text("Dark", exact=True).click()
    page.wait_for_selector("html[data-theme=dark] #tile-incidents")
    page.goto(screen.host)
    page.wait_for_selector("html[data-theme=dark] #tile-incidents")
    expect(page.locator(".badge")).to_have_text("Demo data")
    page.get_by_text("中文", exact=True).click()
    page.wait_for_selector("#tile-incidents")
    expect(page.locator(".badge")).to_have_text("演示数据")


def test_no_data_is_said_with_a_way_to_some(screen: Watched) -> None:
    screen.page.goto(f"{screen.host}/?period=custom&from=2027-01-01&to=2027-01-02")
    link = screen.page.get_by_text("看最后30天的数据")
    expect(link).to_be_visible()
    link.click()
    last = DEMO_UNTIL.date()
    expect(screen.page).to_have_url(re.compile(f"to={date.isoformat(last)[:8]}"))
    expect(screen.page.locator("#tile-incidents")).not_to_have_text("0")
