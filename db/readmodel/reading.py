"""Matters out of PostgreSQL by binary COPY: rows of one width, so that they are read without being parsed."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from db.readmodel.columns import Array
from grids.levels import LEVELS

Progress = Callable[[int], None]

# PostgreSQL's binary COPY: a head of 19 bytes; a row is its number of columns, then for each its length and value.
HEAD, TAIL = 19, 2
INSTANTS = ("opened", "severity_at", *(f"reached_{level}" for level in LEVELS), "due", "closed", "reopened")
KINDS = {
    "id": ">i8",
    "cell": ">i8",
    "now": ">i8",
    "category": ">i8",
    "channel": ">i4",
    "initial": ">i2",
    "severity": ">i2",
}
NAMES = (*KINDS, *INSTANTS)
ROW = np.dtype(
    [("count", ">i2")]
    + [part for name in NAMES for part in ((f"{name}_length", ">i4"), (name, KINDS.get(name, ">i8")))]
)
CHUNK = 1 << 15  # rows turned into columns at once

QUERY = """
    COPY (
        SELECT m.id, coalesce(m.cell_id, 0), coalesce(i.cell_now, 0), m.category_id,
            coalesce(array_position(%(channels)s::text[], m.channel), 0), m.severity_initial, m.severity,
            m.opened_at, coalesce(m.severity_at, '-infinity'), coalesce(m.reached_cell, 'infinity'),
            coalesce(m.reached_beat, 'infinity'), coalesce(m.reached_community, 'infinity'),
            coalesce(m.reached_street, 'infinity'), coalesce(m.reached_district, 'infinity'),
            coalesce(m.reached_city, 'infinity'), coalesce(m.due_at, 'infinity'),
            coalesce(c.closed_at, 'infinity'), coalesce(c.reopened_at, 'infinity')
        FROM matter m LEFT JOIN incident i ON i.id = m.incident_id LEFT JOIN closure c ON c.matter_id = m.id
        WHERE %(ids)s::bigint[] IS NULL OR m.id = ANY(%(ids)s::bigint[])
    ) TO STDOUT (FORMAT binary)"""


def read_rows(
    conn: Connection, channels: Sequence[str], ids: Sequence[int] | None = None, progress: Progress | None = None
) -> Array:
    """One row a matter and closure (a matter without any has one), in one snapshot: fields NAMES, in native order.

    Instants are microseconds since 2000, 64-bit extremes for none. channel is 1 + its place among `channels`, 0 for
    one that is not there. ids: only these matters. progress is told how many rows there are so far.
    """
    taken = _Rows(progress)
    driver: Any = conn.connection.dbapi_connection
    with driver.cursor() as cursor:
        asked = {"channels": list(channels), "ids": None if ids is None else [int(number) for number in ids]}
        cursor.copy_expert(cursor.mogrify(QUERY, asked), taken)
    return taken.columns()


class _Rows:
    """A file that COPY writes to."""

    def __init__(self, progress: Progress | None) -> None:
        self._bytes, self._parts, self._count = bytearray(), list[Array](), 0
        self._head, self._progress = HEAD, progress

    def write(self, data: bytes) -> int:
        self._bytes += data
        if self._head and len(self._bytes) >= self._head:
            del self._bytes[: self._head]
            self._head = 0
        if len(self._bytes) >= CHUNK * ROW.itemsize + TAIL:
            self._take()
        return len(data)

    def columns(self) -> Array:
        self._take()
        return np.concatenate([np.empty(0, _native()), *self._parts])

    def _take(self) -> None:
        count = len(self._bytes) // ROW.itemsize
        rows = np.frombuffer(bytes(self._bytes[: count * ROW.itemsize]), ROW)
        del self._bytes[: count * ROW.itemsize]
        self._parts.append(rows[list(NAMES)].astype(_native()))
        self._count += count
        if self._progress:
            self._progress(self._count)


def _native() -> "np.dtype[Any]":
    return np.dtype([(name, KINDS.get(name, ">i8").replace(">", "=")) for name in NAMES])
