"""A change of the record reaches every screen, also after the database has been away."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.live import pulse as pulsing
from dashboard.live.pulse import Pulse
from db.engine import begin
from db.listening import listening
from db.loads import mark_changed
from db.record import Record
from db.settings import Settings
from geo.errors import Unavailable
from tests.signing import signed_in

PATIENCE_S = 20.0
Found = TypeVar("Found")
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'beatgrid listener'"


@pytest.fixture
def engine(record: Record) -> Engine:
    return record.engine


def alone(work: Coroutine[Any, Any, Found]) -> Found:
    """What `work` returns, on a loop of its own: a browser test may have left one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def changed(engine: Engine) -> None:
    with begin(engine, "test") as conn:
        mark_changed(conn)


def test_who_listens_hears_of_a_change_and_of_silence(engine: Engine) -> None:
    with listening(engine) as heard:
        assert not heard(0.01)
        changed(engine)
        changed(engine)
        assert heard(PATIENCE_S)
        while heard(0.2):
            pass
        assert not heard(0.01)


def test_who_listens_is_told_when_the_database_is_gone(engine: Engine) -> None:
    with pytest.raises(Unavailable, match="db start"):
        _listens_while_it_is_cut(engine)


def _listens_while_it_is_cut(engine: Engine) -> None:
    with listening(engine) as heard:
        cut(engine)
        for _ in range(3):  # its last words come first
            heard(PATIENCE_S)


@pytest.fixture
def stamps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stamps that the pulse has told, newest last."""
    monkeypatch.setattr(pulsing, "LEAST_S", 0.05)
    monkeypatch.setattr(pulsing, "AGAIN_S", 0.05)
    return ["0"]


def test_every_screen_hears_the_newest_stamp_and_of_a_database_that_comes_back(
    engine: Engine, stamps: list[str]
) -> None:
    refreshed: list[str] = []
    pulse = Pulse(engine, lambda: refreshed.append(stamps[-1]), lambda: stamps[-1])

    async def screens() -> list[str | None]:
        with pulse.ear() as one, pulse.ear() as other:
            seen: list[str | None] = []

            async def until(stamp: str | None) -> None:
                async with asyncio.timeout(PATIENCE_S):
                    while one.stamp != stamp or other.stamp != stamp:
                        await one.news(0.1)
                seen.append(stamp)

            await until("0")
            stamps.append("1")
            await asyncio.to_thread(changed, engine)
            await until("1")
            stamps.append("2")
            await asyncio.to_thread(cut, engine)
            await until("2")
            return seen

    assert alone(screens()) == ["0", "1", "2"]
    assert refreshed[0] == "0"
    assert refreshed[-1] == "2", "figures are brought up before screens are told"
    assert len(pulse) == 0


def cut(engine: Engine) -> None:
    with begin(engine, "test") as conn:
        conn.execute(text(CUT))


def test_the_thread_ends_with_the_last_screen(
    engine: Engine, stamps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulsing, "QUIET_S", 0.05)
    pulse = Pulse(engine, lambda: None, lambda: stamps[-1])

    async def one() -> None:
        with pulse.ear() as ear:
            await ear.news(PATIENCE_S)

    alone(one())
    (mine,) = [thread for thread in threading.enumerate() if thread.name == "pulse"] or [threading.Thread()]
    if mine.is_alive():
        mine.join(PATIENCE_S)
    assert not mine.is_alive()
    alone(one())  # and another begins anew


def test_a_socket_carries_a_stamp_and_nothing_else(settings: Settings, engine: Engine) -> None:
    app = create_app(settings, engine)
    client: TestClient = signed_in(app, engine, "analyst")
    with client.websocket_connect("/api/v1/live") as socket:
        first = socket.receive_json()
        changed(engine)
        second = socket.receive_json()
    assert set(first) == set(second) == {"stamp"}
    assert first["stamp"] != second["stamp"] == client.get("/api/v1/stamp").json()["stamp"]
