"""What somebody asked for without the right goes into the audit, but not a thousand times a minute."""

import logging
import threading
import time

from sqlalchemy import Engine

from db import audit
from db.engine import begin
from db.keys import Keys
from geo.errors import BeatgridError
from grids.rights import Who

LOG = logging.getLogger("beatgrid")
EVERY_S = 60.0
REMEMBERED = 2_000


class Denials:
    """Writes one audit row a minute for each person and address; the next one says how many were left out."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys
        self._last: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def write(self, who: Who, method: str, path: str, need: str | None) -> None:
        """Audit a denial, unless the same one was written within the last minute."""
        left_out = self._due((who.name, path))
        if left_out is None:
            return
        detail = {"method": method, "needs": need, "left_out": left_out}
        try:
            with begin(self._engine, who) as conn:
                audit.note(conn, self._keys, who, "denied", path[:200], detail=detail)
        except BeatgridError as error:
            LOG.warning("a denial could not be audited: %s", error)

    def _due(self, key: tuple[str, str]) -> int | None:
        with self._lock:
            at, left_out = self._last.get(key, (-EVERY_S, 0))
            if time.monotonic() - at < EVERY_S:
                self._last[key] = (at, left_out + 1)
                return None
            if len(self._last) >= REMEMBERED:
                self._last.clear()
            self._last[key] = (time.monotonic(), 0)
            return left_out
