"""A model on disk: columns in files of their own, dictionaries and spots beside them, deltas of what changed later."""

import json
import os
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from db.readmodel.columns import Array, Part, Ticks
from db.readmodel.spots import Spots
from geo.errors import NotFound

CURRENT = "current"
ABOUT, SPOTS = "about.json", "spots.json"
COLUMNS = tuple(field.name for field in fields(Part))


@dataclass(frozen=True)
class Words:
    """Dictionaries: category (id, code, name, group, containable) and channel (code, name), in the order of codes."""

    categories: list[list[Any]]
    channels: list[list[str]]


@dataclass(frozen=True)
class Model:
    """What a folder holds. Its columns are for `scoped` alone: every reader goes through a view.

    data_version, boundary_version: the record's as they were when the model or its last delta was read.
    """

    folder: Path
    ticks: Ticks
    zone: str
    data_version: int
    boundary_version: int
    words: Words
    spots: Spots
    _parts: tuple[Part, ...]
    _alive: tuple[Array, ...]

    def __len__(self) -> int:
        both = zip(self._parts, self._alive, strict=True)
        return sum(int(alive.sum()) if len(alive) else len(part) for part, alive in both)

    @cached_property
    def nbytes(self) -> int:
        """Bytes of the columns of all parts."""
        return sum(part.nbytes for part in self._parts)

    @property
    def newest(self) -> Path:
        """The folder of the last delta, else of the model itself: what goes with this state and no other lies there."""
        return self.folder / delta_name(self.deltas) if self.deltas else self.folder

    @property
    def deltas(self) -> int:
        """How many deltas stand beside the first part."""
        return len(self._parts) - 1


def delta_name(number: int) -> str:
    """The folder of the first, second … delta."""
    return f"delta-{number:04d}"


def open_model(home: Path) -> Model:
    """The current model under `home` (BEATGRID_HOME/readmodel), memory-mapped. NotFound before the first build."""
    pointer = home / CURRENT
    if not pointer.exists():
        raise NotFound("There is no read model yet: build it first.")
    folder = home / pointer.read_text().strip()
    folders = [folder, *sorted(folder.glob("delta-*[0-9]"))]
    about = json.loads((folders[-1] / ABOUT).read_text())
    parts = tuple(_read_part(each) for each in folders)
    return Model(
        folder=folder,
        ticks=Ticks(about["tick_us"]),
        zone=about["zone"],
        data_version=about["data_version"],
        boundary_version=about["boundary_version"],
        words=Words(about["categories"], about["channels"]),
        spots=Spots.of(pd.DataFrame(json.loads((folder / SPOTS).read_text()))),
        _parts=parts,
        _alive=_alive(parts, [np.load(each / "superseded.npy") for each in folders]),
    )


def write_folder(folder: Path, part: Part, superseded: Array, about: dict[str, Any], spots: Spots | None) -> None:
    """Write a model (or with no spots a delta) under another name, then give it its own: all of it or nothing."""
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    for name in COLUMNS:
        np.save(draft / f"{name}.npy", getattr(part, name))
    np.save(draft / "superseded.npy", superseded)
    (draft / ABOUT).write_text(json.dumps(about, ensure_ascii=False))
    if spots is not None:
        (draft / SPOTS).write_text(json.dumps(spots.table.to_dict("list"), ensure_ascii=False))
    draft.rename(folder)


def point_to(home: Path, version: str) -> None:
    """Make a model the current one."""
    draft = home / f".{CURRENT}.{os.getpid()}"
    draft.write_text(version)
    draft.replace(home / CURRENT)


def _read_part(folder: Path) -> Part:
    # Nothing can be mapped of a file without rows.
    mapped = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in COLUMNS}
    return Part(**{name: np.asarray(column) for name, column in mapped.items()})


def _alive(parts: tuple[Part, ...], superseded: list[Array]) -> tuple[Array, ...]:
    """Which rows of each part no later delta replaces; nothing where none does."""
    found = []
    for number, part in enumerate(parts):
        later = np.concatenate([np.empty(0, np.int64), *superseded[number + 1 :]])
        found.append(~np.isin(part.id, later) if len(later) else np.empty(0, np.bool_))
    return tuple(found)
