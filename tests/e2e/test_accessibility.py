"""axe-core finds nothing serious on any page: names, roles, contrast, order, targets (WCAG 2.2 A and AA)."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.e2e.conftest import Watched

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = ("serious", "critical")
# Address: what is there once the page stands.
PAGES = {
    "/": ".place-grid .ag-row",
    "/wall": ".wall-hero",
    "/beat": "main",
    "/styleguide": "main",
    "/account": "main",
    "/containment": ".card .proportion",
    "/trends?theme=dark&lang=en": ".card .js-plotly-plot",
    "/hotspots?theme=dark": ".card .js-plotly-plot",
    "/scorecards": ".card .score-cards",
    "/bulletins": "main",
    "/rows?figure=containment.escaped": "main table",
    "/plan": "main",
}


def found_on(page: Any) -> list[str]:
    """Rule, impact and place of each serious finding of axe-core."""
    page.evaluate(AXE)
    result = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [
        f"{each['impact']} {each['id']}: {node['target']} {node['failureSummary']}"
        for each in result["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_stands_in_anybodys_way(screen: Watched, live_server: str, path: str) -> None:
    screen.page.goto(f"{live_server}{path}")
    screen.page.wait_for_selector(PAGES[path], timeout=60_000)
    assert found_on(screen.page) == []
