"""Tells every screen when there is something new: one thread listens to the record, however many screens there are."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import Engine

from db.listening import Heard, listening

LEAST_S = 0.5  # between two beats
QUIET_S = 5.0  # of silence after which the connection is tried
AGAIN_S = 1.0  # until the next try to reach a database that is gone

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Ear:
    """One screen's end: `stamp` is the newest, None while the database cannot be reached. Made in its own loop."""

    stamp: str | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def tell(self, stamp: str | None) -> None:
        """Called from any thread; a screen that is slow hears the newest stamp only."""
        self.stamp = stamp
        self._loop.call_soon_threadsafe(self._news.set)

    async def news(self, seconds: float) -> None:
        """Wait for a word, so long at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        self._news.clear()


class Pulse:
    """The stamp as the record's own calls change it. Safe to share between threads.

    refresh: brings what the figures are read from up to the record; stamp: what the record holds now. The thread runs
    while anybody listens.
    """

    def __init__(self, engine: Engine, refresh: Callable[[], object], stamp: Callable[[], str]) -> None:
        self._engine, self._refresh, self._stamp = engine, refresh, stamp
        self._ears: set[Ear] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._last: str | None = None

    @contextmanager
    def ear(self) -> Iterator[Ear]:
        """Within: the ear of one screen, told of the present stamp and of every new one."""
        ear = Ear()
        with self._lock:
            self._ears.add(ear)
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="pulse", daemon=True)
                self._thread.start()
            elif self._last is not None:
                ear.tell(self._last)
        try:
            yield ear
        finally:
            with self._lock:
                self._ears.discard(ear)

    def __len__(self) -> int:
        return len(self._ears)

    def _follow(self) -> None:
        while self._wanted():
            try:
                with listening(self._engine) as heard:
                    self._listen(heard)
            except Exception as error:
                # Whatever it was, screens must hear of it and of its end: this thread is all they have.
                if self._last is not None:
                    log.warning("Screens are not told of changes: %s", error)
                self._tell(None)
                time.sleep(AGAIN_S)

    def _wanted(self) -> bool:
        """Whether anybody still listens; if not, the thread is over and the next ear starts another."""
        with self._lock:
            if not self._ears:
                self._thread = self._last = None
            return bool(self._ears)

    def _listen(self, heard: Heard) -> None:
        news = True  # what changed before we listened
        while self._ears:
            began = time.monotonic()
            if news:
                # Figures first, then the word: who hears it finds what it speaks of.
                self._refresh()
                self._tell(self._stamp())
                time.sleep(max(0.0, LEAST_S - (time.monotonic() - began)))
            news = heard(QUIET_S)

    def _tell(self, stamp: str | None) -> None:
        with self._lock:
            self._last = stamp
            behind = [ear for ear in self._ears if ear.stamp != stamp]
        for ear in behind:
            ear.tell(stamp)
