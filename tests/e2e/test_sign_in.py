"""Signing in and out in a real browser: the demo's one-tap accounts, the pages at their sizes, the way out."""

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.e2e.browsing import FINISHED
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_one_tap_signs_in_and_one_click_out_again(browser: Browser, live_server: str, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(60_000)
    seen = Watched(context.new_page(), live_server)
    page = seen.page
    page.goto(f"{live_server}/account")
    assert "/sign-in?next=/account" in page.url
    assert page.evaluate(WIDTH) == width
    page.locator(".demo-accounts button", has_text="分析员").click()
    page.wait_for_url(f"{live_server}/account")
    assert page.evaluate(WIDTH) == width
    expect(page.locator(".who strong")).to_have_text("demo-analyst")
    page.goto(f"{live_server}/rows?figure=containment.escaped")
    page.locator(".me button").click()
    page.wait_for_url(f"{live_server}/sign-in")
    assert context.request.get(f"{live_server}/api/v1/totals").status == 401
    context.close()
    seen.allowed += ["ERR_ABORTED", "Failed to fetch"]  # panels that were still loading when the page was left
    assert seen.left() == []


def test_a_page_whose_session_has_ended_leads_to_sign_in(screen: Watched) -> None:
    page = screen.page
    screen.allowed += ["401", "error", "console"]  # what was still loading, and Dash about it
    page.goto(f"{screen.host}/?lang=en")
    page.wait_for_function(FINISHED)
    page.context.clear_cookies()
    with suppress(Error):  # the page may ask for something by itself, and be gone, before we make it ask
        page.evaluate("() => { setTimeout(() => fetch('/api/v1/stamp'), 0) }")
    page.wait_for_url("**/sign-in?next=**")
