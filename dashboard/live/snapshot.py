"""The one picture that all screens of a kind share: read when the stamp has changed, part by part, never twice."""

import gzip
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dashboard.live import freshness
from dashboard.live.looking import Looking, Wanted
from dashboard.live.scenes import containment, hotspots, load, situation, supervision
from dashboard.live.stamp import Stamps, stamp
from dashboard.reading.desk import COMMON, Desk
from dashboard.reading.records import plain
from geo.errors import BeatgridError
from grids.rights import Who

LIVES_S = 60.0  # with the same stamp: minutes pass, and with them what is overdue
AT_ONCE_S = 0.2  # between two readings of news: new stamps come at most twice a second
REST, LEAST_REST_S = 3.0, 0.8  # times as long as a reading took, and at least, until parts that can wait are read again
ENOUGH_S = 0.08  # so long a reading goes on with parts that can wait
MOST = 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """A part of the picture: how it is read, and how long it is good enough although the stamp has changed."""

    read: Callable[[Looking], Any]
    lives_s: float = 0.0


def channels(look: Looking) -> dict[str, Any]:
    """Every channel with its last report and whether it is late, of the whole city: a feed is nobody's own."""
    desk = look.desk.under(COMMON)
    rows = desk.freshness()
    told = freshness.judged(rows, look.now)[["channel", "last_reported_at", "pushed", "stale"]]
    return {"through": freshness.data_through(rows), "channels": told}


PARTS: dict[str, Part] = {
    "today": Part(situation.today),
    "feed": Part(situation.feed),
    "cells": Part(situation.cells),
    "hours": Part(situation.hours, 10.0),
    "containment": Part(containment.containment, 2.0),
    "escapes": Part(containment.escapes, 2.0),
    "flow": Part(containment.flow, 5.0),
    "overdue": Part(supervision.overdue, 5.0),
    "revisits": Part(supervision.revisits, 15.0),
    "diversions": Part(supervision.diversions, 15.0),
    "freshness": Part(channels, 15.0),
    "hot": Part(hotspots.hot, 30.0),
    "clock": Part(hotspots.clock, 30.0),
    "repeats": Part(hotspots.repeats, 30.0),
    "beats": Part(load.beats, 60.0),
    "heavy_cells": Part(load.cells, 60.0),
    "fairness": Part(load.fairness, 60.0),
    "staffing": Part(load.staffing, 60.0),
    "near": Part(hotspots.near, 600.0),
}


@dataclass
class Kept:
    """A part as it was read: under which stamp, when (monotonic), and its value."""

    stamp: str
    at: float
    value: Any


@dataclass
class Picture:
    """One kind of picture: its parts, the answer made of them, and what may be read again when."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    parts: dict[str, Kept] = field(default_factory=dict)
    stamp: str = ""
    read_at: float = float("-inf")
    cost_s: float = 0.0
    body: bytes = b""
    packed: bytes = b""


class Snapshots:
    """Keeps the latest picture of each thing wanted and of each set of places: nobody gets another's."""

    def __init__(self, desk: Desk, stamps: Stamps) -> None:
        self._desk, self._stamps = desk, stamps
        self._kept: dict[tuple[Wanted, tuple[str, ...]], Picture] = {}
        self._lock = threading.Lock()

    def latest(self, wanted: Wanted) -> Picture:
        """The picture for who acts, as a wall sees it whoever asks: figures only, bounded by their places.

        Its stamp may be older than the record's for a moment: it then says in again_s when to ask again.
        """
        places, now = self._desk.who().places, self._stamps.current()
        picture = self._picture((wanted, places))
        with picture.lock:
            if _is_due(picture, now, time.monotonic()):
                _read(picture, self._desk.under(Who("wall", ("wall",), places)), wanted)
        return picture

    def _picture(self, key: tuple[Wanted, tuple[str, ...]]) -> Picture:
        with self._lock:
            if key not in self._kept and len(self._kept) >= MOST:
                self._kept.pop(min(self._kept, key=lambda each: self._kept[each].read_at))
            return self._kept.setdefault(key, Picture())


def _is_due(picture: Picture, stamp: str, now: float) -> bool:
    rested = now - picture.read_at
    if picture.stamp != stamp:
        return rested > AT_ONCE_S
    behind = any(_worn(name, kept, stamp, now) for name, kept in picture.parts.items())
    return behind and rested > max(LEAST_REST_S, REST * picture.cost_s)


def _worn(name: str, kept: Kept, stamp: str, now: float) -> bool:
    age = now - kept.at
    return age > max(LIVES_S, PARTS[name].lives_s) or (kept.stamp != stamp and age >= PARTS[name].lives_s)


def _read(picture: Picture, desk: Desk, wanted: Wanted) -> None:
    """Read what is worn, and make the answer: what cannot wait first, the rest as far as there is time for it."""
    began = time.monotonic()
    with desk.connection() as conn:
        look = Looking(desk, wanted, conn)
        seen = stamp(look.view.about, look.facts.city.zone, look.now)
        for name in _wanted(picture, seen, began):
            kept, part = picture.parts.get(name), PARTS[name]
            if kept is None or not part.lives_s or time.monotonic() - began < ENOUGH_S:
                picture.parts[name] = Kept(seen, began, _value(name, part, look, kept))
    picture.stamp, picture.read_at = seen, time.monotonic()
    picture.cost_s = picture.read_at - began
    told = {"stamp": seen, "at": look.now, "again_s": _again(picture), "boundaries": look.facts.version}
    told |= {"missing": sorted(look.facts.missing), "place": wanted.place, "period": wanted.period}
    told |= {name: kept.value for name, kept in picture.parts.items()}
    picture.body = json.dumps(plain(told), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    picture.packed = gzip.compress(picture.body, 3, mtime=0)


def _wanted(picture: Picture, stamp: str, now: float) -> list[str]:
    """The parts to read, in their order: those that cannot wait, then those that have waited longest."""
    worn = [name for name in PARTS if name not in picture.parts or _worn(name, picture.parts[name], stamp, now)]
    waits = {name: picture.parts[name].at if name in picture.parts else float("-inf") for name in worn}
    return sorted(worn, key=lambda name: (bool(PARTS[name].lives_s), waits[name]))


def _value(name: str, part: Part, look: Looking, before: Kept | None) -> Any:
    """The part; one that cannot be read stays as it was and leaves the others alone."""
    try:
        return part.read(look)
    except BeatgridError:
        raise
    except Exception:
        log.exception("Part %s of the wall could not be read", name)
        return before.value if before else None


def _again(picture: Picture) -> float:
    """After how many seconds a part that is behind the stamp may be read again; LIVES_S where none is."""
    now = time.monotonic()
    waits = [PARTS[n].lives_s - (now - k.at) for n, k in picture.parts.items() if k.stamp != picture.stamp]
    return round(max(1.0, min([*waits, LIVES_S])), 1)
