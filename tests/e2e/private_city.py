"""A small city on a database cluster of its own, which a test may stop and start, and a server before it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from dashboard.app import create_app
from db.cluster import Cluster
from db.engine import begin
from db.ready import ready_engine
from db.record import Record, open_record
from db.settings import Settings
from db.tokens import make_token
from grids.rights import operator
from tests.two_stations import make_two_stations

START_WITHIN_S = 30
HOST = operator("host")


@dataclass
class PrivateCity:
    """Where it is served, its cluster, and the keys of a wall and of a feed."""

    address: str
    cluster: Cluster
    record: Record
    wall: str
    feed: str

    def report(self, number: str, lon: float = 120.1, lat: float = 36.1) -> None:
        """One incident by the API, as a feed pushes it."""
        item = {"source_no": number, "reported_at": datetime.now(UTC).isoformat(), "lon": lon, "lat": lat}
        headers = {"Authorization": f"Bearer {self.feed}"}
        answer = httpx.post(f"{self.address}/api/v1/incidents", json=item | {"category": "家庭纠纷"}, headers=headers)
        assert answer.json()["inserted"] == 1, answer.text


@contextmanager
def private_city(home: Path) -> Iterator[PrivateCity]:
    """Two stations with a cell each (tests.two_stations), served on a free port of this machine."""
    home.chmod(0o755)
    settings = Settings(home=home, keys_file=home / "keys", actor="test")
    ready_engine(settings).dispose()
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys)
    with begin(record.engine, HOST) as conn:
        wall = make_token(conn, record.keys, HOST, "wall", "a wall")
        feed = make_token(conn, record.keys, HOST, "feed", "a feed", channel="110")
    try:
        with _served(settings, record) as address:
            yield PrivateCity(address, Cluster(home), record, wall, feed)
    finally:
        record.engine.dispose()
        Cluster(home).destroy()


@contextmanager
def _served(settings: Settings, record: Record) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings, record.engine), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        waited = time.monotonic()
        while not server.started and time.monotonic() - waited < START_WITHIN_S:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
