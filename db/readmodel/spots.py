"""Spots: a cell together with the beat that holds it for a while; and each cell with the beat of today.

A small table that turns one number a matter into everything that a place is called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.readmodel.columns import AGO_US, LONG_US, Array, microseconds
from db.readmodel.scans import hold
from geo.errors import InputError

PLACES = ("cell", "beat", "community", "street", "district", "station")
COLUMNS = ("cell_id", "station_id", "since", "until", *PLACES, *(f"{place}_label" for place in PLACES))

HOLDINGS = """
    SELECT c.id AS cell_id, c.code AS cell, c.name AS cell_label, lower(h.valid) AS since, upper(h.valid) AS until,
        b.code AS beat, b.name AS beat_label, u.id AS station_id, u.code AS station, u.name AS station_label,
        a.code AS community, a.name AS community_label, s.code AS street, s.name AS street_label,
        d.code AS district, d.name AS district_label, h.id IS NOT NULL AS held
    FROM cell c
    LEFT JOIN beat_cell h ON h.cell_id = c.id LEFT JOIN beat b ON b.id = h.beat_id
    LEFT JOIN unit u ON u.id = b.station_id
    LEFT JOIN area a ON a.id = c.community_id LEFT JOIN area s ON s.id = a.parent_id AND s.level = 'street'
    LEFT JOIN area d ON d.id = coalesce(s.parent_id, a.parent_id) AND d.level = 'district'
    ORDER BY c.id, lower(h.valid) NULLS FIRST"""


Names = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Places:
    """What column `spot` or `now` of the model points at: rows of the spots, the first of them nowhere."""

    spots: "Spots"
    rows: Array

    def __len__(self) -> int:
        return len(self.rows)

    def named(self, kind: str) -> tuple[Array, Names]:
        """A code for each place, and what each code is called: (key, label), by key, nothing last."""
        codes, names = self.spots.named(kind)
        return codes[self.rows], names

    @property
    def stations(self) -> Array:
        """The station (id) of each place, -1 for none."""
        return self.spots.table["station_id"].to_numpy(np.int64)[self.rows]


@dataclass(frozen=True)
class Spots:
    """table: COLUMNS, row 0 nowhere; since, until in microseconds since 2000. starts: first row of each cell.

    cells: ids in order, of which `now` columns hold 1 + the place.
    """

    table: pd.DataFrame
    cells: Array
    starts: Array
    _named: dict[str, tuple[Array, Names]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Spots":
        """Spots of a table as `table` is described."""
        cells, starts = np.unique(table["cell_id"].to_numpy(np.int64)[1:], return_index=True)
        return cls(table, cells, np.append(starts + 1, len(table)).astype(np.int64))

    def at(self, cell: Array, instants: Array) -> Array:
        """The spot of each cell (id, 0 for none) at an instant (microseconds)."""
        out = np.empty(len(cell), np.int32)
        since = self.table["since"].to_numpy(np.int64)
        hold(self.cell_of_today(cell), np.ascontiguousarray(instants, np.int64), self.starts, since, out)
        return out

    def cell_of_today(self, cell: Array) -> Array:
        """1 + the place of each cell (id) among `cells`, 0 for none."""
        return np.where(cell == 0, 0, np.searchsorted(self.cells, cell) + 1).astype(np.int32)

    def then(self) -> Places:
        """The places of column `spot`: cells as they were held when the matter was opened."""
        return Places(self, np.arange(len(self.table)))

    def as_of(self, at: datetime) -> Places:
        """The places of column `now`: cells as they were held at one instant."""
        held = self.at(self.cells, np.full(len(self.cells), microseconds(at)))
        return Places(self, np.append(0, held).astype(np.int64))

    def under(self, assignment: Mapping[str, str], at: datetime) -> Places:
        """The places of column `now` under a draft: cell code → beat code; other cells as they are held at `at`.

        InputError for a cell that there is not. A beat of the draft that there is not yet is named by its code.
        """
        table = self.table.iloc[self.as_of(at).rows].reset_index(drop=True)
        unknown = set(assignment) - set(table["cell"].dropna())
        if unknown:
            raise InputError(f"There is no cell {min(unknown)}: name cells of the city in the draft.")
        told = [code if pd.isna(code) else assignment.get(code) for code in table["cell"]]
        moved = pd.Series(told, index=table.index, dtype=object)
        beats = self.table.dropna(subset="beat").drop_duplicates("beat", keep="last").set_index("beat")
        drawn = moved.notna().to_numpy()
        for name, nothing in (("beat_label", None), ("station", None), ("station_label", None), ("station_id", -1)):
            by_beat = dict(zip(beats.index, beats[name], strict=True))
            known = [by_beat.get(code, nothing) for code in moved[drawn]]
            column = table[name].to_numpy(copy=True)
            column[drawn] = known
            table[name] = column
        table.loc[drawn, "beat"] = moved[drawn]
        table["beat_label"] = table["beat_label"].where(table["beat_label"].notna(), table["beat"])
        return Places(Spots.of(table), np.arange(len(table)))

    def named(self, kind: str) -> tuple[Array, Names]:
        """`Places.named` of all spots; found once."""
        if kind not in self._named:
            pairs = [
                (None if pd.isna(key) else key, None if pd.isna(key) else label)
                for key, label in zip(self.table[kind], self.table[f"{kind}_label"], strict=True)
            ]
            names = sorted(set(pairs), key=lambda pair: (pair[0] is None, pair[0] or "", pair[1] or ""))
            codes = {pair: code for code, pair in enumerate(names)}
            self._named[kind] = np.array([codes[pair] for pair in pairs], np.int64), names
        return self._named[kind]


def read_spots(conn: Connection) -> Spots:
    """Every cell and every time it was held by a beat or by none, from the record."""
    rows: list[dict[str, Any]] = [dict.fromkeys(COLUMNS) | {"cell_id": 0, "since": AGO_US, "until": LONG_US}]
    for _, held in groupby(conn.execute(text(HOLDINGS)).mappings(), key=itemgetter("cell_id")):
        rows += _without_gaps([dict(row) for row in held])
    columns: dict[str, Any] = {name: np.array([row[name] for row in rows], dtype=object) for name in COLUMNS}
    stations = np.array([-1 if row["station_id"] is None else row["station_id"] for row in rows], np.int64)
    numbers = {name: columns[name].astype(np.int64) for name in ("cell_id", "since", "until")}
    return Spots.of(pd.DataFrame(columns | numbers | {"station_id": stations}))


def _without_gaps(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Holdings of one cell in order of time, with rows that name no beat where none holds it."""
    nobody = dict.fromkeys(("beat", "beat_label", "station", "station_label", "station_id"))
    found, reached = [], AGO_US
    for row in held if held[0]["held"] else []:
        since = AGO_US if row["since"] is None else microseconds(row["since"])
        until = LONG_US if row["until"] is None else microseconds(row["until"])
        if since > reached:
            found.append(row | nobody | {"since": reached, "until": since})
        found.append(row | {"since": since, "until": until})
        reached = until
    if reached < LONG_US:
        found.append(held[0] | nobody | {"since": reached, "until": LONG_US})
    return found
