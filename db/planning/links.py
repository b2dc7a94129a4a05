"""Links 连通声明: cells that count as neighbours over water, by a bridge, a ferry or an island's quay."""

import pandas as pd
from sqlalchemy import Connection, select, text

from db.bulk import frame_of
from db.tables import CellLink
from geo.errors import InputError, NotFound, Refused
from grids.rights import Who

KNOWN = text("SELECT code FROM cell WHERE code IN (:one, :other) AND upper_inf(valid)")
ADD = text("""
    INSERT INTO cell_link (one, other, reason) VALUES (:one, :other, :reason)
    ON CONFLICT (one, other) DO UPDATE SET reason = EXCLUDED.reason""")


def links(conn: Connection) -> pd.DataFrame:
    """Every declared link: one, other (codes, in order), reason."""
    return frame_of(conn, select(CellLink.one, CellLink.other, CellLink.reason).order_by(CellLink.one, CellLink.other))


def link(conn: Connection, who: Who, one: str, other: str, reason: str) -> None:
    """Declare that two cells are neighbours, for every plan from now on, and why; a link that there is gets the reason.

    Raises Denied without the right to plan, NotFound for a cell that is not in force, InputError without a reason.
    """
    who.demand("plan")
    if not reason.strip():
        raise InputError("Say why these cells count as neighbours: a bridge, a ferry, a path that people walk.")
    pair = _pair(one, other)
    there = set(conn.execute(KNOWN, pair).scalars())
    for code in pair.values():
        if code not in there:
            raise NotFound(f"There is no cell {code!r} in force: check the code.")
    conn.execute(ADD, pair | {"reason": reason.strip()})


def unlink(conn: Connection, who: Who, one: str, other: str) -> None:
    """Take a link back. Raises Denied without the right to plan, NotFound when there is none."""
    who.demand("plan")
    pair = _pair(one, other)
    gone = text("DELETE FROM cell_link WHERE one = :one AND other = :other")
    if conn.execute(gone, pair).rowcount == 0:
        raise NotFound(
            f"{pair['one']} and {pair['other']} are not linked: `manage.py plan links` shows those there are."
        )


def _pair(one: str, other: str) -> dict[str, str]:
    if one == other:
        raise Refused("A cell is no neighbour of itself: name two cells.")
    return {"one": min(one, other), "other": max(one, other)}
