"""A first visit weighs no more than it may: the wall 2.2 MB, a desk 2.8 MB, an officer's page 0.4 MB over the wire."""

import pytest
from playwright.sync_api import Browser

from tests.screens.first_load import VISITS, first_load


@pytest.mark.parametrize("name", ["overview", "wall", "beat"])
def test_a_first_visit_is_light_enough(
    browser: Browser, live_server: str, cookies: list[dict[str, str]], name: str
) -> None:
    visit = VISITS[name]
    load = first_load(browser, live_server, cookies[0]["value"], visit)
    print(f"{name}: {load.bytes:,} bytes in {load.requests} answers")
    assert load.first_figure_s == load.first_figure_s, "the page never showed a figure"
    assert not visit.map or load.map_s == load.map_s, "the map was never drawn"
    assert load.bytes <= visit.most, load.largest
