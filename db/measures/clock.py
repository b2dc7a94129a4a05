"""The clock of the week: reports by weekday and hour of the city, and how often each of these hours came."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.instants import seconds_1970
from db.readmodel.asking import Draft, ask
from db.readmodel.scope import View
from geo.hotspots.clock import clock_of_seconds

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
