"""What the scenes of a wall are read from: one reader, one moment, one place, one period."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.live.silence import data_until
from dashboard.reading.desk import COMMON, Desk
from dashboard.reading.facts import Facts
from dashboard.reading.view import View
from dashboard.reporting.suppressed import FEWEST, suppressed
from db import readmodel
from db.facts import Filter
from db.measures import MEASURES
from db.measures.instants import times
from grids.policies import Policy
from grids.rights import Who

PERIODS = ("today", "7d", "30d")
HALF_TOP = 0.98  # of the values, so that one busy cell does not make the rest pale
STEPS = 5
COMPARED = timedelta(weeks=8)


@dataclass(frozen=True)
class Wanted:
    """What a wall shows: a policy, a place (KIND:CODE, None: all that its reader may count) and one of PERIODS."""

    policy: str = "QD"
    place: str | None = None
    period: str = "7d"


class Looking:
    """One reading of the record for a wall. conn: a transaction of `desk`'s reader; view: what they may count."""

    def __init__(self, desk: Desk, wanted: Wanted, conn: Connection) -> None:
        self.desk, self.wanted, self.conn = desk, wanted, conn
        self.now: datetime = desk.now()
        self.facts: Facts = desk.facts()
        self.view: readmodel.View = desk.view()

    @cached_property
    def period(self) -> Filter:
        """The chosen period, up to the running minute."""
        return self.of(self.wanted.period)

    @cached_property
    def today(self) -> Filter:
        """The local day so far."""
        return self.of("today")

    def of(self, period: str) -> Filter:
        """Another period of the same place."""
        return self.desk.filter(View(period=period, place=self.wanted.place))

    @cached_property
    def until(self) -> datetime:
        """Up to when reports have come, local: now, unless the whole city is silent for longer than chance allows.

        Of the whole city because a feed is nobody's own; a small place may well be quiet for a day.
        """
        city, zone = self.desk.under(COMMON), ZoneInfo(self.facts.city.zone)
        now, view, flt = self.now.astimezone(zone), city.view(), city.filter(View(period="today"))
        at = readmodel.ask(view, "report", replace(flt, start=now - COMPARED))["at"][-1:]
        if not len(at):
            return now
        last: datetime = times(at, view.about.ticks).dt.tz_convert(zone).iloc[0].to_pydatetime()
        return data_until(last, now, lambda: _expected(city, flt, now))

    @property
    def unheard(self) -> bool:
        """Whether nothing of today has come yet, so that nothing is known of it."""
        return self.until < self.today.start

    @property
    def policy(self) -> Policy:
        """By which promise containment is judged."""
        return self.desk.policy(View(policy=self.wanted.policy))

    @property
    def below(self) -> str:
        """The kind of places into which the chosen one is divided on a wall."""
        kind = (self.wanted.place or "").partition(":")[0]
        return "beat" if kind in ("station", "community") else "cell" if kind in ("beat", "cell") else "station"

    def measure(self, name: str, flt: Filter | None = None, **options: Any) -> pd.DataFrame:
        """One of db.measures.MEASURES, of the chosen period unless told another."""
        return MEASURES[name](self.conn, self.view, flt or self.period, **options)

    def by_place(
        self, measure: Callable[[str | None], pd.DataFrame], counts: tuple[str, str], also: Sequence[str] = ()
    ) -> pd.DataFrame:
        """A measure by `below` with small counts hidden: column suppressed (bool)."""
        return suppressed(measure, self.below, FEWEST, self.view, counts, also)

    def name(self, kind: str, key: str | None, label: str | None = None) -> str | None:
        """What a place is called now."""
        return None if key is None or pd.isna(key) else self.facts.names.get(f"{kind}:{key}", label or key)

    @contextmanager
    def under(self, who: Who) -> Iterator["Looking"]:
        """Within: the same as another reader sees it."""
        desk = self.desk.under(who)
        with desk.connection() as conn:
            yield Looking(desk, self.wanted, conn)


def _expected(city: Desk, flt: Filter, now: datetime) -> list[float]:
    with city.connection() as conn:
        running: list[float] = MEASURES["expected by hour"](conn, city.view(), flt, now=now)["expected"].tolist()
    return running


def stepped(values: pd.Series) -> tuple[list[int], list[int]]:
    """Counts as colours: the least count of each step from 1 on, and each value's step (0: none).

    Step 1 holds all small counts together (1 to FEWEST − 1), so that no colour singles out a household.
    """
    top = float(values.quantile(HALF_TOP)) if len(values) else 0.0
    bounds = [1, FEWEST]
    if top > FEWEST * 2:
        grown = np.unique(np.round(np.geomspace(FEWEST, top, STEPS)[1:-1]).astype(int))
        bounds += [int(each) for each in grown if each > FEWEST]
    return bounds, np.searchsorted(bounds, values.to_numpy(), "right").tolist()


def shared(row: Any) -> dict[str, Any]:
    """A row of grids.containment.with_shares as a wall draws it; hidden: too few to be told."""
    if getattr(row, "suppressed", False):
        return {"hidden": True}
    return {
        "k": row.contained, "n": row.decided, "share": row.share, "low": row.low, "high": row.high,
        "escaped": row.escaped, "pending": row.pending,
    }  # fmt: skip


def few(count: int) -> int | None:
    """A count, or None where it is too small to be told."""
    return None if 0 < count < FEWEST else int(count)
