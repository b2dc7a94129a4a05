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


class Server:
    """The application on one port of this machine; after stop() and start() it is another one on the same port."""

    def __init__(self, settings: Settings, record: Record) -> None:
        self._settings, self._record = settings, record
        self._port = 0

    @property
    def address(self) -> str:
        """Where it is found, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve, and come back when it does."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        app = create_app(self._settings, self._record.engine)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        waited = time.monotonic()
        while not self._server.started and time.monotonic() - waited < START_WITHIN_S:
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, and every connection to it."""
        self._server.should_exit = True
        self._thread.join(10)


@dataclass
class PrivateCity:
    """Where it is served, its server and cluster, and the keys of a wall and of a feed."""

    address: str
    server: Server
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
    server = Server(settings, record)
    server.start()
    try:
        yield PrivateCity(server.address, server, Cluster(home), record, wall, feed)
    finally:
        server.stop()
        record.engine.dispose()
        Cluster(home).destroy()
