"""From an address to the rows behind a figure: which figure, under which keys, in which order, and where they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from urllib.parse import parse_qs, urlencode

import numpy as np
import pandas as pd

from dashboard.reading.desk import Desk
from dashboard.reading.judging import boundaries_of, instant_of
from dashboard.reading.view import View
from db import drill
from db.drill import Figure
from db.facts import Filter
from db.measures.periods import midnight
from db.measures.question import Question
from db.readmodel.asking import Asked
from db.readmodel.columns import Array
from geo.errors import InputError, NotFound

PATH = "/rows"
BESIDE = ("by", "against", "value", "heat")  # of a page's address, what says nothing about which rows count
OWN = ("figure", "key", "by", "sort", "up", "page", "format", "limit", "offset")
# Figures that a row names by more than one of its columns, and figures that have two names.
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "flow": ("flow.{}-{}", ("source", "target")),
    "regrades": ("regrades.{}-{}", ("severity", "severity_now")),
    "chains": ("chains.{}", ("reports",)),
    "numerator": ("{}.numerator", ("outcome",)),
    "denominator": ("{}.denominator", ("outcome",)),
    "rest": ("{}.rest", ("outcome",)),
}
SAME = {"repeats": "repeats.repeats", "escaped": "containment.escaped", "overdue": "on_time.rest",
        "revisits_missed": "revisit.rest", "workload.matters": "matters"}  # fmt: skip
PERIODS = ("month", "week", "day")
Keys = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Wanted:
    """keys: (kind, value), all of which hold; value None: what has none. sort: one of db.drill.SORTS, "": by time."""

    view: View
    figure: str
    keys: Keys = ()
    sort: str = ""
    up: bool = False

    @classmethod
    def parse(cls, query: str) -> "Wanted":
        """Read an address's query; InputError and NotFound say what cannot be read.

        key=KIND:VALUE as often as one likes, or by=KIND and key=VALUE; an empty or absent VALUE is no key at all.
        """
        given = parse_qs(query.lstrip("?"), keep_blank_values=True)
        shared = [(name, each) for name, texts in given.items() if name not in OWN for each in texts]
        view = View.parse(urlencode(shared))
        by, texts = given.get("by", [""])[-1], given.get("key", [])
        keys = [(by, texts[-1] if texts else "")] if by else [_pair(text) for text in texts]
        told = {name: given.get(name, [""])[-1] for name in ("figure", "sort", "up")}
        return cls(view, *_named(view, told["figure"], dict(keys)), told["sort"], told["up"] == "1")

    @property
    def query(self) -> str:
        """The address's query of these rows; equal rows have equal queries."""
        shared = self.view.query(drop=BESIDE)
        return f"{shared}&{self.own}" if shared else self.own

    @property
    def own(self) -> str:
        """The part of the query that is not the view's: figure, keys and order."""
        keys = [("key", f"{kind}:{value or ''}") for kind, value in self.keys]
        order = [("sort", self.sort)] * bool(self.sort) + [("up", "1")] * self.up
        return urlencode([("figure", self.figure), *keys, *order])

    def link(self, path: str = PATH, **more: object) -> str:
        """Address of `path` showing these rows; more: further parts of the query."""
        return f"{path}?{self.query}{'&' + urlencode(more) if more else ''}"


@dataclass(frozen=True)
class Found:
    """The rows behind a figure, in order, inside one reading transaction."""

    wanted: Wanted
    figure: Figure
    asked: Question
    rows: Asked

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> list[str]:
        """What is told of each row."""
        return drill.columns_of(self.figure.table)

    def part(self, first: int, end: int) -> Asked:
        """Those from `first` up to `end`."""
        places: Array = np.arange(first, min(end, len(self.rows)))
        return self.rows.where(places)

    def frame(self, first: int, end: int) -> pd.DataFrame:
        """What is told of them: db.drill.told."""
        return drill.told(self.asked, self.part(first, end), self.figure.table)

    def pieces(self, size: int) -> Iterator[tuple[int, int]]:
        """(first, end) of one part of so many rows after the other."""
        return ((first, min(first + size, len(self))) for first in range(0, len(self), size))


