"""addok as a peer of the geocoder: its index in a Redis of its own, Chinese texts with a space between characters."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def by_addok(base: pd.DataFrame, asked: pd.DataFrame) -> "np.ndarray[Any, Any]":
    """The first answer of addok; it splits texts at spaces, so characters and numbers are handed over apart.

    Raises ImportError where addok or redis-server is not installed.
    """
    if shutil.which("redis-server") is None:
        raise ImportError("redis-server", name="redis-server")
    with _redis() as socket:
        search = _prepared(base, socket)
        found = [search(_spaced(text), limit=1) for text in asked["address"]]
    known = base[["lon", "lat"]].to_numpy()
    rows = [int(answers[0].id) if answers else -1 for answers in found]
    return np.array([known[row] if row >= 0 else (np.nan, np.nan) for row in rows])


def _prepared(base: pd.DataFrame, socket: str) -> Any:
    with open(os.devnull, "w") as silent, contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        from addok.config import config

        config.REDIS = {"unix_socket_path": socket, "host": None, "indexes": {"db": 0}, "documents": {"db": 1}}
        config.load()
        from addok.batch import process_documents
        from addok.core import search

        process_documents(*(_document(row, text) for row, text in enumerate(base["address"])))
    return search


def _document(row: int, text: str) -> str:
    told = {"_id": str(row), "id": str(row), "type": "street", "name": _spaced(text), "lat": 0.0, "lon": 0.0}
    return json.dumps(told | {"importance": 0.5, "city": "x"})


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[0-9]+|[A-Za-z]+|\S", text))


@contextlib.contextmanager
def _redis() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="beatgrid-bench-") as folder:
        socket = Path(folder) / "redis.sock"
        words = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            while not socket.exists():
                time.sleep(0.05)
            yield str(socket)
        finally:
            server.terminate()
            server.wait(10)
