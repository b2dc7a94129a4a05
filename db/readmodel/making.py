"""Rows of the record as columns: matters, and what happened to them."""

from typing import Any

import numpy as np
import pandas as pd

from db.readmodel.columns import (
    BAD_REVISIT,
    DUPLICATE,
    EVENTS,
    FIRST,
    GOOD_REVISIT,
    LONG_US,
    MEDIATED,
    MEDIATED_SETTLED,
    REPEAT,
    REPEATED,
    SETTLED_ON_SPOT,
    Array,
    Events,
    Part,
    Ticks,
)
from db.readmodel.record_rows import INSTANTS, SOURCES, TELLING, Record, microseconds_1970
from db.readmodel.spots import Spots
from db.readmodel.words import Words
from geo.errors import Unavailable
from grids.levels import LEVELS
from grids.outcomes.histories import settlement_flags

PACKED = ("opened", "severity_at", "due", "closed", "reopened")
TIES = {"report": "id", "followup": "kind"}


def fits(ticks: Ticks, record: Record) -> bool:
    """Whether every instant of the record can be written in these ticks."""
    return all(ticks.fit(record[source][name]) for source, names in INSTANTS.items() for name in names)


def known(spots: Spots, record: Record) -> bool:
    """Whether every cell of the record is among the spots."""
    met = [record[source][name] for source in ("matter", "report") for name in ("cell", "now")]
    return all(np.isin(cells, [0, *spots.cells]).all() for cells in met)


def make(record: Record, ticks: Ticks, spots: Spots, words: Words) -> tuple[Part, Events]:
    """Columns of the matters and of their EVENTS. Unavailable when the record changed too much while it was read."""
    _demand_words(record, words)
    rows = record["matter"]
    rows = rows[np.lexsort((rows["closed"], rows["id"], rows["opened"]))]
    again = np.zeros(len(rows), np.bool_)
    again[1:] = rows["id"][1:] == rows["id"][:-1]
    one, more = rows[~again], rows[again]
    find = _Finder(one["id"])
    settled, flags = _settled(record["history"], find, len(one))
    reports = _reports(record, find, settled, spots, words)
    category = words.place_of(one["category"])
    closings = find.row_of(rows["id"])
    is_closed = rows["closed"] != LONG_US
    part = Part(
        id=one["id"].astype(np.int64),
        spot=spots.at(one["cell"], one["opened"]),
        now=spots.cell_of_today(one["now"]),
        category=category,
        channel=(one["channel"] - 1).astype(np.int8),
        grades=(one["initial"] + 4 * one["severity"] + 16 * one["last"]).astype(np.int8),
        reached=np.ascontiguousarray(np.vstack([ticks.pack(one[f"reached_{level}"]) for level in LEVELS])),
        settled=ticks.pack(settled),
        flags=flags,
        satisfaction=one["satisfaction"].astype(np.int8),
        minutes=np.where(np.isnan(one["recorded"]), words.minutes[category], one["recorded"]),
        reports=np.bincount(reports["matter_row"], minlength=len(one)).astype(np.int32),
        more_row=(np.cumsum(~again) - 1)[again].astype(np.int64),
        more_closed=ticks.pack(more["closed"]),
        more_reopened=ticks.pack(more["reopened"]),
        **{name: ticks.pack(one[name]) for name in PACKED},
    )
    closing = {"closed": rows["closed"], "reopened": rows["reopened"], "matter_row": closings}
    events = {
        "closing": {name: column[is_closed] for name, column in closing.items()},
        "report": reports,
        "diversion": _owned(record["diversion"], find, *(name for name in EVENTS["diversion"] if name != "matter_row")),
        "followup": _followups(reports, record["revisit"], find),
        "charge": _charges(record["charge"], find, words.minutes[category]),
    }
    return part, {name: _written(name, columns, ticks) for name, columns in events.items()}


class _Finder:
    """The rows of matters by their ids; -1 for those that are not there."""

    def __init__(self, ids: Array) -> None:
        self._order = np.argsort(ids)
        self._ids = ids[self._order]

    def row_of(self, ids: Array) -> Array:
        place = np.minimum(np.searchsorted(self._ids, ids), max(0, len(self._ids) - 1))
        if not len(self._ids):
            return np.full(len(ids), -1, np.int64)
        return np.where(self._ids[place] == ids, self._order[place], -1)


def _demand_words(record: Record, words: Words) -> None:
    met = any((record[source]["channel"] == 0).any() for source in ("matter", "report"))
    if met or len(words.channels) > 127 or len(words.categories) > 32_767:
        raise Unavailable("A channel appeared while the read model was read, or there are too many: build it again.")


def _owned(rows: Array, find: _Finder, *names: str) -> dict[str, Array]:
    """The rows whose matter is there, with its row."""
    row = find.row_of(rows["matter"])
    there = row >= 0
    return {"matter_row": row[there]} | {name: rows[name][there] for name in names}


