"""What every measure asks first: which rows of a table count under a filter, and under which key each of them falls."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from db.facts import Filter
from db.readmodel.columns import EVENTS, Array
from db.readmodel.keys import Chosen, bounds, chosen, day_edges
from db.readmodel.scope import Rows, View
from db.readmodel.spots import PLACES, Names, Places
from geo.errors import InputError
from grids.grading import SEVERITIES

Draft = Mapping[str, str]
SORTED_BY = {"matter": "opened"} | {table: next(iter(kinds)) for table, kinds in EVENTS.items()}
OWN_PLACE = ("matter", "report")
WORDS = ("category", "channel", "severity")
TIMES = ("day", "month")


@dataclass(frozen=True)
class Asked:
    """Rows that count: positions in `source`, the code of each one's key, and what codes are called (key, label)."""

    view: View
    source: Rows
    rows: Array
    key: Array
    names: Names

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Array:
        """A column of the table, of the rows that count."""
        found: Array = self.source[name][self.rows]
        return found

    def of_matter(self, name: str) -> Array:
        """A column of `matter`, for each row that counts of a table of events."""
        found: Array = self.view.rows("matter")[name][self["matter_row"]]
        return found

    def where(self, mask: Array) -> "Asked":
        """Only those of the rows for which the mask (one flag a row) holds."""
        return replace(self, rows=self.rows[mask], key=self.key[mask])

    def keyed(self, key: Array, names: Names) -> "Asked":
        """The same rows under other keys."""
        return replace(self, key=key, names=names)

    def table(self, counts: Mapping[str, Array]) -> pd.DataFrame:
        """key, label and each count summed by key, keys without rows left out; flags count those that hold.

        Ungrouped: one row, without key, even of nothing.
        """
        told = np.bincount(self.key, minlength=len(self.names))
        shown = np.flatnonzero(told) if len(self.names) > 1 or self.names[0][0] is not None else np.zeros(1, np.int64)
        keys, labels = ([self.names[code][n] for code in shown] for n in (0, 1))
        frame = pd.DataFrame({"key": pd.Series(keys, dtype=object), "label": pd.Series(labels, dtype=object)})
        for name, values in counts.items():
            frame[name] = _summed(self.key, values, len(self.names))[shown]
        return frame


def ask(
    view: View, table: str, flt: Filter, *, by: str | None = None, at: str | None = "",
    boundaries: str | Draft = "then", redrawn: datetime | None = None,
) -> Asked:  # fmt: skip
    """The rows of a table that the reader sees, in the filter's place, of its categories and channels, by key.

    at: the instant that must lie in [start, end), default the table's own; None: whenever. by: a place, category,
    channel, severity, day or month (the city's, of `at`), or None. boundaries: "then", "now", or a draft (cell code →
    beat code), both as of `redrawn` (default: the filter's end). Events lie where their matter does, reports where
    they are. InputError for what is not there.
    """
    rows, column = view.rows(table), SORTED_BY[table] if at == "" else at
    found = _within(view, rows, table, column, flt)
    if rows.seen is not None:
        found = found[rows.seen[found]]
    places, where = places_of(view, flt, boundaries, redrawn)
    told = _Columns(view, rows, table, where)
    wanted = chosen(view.about, flt, places)
    found = _chosen(found, told, wanted)
    return Asked(view, rows, found, *_keys(view, by, told, found, places, column, flt))


def places_of(view: View, flt: Filter, boundaries: str | Draft, redrawn: datetime | None) -> tuple[Places, str]:
    """The table of places that boundaries mean, and the column that points into it: spot or now."""
    spots, at = view.about.spots, redrawn or flt.end
    if isinstance(boundaries, Mapping):
        return spots.under(boundaries, at), "now"
    if boundaries not in ("then", "now"):
        raise InputError(f"Boundaries are those of then or of now, or a draft, not {boundaries!r}.")
    return (spots.then(), "spot") if boundaries == "then" else (spots.as_of(at), "now")


@dataclass(frozen=True)
class _Columns:
    """What rows are chosen and grouped by: their own where they have it, else that of their matter."""

    view: View
    rows: Rows
    table: str
    where: str

    def __call__(self, name: str, found: Array) -> Array:
        name = self.where if name == "place" else name
        if self.table == "matter" or (self.table in OWN_PLACE and name != "grades"):
            return np.asarray(self.rows[name][found])
        return np.asarray(self.view.rows("matter")[name][self.rows["matter_row"][found]])


def _within(view: View, rows: Rows, table: str, column: str | None, flt: Filter) -> Array:
    if column is None:
        return np.arange(len(rows))
    instants, ticks = rows[column], view.about.ticks
    if column == SORTED_BY[table]:
        return np.arange(*bounds(instants, ticks, flt.start, flt.end))
    return np.flatnonzero((instants >= ticks.first_from(flt.start)) & (instants < ticks.end_before(flt.end)))


def _chosen(found: Array, told: _Columns, wanted: Chosen) -> Array:
    """The rows that flags of places, categories and channels let through; flags that let all through cost nothing."""
    for name, flags in (("place", wanted.places), ("category", wanted.categories), ("channel", wanted.channels)):
        if not flags.all():
            found = found[flags[told(name, found)]]
    return found


def _keys(
    view: View, by: str | None, told: _Columns, found: Array, places: Places, column: str | None, flt: Filter
) -> tuple[Array, Names]:
    words = view.about.words
    if by is None:
        return np.zeros(len(found), np.int64), [(None, None)]
    if by in PLACES:
        codes, names = one_name_a_key(*places.named(by))
        return codes[told("place", found)], names
    if by == "category":
        return told("category", found), [(row[1], row[2]) for row in words.categories]
    if by == "channel":
        return told("channel", found), [(row[0], row[1]) for row in words.channels]
    if by == "severity":
        return (told("grades", found) >> 2) & 3, [(grade, grade) for grade in range(max(SEVERITIES) + 1)]
    if by in TIMES and column is not None:
        return _times(view, by, told.rows[column][found], flt)
    raise InputError(f"Group by one of {', '.join([*PLACES, *WORDS, *TIMES])}, not {by!r}.")


def _times(view: View, unit: str, instants: Array, flt: Filter) -> tuple[Array, Names]:
    ticks = view.about.ticks
    edges, days = day_edges(view.about, unit, ticks.first_from(flt.start), ticks.end_before(flt.end))
    return np.searchsorted(edges, instants, "right") - 1, [(day, day) for day in days]


def one_name_a_key(codes: Array, names: Names) -> tuple[Array, Names]:
    """Names told once a key: a redrawn cell may have a new name, and is one row all the same."""
    labels: dict[Any, Any] = {}
    for key, label in names:
        labels[key] = label if labels.get(key) is None or (label or "") > labels[key] else labels[key]
    place = {key: code for code, key in enumerate(labels)}
    return np.array([place[key] for key, _ in names], np.int64)[codes], list(labels.items())


def _summed(key: Array, values: Array, size: int) -> Array:
    values = np.asarray(values)
    if values.dtype == np.bool_:
        return np.bincount(key[values], minlength=size)
    summed = np.bincount(key, weights=values, minlength=size)
    return summed.astype(np.int64) if values.dtype.kind in "iu" else summed
