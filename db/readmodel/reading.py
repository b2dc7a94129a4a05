"""Rows out of PostgreSQL by binary COPY: rows of one width, so that they are read without being parsed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from db.readmodel.columns import Array

Progress = Callable[[int], None]

# PostgreSQL's binary COPY: a head of 19 bytes; a row is its number of columns, then for each its length and value.
HEAD, TAIL = 19, 2
CHUNK = 1 << 15  # rows turned into columns at once
INSTANT = "t8"  # microseconds since 2000; 64-bit extremes for -infinity and infinity


def read_rows(
    conn: Connection, query: str, kinds: Mapping[str, str], values: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Array:  # fmt: skip
    """The rows of a query as a structured array in native order.

    kinds: column → i2, i4, i8, f8, ? or INSTANT (what the query yields, in its order, never null). progress is told
    how many more rows there are.
    """
    taken = _Rows(kinds, progress)
    driver: Any = conn.connection.dbapi_connection
    with driver.cursor() as cursor:
        told = cursor.mogrify(query, _plain(values or {})).decode()
        cursor.copy_expert(f"COPY ({told}) TO STDOUT (FORMAT binary)", taken)
    return taken.columns()


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for name, value in values.items()}  # fmt: skip


def _type(kind: str, order: str) -> str:
    return kind if kind == "?" else order + kind.replace(INSTANT, "i8")


class _Rows:
    """A file that COPY writes to."""

    def __init__(self, kinds: Mapping[str, str], progress: Progress | None) -> None:
        told = [("count", ">i2")]
        for name, kind in kinds.items():
            told += [(f"{name}_length", ">i4"), (name, _type(kind, ">"))]
        self._row = np.dtype(told)
        self._native = np.dtype([(name, _type(kind, "=")) for name, kind in kinds.items()])
        self._names = list(kinds)
        self._bytes, self._parts = bytearray(), list[Array]()
        self._head, self._progress = HEAD, progress

    def write(self, data: bytes) -> int:
        self._bytes += data
        if self._head and len(self._bytes) >= self._head:
            del self._bytes[: self._head]
            self._head = 0
        if len(self._bytes) >= CHUNK * self._row.itemsize + TAIL:
            self._take()
        return len(data)

    def columns(self) -> Array:
        self._take()
        return np.concatenate([np.empty(0, self._native), *self._parts])

    def _take(self) -> None:
        count = len(self._bytes) // self._row.itemsize
        rows = np.frombuffer(bytes(self._bytes[: count * self._row.itemsize]), self._row)
        del self._bytes[: count * self._row.itemsize]
        self._parts.append(rows[self._names].astype(self._native))
        if self._progress:
            self._progress(count)
