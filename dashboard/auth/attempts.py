"""A bound on failures from one address, whatever was tried: accounts lock by themselves, this spares the host."""

import threading
import time
from collections import deque

WITHIN_S = 60.0
MOST = 20
REMEMBERED = 5_000


class Attempts:
    """Counts failures by key over the last minute."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._failed: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def too_many(self, key: str) -> bool:
        """Whether nothing from there is looked at for now."""
        with self._lock:
            times = self._failed.get(key, deque())
            while times and time.monotonic() - times[0] > WITHIN_S:
                times.popleft()
            return len(times) >= self._most

    def failed(self, key: str) -> None:
        """Remember a failure."""
        with self._lock:
            if len(self._failed) >= REMEMBERED:
                self._failed.clear()
            self._failed.setdefault(key, deque()).append(time.monotonic())
