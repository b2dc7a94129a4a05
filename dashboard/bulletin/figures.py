"""Everything a bulletin says, as plain values: gathered once, frozen as one text, laid out as often as wanted."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.reading.records import plain
from geo.errors import InputError

Row = dict[str, Any]
VERSION = 1
TABLES = (
    "key", "severity", "beats", "escaped", "chains", "communities", "diversions", "fairness", "gaps", "cells",
    "clock", "trend", "panel", "waiting", "channels",
)  # fmt: skip

KEYS = (
    "reports", "matters", "contained", "stayed_in_street", "on_spot", "mediation", "closing", "on_time", "satisfaction",
    "revisit", "held", "repeat", "accepted", "done", "one_community", "regraded",
)  # fmt: skip
# What a station wants of each; nothing for what is neither good nor bad in itself.
WANTED = {"reports": "down", "repeat": "down"} | dict.fromkeys((*KEYS[2:11], "accepted", "done"), "up")


@dataclass(frozen=True)
class Figures:
    """The figures of one place and period.

    about: place ("kind:code"), place_kind, place_name, city, zone, synthetic, kind (month or week), by (beat or
    station: what tables have rows for), first and last (local days, both included), before_ and year_ of these (the
    periods compared with), policy, panel, small (counts of cells, communities and categories below it are not told),
    as_of (the end of the period: the instant of judging), today, through (last report), reports_city, unplaced (of
    the whole city), demand_classes (lower ends, minutes).

    tables: rows of TABLES; numerators and denominators, shares only where an interval belongs to them.
    key: code, kind (count or share), k, n, low, high, and k, n, z and direction of `before_` and `year_`.
    beats: one row a beat with every count. cells: one row a cell. trend: 13 months. panel: 两降一升, one row a line.

    shapes: the map, already in picture units, so that a frozen bulletin keeps its borders (`maps.draw_shapes`).
    """

    about: Row
    tables: dict[str, list[Row]]
    shapes: Row

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def __getattr__(self, table: str) -> list[Row]:
        """A table by its name, as templates like to write it."""
        if table not in TABLES:
            raise AttributeError(table)
        return self[table]

    def key_rows(self) -> list[Row]:
        """The key figures in the order of KEYS; shares of nothing at all are left out."""
        found = (self.row("key", code) for code in KEYS)
        return [row for row in found if row is not None and (row["kind"] == "count" or row["n"])]

    def row(self, table: str, code: str) -> Row | None:
        """The row of a table whose `code` it is."""
        return next((row for row in self[table] if row.get("code") == code), None)

    def text(self) -> str:
        """Canonical JSON: the same figures give the same text, letter by letter."""
        told = {"version": VERSION, "about": self.about, "tables": self.tables, "shapes": self.shapes}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def read(cls, text: str) -> "Figures":
        """Figures from their text. InputError for what is none, or of a later version."""
        try:
            told = json.loads(text)
            found = cls(told["about"], told["tables"], told["shapes"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError("These are no figures of a bulletin: take the file that `--json` wrote.") from error
        if told.get("version") != VERSION:
            raise InputError(f"These figures are of version {told.get('version')}: this program reads {VERSION}.")
        return found


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as plain values."""
    found: list[Row] = plain(frame)
    return found


def digest(text: str) -> str:
    """SHA-256 of a frozen text in hexadecimal; its first 12 letters are printed on the bulletin."""
    return hashlib.sha256(text.encode()).hexdigest()
