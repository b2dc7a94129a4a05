"""A short text that changes whenever a screen should: new data, new boundaries, a new day."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.reading.desk import COMMON, Desk
from db.city import City, city

LIVES_S = 2.0


class Stamps:
    """Asks the record at most every two seconds, however many screens ask."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: tuple[float, str] | None = None

    def current(self) -> str:
        """The stamp of what the record holds now."""
        if self._last is None or time.monotonic() - self._last[0] > LIVES_S:
            with self._desk.under(COMMON).connection() as conn:
                self._last = (time.monotonic(), stamp(city(conn), self._desk.now()))
        return self._last[1]


def stamp(city: City, now: datetime) -> str:
    """Data version, boundary version and local day: "17-3-20260131"."""
    today = now.astimezone(ZoneInfo(city.zone))
    return f"{city.data_version}-{city.boundary_version}-{today:%Y%m%d}"


def local(instant: datetime | pd.Timestamp | None, zone: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """An instant in the city's zone, or a dash."""
    if instant is None or pd.isna(instant):
        return "–"
    return pd.Timestamp(instant).tz_convert(zone).strftime(form)
