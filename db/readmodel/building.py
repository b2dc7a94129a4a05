"""Building and patching the model: rows of the record → columns → files, whole or not at all."""

import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, select, text

from db.city import City, city
from db.readmodel.columns import Array, Part, Ticks
from db.readmodel.model import CURRENT, Model, Words, delta_name, open_model, point_to, write_folder
from db.readmodel.reading import INSTANTS, Progress, read_rows
from db.readmodel.spots import Spots, read_spots
from db.tables import Category, Channel
from geo.errors import Denied, Unavailable
from grids.levels import LEVELS

# Beyond this part of the model, or so many deltas, patching costs more than it saves.
LARGEST_PART, MOST_DELTAS = 0.1, 32


def build(conn: Connection, home: Path, progress: Progress | None = None) -> Model:
    """Read all matters of the record into a new model under `home` and make it the current one.

    progress: told how many rows have been read. Denied unless the transaction's actor sees everything. Models before
    the last one are removed; readers that hold one keep it.
    """
    _demand_everything(conn)
    # Versions first, dictionaries last: a change meanwhile makes the model look old, never its codes unknown.
    now, words = city(conn), _words(conn, None)
    rows = read_rows(conn, [code for code, _ in words.channels], progress=progress)
    spots, words = read_spots(conn), _words(conn, words)
    ticks = _ticks(rows)
    part = _part(rows, ticks, spots, words)
    folder = home / f"{now.boundary_version}-{now.data_version}-{time.time_ns()}"
    write_folder(folder, part, np.empty(0, np.int64), _about(now, ticks, words), spots)
    before = (home / CURRENT).read_text().strip() if (home / CURRENT).exists() else None
    point_to(home, folder.name)
    _remove_old(home, {folder.name, before})
    return open_model(home)


def patch(conn: Connection, home: Path, ids: Iterable[int], progress: Progress | None = None) -> Model:
    """Read the given matters anew and lay them beside the model as a delta; those that are gone disappear from it.

    Builds the whole model where a delta will not do: none yet, redrawn boundaries, finer instants, too much changed.
    """
    _demand_everything(conn)
    changed = np.unique(np.fromiter(ids, np.int64))
    now = city(conn)
    model = open_model(home) if (home / CURRENT).exists() else None
    if model is None or _is_worn(model, len(changed)) or model.boundary_version != now.boundary_version:
        return build(conn, home, progress)
    words = _words(conn, model.words)
    rows = read_rows(conn, [code for code, _ in words.channels], changed.tolist(), progress)
    if not all(model.ticks.fit(rows[name]) for name in INSTANTS) or not _known(model.spots, rows):
        return build(conn, home, progress)
    part = _part(rows, model.ticks, model.spots, words)
    folder = model.folder / delta_name(model.deltas + 1)
    write_folder(folder, part, changed, _about(now, model.ticks, words), None)
    return open_model(home)


def refresh(conn: Connection, home: Path, ids: Iterable[int]) -> Model:
    """The current model, patched by the changed matters when the record is newer than it."""
    if (home / CURRENT).exists() and (model := open_model(home)).data_version == city(conn).data_version:
        return model
    return patch(conn, home, ids)


def part_of(conn: Connection, model: Model) -> tuple[Part, Words]:
    """All matters of the record as they should stand in the model, for a recount; Unavailable if they cannot."""
    _demand_everything(conn)
    words = _words(conn, model.words)
    rows = read_rows(conn, [code for code, _ in words.channels])
    if not all(model.ticks.fit(rows[name]) for name in INSTANTS) or not _known(model.spots, rows):
        raise Unavailable("The record has instants or cells that the read model cannot hold: build it anew.")
    return _part(rows, model.ticks, model.spots, words), words


def _demand_everything(conn: Connection) -> None:
    if not conn.execute(text("SELECT may('figures') AND everywhere()")).scalar_one():
        raise Denied("Only who sees the figures of the whole city may build the read model: run it as an operator.")


def _is_worn(model: Model, changed: int) -> bool:
    return model.deltas >= MOST_DELTAS or changed > LARGEST_PART * len(model) + 1000


def _words(conn: Connection, before: Words | None) -> Words:
    """The dictionaries, those known before in their places."""
    columns = (Category.id, Category.code, Category.name, Category.group, Category.containable)
    categories = {row[0]: list(row) for row in conn.execute(select(*columns).order_by(Category.id))}
    channels = {row[0]: list(row) for row in conn.execute(select(Channel.code, Channel.name_zh).order_by(Channel.code))}
    known = before or Words([], [])
    in_order = [categories.pop(row[0], row) for row in known.categories] + list(categories.values())
    return Words(in_order, [channels.pop(row[0], row) for row in known.channels] + list(channels.values()))


def _ticks(rows: Array) -> Ticks:
    seconds = Ticks()
    return seconds if all(seconds.fit(rows[name]) for name in INSTANTS) else Ticks(1)


def _known(spots: Spots, rows: Array) -> bool:
    return bool(np.isin(rows["cell"], [0, *spots.cells]).all() and np.isin(rows["now"], [0, *spots.cells]).all())


def _part(rows: Array, ticks: Ticks, spots: Spots, words: Words) -> Part:
    """Rows of `read_rows` as columns."""
    if (rows["channel"] == 0).any() or len(words.channels) > 127 or len(words.categories) > 32_767:
        raise Unavailable("A channel appeared while the read model was read, or there are too many: build it again.")
    rows = rows[np.lexsort((rows["closed"], rows["id"], rows["opened"]))]
    again = np.zeros(len(rows), np.bool_)
    again[1:] = rows["id"][1:] == rows["id"][:-1]
    one, more = rows[~again], rows[again]
    packed: dict[str, Any] = {
        name: ticks.pack(one[name]) for name in ("opened", "severity_at", "due", "closed", "reopened")
    }
    ids = np.array([row[0] for row in words.categories], dtype=np.int64)
    by_id = np.argsort(ids)
    return Part(
        id=one["id"].astype(np.int64),
        spot=spots.at(one["cell"], one["opened"]),
        now=spots.cell_of_today(one["now"]),
        category=by_id[np.searchsorted(ids[by_id], one["category"])].astype(np.int16),
        channel=(one["channel"] - 1).astype(np.int8),
        grades=(one["initial"] + 4 * one["severity"]).astype(np.int8),
        reached=np.ascontiguousarray(np.vstack([ticks.pack(one[f"reached_{level}"]) for level in LEVELS])),
        more_row=(np.cumsum(~again) - 1)[again].astype(np.int64),
        more_closed=ticks.pack(more["closed"]),
        more_reopened=ticks.pack(more["reopened"]),
        **packed,
    )


def _about(now: City, ticks: Ticks, words: Words) -> dict[str, Any]:
    return {
        "tick_us": ticks.us, "zone": now.zone, "data_version": now.data_version,
        "boundary_version": now.boundary_version, "categories": words.categories, "channels": words.channels,
    }  # fmt: skip


def _remove_old(home: Path, kept: set[str | None]) -> None:
    for folder in home.iterdir():
        if folder.is_dir() and folder.name not in kept and not folder.name.startswith("."):
            shutil.rmtree(folder, ignore_errors=True)
