"""A real server on the demo city and a real Chromium before it, which may neither complain nor ask anyone else."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from dashboard.app import create_app
from dashboard.auth.cookies import SESSION_COOKIE
from tests.conftest import DEMO_UNTIL, LoadedDatabase
from tests.e2e.browsing import FINISHED
from tests.signing import session_token

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
    "--no-first-run", "--disable-domain-reliability", "--disable-features=OptimizationHints,Translate",
]  # fmt: skip
START_WITHIN_S = 30
LOCAL = ("data:", "blob:", "file:", "about:")


@dataclass
class Clock:
    """What time the application believes it is: the demo city's last hour, unless a test moves it on."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return DEMO_UNTIL + self.later


@pytest.fixture(scope="session")
def clock() -> Clock:
    """The application's clock; whoever moves it puts it back."""
    return Clock()


@pytest.fixture(scope="session")
def live_server(demo_db: LoadedDatabase, clock: Clock) -> Iterator[str]:
    """Address of the application on a free port of this machine, without a slash at its end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(demo_db.settings, demo_db.engine, clock), log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        waited = time.monotonic()
        while not server.started and time.monotonic() - waited < START_WITHIN_S:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, drawing WebGL in software."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def cookies(demo_db: LoadedDatabase, live_server: str) -> list[dict[str, str]]:
    """What a browser carries that has signed in, with every role and everywhere."""
    return [{"name": SESSION_COOKIE, "value": session_token(demo_db.engine), "url": live_server}]


@dataclass
class Watched:
    """A page, and everything about it that should not have happened."""

    page: Page
    host: str
    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.host, *LOCAL)):
            self.troubles.append(f"left the host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.url}")

    def left(self) -> list[str]:
        """The troubles that the test did not bring about itself."""
        return [each for each in self.troubles if not any(part in each for part in self.allowed)]


@pytest.fixture(scope="session")
def desk_context(browser: Browser) -> Iterator[BrowserContext]:
    """A small desk that keeps the scripts it has fetched, as a reader's browser does."""
    context = browser.new_context(viewport={"width": 1320, "height": 760})
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def screen(desk_context: BrowserContext, live_server: str, cookies: Any) -> Iterator[Watched]:
    """A new page on the desk, signed in and remembering nothing else; at its end nothing may have gone wrong."""
    desk_context.clear_cookies()
    desk_context.add_cookies(cookies)
    watched = Watched(desk_context.new_page(), live_server)
    yield watched
    watched.page.close()
    desk_context.clear_cookies()
    assert watched.left() == []


@pytest.fixture(scope="module")
def overview_page(browser: Browser, live_server: str, cookies: Any) -> Iterator[Watched]:
    """The overview, loaded once for every test of a file that only changes its address, and all that it asked for.

    No longer than a file: a page that stands open goes on drawing, and takes time from all tests after it.
    """
    context = browser.new_context(viewport={"width": 1320, "height": 760})
    context.add_cookies(cookies)
    context.set_default_timeout(60_000)
    watched = Watched(context.new_page(), live_server)
    watched.page.goto(live_server)
    watched.page.wait_for_function(FINISHED)
    yield watched
    context.close()


@pytest.fixture
def overview(overview_page: Watched) -> Iterator[Watched]:
    """The overview at whatever address the last test left it; at its end nothing may have gone wrong."""
    yield overview_page
    troubles = overview_page.left()
    overview_page.troubles.clear()
    assert troubles == []
