"""What a test does with a page: go to an address within it, wait until something is so, read what is drawn."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

PATIENCE_S = 40.0
MOVE = "query => { history.pushState(null, '', '/' + query); dispatchEvent(new PopStateEvent('popstate')); }"
PLOT = "document.querySelector('#{graph} .js-plotly-plot')"
FINISHED = f"() => {PLOT.format(graph='map')}?.data?.[0]?.locations?.length > 0"


def eventually(page: Page, read: Callable[[], Any], wanted: Any, what: str = "") -> None:
    """Read again and again until it equals `wanted`; AssertionError with both when it never does."""
    until = time.monotonic() + PATIENCE_S
    while (found := _tried(read)) != wanted:
        if time.monotonic() > until:
            raise AssertionError(f"{what}: the page shows {found!r}, not {wanted!r}")
        page.wait_for_timeout(80)


def _tried(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Exception as error:  # a part that is being replaced just now
        return error


def visit(page: Page, query: str) -> None:
    """Change the overview's address without loading the page again, as a link inside it does."""
    page.evaluate(MOVE, f"?{query}" if query else "")


def texts(page: Page, selector: str) -> list[str]:
    """The text of every element, white space made even."""
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


def drawn(page: Page, graph: str, name: str, trace: int = 0) -> Any:
    """What a trace of a graph holds under `name`, typed arrays as lists."""
    return page.evaluate(
        f"""() => {{
            const plain = v => ArrayBuffer.isView(v) || Array.isArray(v) ? Array.from(v, plain) : v;
            return plain({PLOT.format(graph=graph)}._fullData[{trace}].{name});
        }}"""
    )


def table_rows(page: Page) -> dict[str, dict[str, Any]]:
    """Every row of the table of places, also those scrolled out of sight, by its key."""
    read = (
        "() => { const found = []; dash_ag_grid.getApi('table').forEachNode(n => found.push(n.data)); return found; }"
    )
    return {row["key"]: row for row in page.evaluate(read)}
