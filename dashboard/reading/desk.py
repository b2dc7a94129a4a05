"""The one place where pages, API and commands get their figures: counts from db, formulas from grids."""

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from dashboard.reading.facts import Facts, read_facts
from dashboard.reading.figures import Figures
from dashboard.reading.geometry import Geometry, read_geometry
from dashboard.reading.periods import bounds
from dashboard.reading.view import View
from db import audit, metrics, readmodel
from db.beat_sheets import BeatSheet, beat_sheet
from db.engine import begin
from db.geography import scope_cell_codes
from db.keys import Keys, load_keys
from db.ladders import ladders
from db.measures import plain
from db.personal import masked_name, masked_phone
from db.readmodel.reading import Progress
from db.settings import Settings
from geo.errors import InputError, NotFound, Unavailable
from grids.containment import with_shares
from grids.policies import Policy, policy
from grids.rights import EVERYWHERE, Who, operator
from grids.workload import with_ratios

FACTS_LIVE_S = 10.0
STAFFED = ("cell", "beat", "community", "station", "officer")  # what people are posted to, and they themselves
OUTCOMES = ["contained", "escaped", "pending"]


# Reads what is the same for everybody: shapes, names of places and categories, whether anything is loaded.
COMMON = Who("desk", ("wall",))
SCOPES_KEPT = 200


@dataclass
class Kept:
    """What is read once for many requests: facts and shapes of everybody, and facts by the places of who asks."""

    facts: tuple[float, Facts] | None = None
    geometry: Geometry | None = None
    scoped: dict[tuple[str, ...], tuple[Facts, Facts]] = field(default_factory=dict)


