"""A model on disk: columns in files of their own, dictionaries and spots beside them, deltas of what changed later.

home/current names the present *state*: a model folder, or a delta inside it that stands for the model and the deltas
listed in it. States are never changed, so that a reader keeps what it has opened.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from db.readmodel.columns import EVENTS, Array, Events, Part, Ticks
from db.readmodel.merging import Merged, alive, merged
from db.readmodel.spots import Spots
from db.readmodel.words import Words
from geo.errors import NotFound, Unavailable

CURRENT, DRAFT = "current", "."
FORMAT = 1  # raise it when columns change: models of another format are built anew
ABOUT, SPOTS = "about.json", "spots.json"
DAMAGED = "A file of the read model is damaged, type `manage.py db readmodel build --anew`"
COLUMNS = tuple(each.name for each in fields(Part))


@dataclass(frozen=True)
class About:
    """What a state says of itself, beside its columns.

    data_version, boundary_version, places: the record's when this was read; snapshot: PostgreSQL's, of which every
    transaction that was visible is in the columns. record: which database. segments: folders of the deltas.
    """

    tick_us: int
    zone: str
    data_version: int
    boundary_version: int
    categories: list[list[Any]]
    channels: list[list[str]]
    snapshot: str = ""
    places: str = ""
    record: str = ""
    segments: list[str] = field(default_factory=list)
    format: int = FORMAT


@dataclass(frozen=True)
class Model:
    """What a state holds. Its columns are for `scoped` alone: every reader goes through a view.

    data_version, boundary_version: the record's as they were when the model or its last delta was read.
    """

    folder: Path
    newest: Path
    about: About
    spots: Spots
    _parts: tuple[Part, ...]
    _events: tuple[Events, ...]
    _alive: tuple[Array, ...]

    def __len__(self) -> int:
        both = zip(self._parts, self._alive, strict=True)
        return sum(int(alive.sum()) if len(alive) else len(part) for part, alive in both)

    @cached_property
    def ticks(self) -> Ticks:
        """How instants are written."""
        return Ticks(self.about.tick_us)

    @cached_property
    def words(self) -> Words:
        """What codes of categories and channels mean."""
        return Words(self.about.categories, self.about.channels)

    @property
    def zone(self) -> str:
        """The city's time zone."""
        return self.about.zone

    @property
    def data_version(self) -> int:
        """The record's data version when this was read."""
        return self.about.data_version

    @property
    def boundary_version(self) -> int:
        """The record's boundary version when this was read."""
        return self.about.boundary_version

    @cached_property
    def nbytes(self) -> int:
        """Bytes of the columns of all parts."""
        events = sum(column.nbytes for tables in self._events for table in tables.values() for column in table.values())
        return events + sum(part.nbytes for part in self._parts)

    @property
    def deltas(self) -> int:
        """How many deltas stand beside the first part."""
        return len(self._parts) - 1

    @cached_property
    def _tables(self) -> Mapping[str, Merged]:
        """Every table as one, of the rows that live."""
        return merged(self._parts, self._events, self._alive)


def open_model(home: Path, before: Model | None = None) -> Model:
    """The present state under `home` (BEATGRID_HOME/readmodel), memory-mapped.

    Raises NotFound before the first build, Unavailable when a file of it cannot be read.
    before: a model opened earlier; what both stand on is not read again, and it is handed back where nothing changed.
    """
    pointer = home / CURRENT
    for _ in range(100):
        if not pointer.exists():
            break
        try:
            return _open(home / pointer.read_text().strip(), before)
        except FileNotFoundError:
            # Somebody has just replaced it and removed the one before.
            time.sleep(0.01)
        except ValueError as error:
            raise Unavailable(f"{DAMAGED}: {error}") from error
    raise NotFound("There is no read model yet: build it first.")


def _open(newest: Path, before: Model | None) -> Model:
    if before is not None and before.newest == newest:
        return before
    told = json.loads((newest / ABOUT).read_text())
    if told.get("format") != FORMAT:
        raise NotFound("The read model was built by another version of beatgrid: build it anew.")
    about = About(**told)
    folder = newest.parent if newest.name.startswith("delta-") else newest
    known = before if before is not None and before.folder == folder else None
    folders = [folder, *(folder / name for name in about.segments)]
    first = (known._parts[0], known._events[0]) if known else (_read_part(folder), _read_events(folder))
    read = [first, *((_read_part(each), _read_events(each)) for each in folders[1:])]
    parts = tuple(part for part, _ in read)
    return Model(
        folder=folder,
        newest=newest,
        about=about,
        spots=known.spots if known else Spots.of(pd.DataFrame(json.loads((folder / SPOTS).read_text()))),
        _parts=parts,
        _events=tuple(events for _, events in read),
        _alive=alive(parts, [superseded(each) for each in folders]),
    )


def superseded(folder: Path) -> Array:
    """Matters (ids) of which a delta says what is true now."""
    found: Array = np.load(folder / "superseded.npy")
    return found


def write_folder(
    folder: Path, part: Part, events: Events, superseded: Array, about: About, spots: Spots | None
) -> None:
    """Write a model (or with no spots a delta) under another name, then give it its own: all of it or nothing."""
    draft = folder.with_name(f"{DRAFT}{folder.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    for name in COLUMNS:
        np.save(draft / f"{name}.npy", getattr(part, name))
    for table, columns in events.items():
        for name, column in columns.items():
            np.save(draft / f"{table}-{name}.npy", column)
    np.save(draft / "superseded.npy", superseded)
    (draft / ABOUT).write_text(json.dumps(vars(about), ensure_ascii=False))
    if spots is not None:
        (draft / SPOTS).write_text(json.dumps(spots.table.to_dict("list"), ensure_ascii=False))
    draft.rename(folder)


def write_about(folder: Path, about: About) -> None:
    """Write a state that differs from the one before in what it says of itself only."""
    draft = folder.with_name(f"{DRAFT}{folder.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    (draft / ABOUT).write_text(json.dumps(vars(about), ensure_ascii=False))
    draft.rename(folder)


def point_to(home: Path, state: str) -> None:
    """Make a state the present one."""
    draft = home / f"{DRAFT}{CURRENT}.{os.getpid()}"
    draft.write_text(state)
    draft.replace(home / CURRENT)


def _read_part(folder: Path) -> Part:
    return Part(**{name: _mapped(folder / f"{name}.npy") for name in COLUMNS})


def _read_events(folder: Path) -> Events:
    return {table: {name: _mapped(folder / f"{table}-{name}.npy") for name in kinds} for table, kinds in EVENTS.items()}


def _mapped(file: Path) -> Array:
    # Nothing can be mapped of a file without rows.
    return np.asarray(np.load(file, mmap_mode="r"))