@contextmanager
def opened(desk: Desk, wanted: Wanted) -> Iterator[Found]:
    """The rows as who acts may see them. Raises Denied without the right to cases (for people: to people), NotFound."""
    figure, who = drill.figure_of(wanted.figure), desk.who()
    who.demand("cases")
    if figure.table == "charge":
        who.demand("people")
    view = replace(wanted.view, shares=False)  # the read model counts a matter whole, in its likeliest cell
    flt, model = _narrowed(desk.filter(view), wanted.keys, desk.facts().city.zone), desk.view()
    with desk.connection() as conn:
        boundaries, judged = boundaries_of(conn, view), instant_of(view, desk)
        asked = Question(conn, model, flt, None, judged, desk.policy(view), boundaries)
        rows = _behind(asked, figure, tuple(pair for pair in wanted.keys if pair[0] not in PERIODS))
        rows = drill.in_order(asked, rows, figure.table, wanted.sort, descending=not wanted.up)
        yield Found(wanted, figure, asked, rows)


def _behind(asked: Question, figure: Figure, keys: Keys) -> Asked:
    """The rows under every one of these keys."""
    for kind, _ in keys:
        if figure.by is not None and kind != figure.by:
            raise InputError(f"The rows of {figure.code} are grouped by {figure.by}: write key={figure.by}:VALUE.")
    parts = [drill.behind(replace(asked, by=kind), figure, value) for kind, value in keys]
    return reduce(lambda one, other: one.where(np.isin(one.rows, other.rows)), parts or [drill.behind(asked, figure)])


def _narrowed(flt: Filter, keys: Keys, zone: str) -> Filter:
    """The filter inside the months, weeks or days that keys name: each is judged at its own end, as trends are."""
    for kind, value in keys:
        if kind in PERIODS:
            first = _day(kind, value or "")
            after = {"day": first + timedelta(days=1), "week": first + timedelta(days=7),
                     "month": (first + timedelta(days=32)).replace(day=1)}[kind]  # fmt: skip
            start, end = max(flt.start, midnight(first, zone)), min(flt.end, midnight(after, zone))
            if start >= end:
                raise NotFound(f"The {kind} of {first} lies outside of the period: widen the period.")
            flt = replace(flt, start=start, end=end)
    return flt


def _day(kind: str, text: str) -> date:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        raise InputError(f"key={kind}: needs a day such as 2026-05-01, not {text!r}.") from None
    return found.replace(day=1) if kind == "month" else found


def _pair(text: str) -> tuple[str, str]:
    kind, colon, value = text.partition(":")
    if not colon or not kind:
        raise InputError(f"Write key=KIND:VALUE, for example key=beat:B01, not {text!r}; or add by=KIND.")
    return kind, value


def _named(view: View, code: str, keys: dict[str, str]) -> tuple[str, Keys]:
    """The figure that a name and keys mean, and the keys that are left."""
    if not code:
        raise InputError("Say which figure: figure=reports, figure=containment.escaped and so on (docs/doors.md).")
    if code in PARTS:
        form, parts = PARTS[code]
        absent = [name for name in parts if not keys.get(name)]
        if absent:
            raise InputError(f"figure={code} needs {' and '.join(f'key={name}:VALUE' for name in absent)}.")
        code = form.format(*(keys.pop(name) for name in parts))
    if keys.keys() >= {"weekday", "hour"}:
        keys["hour"] = f"{keys.pop('weekday')}-{keys['hour']}"
    if keys.keys() >= {"metres", "days"}:
        keys["band"] = f"{keys.pop('metres')} m, {keys.pop('days')} d"
    dating = keys.pop("dating", view.chosen("dating"))
    if dating == "cohort" and code.startswith("containment."):
        code = code.replace("containment.", "cohort.")
    return drill.figure_of(SAME.get(code, code)).code, tuple((kind, value or None) for kind, value in keys.items())