def _settled(rows: Array, find: _Finder, count: int) -> tuple[Array, Array]:
    """Instant of the first settling (LONG_US: none) and flags of each matter."""
    settled, flags = np.full(count, LONG_US), np.zeros(count, np.int8)
    steps = pd.DataFrame({"matter": rows["matter"], "no": rows["no"]})
    steps["at"] = pd.Series(microseconds_1970(rows["at"]).view("datetime64[us]")).dt.tz_localize("UTC")
    steps["kind"] = pd.Categorical.from_codes(rows["kind"] - 1, categories=pd.Index(TELLING))
    told = settlement_flags(steps)
    row = find.row_of(told.index.to_numpy(np.int64))
    told, row = told[row >= 0], row[row >= 0]
    is_settled = told["settled"].to_numpy(bool)
    at = told["settled_at"].dt.tz_localize(None).to_numpy("datetime64[us]").view(np.int64)
    settled[row[is_settled]] = at[is_settled] - microseconds_1970(np.zeros(1, np.int64))[0]
    bits = {"settled_on_spot": SETTLED_ON_SPOT, "mediated": MEDIATED, "mediated_settled": MEDIATED_SETTLED}
    for name, bit in bits.items():
        flags[row] |= (told[name].to_numpy(bool) * bit).astype(np.int8)
    return settled, flags


def _reports(record: Record, find: _Finder, settled: Array, spots: Spots, words: Words) -> dict[str, Array]:
    told = _owned(record["report"], find, *SOURCES["report"][1])
    at = told["at"]
    later = np.where(at >= settled[told["matter_row"]], REPEAT, DUPLICATE)
    return {
        "at": at,
        "id": told["id"],
        "matter_row": told["matter_row"],
        "spot": spots.at(told["cell"], at),
        "now": spots.cell_of_today(told["now"]),
        "category": words.place_of(told["category"]),
        "channel": told["channel"] - 1,
        "kind": np.where(told["first"], FIRST, later),
        "lon": told["lon"],
        "lat": told["lat"],
        "door": told["door"],
    }


def _followups(reports: dict[str, Array], revisits: Array, find: _Finder) -> dict[str, Array]:
    repeats = reports["kind"] == REPEAT
    told, count = _owned(revisits, find, "at", "bad", "officer", "minutes"), int(repeats.sum())
    kinds = [np.full(count, REPEATED), np.where(told["bad"], BAD_REVISIT, GOOD_REVISIT)]
    return {
        "at": np.concatenate([reports["at"][repeats], told["at"]]),
        "matter_row": np.concatenate([reports["matter_row"][repeats], told["matter_row"]]),
        "kind": np.concatenate(kinds),
        "officer": np.concatenate([np.zeros(count, np.int64), told["officer"]]),
        "minutes": np.concatenate([np.full(count, np.nan), told["minutes"]]),
    }


def _charges(rows: Array, find: _Finder, catalogue: Array) -> dict[str, Array]:
    """Minutes of each handler (docs/metrics.md, "Load of a person"), dated at the first step of a matter and role."""
    told = _owned(rows, find, "role", "officer", "recorded", "at")
    order = np.lexsort((told["officer"], told["role"], told["matter_row"]))
    told = {name: column[order] for name, column in told.items()}
    pair = told["matter_row"] * 8 + told["role"]
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    spread = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(pair)))
    named, recorded = told["officer"] > 0, ~np.isnan(told["recorded"])
    began = np.minimum.reduceat(told["at"], starts) if len(starts) else told["at"]
    handlers = np.bincount(spread[named], minlength=len(starts))
    any_recorded = np.bincount(spread[named & recorded], minlength=len(starts)) > 0
    own = np.where(recorded, told["recorded"], 0.0)
    shared = catalogue[told["matter_row"]] / np.maximum(handlers[spread], 1)
    minutes = np.where(any_recorded[spread], own, np.nan_to_num(shared))
    columns = {"began": began[spread], "minutes": minutes} | {n: told[n] for n in ("officer", "matter_row", "role")}
    return {name: column[named] for name, column in columns.items()}


def _written(table: str, columns: dict[str, Array], ticks: Ticks) -> dict[str, Array]:
    """Columns of a table in their types, sorted by its instant, then by matter; what ties stays as it was read."""
    kinds = EVENTS[table]
    instant, row = columns[next(iter(kinds))], columns["matter_row"]
    order = np.lexsort((columns[TIES[table]], row, instant) if table in TIES else (row, instant))
    written: dict[str, Any] = {}
    for name, kind in kinds.items():
        column = columns[name][order]
        written[name] = ticks.pack(column) if kind == "tick" else column.astype(ticks.kind(kind))
    return written
