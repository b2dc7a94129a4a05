"""The planner in a real browser: six cells by lasso, a point of the front, another's approval, tomorrow, and back."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from dashboard.app import create_app
from dashboard.auth.cookies import SESSION_COOKIE
from db.engine import begin
from db.record import Record, open_record
from tests.conftest import copy_database, drop_database
from tests.dashboard.test_api_plans import make_busy_west
from tests.db.planned_town import make_planned_town
from tests.e2e.browsing import eventually
from tests.e2e.conftest import START_WITHIN_S, Watched
from tests.signing import session_token

pytestmark = pytest.mark.e2e
PLACE = "[b.cells.lon[c], b.cells.lat[c]]"
SPOT = f"""code => {{
    const b = beatplan.book, c = b.at.get(code), spot = beatplan.map.project({PLACE});
    const box = beatplan.map.getCanvas().getBoundingClientRect();
    return [box.x + spot.x, box.y + spot.y];
}}"""


@pytest.fixture(scope="module")
def town(cluster: Any, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Record]]:
    """Address of the application on the small town of plans, and its record."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("plans"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        make_planned_town(conn, record.keys)
        make_busy_west(conn, record.keys)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings, record.engine), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + START_WITHIN_S
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", record
        server.should_exit = True
        thread.join(10)
    record.engine.dispose()
    drop_database(cluster, settings)


@pytest.fixture
def desks(browser: Browser, town: tuple[str, Record]) -> Iterator[Any]:
    """Call with a name and a role: a watched page of somebody signed in. At the end nothing may have gone wrong."""
    host, record = town
    opened: list[Watched] = []

    def desk(role: str, name: str) -> Watched:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        token = session_token(record.engine, (role,), name=name)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": host}])
        opened.append(Watched(context.new_page(), host))
        return opened[-1]

    yield desk
    for watched in opened:
        watched.page.context.close()
    assert [trouble for watched in opened for trouble in watched.left()] == []


def opened(watched: Watched, path: str) -> Page:
    watched.page.goto(f"{watched.host}{path}")
    return ready(watched.page)


def ready(page: Page) -> Page:
    page.wait_for_selector(".plan[data-ready]")
    return page


def ring(page: Page, corners: list[str]) -> None:
    """Draw a lasso around the points of these cells, a little outside of them."""
    spots = [page.evaluate(SPOT, code) for code in corners]
    middle = [sum(axis) / len(spots) for axis in zip(*spots, strict=True)]
    wide = [[at + (at - mid) * 0.15 for at, mid in zip(spot, middle, strict=True)] for spot in spots]
    page.mouse.move(*wide[0])
    page.mouse.down()
    for spot in [*wide[1:], wide[0]]:
        page.mouse.move(*spot, steps=6)
    page.mouse.up()


def bars(page: Page) -> dict[str, str]:
    rows = page.locator(".plan-load")
    return dict(
        zip(
            rows.locator(".plan-load-name").all_inner_texts(),
            rows.locator(".plan-load-value").all_inner_texts(),
            strict=True,
        )
    )


def test_a_plan_from_the_first_lasso_to_the_day_it_holds_and_back(desks: Any) -> None:
    planner = desks("planner", "li")
    page = planner.page
    page.goto(f"{planner.host}/plan")
    expect(page.locator(".plan-list")).to_contain_text("还没有调整方案")
    page.get_by_label("名称").fill("试行均衡")
    page.get_by_role("button", name="开始编制").click()
    ready(page)
    before = bars(page)
    page.locator(".plan-load", has_text="beat B1").click()
    page.keyboard.press("l")
    ring(page, ["G20", "G21", "G41", "G40"])  # six cells of two beats, one of which is left empty
    assert bars(page) != before  # at once, before the server has said anything
    eventually(page, lambda: page.evaluate("Object.keys(beatplan.book.standing.moves).length"), 6)
    expect(page.locator("#plan-problems")).to_contain_text("B2")
    page.reload()
    ready(page)
    eventually(page, lambda: page.evaluate("beatplan.book.standing.costs.after.moved"), 6, "nothing lost by a reload")
    page.keyboard.press("Control+z")
    eventually(page, lambda: bars(page), before)

    page.get_by_role("tab", name="优化").click()
    page.evaluate("beatplan.seconds = 0.3")  # seconds a point: this town is small
    page.get_by_role("button", name="开始计算").click()
    point = page.locator(".plan-dot[data-moves='5']")
    expect(page.locator(".plan-note")).to_contain_text("点一个点预览")
    point.click()
    expect(page.locator(".plan-target")).to_contain_text("预览")
    assert bars(page) != before
    page.get_by_role("button", name="应用到方案").click()
    eventually(page, lambda: page.evaluate("beatplan.book.standing.costs.after.moved") > 0, True)
    expect(page.locator("#plan-problems")).to_contain_text("没有违反规则")
    page.get_by_role("button", name="提交审批").click()
    page.locator("#plan-dialog textarea").fill("请审批")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".plan-state")).to_have_text("待审批")
    address = page.url.removeprefix(planner.host)

    approver = desks("approver", "wang")
    other = opened(approver, address)
    other.get_by_role("button", name="批准").click()
    other.get_by_role("button", name="确定").click()
    other.get_by_role("button", name="发布").click()
    other.get_by_role("button", name="确定").click()
    expect(other.locator(".plan-state")).to_have_text("已发布")
    tomorrow = datetime.now(UTC) + timedelta(hours=8, days=1)
    expect(other.locator("#plan-bar")).to_contain_text(f"{tomorrow:%Y-%m-%d}")
    with other.context.expect_page() as told:
        other.locator("#plan-dialog a").click()
    expect(told.value.locator("h1")).to_have_text("交接清单")
    expect(told.value.locator("section.beat").first).to_contain_text("beat B1")

    expect(page.locator(".plan-state")).to_have_text("已发布")  # the planner's page has followed by itself
    page.get_by_role("button", name="回退").click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_url(re.compile(f"^(?!.*{address}$).*/plan/P"))
    ready(page)
    expect(page.locator(".plan-title")).to_contain_text("试行均衡")
    assert page.evaluate("Object.keys(beatplan.book.standing.moves).length") > 0
