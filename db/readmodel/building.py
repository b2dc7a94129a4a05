"""Building and patching the model: rows of the record → columns → files, whole or not at all."""

import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text

from db.city import City, city
from db.readmodel.changing import places_stamp, record_stamp, snapshot
from db.readmodel.columns import Events, Part, Ticks
from db.readmodel.making import fits, known, make
from db.readmodel.model import CURRENT, About, Model, open_model, point_to, superseded, write_about, write_folder
from db.readmodel.reading import Progress
from db.readmodel.record_rows import read_record
from db.readmodel.spots import read_spots
from db.readmodel.words import Words, read_words
from geo.errors import Denied, Unavailable

# Beyond this part of the model patching costs more than it saves.
LARGEST_PART = 0.1


def build(conn: Connection, home: Path, progress: Progress | None = None) -> Model:
    """Read all matters of the record into a new model under `home` and make it the present one.

    progress: told how many rows have been read. Denied unless the transaction's actor sees everything. Models before
    the last one are removed; readers that hold one keep it.
    """
    _demand_everything(conn)
    # Versions first, dictionaries last: a change meanwhile makes the model look old, never its codes unknown.
    told, words = _about(conn), read_words(conn)
    record = read_record(conn, [code for code, _ in words.channels], progress=progress)
    spots, words = read_spots(conn), read_words(conn, words)
    ticks = Ticks() if fits(Ticks(), record) else Ticks(1)
    part, events = make(record, ticks, spots, words)
    folder = home / f"{told.boundary_version}-{told.data_version}-{time.time_ns()}"
    write_folder(folder, part, events, np.empty(0, np.int64), _with(told, ticks, words, []), spots)
    before = (home / CURRENT).read_text().strip().partition("/")[0] if (home / CURRENT).exists() else None
    point_to(home, folder.name)
    _remove_old(home, {folder.name, before})
    return open_model(home)


def patch(conn: Connection, home: Path, ids: Iterable[int], progress: Progress | None = None) -> Model:
    """Read the given matters anew and lay them beside the model as a delta; those that are gone disappear from it.

    Deltas that are not much larger are read again with it, so that there are ever only few. Builds the whole model
    where a delta will not do: none yet, redrawn boundaries, finer instants, too much changed.
    """
    _demand_everything(conn)
    model = open_model(home) if (home / CURRENT).exists() else None
    told = _about(conn)
    if model is None or not _fits(model, told):
        return build(conn, home, progress)
    changed = np.unique(np.fromiter(ids, np.int64))
    kept = list(model.about.segments)
    while kept and len(older := superseded(model.folder / kept[-1])) <= 2 * len(changed):
        changed = np.union1d(changed, older)
        kept.pop()
    words = read_words(conn, model.words)
    if not words.fits(model.words) or _is_worn(model, kept, len(changed)):
        return build(conn, home, progress)
    record = read_record(conn, [code for code, _ in words.channels], changed.tolist(), progress)
    if not fits(model.ticks, record) or not known(model.spots, record):
        return build(conn, home, progress)
    name = f"delta-{time.time_ns()}"
    if len(changed):
        part, events = make(record, model.ticks, model.spots, words)
        about = _with(told, model.ticks, words, [*kept, name])
        write_folder(model.folder / name, part, events, changed, about, None)
    else:
        write_about(model.folder / name, _with(told, model.ticks, words, kept))
    point_to(home, f"{model.folder.name}/{name}")
    _remove_old(model.folder, {*kept, name, *model.about.segments, model.newest.name})
    return open_model(home)


def truth(conn: Connection, model: Model, progress: Progress | None = None) -> tuple[Part, Events]:
    """All matters of the record as they should stand in the model, for a recount; Unavailable if they cannot."""
    _demand_everything(conn)
    words = read_words(conn, model.words)
    record = read_record(conn, [code for code, _ in words.channels], progress=progress)
    if not fits(model.ticks, record) or not known(model.spots, record):
        raise Unavailable("The record has instants or cells that the read model cannot hold: build it anew.")
    return make(record, model.ticks, model.spots, words)


def _demand_everything(conn: Connection) -> None:
    if not conn.execute(text("SELECT may('figures') AND everywhere()")).scalar_one():
        raise Denied("Only who sees the figures of the whole city may build the read model: run it as an operator.")


def _about(conn: Connection) -> About:
    """The record as it is before it is read."""
    now: City = city(conn)
    return About(
        tick_us=0, zone=now.zone, data_version=now.data_version, boundary_version=now.boundary_version,
        categories=[], channels=[], snapshot=snapshot(conn), places=places_stamp(conn), record=record_stamp(conn),
    )  # fmt: skip


def _with(told: About, ticks: Ticks, words: Words, segments: list[str]) -> About:
    return replace(told, tick_us=ticks.us, categories=words.categories, channels=words.channels, segments=segments)


def _fits(model: Model, told: About) -> bool:
    """Whether the model is of this record and of its places as they are named and drawn now."""
    one, other = ((a.record, a.boundary_version, a.places) for a in (model.about, told))
    return one == other


def _is_worn(model: Model, kept: list[str], changed: int) -> bool:
    before = sum(len(superseded(model.folder / name)) for name in kept)
    return before + changed > LARGEST_PART * len(model) + 1000


def _remove_old(folder: Path, kept: set[str | None]) -> None:
    """Remove models or deltas that are neither present nor the ones before, and drafts that were never finished."""
    for each in folder.iterdir():
        if each.is_dir() and each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)
