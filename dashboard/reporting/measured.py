"""Measures asked by a report's options: from the read model, as the operator of the host."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from dashboard.reading.desk import Desk
from dashboard.reporting import asking
from dashboard.reporting.drafts import boundaries_of
from dashboard.reporting.recorded import named
from dashboard.reporting.suppressed import suppressed
from db import readmodel
from db.facts import Filter
from db.measures import MEASURES
from grids.policies import POLICIES, Policy

Told = tuple[datetime | None, datetime | None, str | None, list[str] | None, list[str] | None]


@dataclass(frozen=True)
class Reading:
    """A measure's sources and what every measure is asked: see db.measures.question."""

    desk: Desk
    conn: Connection
    view: readmodel.View
    flt: Filter
    policy: Policy = POLICIES["QD"]
    as_of: datetime | None = None
    boundaries: str | Mapping[str, str] = "then"
    fewest: int | None = None

    def measure(self, name: str, **options: Any) -> pd.DataFrame:
        """The table of one of db.measures.MEASURES."""
        return MEASURES[name](self.conn, self.view, self.flt, **options)

    def hidden(
        self, ask: Callable[[str | None], pd.DataFrame], by: str | None,
        counts: tuple[str, str] = ("numerator", "denominator"), also: Sequence[str] = (), within: Sequence[str] = (),
    ) -> pd.DataFrame:  # fmt: skip
        """What `ask` tells by `by`, small counts hidden where the reader must not see them, keys named."""
        return named(suppressed(ask, by, self.fewest, self.view, counts, also, within), by)


@contextmanager
def reading(
    told: Told, policy: str = "QD", as_of: str | None = None, boundaries: str = "then", fewest: int | None = None
) -> Iterator[Reading]:
    """The sources for a command's options (first, last, place, category, channel …); builds the model if it must."""
    desk = asking.desk_of()
    asked = asking.asked(*told, policy=policy)
    flt, drawn = desk.filter(asked), boundaries_of(boundaries)
    view = desk.view(_progress() if sys.stderr.isatty() else None)
    with desk.connection() as conn:
        judged = asking.instant(as_of, desk)
        yield Reading(desk, conn, view, flt, desk.policy(asked), judged, drawn, fewest)


def _progress() -> Callable[[int], None]:
    """One line on standard error that grows while the model is built."""

    def progress(rows: int) -> None:
        print(f"\rReading the record: {rows:,} rows ", end="", file=sys.stderr, flush=True)

    return progress
