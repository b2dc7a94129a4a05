"""The analyst's pages in a real browser: panels fill, filters travel along, links keep their figures."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from tests.conftest import LoadedDatabase
from tests.e2e.conftest import Clock, Watched

pytestmark = pytest.mark.e2e
PERIOD = "period=custom&from=2026-05-01&to=2026-05-14"
MAY = View(period="custom", first=date(2026, 5, 1), last=date(2026, 5, 14))


def test_an_analyst_filters_goes_on_and_shares_what_is_shown(
    screen: Watched, demo_db: LoadedDatabase, clock: Clock
) -> None:
    page, desk = screen.page, Desk(demo_db.settings, demo_db.engine, clock)
    row = desk.containment(MAY, None).iloc[0]
    page.goto(f"{screen.host}/containment?{PERIOD}")
    headline = page.locator("#panel-overall .share-parts")
    expect(headline).to_contain_text(f"{row['contained']:,} / {row['decided']:,}")
    page.locator("#asked-policy").get_by_text("金门路", exact=True).click()
    expect(page).to_have_url(re.compile("policy=JM"))
    changed = desk.containment(View.parse(f"{PERIOD}&policy=JM"), None).iloc[0]
    expect(headline).to_contain_text(f"{changed['contained']:,} / {changed['decided']:,}")
    leads = page.locator("#panel-overall .twin a.to-rows").first
    assert "figure=containment." in (leads.get_attribute("href") or "")
    loads = screen.requests.count(f"{screen.host}/_dash-layout")
    page.locator("header .pages").get_by_text("趋势", exact=True).click()
    expect(page).to_have_url(re.compile(r"/trends\?.*policy=JM"))
    expect(page.locator("#panel-course .js-plotly-plot")).to_be_visible()
    assert screen.requests.count(f"{screen.host}/_dash-layout") == loads, "the page changed without loading anew"
    page.get_by_text("English", exact=True).click()
    expect(page.locator("h1")).to_have_text("Trends")
    expect(page).to_have_url(re.compile(r"/trends\?.*policy=JM.*lang=en"))
