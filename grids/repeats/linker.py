"""Linking one report at a time: an index that, whatever the order of arrival, stands where linking at once would."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import InputError, NotFound
from grids.repeats.blocks import shared_phones
from grids.repeats.matters import Decisions, Linked, described, settle
from grids.repeats.reports import NEVER, Reports, columns_of, reports_of
from grids.repeats.rooms import Rooms, rooms_of
from grids.repeats.rules import RULES, Rules

EPOCH = pd.Timestamp(0, tz="UTC")
Key = Any
Shelf = dict[Any, list[tuple[int, Key]]]


class Report(NamedTuple):
    """One report as the index keeps it; at and ended_at in microseconds since 1970."""

    key: Key
    at: int
    ended_at: int
    group: str | None
    phone: bytes | None
    rooms: Rooms
    lon: float
    lat: float


class Change(NamedTuple):
    """What a step did: the matter of the report (None: it is gone), and each report whose matter changed, old → new.

    merged: matters that stood before and now belong to another; opened: matters that did not stand before.
    """

    matter: Key | None
    moved: dict[Key, tuple[Key | None, Key | None]]
    merged: tuple[Key, ...]
    opened: tuple[Key, ...]


class Linker:
    """Reports by phone, room and building, their matters, and what people decided."""

    def __init__(
        self, frame: pd.DataFrame | None = None, decisions: Decisions | None = None, rules: Rules = RULES
    ) -> None:
        """Start with the reports of a frame (`grids.repeats.reports.COLUMNS`), linked at once."""
        self._rules = rules
        self._reports: dict[Key, Report] = {}
        self._phones: Shelf = {}
        self._rooms: Shelf = {}
        self._buildings: Shelf = {}
        self._shared: set[bytes] = set()
        self._cluster: dict[Key, Key] = {}
        self._members: dict[Key, set[Key]] = {}
        self._matter: dict[Key, Key] = {}
        self._decisions: dict[Key, dict[Key, bool]] = {}
        for (a, b), same in (decisions or {}).items():
            self._remember(a, b, same)
        if frame is not None and len(frame):
            self._start(frame)

    def matters(self) -> dict[Key, Key]:
        """Report → matter (the key of its first report)."""
        return dict(self._matter)

    def add(
        self, key: Key, at: pd.Timestamp, group: str | None, phone: bytes | None = None, lon: float = np.nan,
        lat: float = np.nan, address: str | None = None, ended_at: pd.Timestamp | None = None,
    ) -> Change:  # fmt: skip
        """Take in one report. Raises InputError for a key that is there and for times without zone."""
        if key in self._reports:
            raise InputError(f"Report {key!r} is linked already: remove it first to change it.")
        ended = NEVER if ended_at is None else _microseconds(ended_at)
        rooms = rooms_of([address])[0]
        report = Report(key, _microseconds(at), ended, group, phone, rooms, float(lon), float(lat))
        self._shelve(report)
        touched = {key, *self._near(report)}
        if phone is not None and phone not in self._shared and self._is_shared(phone):
            self._shared.add(phone)
            touched |= {other for _, other in self._phones[phone]}
        return self._settle(touched, key)

    def remove(self, key: Key) -> Change:
        """Forget a report; decisions about it stay."""
        report = self._known(key)
        touched = set(self._members[self._cluster[key]])
        for shelf, label in self._labels(report):
            shelf[label].remove((report.at, key))
        if report.phone in self._shared and not self._is_shared(report.phone):
            self._shared.discard(report.phone)
            touched |= {other for _, other in self._phones[report.phone]}
        del self._reports[key]
        return self._settle(touched, key)

    def decide(self, a: Key, b: Key, same: bool | None) -> Change:
        """A person says that two reports are of one matter (True), of two (False), or takes it back (None)."""
        if a == b:
            raise InputError("Decide about two different reports.")
        self._known(a), self._known(b)
        self._decisions.get(a, {}).pop(b, None), self._decisions.get(b, {}).pop(a, None)
        if same is not None:
            self._remember(a, b, same)
        return self._settle({a, b}, a)

    def explain(self, key: Key) -> Linked:
        """The matter of a report: its links, and suggestions that concern it."""
        matter = self._matter[self._known(key).key]
        own = {other for other in self._members[self._cluster[key]] if self._matter[other] == matter}
        around = {other for member in own for other in self._in_building(self._reports[member])}
        members = self._whole(own | around)
        told = described(self._settled(members), self._rules)
        shown = pd.Series(self._matter)
        concerned = told.suggestions["a"].map(shown).eq(matter) | told.suggestions["b"].map(shown).eq(matter)
        return Linked(
            matters=told.matters[told.matters["matter"] == matter].reset_index(drop=True),
            links=told.links[told.links["a"].isin(own)].reset_index(drop=True),
            suggestions=told.suggestions[concerned].reset_index(drop=True),
            conflicts=told.conflicts[told.conflicts["a"].isin(own)].reset_index(drop=True),
            shared_phones=told.shared_phones,
        )

    def _start(self, frame: pd.DataFrame) -> None:
        reports, order = reports_of(frame), pd.Index(frame["key"])
        settled = settle(reports, self._decided_among(self._decisions), self._rules)
        self._shared = {reports.phones[code] for code in np.flatnonzero(settled.shared)}
        groups = frame["group"].iloc[order.get_indexer(pd.Index(reports.key))]
        phones = [*reports.phones, None]
        times = reports.at, reports.ended_at
        told = (reports.key, *times, groups, reports.phone, reports.text, reports.lon, reports.lat)
        for key, at, ended, group, phone, text, lon, lat in zip(*(each.tolist() for each in told), strict=True):
            self._shelve(Report(key, at, ended, group, phones[phone], reports.rooms[text], lon, lat))
        self._keep(reports, settled.cluster, settled.matter)

    def _settle(self, touched: set[Key], key: Key) -> Change:
        """Link the clusters of `touched` anew; nothing outside of them can be linked to them."""
        members = self._whole(touched)
        before = {member: self._matter.pop(member, None) for member in members | {key}}
        for member in before:
            self._members.pop(self._cluster.pop(member, member), None)
        settled = self._settled(members)
        self._keep(settled.reports, settled.cluster, settled.matter)
        moved = {
            member: (old, self._matter.get(member)) for member, old in before.items() if old != self._matter.get(member)
        }
        stood = {old for old in before.values() if old is not None}
        stands = {self._matter[member] for member in members}
        merged, opened = tuple(sorted(stood - stands)), tuple(sorted(stands - stood))
        return Change(self._matter.get(key), moved, merged, opened)

    def _settled(self, members: set[Key]) -> Any:
        reports = _columns([self._reports[member] for member in members])
        shared = np.array([phone in self._shared for phone in reports.phones], dtype=np.bool_)
        return settle(reports, self._decided_among(members), self._rules, shared)

    def _decided_among(self, members: Collection[Key]) -> dict[tuple[Key, Key], bool]:
        said = ((a, self._decisions.get(a, {})) for a in members)
        return {(a, b): same for a, about in said for b, same in about.items() if b in members}

    def _keep(self, reports: Reports, cluster: Any, matter: Any) -> None:
        keys = reports.key.tolist()
        for key, first, opener in zip(keys, cluster.tolist(), matter.tolist(), strict=True):
            self._cluster[key] = keys[first]
            self._members.setdefault(keys[first], set()).add(key)
            self._matter[key] = keys[opener]

    def _whole(self, touched: Iterable[Key]) -> set[Key]:
        """All that is in one cluster with a report of `touched`, and these themselves."""
        there = [key for key in touched if key in self._reports]
        found = set(there)
        for key in there:
            found |= self._members.get(self._cluster.get(key), set())
        return found & self._reports.keys()

    def _near(self, report: Report) -> Iterator[Key]:
        """Reports that a rule or a join may link to this one: those of its phone and room in the window, and joined."""
        if report.phone is not None and report.phone not in self._shared:
            yield from self._in_window(self._phones, report.phone, report.at)
        if report.rooms.room:
            yield from self._in_window(self._rooms, (report.rooms.room, report.group), report.at)
        yield from (other for other, same in self._decisions.get(report.key, {}).items() if same)

    def _in_building(self, report: Report) -> Iterator[Key]:
        if report.rooms.building:
            yield from self._in_window(self._buildings, (report.rooms.building, report.group), report.at)

    def _in_window(self, shelf: Shelf, label: Any, at: int) -> Iterator[Key]:
        rows, window = shelf.get(label, []), self._rules.window_us
        start = bisect_left(rows, at - window, key=_instant)
        for row in rows[start : bisect_right(rows, at + window, key=_instant)]:
            yield row[1]

    def _is_shared(self, phone: bytes) -> bool:
        reports = _columns([self._reports[key] for _, key in self._phones[phone]])
        return bool(shared_phones(reports, self._rules).any())

    def _shelve(self, report: Report) -> None:
        self._reports[report.key] = report
        for shelf, label in self._labels(report):
            insort(shelf.setdefault(label, []), (report.at, report.key))

    def _labels(self, report: Report) -> Iterator[tuple[Shelf, Any]]:
        if report.phone is not None:
            yield self._phones, report.phone
        if report.rooms.room:
            yield self._rooms, (report.rooms.room, report.group)
        if report.rooms.building:
            yield self._buildings, (report.rooms.building, report.group)

    def _remember(self, a: Key, b: Key, same: bool) -> None:
        if a == b or self._decisions.get(a, {}).get(b, same) != same:
            raise InputError("Decide about two different reports, and one way only: same matter or not.")
        for one, other in ((a, b), (b, a)):
            self._decisions.setdefault(one, {})[other] = same

    def _known(self, key: Key) -> Report:
        if key not in self._reports:
            raise NotFound(f"There is no report {key!r} among those linked: add it first.")
        return self._reports[key]


def _columns(rows: list[Report]) -> Reports:
    keys = np.empty(len(rows), dtype=object)
    keys[:] = [row.key for row in rows]
    phones = np.array([*(row.phone for row in rows), None], dtype=object)[:-1]
    groups = np.array([*(row.group for row in rows), None], dtype=object)[:-1]
    return columns_of(
        key=keys, at=np.array([row.at for row in rows], np.int64),
        ended_at=np.array([row.ended_at for row in rows], np.int64), group=groups, phone=phones,
        rooms=[row.rooms for row in rows], text=np.arange(len(rows)),
        lon=np.array([row.lon for row in rows], np.float64), lat=np.array([row.lat for row in rows], np.float64),
    )  # fmt: skip


def _instant(row: tuple[int, Key]) -> int:
    return row[0]


def _microseconds(at: pd.Timestamp) -> int:
    if at.utcoffset() is None:
        raise InputError("Give the report's instants a time zone.")
    return (pd.Timestamp(at) - EPOCH) // pd.Timedelta(1, "us")
