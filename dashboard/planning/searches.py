"""Optimisers at work: each in a thread of its own, told to stop with the best so far, kept for whoever began it."""

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from geo.errors import BeatgridError, NotFound, Refused

MOST_AT_WORK, MOST_KEPT = 2, 40
FAILED = "The search failed; the log of the server says why."
log = logging.getLogger(__name__)
Work = Callable[["Search"], Any]


@dataclass
class Search:
    """One search on a plan. found: what its work returned; edit: the last edit that it saw."""

    number: int
    plan: str
    by: str
    edit: int
    done: int = 0
    of: int = 1
    moves: int = 0
    found: Any = None
    error: str | None = None
    over: bool = False
    stopped: threading.Event = field(default_factory=threading.Event, repr=False)

    def told(self, progress: Any) -> None:
        """Take what a search says of itself while it runs."""
        self.done, self.of, self.moves = progress.done, progress.of, progress.moves


class Searches:
    """Every search of this process. Safe to share between threads."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._kept: dict[int, Search] = {}
        self._lock = threading.Lock()

    def begin(self, plan: str, by: str, edit: int, work: Work) -> Search:
        """Start `work` beside the requests. Raises Refused while as many run as the machine bears."""
        with self._lock:
            running = [each for each in self._kept.values() if not each.over]
            if len(running) >= MOST_AT_WORK:
                raise Refused(f"{len(running)} searches are running already: wait for one, or stop yours.")
            search = Search(next(self._numbers), plan, by, edit)
            self._kept[search.number] = search
            for number in list(self._kept)[:-MOST_KEPT]:
                del self._kept[number]
        threading.Thread(target=_run, args=(search, work), name=f"search-{search.number}", daemon=True).start()
        return search

    def one(self, plan: str, number: int) -> Search:
        """A search of a plan by number. Raises NotFound, also after a restart of the server."""
        found = self._kept.get(number)
        if found is None or found.plan != plan:
            raise NotFound(f"There is no search {number} of plan {plan} any more: begin a new one.")
        return found

    def latest(self, plan: str) -> Search | None:
        """The last search of a plan, so that a page that is opened again finds it."""
        return next((each for each in reversed(list(self._kept.values())) if each.plan == plan), None)


def _run(search: Search, work: Work) -> None:
    try:
        search.found = work(search)
    except BeatgridError as error:
        search.error = str(error)
    except Exception:
        log.exception("search %d of plan %s", search.number, search.plan)
        search.error = FAILED
    finally:
        search.over = True
