"""The present model, kept up with the record: built, patched or built anew by whoever asks first, one at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from db.city import city
from db.engine import begin
from db.readmodel.building import build, patch
from db.readmodel.changing import changed_matters, has_changed, has_missed, prune, record_stamp
from db.readmodel.model import Model, open_model
from db.readmodel.reading import Progress
from db.readmodel.scope import Reach, View, scoped
from db.settings import Settings
from db.sums import write_sums
from geo.errors import NotFound

ACTOR = "read model"
EVERYTHING = Reach(figures=True, everywhere=True)


def current(engine: Engine, home: Path, progress: Progress | None = None, before: Model | None = None) -> Model:
    """The model under `home` (Settings.home / "readmodel") as the record is now.

    Built when there is none or the places have changed, patched with the matters that changed. One process does it at
    a time, the others wait for it; readers go on with what they have, and being cut off leaves the model before.
    before: a model opened earlier, handed back where it still holds. progress: told how many rows have been read.
    """
    with _reading(engine) as conn:
        model = _opened(home, before)
        if model is not None and is_current(conn, model):
            return model
    with held(home):
        # Another process may have done it meanwhile.
        with _reading(engine) as conn:
            model = renewed(conn, home, progress, before)
        if not model.deltas:
            with begin(engine, ACTOR) as conn:
                prune(conn)
    return model


def renewed(conn: Connection, home: Path, progress: Progress | None = None, before: Model | None = None) -> Model:
    """The same, as `conn` sees the record, for who holds `home` (`held`)."""
    model = _opened(home, before)
    if model is not None and is_current(conn, model):
        return model
    if model is None or model.about.record != record_stamp(conn) or has_missed(conn, model.about.snapshot):
        model = build(conn, home, progress)
    else:
        model = patch(conn, home, changed_matters(conn, model.about.snapshot), progress)
    if not model.deltas:
        write_sums(model)
    return model


def home_of(settings: Settings) -> Path:
    """Where the models of this installation lie."""
    return settings.home / "readmodel"


def status_of(conn: Connection, model: Model) -> dict[str, Any]:
    """How a model stands to the record: current, changed (matters), matters, versions of both, megabytes, deltas."""
    now = city(conn)
    return {
        "current": is_current(conn, model), "changed": len(changed_matters(conn, model.about.snapshot)),
        "matters": len(model), "data_version": model.data_version, "record_version": now.data_version,
        "megabytes": round(model.nbytes / 1e6), "deltas": model.deltas, "folder": str(model.folder),
    }  # fmt: skip


def whole(model: Model) -> View:
    """The view of an operator on the host, who sees everything."""
    return scoped(model, EVERYTHING)


def is_current(conn: Connection, model: Model) -> bool:
    """Whether a model says what the record says in this transaction."""
    now, told = city(conn), model.about
    for name in ("zone", "data_version", "boundary_version"):
        if getattr(now, name) != getattr(told, name):
            return False
    unread = has_changed(conn, told.snapshot) or has_missed(conn, told.snapshot)
    return not unread and record_stamp(conn) == told.record


@contextmanager
def held(home: Path) -> Iterator[None]:
    """While no other process builds or patches the models under `home`."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _reading(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction in which every query sees the record at one instant."""
    return begin(engine.execution_options(isolation_level="REPEATABLE READ"), ACTOR)


def _opened(home: Path, before: Model | None) -> Model | None:
    try:
        return open_model(home, before)
    except NotFound:
        return None
