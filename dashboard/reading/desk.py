"""The one place where pages, API and commands get their figures: counts from db, formulas from grids."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from dashboard.reading.facts import Facts, read_facts
from dashboard.reading.geometry import Geometry, read_geometry
from dashboard.reading.periods import bounds
from dashboard.reading.view import View
from db import metrics
from db.beat_sheets import BeatSheet, beat_sheet
from db.engine import begin
from db.keys import Keys, load_keys
from db.settings import Settings
from geo.errors import InputError, NotFound, Unavailable
from grids.containment import with_shares
from grids.policies import Policy, policy
from grids.workload import with_ratios

FACTS_LIVE_S = 10.0
STAFFED = ("cell", "beat", "community", "station", "officer")  # what people are posted to, and they themselves
OUTCOMES = ["contained", "escaped", "pending"]


class Desk:
    """Reads the record for a view. Safe to share between threads."""

    def __init__(self, settings: Settings, engine: Engine, clock: Callable[[], datetime] | None = None) -> None:
        self.settings = settings
        self.engine = engine
        self.now = clock or (lambda: datetime.now(UTC))
        self._facts: tuple[float, Facts] | None = None
        self._geometry: Geometry | None = None

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One reading transaction; Unavailable when the database goes away."""
        try:
            with begin(self.engine, self.settings.actor) as conn:
                yield conn
        except OperationalError as error:
            raise Unavailable("The database does not answer; start it with `manage.py db start`.") from error

    def facts(self) -> Facts:
        """City, places, channels and categories, at most ten seconds old."""
        if self._facts is None or time.monotonic() - self._facts[0] > FACTS_LIVE_S:
            with self.connection() as conn:
                self._facts = (time.monotonic(), read_facts(conn))
        return self._facts[1]

    def geometry(self) -> Geometry:
        """The shapes in force, read again only when the boundary version has changed."""
        if self._geometry is None or self._geometry.version != self.facts().version:
            with self.connection() as conn:
                self._geometry = read_geometry(conn)
        return self._geometry

    def filter(self, view: View) -> metrics.Filter:
        """The view as the record understands it: instants instead of days. NotFound for a place that is not there."""
        if not self.facts().knows(view.place):
            raise NotFound(f"There is no place {view.place}: give KIND:CODE of one that is in force today.")
        start, end = bounds(view, self.now(), self.facts().city.zone)
        return metrics.Filter(start, end, view.place, (*view.categories, *view.groups), view.channels, view.shares)

    def totals(self, view: View) -> metrics.Totals:
        """Plain counts of the view."""
        with self.connection() as conn:
            return metrics.totals(conn, self.filter(view))

    def containment(self, view: View, by: Any, as_of: datetime | None = None) -> pd.DataFrame:
        """[key, label, contained, escaped, pending, decided, share, low, high], one row a `by` or one in all."""
        with self.connection() as conn:
            counts = metrics.containment(conn, self.filter(view), self.policy(view), by, as_of)
        return with_shares(counts)

    def workload(self, view: View, by: str) -> pd.DataFrame:
        """[key, label, matters, minutes, available, staff, load, flag], one row a `by`.

        flag: within, over, unstaffed; "unplaced" for what lies in no cell, which is nobody's to be unstaffed; none for
        a `by` that has no staff of its own. InputError for shares of officers: who worked is never in doubt.
        """
        if view.shares and by == "officer":
            raise InputError("A person's minutes are never in doubt between cells: leave the shares out.")
        with self.connection() as conn:
            found = with_ratios(metrics.workload(conn, self.filter(view), by))
        if by not in STAFFED:
            return found.assign(flag=None)
        return found.assign(flag=found["flag"].mask(found["key"].isna(), "unplaced"))

    def cells(self, view: View) -> pd.DataFrame:
        """One row a cell of the view's place: counts, minutes, outcomes, the share contained with its interval."""
        with self.connection() as conn:
            found = metrics.cells(conn, self.filter(view), self.policy(view))
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
        with self.connection() as conn:
            return metrics.daily(conn, self.filter(view))

    def clock(self, view: View) -> pd.DataFrame:
        """[weekday 1..7, hour 0..23, incidents] in local time."""
        with self.connection() as conn:
            return metrics.clock(conn, self.filter(view))

    def lattice(self, view: View, step_m: float) -> pd.DataFrame:
        """[lon, lat, n]: placed incidents counted on a lattice of `step_m` metres."""
        with self.connection() as conn:
            return metrics.lattice(conn, self.filter(view), step_m)

    def recent(self, view: View, limit: int) -> pd.DataFrame:
        """The last incidents of the view, without anything personal."""
        with self.connection() as conn:
            return metrics.recent(conn, self.filter(view), limit)

    def freshness(self) -> pd.DataFrame:
        """[channel, name, last_reported_at, last_loaded_at], one row a channel."""
        with self.connection() as conn:
            return metrics.freshness(conn)

    def sheet(self, code: str) -> BeatSheet:
        """All that an officer needs of one beat now; NotFound for a code that no beat has."""
        with self.connection() as conn:
            return beat_sheet(conn, code, self.now(), self.keys)

    @cached_property
    def keys(self) -> Keys:
        """What opens names and phones of the staff."""
        return load_keys(self.settings.keys_file)

    @staticmethod
    def policy(view: View) -> Policy:
        """The wording by which the view judges containment."""
        return policy(view.policy)
