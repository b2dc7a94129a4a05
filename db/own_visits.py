"""Visits that people write down themselves, perhaps on paper first: row by row, so that a bad one holds up no other."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from db.keys import Keys
from db.visits import add_visits
from geo.errors import Denied, InputError
from grids.rights import Who

MOST = 200


def record_own_visits(
    conn: Connection, keys: Keys, who: Who, items: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Record visits of db.visits.COLUMNS and say of each {index, status, source_no, cell, reasons}.

    Each needs source_no (the writer's own key: sent again it is "unchanged") and at. A visit outside the places of
    `who` is rejected like any other bad row. Raises Denied without the right to work, InputError for too many at once.
    """
    who.demand("work")
    if len(items) > MOST:
        raise InputError(f"At most {MOST} visits fit into one sending, not {len(items)}: send fewer at once.")
    return [{**_one(conn, keys, who, item), "index": index} for index, item in enumerate(items)]


def _one(conn: Connection, keys: Keys, who: Who, item: Mapping[str, Any]) -> dict[str, Any]:
    try:
        with conn.begin_nested():
            (result,) = add_visits(conn, keys, who, [item])
            return result
    except Denied as error:
        return {"status": "rejected", "source_no": item["source_no"], "cell": None, "reasons": [str(error)]}
