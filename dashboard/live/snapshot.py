"""The wall's one shared picture: read once for all screens when the stamp changes, or once a minute."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard.live.freshness import data_through, judged
from dashboard.live.stamp import Stamps
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from dashboard.reading.view import View
from db.metrics import Totals
from grids.rights import Who

LIVES_S = 60.0
FEED = 12
MOST = 60


@dataclass(frozen=True)
class Snapshot:
    """Everything a wall shows, with the instant at which it was read; frames have the columns of Desk's functions."""

    stamp: str
    at: datetime
    data_through: datetime | None
    today: Totals
    overall: pd.DataFrame
    severities: pd.DataFrame
    work: pd.DataFrame
    cells: pd.DataFrame
    feed: pd.DataFrame
    freshness: pd.DataFrame


class Snapshots:
    """Keeps the latest snapshot of each policy and of each set of places: nobody gets another's."""

    def __init__(self, desk: Desk, stamps: Stamps) -> None:
        self._desk = desk
        self._stamps = stamps
        self._kept: dict[tuple[str, tuple[str, ...]], tuple[float, Snapshot]] = {}
        self._lock = threading.Lock()

    def latest(self, policy: str) -> Snapshot:
        """The snapshot that fits the present stamp, at most a minute old, bounded by the places of who acts.

        It is read as a wall reads, whoever asks first: figures only.
        """
        stamp, places = self._stamps.current(), self._desk.who().places
        with self._lock:
            kept = self._kept.get((policy, places))
            if kept is None or kept[1].stamp != stamp or time.monotonic() - kept[0] > LIVES_S:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                desk = self._desk.under(Who("wall", ("wall",), places))
                kept = self._kept[policy, places] = (time.monotonic(), read(desk, policy, stamp))
            return kept[1]


def read(desk: Desk, policy: str, stamp: str) -> Snapshot:
    """Today's counts, thirty days of containment, seven days of work and of the map."""
    month, week = View(period="30d", policy=policy), View(period="7d", policy=policy)
    freshness, now = desk.freshness(), desk.now()
    return Snapshot(
        stamp=stamp,
        at=now,
        data_through=data_through(freshness),
        today=desk.totals(View(period="today")),
        overall=desk.containment(month, None),
        severities=desk.containment(month, "severity"),
        work=desk.workload(week, "beat"),
        cells=desk.cells(week),
        feed=desk.recent(week, FEED),
        freshness=judged(freshness, now),
    )


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot for outsiders: frames as lists of records, instants as ISO texts."""

    return {name: plain(getattr(snapshot, name)) for name in Snapshot.__dataclass_fields__}
