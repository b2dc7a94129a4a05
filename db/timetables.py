"""Times that must not overlap for one officer: each new one judged against the record and those before it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Span = tuple[datetime, datetime]


@dataclass
class Timetable:
    """Times by officer, in order and without overlaps."""

    _times: dict[int, list[Span]] = field(default_factory=dict)

    def load(self, officer: int, spans: Iterable[Span]) -> None:
        """Take over what the record holds of an officer."""
        self._times[officer] = sorted(spans)

    def place(self, officer: int, start: datetime, end: datetime) -> Span | None:
        """Put a time in, in the place of one that starts alike; the time that stands in its way, None when it is in."""
        times = self._times.setdefault(officer, [])
        at = bisect_left(times, (start,))
        alike = int(at < len(times) and times[at][0] == start)
        if at and times[at - 1][1] > start:
            return times[at - 1]
        if at + alike < len(times) and times[at + alike][0] < end:
            return times[at + alike]
        times[at : at + alike] = [(start, end)]
        return None


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Rows by officer and start: a time that is cut short makes room for the next one of the same file."""
    return sorted(rows, key=lambda row: (row["officer_id"], row["start"], row["line"]))


def told(span: Span, zone: ZoneInfo) -> str:
    """A time as people write it, in the city's zone."""
    start, end = (at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in span)
    return f"{start} to {end}"
