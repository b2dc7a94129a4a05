"""Optimisers at work: each in a thread of its own, stopped with the best so far; the record keeps what they find."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from geo.errors import BeatgridError, Refused

MOST_AT_WORK = 2
FAILED = "The search failed; the log of the server says why."
log = logging.getLogger(__name__)
Work = Callable[["Search"], bool]
End = Callable[[int, bool, str | None], None]


@dataclass
class Search:
    """A search under way. done, of, moves: how far it is; stopped: set to end it with the best so far."""

    number: int
    done: int = 0
    of: int = 1
    moves: int = 0
    stopped: threading.Event = field(default_factory=threading.Event, repr=False)

    def told(self, progress: Any) -> None:
        """Take what a search says of itself while it runs."""
        self.done, self.of, self.moves = progress.done, progress.of, progress.moves


class Searches:
    """Every search under way in this process, by its number in the record. Safe to share between threads."""

    def __init__(self) -> None:
        self._running: dict[int, Search] = {}
        self._lock = threading.Lock()

    def begin(self, note: Callable[[], int], work: Work, end: End) -> Search:
        """Note a search in the record (`note` gives its number) and do `work` beside the requests.

        work: says whether it came to its end; end: told the number, that, and what went wrong, when it is over. Raises
        Refused while as many run as the machine bears.
        """
        with self._lock:
            if len(self._running) >= MOST_AT_WORK:
                raise Refused(f"{len(self._running)} searches are running already: wait for one, or stop yours.")
            search = Search(note())
            self._running[search.number] = search
        told = (search, work, end)
        threading.Thread(target=self._run, args=told, name=f"search-{search.number}", daemon=True).start()
        return search

    def running(self, number: int) -> Search | None:
        """The search with this number while it is under way here."""
        return self._running.get(number)

    def _run(self, search: Search, work: Work, end: End) -> None:
        complete, error = False, None
        try:
            complete = work(search)
        except BeatgridError as trouble:
            error = str(trouble)
        except Exception:
            log.exception("search %d", search.number)
            error = FAILED
        try:
            end(search.number, complete, error)
        except Exception:
            log.exception("the end of search %d could not be kept", search.number)
        finally:
            del self._running[search.number]
