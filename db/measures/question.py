"""One question to the measures: whose view, which facts, grouped by what, judged when, by which promise and borders."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from sqlalchemy import Connection

from db.facts import Filter
from db.ladders import DatedLadder, ladders
from db.readmodel import View, ask
from db.readmodel.asking import Asked, places_of
from db.readmodel.columns import Array
from db.readmodel.keys import containable
from grids.levels import LEVELS, Level
from grids.policies import POLICIES, Policy
from grids.step_columns import NEVER

Boundaries = str | Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """What every measure is asked. conn: a reading transaction of who acts, for what the model does not hold.

    by: see db.readmodel.ask. as_of: the instant of judging, default the filter's end. boundaries: "then", "now" or a
    draft (cell code → beat code), the last two as of the filter's end.
    """

    conn: Connection
    view: View
    flt: Filter
    by: str | None = None
    as_of: datetime | None = None
    policy: Policy = POLICIES["QD"]
    boundaries: Boundaries = "then"

    @property
    def looked(self) -> int:
        """The last tick that the judging sees: t <= as_of if and only if its tick is <= this."""
        return self.view.about.ticks.last_until(self.as_of or self.flt.end)

    @cached_property
    def dated(self) -> list[DatedLadder]:
        """Every ladder of levels, those of stations first."""
        return ladders(self.conn)

    def ask(self, table: str, at: str | None = "", late: timedelta = timedelta(0)) -> Asked:
        """The rows of a table that count, by key; `late`: the instant lies in the period only so much later."""
        flt = replace(self.flt, start=self.flt.start - late, end=self.flt.end - late)
        return ask(self.view, table, flt, by=self.by, at=at, boundaries=self.boundaries, redrawn=self.flt.end)

    def ticks_of(self, time: timedelta) -> int:
        """A length of time in ticks of the model."""
        return time // timedelta(microseconds=self.view.about.ticks.us)

    def whole(self, ticks: Array) -> Array:
        """Ticks as 64-bit numbers, what never comes as NEVER: sums of them do not overflow."""
        return np.where(ticks == self.view.about.ticks.never, NEVER, ticks.astype(np.int64))

    def standing(self) -> Array:
        """For every matter the tick of the closing that stands at the instant of judging; counted once a question."""
        return self._standing

    @cached_property
    def _standing(self) -> Array:
        """For every matter the tick of the closing that stands at the instant of judging, never for open ones."""
        closings = self.view.rows("closing")
        seen = slice(0, int(np.searchsorted(closings["closed"], self.looked, "right")))
        stands = closings["reopened"][seen] > self.looked
        found = np.full(len(self.view.rows("matter")), self.view.about.ticks.never, closings["closed"].dtype)
        found[closings["matter_row"][seen][stands]] = closings["closed"][seen][stands]
        return found

    def contains(self, category: Array) -> Array:
        """Whether these categories (codes of the model) enter containment."""
        flags: Array = containable(self.view.about)[category]
        return flags

    def first_beyond(self, rows: Array, ceilings: Mapping[int, Level]) -> Array:
        """The first tick at which the lead of these matters (rows) was held above the ceiling of their grade.

        The grade is the one that counts at the instant of judging, the ladder that of the matter's station (by the
        question's boundaries) at its opening.
        """
        matter, severity = self.view.rows("matter"), self.severity(rows)
        opened = matter["opened"][rows]
        found = np.full(len(rows), self.view.about.ticks.never, opened.dtype)
        for ladder, own in self._ladders(rows, opened):
            for grade, ceiling in ceilings.items():
                here = np.flatnonzero(own & (severity == grade))
                for level in ladder.ladder.beyond(ceiling):
                    found[here] = np.minimum(found[here], matter[f"reached_{level}"][rows[here]])
        return found

    def severity(self, rows: Array) -> Array:
        """The grade of these matters (rows) that counts at the instant of judging."""
        matter = self.view.rows("matter")
        grades, fixed_later = matter["grades"][rows], matter["severity_at"][rows] > self.looked
        return np.where(fixed_later, grades & 3, (grades >> 2) & 3)

    def _ladders(self, rows: Array, opened: Array) -> list[tuple[DatedLadder, Array]]:
        """Each ladder with the matters whose own it is: the first that fits."""
        ticks = self.view.about.ticks
        places, column = places_of(self.view, self.flt, self.boundaries, self.flt.end)
        station = places.stations[self.view.rows("matter")[column][rows]]
        free, found = np.ones(len(rows), np.bool_), []
        for each in self.dated:
            in_force = (opened >= ticks.first_from(each.since)) & (opened < ticks.end_before(each.until))
            own = free & in_force & (True if each.station_id is None else station == each.station_id)
            found.append((each, own))
            free &= ~own
        return found

    def reached(self, rows: Array) -> Array:
        """[matter, level]: first ticks at which the lead was held, NEVER for what had not come when judged."""
        matter = self.view.rows("matter")
        table = np.stack([matter[f"reached_{level}"][rows].astype(np.int64) for level in LEVELS], axis=1)
        return np.where(table <= self.looked, table, NEVER)
