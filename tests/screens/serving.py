"""A server of a record on a free port of this machine, for as long as somebody looks."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import uvicorn
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.reading.figures import Figures
from db.settings import Settings


@contextmanager
def served(settings: Settings, engine: Engine, clock: Callable[[], datetime]) -> Iterator[str]:
    """Address of the application, its read model kept up meanwhile."""
    figures = Figures(settings, engine)
    with socket.socket() as listening, figures.followed():
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(create_app(settings, engine, clock, figures=figures), log_level="warning")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
