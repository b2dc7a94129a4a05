"""A wall stands for months: half an hour at twenty reports a second must leave no trace in its memory.

BEATGRID_SOAK_S says how many seconds (default 1800), BEATGRID_SOAK_RATE how many reports a second.
"""

import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import CDPSession, Page, sync_playwright
from sqlalchemy import text

from db.engine import begin
from db.record import open_record
from db.settings import Settings
from db.tokens import make_token
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.e2e.conftest import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.prove
LASTS_S = float(os.environ.get("BEATGRID_SOAK_S", "1800"))
RATE = float(os.environ.get("BEATGRID_SOAK_RATE", "20"))
POSTS_A_SECOND, MOST_AT_ONCE = 2, 1_000
SAMPLES = 30
SCALE = 0.02
ROOT = Path(__file__).parents[2]
HOST = operator("host")
MORE_HEAP, MORE_NODES = 1.10, 1.05  # what the last third may have of the first
ROOM_MB, ROOM_NODES = 1.0, 60
MOST_FETCHES_A_SECOND = 2.6


@dataclass
class City:
    """A made-up city served by a process of its own."""

    address: str
    process: "subprocess.Popen[bytes]"
    wall: str
    feed: str
    places: list[tuple[float, float]]

    def cpu_s(self) -> float:
        """Seconds that the server process has computed so far."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """What the server process holds in memory."""
        told = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(told[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.fixture
def city(cluster, template, tmp_path) -> Iterator[City]:
    from loaders.demo.loading import load_demo

    settings = copy_database(cluster, template, tmp_path)
    record = open_record(settings)
    load_demo(record, tmp_path / "files", until=datetime.now(UTC).replace(microsecond=0), scale=SCALE)
    with begin(record.engine, HOST) as conn:
        wall = make_token(conn, record.keys, HOST, "wall", "soak wall")
        feed = make_token(conn, record.keys, HOST, "feed", "soak feed", channel="110")
        query = "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM cell WHERE upper_inf(valid)) c"
        places = [(float(x), float(y)) for x, y in conn.execute(text(query))]
    record.engine.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env=os.environ | told(settings), stdout=subprocess.DEVNULL)
    made = City(f"http://127.0.0.1:{port}", process, wall, feed, places)
    try:
        until_it_answers(made.address)
        yield made
    finally:
        process.terminate()
        process.wait(20)
        drop_database(cluster, settings)


def told(settings: Settings) -> dict[str, str]:
    """The settings as a process reads them."""
    return {
        "BEATGRID_HOME": str(settings.home), "BEATGRID_DATABASE_URL": str(settings.database_url),
        "BEATGRID_APP_DATABASE_URL": str(settings.app_database_url), "BEATGRID_KEYS": str(settings.keys_file),
    }  # fmt: skip


def until_it_answers(address: str) -> None:
    for _ in range(240):
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise AssertionError("the server did not start")


class Feed(threading.Thread):
    """Pushes reports at a steady rate until it is told to stop, more at once after a slow answer."""

    def __init__(self, city: City) -> None:
        super().__init__(daemon=True)
        self.city, self.sent, self.slowest_s, self.over = city, 0, 0.0, threading.Event()

    def run(self) -> None:
        headers, began = {"Authorization": f"Bearer {self.city.feed}"}, time.monotonic()
        with httpx.Client(base_url=self.city.address, headers=headers, timeout=120) as client:
            while not self.over.wait(1 / POSTS_A_SECOND):
                posted = time.monotonic()
                due = min(round(RATE * (posted - began)) - self.sent, MOST_AT_ONCE)
                items = [self._item(f"S{self.sent + n}") for n in range(due)]
                self.sent += client.post("/api/v1/incidents", json=items).json()["inserted"]
                self.slowest_s = max(self.slowest_s, time.monotonic() - posted)

    def _item(self, number: str) -> dict[str, object]:
        lon, lat = random.choice(self.city.places)
        at = datetime.now(UTC).isoformat()
        return {"source_no": number, "reported_at": at, "category": "邻里纠纷", "lon": lon, "lat": lat, "severity": 1}


def sampled(page: Page, browser: CDPSession) -> tuple[float, float, float]:
    """Megabytes of JavaScript heap and nodes of the document after a forced collection, and fetches so far."""
    browser.send("HeapProfiler.collectGarbage")
    found = {each["name"]: each["value"] for each in browser.send("Performance.getMetrics")["metrics"]}
    return found["JSHeapUsedSize"] / 1e6, found["Nodes"], page.evaluate("wall.fetches")


def test_a_wall_under_load_for_half_an_hour_does_not_grow(city: City) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = chromium.new_context(viewport={"width": 1280, "height": 720})
        context.request.get(f"{city.address}/wall/enter?token={city.wall}", max_redirects=0)
        page = context.new_page()
        page.goto(f"{city.address}/wall?dwell=5")
        page.wait_for_function("performance.getEntriesByName('wall-map-drawn').length > 0", timeout=90_000)
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable")
        rows = watched(city, page, devtools)
        chromium.close()
    heaps, nodes = ([row[n] for row in rows] for n in (1, 2))
    assert thirds(heaps)[1] <= thirds(heaps)[0] * MORE_HEAP + ROOM_MB
    assert thirds(nodes)[1] <= thirds(nodes)[0] * MORE_NODES + ROOM_NODES
    assert rows[-1][3] <= MOST_FETCHES_A_SECOND * LASTS_S


def watched(city: City, page: Page, devtools: CDPSession) -> list[tuple[float, ...]]:
    """(seconds, heap MB, nodes, fetches, reports, server CPU %, server MB) while the feed pushes; a table of it."""
    feed, began, cpu, rows = Feed(city), time.monotonic(), city.cpu_s(), list[tuple[float, ...]]()
    feed.start()
    print("\n seconds  heap MB    nodes  fetches  reports  server CPU %  server MB")
    _, _, first = sampled(page, devtools)
    for _ in range(SAMPLES):
        started, cpu = time.monotonic(), city.cpu_s()
        page.wait_for_timeout(1000 * LASTS_S / SAMPLES)
        heap, nodes, fetches = sampled(page, devtools)
        busy = 100 * (city.cpu_s() - cpu) / (time.monotonic() - started)
        rows.append((time.monotonic() - began, heap, nodes, fetches - first, feed.sent, busy, city.memory_mb()))
        print("{:8.0f} {:8.2f} {:8.0f} {:8.0f} {:8.0f} {:13.0f} {:10.0f}".format(*rows[-1]))
    feed.over.set()
    feed.join(60)
    print(f"reports a second {feed.sent / rows[-1][0]:.1f}; the slowest POST took {feed.slowest_s:.1f} s")
    return rows


def thirds(values: list[float]) -> tuple[float, float]:
    """Medians of the first and the last third; what is loaded late belongs to neither."""
    part = len(values) // 3
    return statistics.median(values[:part]), statistics.median(values[-part:])
