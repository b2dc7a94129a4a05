"""Areas, beats and cells as features (GeoJSON, lon and lat in WGS-84) of an instant, within a box, page by page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER
from geo.errors import NotFound

COLLECTIONS = ("areas", "beats", "cells")
Box = tuple[float, float, float, float]
Feature = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Features of one page and how many there are in all."""

    features: list[Feature]
    matched: int


def features(
    conn: Connection, collection: str, at: datetime, box: Box | None = None, limit: int = 1_000, offset: int = 0
) -> Page:
    """Features in force at `at` that touch `box` (west, south, east, north), in the order of their codes.

    Raises NotFound for another collection than COLLECTIONS.
    """
    found = _rows(conn, collection, at, box, None, limit, offset)
    if found or not offset:
        return Page([_feature(row) for row in found], found[0]["matched"] if found else 0)
    first = _rows(conn, collection, at, box, None, 1, 0)  # a page past the end still says how many there are
    return Page([], first[0]["matched"] if first else 0)


def feature(conn: Connection, collection: str, code: str, at: datetime) -> Feature:
    """One feature by its id. Raises NotFound when none of that id is in force."""
    found = _rows(conn, collection, at, None, code, 1, 0)
    if not found:
        raise NotFound(f"There is nothing called {code!r} in {collection} at that time: ask for its items.")
    return _feature(found[0])


def _rows(
    conn: Connection, collection: str, at: datetime, box: Box | None, code: str | None, limit: int, offset: int
) -> list[Mapping[str, Any]]:
    if collection not in COLLECTIONS:
        raise NotFound(f"There is no collection {collection!r}: ask for one of {', '.join(COLLECTIONS)}.")
    west, south, east, north = box or (None, None, None, None)
    values = {"at": at, "id": code, "limit": limit, "offset": offset}
    bounds = {"west": west, "south": south, "east": east, "north": north}
    query = text((SQL_FOLDER / f"features_{collection}.sql").read_text())
    return [dict(row) for row in conn.execute(query, values | bounds).mappings()]


def _feature(row: Mapping[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": json.loads(row["geometry"]),
        "properties": row["properties"],
    }
