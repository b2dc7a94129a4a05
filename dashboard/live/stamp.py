"""A short text that changes whenever a screen should: new data, new boundaries, a new day."""

import time
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.reading.desk import COMMON, Desk
from db.city import city

LIVES_S = 1.0


class Versions(Protocol):
    """What has the versions of a record: the city's row, or a read model of it."""

    @property
    def data_version(self) -> int:
        """Rises with every change of the record."""

    @property
    def boundary_version(self) -> int:
        """Rises with every change of places."""


class Stamps:
    """Asks the record at most once a second, however many screens ask."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: tuple[float, str] | None = None

    def current(self) -> str:
        """The stamp of what the record holds now."""
        if self._last is None or time.monotonic() - self._last[0] > LIVES_S:
            return self.fresh()
        return self._last[1]

    def fresh(self) -> str:
        """The same, asked just now."""
        with self._desk.under(COMMON).connection() as conn:
            told = city(conn)
        self._last = (time.monotonic(), stamp(told, told.zone, self._desk.now()))
        return self._last[1]


def stamp(of: Versions, zone: str, now: datetime) -> str:
    """Data version, boundary version and local day of a record or a read model: "17-3-20260131"."""
    return f"{of.data_version}-{of.boundary_version}-{now.astimezone(ZoneInfo(zone)):%Y%m%d}"


def local(instant: datetime | pd.Timestamp | None, zone: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """An instant in the city's zone, or a dash."""
    if instant is None or pd.isna(instant):
        return "–"
    return pd.Timestamp(instant).tz_convert(zone).strftime(form)
