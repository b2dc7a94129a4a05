"""The page in an officer's hand."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dashboard.reading.desk import Desk
from tests.conftest import LoadedDatabase
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def beat(demo_db: LoadedDatabase) -> str:
    places = Desk(demo_db.settings, demo_db.engine).facts().places
    return str(places.loc[places["kind"] == "beat", "code"].iloc[2])


def test_the_phone_page_fits_a_thumb_and_leads_to_its_map(
    browser: Browser, live_server: str, cookies: Any, beat: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.add_cookies(cookies)
    phone = Watched(context.new_page(), live_server)
    page = phone.page
    page.goto(f"{live_server}/beat")
    page.locator(f'a[href="/beat/{beat}"]').click()
    expect(page.locator("body")).to_have_attribute("data-view", "today")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for link in page.locator("header a, .bar a, .matter, .door").all():
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 48
    page.locator('.bar a[href="#map"]').click()
    expect(page.locator("svg.map")).to_be_visible()
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
