"""What a filter lets through and how rows are grouped, as small tables that the scans look up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from db.facts import Filter
from db.readmodel.columns import EPOCH, Array, Ticks
from db.readmodel.model import Model
from db.readmodel.scans import WORDS
from db.readmodel.spots import PLACES, Names, Places
from geo.errors import InputError
from grids.grading import SEVERITIES

Time = Literal["day", "month"]
TIMES: tuple[Time, ...] = get_args(Time)


@dataclass(frozen=True)
class Chosen:
    """Flags of what a filter lets through: by place, category and channel."""

    places: Array
    categories: Array
    channels: Array


@dataclass(frozen=True)
class Grouping:
    """Codes by place and by word, edges of time in ticks, and what each code is called: (key, label)."""

    place_key: Array
    places: Names
    word: int
    words: Names
    edges: Array
    times: Names
    by: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many keys there can be."""
        return len(self.places) * len(self.words) * len(self.times)

    def frame(self, out: Array, names: list[str]) -> pd.DataFrame:
        """Counts [key, name] as a frame of the keys that have any: key and label (or one column a grouping), counts."""
        found = np.flatnonzero(out.any(axis=1))
        rest, time = np.divmod(found, len(self.times))
        place, word = np.divmod(rest, len(self.words))
        told = {"place": (self.places, place), "word": (self.words, word), "time": (self.times, time)}
        columns = {by: told[_sort(by)] for by in self.by}
        if len(columns) <= 1:
            (called, codes), *_ = *columns.values(), told["time"]
            frame = pd.DataFrame({"key": [called[i][0] for i in codes], "label": [called[i][1] for i in codes]})
        else:
            frame = pd.DataFrame({by: _keys(called)[codes] for by, (called, codes) in columns.items()})
        frame[names] = out[found]
        if not self._is_plain:
            return self._joined(frame, names)
        # Places and times are in order already; words stand as they were first met.
        return frame.sort_values(list(frame.columns[: max(1, len(columns))]), ignore_index=True) if self.word else frame

    @property
    def _is_plain(self) -> bool:
        """Whether no place has two names."""
        return all(one[0] != other[0] for one, other in pairwise(self.places))

    def _joined(self, frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
        """A redrawn cell may have a new name: one key is one row all the same."""
        summed = {name: (name, "sum") for name in names}
        labels = {"label": ("label", "max")} if "label" in frame else {}
        keys = [column for column in frame.columns if column != "label" and column not in names]
        return frame.groupby(keys, as_index=False, dropna=False, sort=True).agg(**labels, **summed)


def _keys(called: Names) -> Array:
    keys = np.empty(len(called), dtype=object)
    keys[:] = [key for key, _ in called]
    return keys


def chosen(model: Model, flt: Filter, places: Places) -> Chosen:
    """The flags of a filter over places. InputError for a filter that counts in shares."""
    if flt.shares:
        raise InputError("The read model counts each matter whole: ask the record itself for shares.")
    where = np.ones(len(places), np.bool_)
    if flt.place is not None:
        kind, _, code = flt.place.partition(":")
        codes, names = places.named(kind)
        where = np.array([key == code for key, _ in names], np.bool_)[codes]
    wanted = set(flt.categories)
    categories = [not wanted or row[1] in wanted or row[2] in wanted for row in _groups(model)]
    channels = [not flt.channels or row[0] in flt.channels for row in model.words.channels]
    return Chosen(where, np.array(categories, np.bool_), np.array(channels, np.bool_))


def containable(model: Model) -> Array:
    """Which categories enter containment."""
    return model.words.category("containable").astype(np.bool_)


def grouping(model: Model, by: tuple[str, ...], places: Places, start: datetime | None, end: datetime) -> Grouping:
    """Tables for grouping by at most one place, one word (category, channel, severity) and one time (day, month).

    start, end: what times are cut between, for None from the first matter on. InputError for other groupings.
    """
    sorts = [_sort(name) for name in by]
    if len(set(sorts)) < len(sorts):
        raise InputError("Group by at most one place, one of category, channel and severity, and one of day and month.")
    named = dict(zip(sorts, by, strict=True))
    nowhere: tuple[Array, Names] = np.zeros(len(places), np.int64), [(None, None)]
    place_key, place_names = places.named(named["place"]) if "place" in named else nowhere
    edges, times = _edges(model, named.get("time"), start, end)
    word = named.get("word", "")
    return Grouping(place_key, place_names, WORDS.index(word), _words(model, word), edges, times, by)


def _sort(by: str) -> str:
    if by in PLACES:
        return "place"
    if by in TIMES:
        return "time"
    if by and by in WORDS:
        return "word"
    raise InputError(f"Group by one of {', '.join([*PLACES, *WORDS[1:], *TIMES])}, not {by!r}.")


def _groups(model: Model) -> list[tuple[Any, ...]]:
    return [(row[0], row[1], row[3]) for row in model.words.categories]


def _words(model: Model, word: str) -> Names:
    if word == "category":
        return [(row[1], row[2]) for row in model.words.categories]
    if word == "channel":
        return [(row[0], row[1]) for row in model.words.channels]
    return [(grade, grade) for grade in range(max(SEVERITIES) + 1)] if word == "severity" else [(None, None)]


def _edges(model: Model, by: str | None, start: datetime | None, end: datetime) -> tuple[Array, Names]:
    """Ticks at which the days or months of the city begin, from the one that holds `start`, and their dates."""
    if by is None:
        return np.zeros(1, np.int64), [(None, None)]
    last = model.ticks.end_before(end)
    edges, days = day_edges(model, by, _earliest(model) if start is None else model.ticks.first_from(start), last)
    return edges, [(day, day) for day in days]


def day_edges(model: Model, unit: str, first: int, last: int) -> tuple[Array, list[date]]:
    """Ticks at which the days or months of the city begin, from the one that holds the first tick to past the last."""
    zone = ZoneInfo(model.zone)
    since, until = (_instant(model, tick).astimezone(zone).date() for tick in (first, last))
    days = _dates(since if unit == "day" else since.replace(day=1), until, unit)
    midnights = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]
    return np.array([model.ticks.first_from(midnight) for midnight in midnights], np.int64), days


def _dates(first: date, last: date, by: str) -> list[date]:
    found = [first]
    while found[-1] <= last:
        day = found[-1]
        found.append(day + timedelta(days=1) if by == "day" else (day + timedelta(days=31)).replace(day=1))
    return found


def _earliest(model: Model) -> int:
    return min((int(part.opened[0]) for part in model._parts if len(part)), default=0)


def _instant(model: Model, tick: int) -> datetime:
    return EPOCH + timedelta(microseconds=tick * model.ticks.us)


def bounds(opened: Array, ticks: Ticks, start: datetime | None, end: datetime) -> tuple[int, int]:
    """The rows opened in [start, end) of sorted ticks."""
    low = 0 if start is None else int(np.searchsorted(opened, ticks.first_from(start)))
    return low, max(low, int(np.searchsorted(opened, ticks.end_before(end))))


def pieces(low: int, high: int, threads: int) -> list[tuple[int, int]]:
    """The rows low … high shared out among threads."""
    return list(pairwise(np.linspace(low, high, threads + 1).astype(int).tolist()))
