"""The clock of the week: reports by weekday and hour of the city, and how often each of these hours came."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.instants import seconds_1970
from db.measures.question import Question
from db.readmodel.asking import Asked, Draft, ask
from db.readmodel.scope import View
from geo.hotspots.clock import clock_of_seconds, hours_of_week

COLUMNS = ["weekday", "hour", "reports", "hours", "rate"]


def clock(_conn: Connection, view: View, flt: Filter, *, boundaries: str | Draft = "then") -> pd.DataFrame:
    """COLUMNS, 168 rows: weekday 1 (Monday) … 7, hour 0 … 23 of the city's clock.

    hours: how long that hour lasted in the period, all weeks together; rate: reports an hour, NaN where it never came.
    """
    asked = ask(view, "report", flt, boundaries=boundaries)
    seconds = seconds_1970(asked["at"], view.about.ticks)
    told = clock_of_seconds(seconds, flt.start, flt.end, view.about.zone)
    weekday, hour = np.divmod(np.arange(168), 24)
    counts = {"reports": told.counts.ravel(), "hours": told.hours.ravel(), "rate": told.rate.ravel()}
    return pd.DataFrame({"weekday": weekday + 1, "hour": hour} | counts)[COLUMNS]


def by_hour(asked: Question) -> Asked:
    """The reports of the period, keyed "weekday-hour" as in `clock`: "1-0" (Monday, midnight to one) … "7-23"."""
    reports = asked.ask("report")
    seconds = seconds_1970(reports["at"], asked.view.about.ticks)
    hour = hours_of_week(seconds, asked.flt.start, asked.flt.end, asked.view.about.zone)
    names = [f"{1 + each // 24}-{each % 24}" for each in range(168)]
    return reports.keyed(hour, [(name, name) for name in names])
