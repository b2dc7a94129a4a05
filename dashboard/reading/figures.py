"""The read model as this process holds it: kept up by a thread of its own while serving, and bounded by who asks."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from db import readmodel
from db.engine import begin
from db.readmodel import Model, View
from db.readmodel.keeping import home_of, is_current
from db.readmodel.reading import Progress
from db.settings import Settings
from geo.errors import Unavailable
from grids.rights import Who

LOOK_EVERY_S = 1.0
WAIT_S = 20.0  # for the first model of a process
LEAVES_S = 5.0  # for a reading under way when serving ends; a build is cut off, which leaves the model before it
SCOPES_LIVE_S, MOST_SCOPES = 10.0, 200

log = logging.getLogger(__name__)


class Figures:
    """The present read model and the views of it. Safe to share between threads."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._home, self._engine = home_of(settings), engine
        self._model: Model | None = None
        self._views: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[float, View]] = {}
        self._there, self._stop, self._followed = threading.Event(), threading.Event(), False
        self._refreshing = threading.Lock()

    def view(self, who: Who, progress: Progress | None = None) -> View:
        """What `who` may count: of the newest model while it is followed, else of the record as it is now.

        Raises Denied without the right to figures, Unavailable while the first model is still being built.
        """
        model = self._newest(progress)
        key = (who.roles, who.places)
        kept = self._views.get(key)
        # Places may pass from hand to hand at a set time, so no reach is believed for long.
        if kept is None or kept[1].about is not model or time.monotonic() - kept[0] > SCOPES_LIVE_S:
            with begin(self._engine, who) as conn:
                reach = readmodel.reach_of(conn)
            if len(self._views) >= MOST_SCOPES:
                self._views.clear()
            kept = self._views[key] = (time.monotonic(), readmodel.scoped(model, reach))
        return kept[1]

    def is_behind(self) -> bool:
        """Whether the record is newer than the model that views are of now."""
        model = self._model
        with begin(self._engine, readmodel.ACTOR) as conn:
            return model is None or not is_current(conn, model)

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Within: a thread looks every second whether the record has changed, and brings the model up to it."""
        self._followed = True
        thread = threading.Thread(target=self._follow, name="read model", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(LEAVES_S)
            self._followed = False

    def refresh(self, progress: Progress | None = None) -> Model:
        """Bring the model up to the record now; a thread that asks meanwhile waits, so none puts an older one back."""
        with self._refreshing:
            self._model = readmodel.current(self._engine, self._home, progress, self._model)
            self._there.set()
            return self._model

    def _newest(self, progress: Progress | None) -> Model:
        if not self._followed:
            return self.refresh(progress)
        self._there.wait(WAIT_S)
        if self._model is None:
            raise Unavailable("The figures are being read for the first time: try again in a minute.")
        return self._model

    def _follow(self) -> None:
        told = ""
        while not self._stop.is_set():
            try:
                self.refresh()
                told = ""
            except Exception as error:
                # Whatever it was, the model before goes on being read; said once, not every second.
                if str(error) != told:
                    told = str(error)
                    log.warning("The read model could not be brought up to date: %s", error)
            self._stop.wait(LOOK_EVERY_S)
