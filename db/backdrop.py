"""The drawn base map of our own: sea, water, roads, parks, buildings."""

import hashlib
from collections.abc import Sequence
from typing import Any

from geoalchemy2.elements import WKBElement
from sqlalchemy import Connection, insert, select

from db.outcome import Outcome
from db.tables import Backdrop

Row = dict[str, Any]


def write_backdrop(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert features that are not there yet. Rows: line, kind, name, rank, geometry (WGS-84, any type)."""
    outcome = Outcome()
    known = set(conn.execute(select(Backdrop.key)).scalars())
    for row in rows:
        wkb: bytes = row["geometry"].wkb
        key = hashlib.sha256(f"{row['kind']}|{row.get('name')}|".encode() + wkb).hexdigest()
        if key in known:
            outcome.labels[row["line"]] = "unchanged"
            continue
        known.add(key)
        values = {"kind": row["kind"], "name": row.get("name"), "rank": row.get("rank") or 2, "key": key}
        conn.execute(insert(Backdrop).values(**values, geom=WKBElement(wkb, srid=4326)))
        outcome.labels[row["line"]] = "inserted"
    return outcome
