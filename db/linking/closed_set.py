"""The reports that linking must look at together: grown from a few until no rule and no word ties another to them."""

from collections.abc import Collection

from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER
from db.tables.catalogue import NO_CATEGORY
from grids.repeats.rules import RULES

NEIGHBOURS = text((SQL_FOLDER / "link_neighbours.sql").read_text())


def grown(conn: Connection, ids: Collection[int]) -> set[int]:
    """All that a rule, a decision or a matter ties to the reports `ids`, directly or through others, and these.

    Distances are not looked at yet, so the set may be larger than what is linked in the end; it is never smaller.
    """
    found, new = set[int](), set(ids)
    while new:
        found |= new
        new = neighbours(conn, new) - found
    return found


def neighbours(conn: Connection, ids: Collection[int]) -> set[int]:
    """What is tied directly to the reports `ids`, and these themselves."""
    asked = {"ids": list(ids), "none": NO_CATEGORY, "window": f"{RULES.window_us} microseconds"}
    return set(conn.execute(NEIGHBOURS, asked).scalars())
