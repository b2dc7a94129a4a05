"""Parts of a model as one table each: a model and its deltas side by side, without the rows that deltas replace."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from db.readmodel.columns import EVENTS, Array, Events, Part
from grids.levels import LEVELS

PLAIN = (
    "id", "opened", "spot", "now", "category", "channel", "grades", "severity_at", "due", "closed", "reopened",
    "settled", "flags", "satisfaction", "minutes", "reports",
)  # fmt: skip
REACHED = tuple(f"reached_{level}" for level in LEVELS)
MATTER = (*PLAIN, *REACHED)


class Columns(Mapping[str, Array]):
    """Columns by name, each put together when it is first asked for."""

    def __init__(self, names: tuple[str, ...], make: Callable[[str], Array]) -> None:
        self._names, self._make = names, make
        self._kept: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._kept:
            if name not in self._names:
                raise KeyError(name)
            self._kept[name] = self._make(name)
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Merged:
    """One table of a model. order: positions in the parts laid end to end of the rows that live, by their instant;
    None where there is but one part."""

    columns: Columns
    order: Array | None
    size: int

    @cached_property
    def places(self) -> Array | None:
        """The row of each position in the parts laid end to end, -1 for those that do not live."""
        if self.order is None:
            return None
        found = np.full(self.size, -1, np.int32)
        found[self.order] = np.arange(len(self.order), dtype=np.int32)
        return found


def alive(parts: tuple[Part, ...], superseded: list[Array]) -> tuple[Array, ...]:
    """Which rows of each part no later delta replaces; nothing where none does."""
    found = []
    for number, part in enumerate(parts):
        later = np.concatenate([np.empty(0, np.int64), *superseded[number + 1 :]])
        found.append(~np.isin(part.id, later) if len(later) else np.empty(0, np.bool_))
    return tuple(found)


def merged(parts: tuple[Part, ...], events: tuple[Events, ...], living: tuple[Array, ...]) -> Mapping[str, Merged]:
    """Every table of the parts as one: "matter" and those of EVENTS."""
    matter = _matters(parts, living)
    return {"matter": matter} | {table: _table(table, parts, events, matter) for table in EVENTS}


def _matters(parts: tuple[Part, ...], living: tuple[Array, ...]) -> Merged:
    def laid(name: str) -> list[Array]:
        if name in REACHED:
            return [part.reached[REACHED.index(name)] for part in parts]
        return [getattr(part, name) for part in parts]

    if len(parts) == 1:
        return Merged(Columns(MATTER, lambda name: laid(name)[0]), None, len(parts[0]))
    flags = [each if len(each) else np.ones(len(part), np.bool_) for part, each in zip(parts, living, strict=True)]
    instant, ids = np.concatenate(laid("opened")), np.concatenate(laid("id"))
    order = _ordered(np.concatenate(flags), len(parts[0]), instant, ids)
    return Merged(Columns(MATTER, lambda name: np.concatenate(laid(name))[order]), order, len(instant))


def _table(table: str, parts: tuple[Part, ...], events: tuple[Events, ...], matter: Merged) -> Merged:
    names = tuple(EVENTS[table])
    if matter.places is None:
        return Merged(Columns(names, lambda name: events[0][table][name]), None, len(events[0][table][names[0]]))
    first = np.cumsum([0, *(len(part) for part in parts)])
    rows = [each[table]["matter_row"] + start for each, start in zip(events, first, strict=False)]
    row = matter.places[np.concatenate(rows)]
    instant = np.concatenate([each[table][names[0]] for each in events])
    order = _ordered(row >= 0, len(rows[0]), instant, row)

    def laid(name: str) -> Array:
        return (row if name == "matter_row" else np.concatenate([each[table][name] for each in events]))[order]

    return Merged(Columns(names, laid), order, len(row))


def _ordered(lives: Array, first: int, instant: Array, tie: Array) -> Array:
    """Positions of what lives, by instant, then by the tie; the `first` ones are in that order already."""
    long, few = np.flatnonzero(lives[:first]), first + np.flatnonzero(lives[first:])
    few = few[np.lexsort((tie[few], instant[few]))]
    before = instant[long]
    place, end = (np.searchsorted(before, instant[few], side) for side in ("left", "right"))
    for n in np.flatnonzero(end > place):
        place[n] += np.searchsorted(tie[long[place[n] : end[n]]], tie[few[n]], "right")
    order: Array = np.insert(long, place, few)
    return order
