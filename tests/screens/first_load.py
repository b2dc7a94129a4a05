"""What the first visit of a page costs: bytes over the wire, time until the first figure and until the map is drawn.

python -m tests.screens.first_load [--only wall]      of the record that the environment names
"""

import argparse
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.auth.cookies import SESSION_COOKIE
from db.engine import make_engine
from db.settings import Settings
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.screens.serving import served
from tests.signing import session_token

MB = 1_000_000
NUMBER = "(element => element && /[0-9]/.test(element.textContent))(document.querySelector('{}'))"
# In MapLibre's own words: everything asked for has come and been drawn.
DRAWN = (
    "[...document.querySelectorAll('.js-plotly-plot')].some(plot =>"
    " plot._fullLayout?.map?._subplot?.map?.loaded() && plot._fullData?.some(trace => trace.locations?.length))"
)


@dataclass(frozen=True)
class Visit:
    """A page, the most that it may weigh, and how one knows its first figure and its map."""

    path: str
    most: float
    figure: str
    map: str | None = DRAWN


VISITS = {
    "overview": Visit("/", 2.8 * MB, NUMBER.format(".tile-number")),
    "wall": Visit(
        "/wall", 2.2 * MB, NUMBER.format(".wall-hero"), "performance.getEntriesByName('wall-map-drawn').length"
    ),
    "containment": Visit("/containment", 2.8 * MB, NUMBER.format("#panel-overall .share-parts"), None),
    "trends": Visit("/trends", 2.8 * MB, NUMBER.format("#panel-course .js-plotly-plot .ytick"), None),
    "beat": Visit("/beat/J101", 0.4 * MB, NUMBER.format("main"), "document.querySelector('svg path') !== null"),
}


@dataclass
class Load:
    """What a first visit cost."""

    bytes: int = 0
    requests: int = 0
    first_figure_s: float = float("nan")
    map_s: float = float("nan")
    largest: list[tuple[int, str]] = field(default_factory=list)


def first_load(browser: Browser, host: str, cookie: str, visit: Visit, patience_s: float = 90) -> Load:
    """The first visit of a browser that has nothing yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": host}])
    page, load = context.new_page(), Load()
    _weigh(page, load)
    began = time.perf_counter()
    page.goto(host + visit.path, wait_until="commit")
    load.first_figure_s = _until(page, visit.figure, began, patience_s)
    if visit.map:
        load.map_s = _until(page, visit.map, began, patience_s)
    page.wait_for_timeout(1500)
    load.bytes = sum(size for size, _ in load.largest)
    load.requests, load.largest = len(load.largest), sorted(load.largest, reverse=True)[:5]
    context.close()
    return load


def _until(page: Page, true: str, began: float, patience_s: float) -> float:
    """Seconds since `began` at which an expression was found to be true; NaN when it never was."""
    while (taken := time.perf_counter() - began) < patience_s:
        if page.evaluate(f"document.body && ({true})"):
            return taken
        page.wait_for_timeout(50)
    return float("nan")


def _weigh(page: Page, load: Load) -> None:
    """Note of every answer the bytes that came over the wire, headers and all."""
    chrome, named = page.context.new_cdp_session(page), {}
    chrome.send("Network.enable")

    def begun(told: Any) -> None:
        named[told["requestId"]] = told["request"]["url"]

    def finished(told: Any) -> None:
        load.largest.append((int(told["encodedDataLength"]), named.get(told["requestId"], "")))

    chrome.on("Network.requestWillBeSent", begun)
    chrome.on("Network.loadingFinished", finished)


def main() -> None:
    """Print a line a page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=sorted(VISITS))
    only = parser.parse_args().only
    settings = Settings.from_env()
    engine = make_engine(settings)
    cookie = session_token(engine, name=f"loads-{datetime.now(UTC):%Y%m%d%H%M%S}")
    with served(settings, engine, lambda: datetime.now(UTC)) as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, visit in VISITS.items():
            if only in (None, name):
                load = first_load(browser, host, cookie, visit)
                drawn = f", map {load.map_s:.1f} s" if visit.map else ""
                print(
                    f"{name:12} {load.bytes / MB:5.2f} MB of at most {visit.most / MB:.1f} in {load.requests} answers;"
                    f" first figure {load.first_figure_s:.1f} s{drawn}", flush=True,
                )  # fmt: skip
                for size, url in load.largest:
                    print(f"    {size / MB:5.2f} MB {url.removeprefix(host)[:90]}")
        browser.close()


if __name__ == "__main__":
    main()
