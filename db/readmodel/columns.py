"""The columns of matters and of what happens to them: what they hold, and how instants become ticks.

| column | bytes | holds |
|---|---|---|
| opened | 4 | tick of the opening; rows are sorted by it, then by id |
| spot | 4 | cell and beat that held it at the opening (`db.readmodel.spots`), 0 in no cell |
| category, channel | 2, 1 | places in the dictionaries |
| grades | 1 | initial grade + 4 × the grade that counts + 16 × the last grade |
| now | 4 | cell of today, as a place in the list of cells, 0 in none |
| severity_at | 4 | tick from which the grade counts; LONG_AGO: always |
| reached | 6 × 4 | first tick at each level |
| due, closed, reopened | 3 × 4 | deadline; first closure (later ones stand in `more`) |
| id | 8 | the matter, for patching and scope; no scan reads it |
| settled, flags | 4, 1 | first `settle` or `close`; SETTLED_ON_SPOT, MEDIATED, MEDIATED_SETTLED |
| satisfaction, minutes | 1, 8 | -1: nobody asked; recorded minutes, else those of the category |
| reports | 4 | how many reports |

EVENTS are what happens to matters: one table each, sorted by its own instant; `matter_row` is the row of the matter.

A tick is a second since 2000 in int32 where every instant is whole seconds between 1932 and 2068; else all ticks of
the model are microseconds in int64, twice as wide. So nothing is ever rounded.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

SECOND_US = 1_000_000
LONG_US, AGO_US = np.iinfo(np.int64).max, np.iinfo(np.int64).min
EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
SETTLED_ON_SPOT, MEDIATED, MEDIATED_SETTLED = 1, 2, 4
FIRST, DUPLICATE, REPEAT = 0, 1, 2  # kinds of reports
REPEATED, GOOD_REVISIT, BAD_REVISIT = 0, 1, 2  # kinds of followups
TICK = "tick"
# Of each table its columns and their types, the instant that it is sorted by first.
EVENTS: dict[str, dict[str, str]] = {
    "closing": {"closed": TICK, "reopened": TICK, "matter_row": "i4"},
    "report": {
        "at": TICK, "id": "i8", "matter_row": "i4", "spot": "i4", "now": "i4", "category": "i2", "channel": "i1",
        "kind": "i1", "lon": "f8", "lat": "f8", "door": "i8",
    },
    "diversion": {
        "sent": TICK, "accepted": TICK, "bounced": TICK, "done": TICK, "kept": "?", "matter_row": "i4",
        "from_unit": "i8", "to_unit": "i8",
    },
    "followup": {"at": TICK, "matter_row": "i4", "kind": "i1", "officer": "i8", "minutes": "f8"},
    "charge": {"began": TICK, "officer": "i8", "matter_row": "i4", "role": "i1", "minutes": "f8"},
}  # fmt: skip
Events = dict[str, dict[str, Array]]


@dataclass(frozen=True)
class Part:
    """Columns of n matters sorted by (opened, id); more_*: second and later closures by row, then time."""

    id: Array
    opened: Array
    spot: Array
    now: Array
    category: Array
    channel: Array
    grades: Array
    severity_at: Array
    reached: Array
    due: Array
    closed: Array
    reopened: Array
    settled: Array
    flags: Array
    satisfaction: Array
    minutes: Array
    reports: Array
    more_row: Array
    more_closed: Array
    more_reopened: Array

    def __len__(self) -> int:
        return len(self.id)

    @property
    def nbytes(self) -> int:
        """Bytes of all columns."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))


@dataclass(frozen=True)
class Ticks:
    """How instants are written: microseconds a tick."""

    us: int = SECOND_US

    @property
    def dtype(self) -> np.dtype[Any]:
        """int32 for seconds, int64 for microseconds."""
        return np.dtype(np.int32 if self.us == SECOND_US else np.int64)

    def fit(self, instants: Array) -> bool:
        """Whether microseconds since 2000 can be written without loss; the two infinities always can."""
        if self.us == 1:
            return True
        finite = instants[(instants != LONG_US) & (instants != AGO_US)]
        limit = np.iinfo(np.int32).max - 1
        return bool((finite % SECOND_US == 0).all() and (np.abs(finite // SECOND_US) < limit).all())

    @property
    def never(self) -> int:
        """What stands for an instant that has not come."""
        return int(np.iinfo(self.dtype).max)

    def kind(self, name: str) -> np.dtype[Any]:
        """The type of a column of EVENTS."""
        return self.dtype if name == TICK else np.dtype(name)

    def pack(self, instants: Array) -> Array:
        """Microseconds since 2000 as ticks."""
        if self.us == 1:
            return instants.astype(np.int64)
        limits = np.iinfo(np.int32)
        ticks = np.clip(instants // SECOND_US, limits.min, limits.max)
        extremes = [instants == AGO_US, instants == LONG_US]
        return np.select(extremes, [limits.min, limits.max], ticks).astype(np.int32)

    def first_from(self, at: datetime | None) -> int:
        """The first tick at or after an instant (None: before all): t >= at if and only if its tick is >= this."""
        return int(np.iinfo(self.dtype).min) if at is None else self._bounded(-(-microseconds(at) // self.us))

    def last_until(self, at: datetime) -> int:
        """The last tick at or before an instant: t <= at if and only if its tick is <= this."""
        return self._bounded(microseconds(at) // self.us)

    def end_before(self, at: datetime | None) -> int:
        """t < at if and only if its tick is < this (None: never ends)."""
        return int(np.iinfo(self.dtype).max) if at is None else self.first_from(at)

    def _bounded(self, tick: int) -> int:
        limits = np.iinfo(self.dtype)
        return min(max(tick, int(limits.min) + 1), int(limits.max) - 1)


def microseconds(at: datetime) -> int:
    """Microseconds since 2000, exactly."""
    passed = at - EPOCH
    return (passed.days * 86_400 + passed.seconds) * SECOND_US + passed.microseconds
