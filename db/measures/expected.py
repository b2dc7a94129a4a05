"""Is today unusual? Reports so far beside what the same weekdays before lead one to expect, by place."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from db.facts import Filter
from db.measures.instants import times
from db.measures.live import live_places
from db.readmodel.asking import Draft, ask
from db.readmodel.scope import View
from db.readmodel.spots import PLACES
from db.tables import Holiday
from geo.time_zone import time_zone
from grids.arrivals import history
from grids.expected import expected_by_hour
from grids.expected_places import expected_of_places, histories

COLUMNS = [
    "key", "label", "observed", "expected", "limit_low", "limit_high", "verdict", "days", "excess", "is_holiday",
]  # fmt: skip


def expected_today(
    conn: Connection, view: View, flt: Filter, *, now: datetime | None = None, by: str | None = None, weeks: int = 8,
    level: float = 0.95, boundaries: str | Draft = "then",
) -> pd.DataFrame:  # fmt: skip
    """COLUMNS, one row a `by` (places without reports too), one in all without: as grids.expected_places.

    The filter's place, categories and channels count; of its period only the end does, where `now` is not told: today
    is the local day of that instant. Days of the calendar of holidays and those up to the first report of the record
    are no comparison. is_holiday: whether today is one itself, so that nothing ordinary is to be expected. InputError
    for weeks outside 4 to 53.
    """
    now, here = now or flt.end, time_zone(view.about.zone)
    today = now.astimezone(here)
    flt = replace(flt, start=now - timedelta(weeks=weeks, days=2), end=now + timedelta(microseconds=1))
    asked = ask(view, "report", flt, by=by, boundaries=boundaries, redrawn=now)
    at = times(asked["at"], view.about.ticks)
    skip = set(conn.execute(select(Holiday.day)).scalars())
    told = histories(asked.key, len(asked.names), at, now, view.about.zone, weeks, skip, _first_whole_day(view, here))
    table = expected_of_places(told, level).rename(columns={"low": "limit_low", "high": "limit_high"})
    keys, labels = ([name[n] for name in asked.names] for n in (0, 1))
    frame = pd.DataFrame({"key": pd.Series(keys, dtype=object), "label": pd.Series(labels, dtype=object)}).join(table)
    kept = np.bincount(asked.key, minlength=len(keys)) > 0 if by else np.ones(1, bool)
    if by in PLACES:
        kept |= frame["key"].isin(live_places(view, flt, by, boundaries=boundaries, redrawn=now)["key"]).to_numpy()
    return frame[kept].assign(is_holiday=today.date() in skip)[COLUMNS].reset_index(drop=True)


def expected_hours(
    conn: Connection, view: View, flt: Filter, *, now: datetime | None = None, weeks: int = 8, level: float = 0.95
) -> pd.DataFrame:
    """hour (1 … 24), observed, expected, low, high: running counts of today at each hour's end, for a chart.

    As grids.expected.expected_by_hour; which reports count and which days are compared as in `expected_today`.
    """
    now, here = now or flt.end, time_zone(view.about.zone)
    flt = replace(flt, start=now - timedelta(weeks=weeks, days=2), end=now + timedelta(microseconds=1))
    at = times(ask(view, "report", flt)["at"], view.about.ticks)
    skip = set(conn.execute(select(Holiday.day)).scalars())
    return expected_by_hour(history(at, now, view.about.zone, weeks, skip, _first_whole_day(view, here)), level)


def _first_whole_day(view: View, here: object) -> date | None:
    """The day after that of the first report of the record."""
    at = view.rows("report")["at"][:1]
    if not len(at):
        return None
    first: datetime = times(at, view.about.ticks).dt.tz_convert(here).iloc[0]
    return first.date() + timedelta(days=1)
