"""Photograph the pages of the record that the environment names, into a folder.

    python -m tests.screens FOLDER [--only wall] [--lang en] [--theme dark] [--later-h 72] [--cut-off]

--later-h: the application believes that it is so many hours later (data goes stale). --cut-off: once a page stands, the
server no longer answers it. Prints what a page complained of.
"""

import argparse
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from dashboard.auth.cookies import SESSION_COOKIE
from db.engine import make_engine
from db.settings import Settings
from tests.e2e.conftest import ARGUMENTS, CHROMIUM, Watched
from tests.screens.pages import PHONE, Shot, shots_of
from tests.screens.serving import served
from tests.signing import session_token


def main() -> None:
    """Start a server, take every picture that was asked for, and stop."""
    told = asked()
    settings = Settings.from_env()
    engine, later = make_engine(settings), timedelta(hours=told.later_h)
    told.folder.mkdir(parents=True, exist_ok=True)
    cookie = session_token(engine, name=f"desk-{datetime.now(UTC):%d%H%M%S}")
    with served(settings, engine, lambda: datetime.now(UTC) + later) as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for shot, size in chosen(shots_of(engine), told):
            width, height = map(int, size.split("x"))
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=2 if size in PHONE else 1
            )
            context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": host}])
            watched = Watched(context.new_page(), host)
            name = "-".join(filter(None, [shot.name, size, told.lang, told.theme, told.tag]))
            taken(watched.page, host, shot, told, told.folder / f"{name}.png")
            print(name, *watched.troubles[:3], sep="\n    ", flush=True)
            context.close()
        browser.close()


def taken(page: Page, host: str, shot: Shot, told: Any, file: Path) -> None:
    """One picture: the whole page on a phone, what the screen shows elsewhere."""
    more = "&".join(f"{name}={value}" for name, value in (("lang", told.lang), ("theme", told.theme)) if value)
    page.goto(host + shot.path + (("&" if "?" in shot.path else "?") + more if more else ""), timeout=120_000)
    page.wait_for_timeout(shot.settle_s * 1000 * told.patience)
    if told.cut_off:
        page.context.set_offline(True)
        page.wait_for_timeout(40_000)
    page.screenshot(path=file, full_page=told.whole, timeout=180_000)


def chosen(shots: Iterable[Shot], told: Any) -> Iterator[tuple[Shot, str]]:
    """Every picture whose name begins with one of `only` and that has the size asked for."""
    for shot in shots:
        if not told.only or shot.name.startswith(tuple(told.only.split(","))):
            yield from ((shot, size) for size in shot.sizes if told.size in (None, size))


def asked() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    for name in ("--only", "--size", "--lang", "--theme", "--tag"):
        parser.add_argument(name)
    parser.add_argument("--later-h", type=float, default=0.0)
    parser.add_argument("--patience", type=float, default=1.0, help="factor on how long a page may take")
    parser.add_argument("--cut-off", action="store_true")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only what the screen shows")
    return parser.parse_args()


if __name__ == "__main__":
    main()