class Desk:
    """Reads the record for a view, as whoever `who` says is acting. Safe to share between threads.

    who: asked at each transaction; row-level security bounds what it reads. Default: an operator on the host.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        clock: Callable[[], datetime] | None = None,
        who: Callable[[], Who] | None = None,
        figures: Figures | None = None,
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.now = clock or (lambda: datetime.now(UTC))
        self.who = who or (lambda: operator(settings.actor))
        self._kept = Kept()
        self.figures = figures or Figures(settings, engine)

    def under(self, who: Who) -> "Desk":
        """This desk for another reader, on the same kept facts."""
        found = copy.copy(self)
        found.who = lambda: who
        return found

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One reading transaction of who acts; Unavailable when the database goes away."""
        try:
            with begin(self.engine, self.who()) as conn:
                yield conn
        except OperationalError as error:
            raise Unavailable("The database does not answer; start it with `manage.py db start`.") from error

    def view(self, progress: Progress | None = None) -> readmodel.View:
        """The read model as far as who acts may count it; progress: told how many rows a build has read.

        Raises Denied without the right to figures, Unavailable while a serving process builds its first model.
        """
        return self.figures.view(self.who(), progress)

    def facts(self) -> Facts:
        """City, channels, categories and the places that who acts may look at, at most ten seconds old."""
        everything, places = self._everything(), self.who().places
        if EVERYWHERE in places:
            return everything
        known = self._kept.scoped.get(places)
        if known is None or known[0] is not everything:
            if len(self._kept.scoped) >= SCOPES_KEPT:
                self._kept.scoped.clear()
            with self.connection() as conn:
                cells = scope_cell_codes(conn)
            known = self._kept.scoped[places] = (everything, self.geometry().bounded(everything, cells))
        return known[1]

    def _everything(self) -> Facts:
        if self._kept.facts is None or time.monotonic() - self._kept.facts[0] > FACTS_LIVE_S:
            with begin(self.engine, COMMON) as conn:
                self._kept.facts = (time.monotonic(), read_facts(conn))
        return self._kept.facts[1]

    def geometry(self) -> Geometry:
        """The shapes in force, read again only when the boundary version has changed; they are no secret."""
        found = self._kept.geometry
        if found is None or found.version != self._everything().version:
            with begin(self.engine, COMMON) as conn:
                found = self._kept.geometry = read_geometry(conn)
        return found

    def filter(self, view: View) -> metrics.Filter:
        """The view as the record understands it: instants instead of days. NotFound for a place that is not there."""
        if not self.facts().knows(view.place):
            raise NotFound(f"There is no place {view.place}: give KIND:CODE of one that is in force today.")
        start, end = bounds(view, self.now(), self.facts().city.zone)
        return metrics.Filter(start, end, view.place, (*view.categories, *view.groups), view.channels, view.shares)

    def totals(self, view: View) -> metrics.Totals:
        """Plain counts of the view."""
        flt = self.filter(view)
        if not flt.shares:
            return plain.totals(self.view(), flt)
        with self.connection() as conn:
            return metrics.totals(conn, flt)

    def containment(self, view: View, by: Any, as_of: datetime | None = None) -> pd.DataFrame:
        """[key, label, contained, escaped, pending, decided, share, low, high], one row a `by` or one in all."""
        flt, chosen = self.filter(view), self.policy(view)
        with self.connection() as conn:
            if flt.shares:
                return with_shares(metrics.containment(conn, flt, chosen, by, as_of))
            return with_shares(readmodel.containment(self.view(), flt, chosen, by, ladders(conn), as_of))

    def workload(self, view: View, by: str) -> pd.DataFrame:
        """[key, label, matters, minutes, available, staff, load, flag], one row a `by`.

        flag: within, over, unstaffed; "unplaced" for what lies in no cell, which is nobody's to be unstaffed; none for
        a `by` that has no staff of its own. InputError for shares of officers: who worked is never in doubt.
        """
        if view.shares and by == "officer":
            raise InputError("A person's minutes are never in doubt between cells: leave the shares out.")
        flt = self.filter(view)
        with self.connection() as conn:
            counted = metrics.workload(conn, flt, by) if flt.shares else plain.workload(conn, self.view(), flt, by)
        found = with_ratios(counted)
        if by not in STAFFED:
            return found.assign(flag=None)
        return found.assign(flag=found["flag"].mask(found["key"].isna(), "unplaced"))

    def cells(self, view: View) -> pd.DataFrame:
        """One row a cell of the view's place: counts, minutes, outcomes, the share contained with its interval."""
        flt, chosen = self.filter(view), self.policy(view)
        with self.connection() as conn:
            found = metrics.cells(conn, flt, chosen) if flt.shares else plain.cells(conn, self.view(), flt, chosen)
        here = self.geometry().within(view.place, self.facts())["cell"]
        return with_shares(found[found["code"].isin(here)].reset_index(drop=True))

    def places(self, view: View) -> pd.DataFrame:
        """Outcomes and workload side by side, one row a place of kind `view.by`, busiest first."""
        outcomes = self.containment(view, view.by)
        work = self.workload(view, view.by).drop(columns="label")
        joined = self._labelled(outcomes, work, view)
        return joined.sort_values("matters", ascending=False, ignore_index=True)

    def _labelled(self, outcomes: pd.DataFrame, work: pd.DataFrame, view: View) -> pd.DataFrame:
        joined = outcomes.merge(work, on="key", how="outer")
        counts = [*OUTCOMES, "decided", "matters", "minutes"]
        joined[counts] = joined[counts].fillna(0)
        facts = self.facts()
        joined["label"] = [None if pd.isna(key) else facts.name(f"{view.by}:{key}") for key in joined["key"]]
        return joined

    def daily(self, view: View) -> pd.DataFrame:
        """[day, incidents]: one row a local day on which something was reported."""
        return plain.daily(self.view(), self._whole(view))

    def clock(self, view: View) -> pd.DataFrame:
        """[weekday 1..7, hour 0..23, incidents] in local time."""
        with self.connection() as conn:
            return plain.clock(conn, self.view(), self._whole(view))

    def lattice(self, view: View, step_m: float) -> pd.DataFrame:
        """[lon, lat, n]: placed incidents counted on a lattice of `step_m` metres."""
        with self.connection() as conn:
            return plain.lattice(conn, self.view(), self._whole(view), step_m)

    def _whole(self, view: View) -> metrics.Filter:
        """The filter of what no doubt about cells divides: reports lie where they lie."""
        return replace(self.filter(view), shares=False)

    def recent(self, view: View, limit: int) -> pd.DataFrame:
        """The last incidents of the view, without anything personal."""
        with self.connection() as conn:
            return metrics.recent(conn, self.filter(view), limit)

    def freshness(self) -> pd.DataFrame:
        """[channel, name, last_reported_at, last_loaded_at], one row a channel."""
        with self.connection() as conn:
            return metrics.freshness(conn)

    def sheet(self, code: str) -> BeatSheet:
        """All that an officer needs of one beat now; NotFound for a code that no beat has, or none of one's own places.

        Names and phones of the staff are masked for who has no right to them.
        """
        if not self._may_look_at(f"beat:{code}"):
            raise NotFound(f"There is no beat {code!r} among your places: choose one from the list of beats.")
        with self.connection() as conn:
            sheet = beat_sheet(conn, code, self.now(), self.keys)
        if self.who().may("people"):
            return sheet
        names, phones = sheet.people["name"].map(masked_name), sheet.people["phone"].map(masked_phone)
        return replace(sheet, people=sheet.people.assign(name=names, phone=phones))

    def _may_look_at(self, place: str) -> bool:
        facts = self.facts()
        return facts.cells is None or facts.knows(place)

    def exported(self, what: str) -> None:
        """Write into the audit that who acts takes rows or people away in a file."""
        with self.connection() as conn:
            audit.note(conn, self.keys, self.who(), "export", what)

    @cached_property
    def keys(self) -> Keys:
        """What opens names and phones of the staff."""
        return load_keys(self.settings.keys_file)

    @staticmethod
    def policy(view: View) -> Policy:
        """The wording by which the view judges containment."""
        return policy(view.policy)
