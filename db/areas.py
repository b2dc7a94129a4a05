"""Areas: cities, districts, streets and communities, written by code and level."""

from collections.abc import Sequence
from typing import Any

import shapely
from geoalchemy2.elements import WKBElement
from sqlalchemy import Connection, func, insert, select, text, update

from db.outcome import Outcome
from db.tables import Area
from db.tables.places import AREA_LEVELS

Row = dict[str, Any]
LIVE = func.upper_inf(Area.valid)


def write_areas(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert or update areas by (level, code). Rows: line, level, code, name, parent, geometry (WGS-84), valid_from.

    A parent named by code must exist or stand in the same rows; without one, the smallest higher area that holds
    the area's inner point becomes its parent.
    """
    outcome = Outcome()
    known = _known(conn)
    rows = _with_parents(conn, rows, outcome)
    for row in rows:
        key = (row["level"], row["code"])
        outcome.labels[row["line"]] = _write(conn, row, known.get(key))
        known[key] = _known(conn, key)[key]
    _link_parents(conn, rows)
    _link_between(conn, [known[row["level"], row["code"]]["id"] for row in rows])
    return outcome


def area_ids(conn: Connection, level: str) -> dict[str, int]:
    """Code → id and name → id of the live areas of a level (a name only when it is the only one)."""
    found = conn.execute(select(Area.id, Area.code, Area.name).where(Area.level == level, LIVE)).all()
    names = [row.name for row in found]
    by_name = {row.name: row.id for row in found if names.count(row.name) == 1}
    return by_name | {row.code: row.id for row in found}


def multi(geometry: Any) -> WKBElement:
    """A polygon or multipolygon as the multipolygon that the tables store."""
    parts = shapely.get_parts(shapely.force_2d(geometry)).tolist()
    return WKBElement(shapely.MultiPolygon(parts).wkb, srid=4326)


def _known(conn: Connection, only: tuple[str, str] | None = None) -> dict[tuple[str, str], Row]:
    query = select(Area.id, Area.level, Area.code, Area.name, func.ST_AsBinary(Area.geom).label("wkb")).where(LIVE)
    if only is not None:
        query = query.where(Area.level == only[0], Area.code == only[1])
    return {(row["level"], row["code"]): dict(row) for row in conn.execute(query).mappings()}


def _with_parents(conn: Connection, rows: Sequence[Row], outcome: Outcome) -> list[Row]:
    """The rows whose parent can be found, others rejected."""
    codes = set(conn.execute(select(Area.code).where(LIVE)).scalars()) | {row["code"] for row in rows}
    kept = []
    for row in rows:
        if row.get("parent") and row["parent"] not in codes:
            reason = f"parent {row['parent']!r} is not known: load it first or leave parent empty"
            outcome.reject(row["line"], reason)
        else:
            kept.append(row)
    return kept


def _write(conn: Connection, row: Row, known: Row | None) -> Any:
    geom = multi(row["geometry"])
    if known is None:
        valid = func.tstzrange(row.get("valid_from"), None)
        conn.execute(
            insert(Area).values(level=row["level"], code=row["code"], name=row["name"], geom=geom, valid=valid)
        )
        return "inserted"
    same_shape = bytes(known["wkb"]) == bytes(geom.data)
    if same_shape and known["name"] == row["name"]:
        return "unchanged"
    conn.execute(update(Area).where(Area.id == known["id"]).values(name=row["name"], geom=geom))
    return "updated"


def _link_parents(conn: Connection, rows: Sequence[Row]) -> None:
    """Named parents by code (the nearest higher level that has it), the others by the place of their inner point."""
    order = list(AREA_LEVELS)
    named = text("""
        UPDATE area AS child SET parent_id = (
            SELECT p.id FROM area p
            WHERE p.code = :parent AND upper_inf(p.valid)
              AND array_position(:order, p.level) < array_position(:order, child.level)
            ORDER BY array_position(:order, p.level) DESC LIMIT 1)
        WHERE child.level = :level AND child.code = :code AND upper_inf(child.valid)""")
    placed = text("""
        UPDATE area AS child SET parent_id = (
            SELECT p.id FROM area p
            WHERE array_position(:order, p.level) < array_position(:order, child.level) AND upper_inf(p.valid)
              AND ST_Intersects(p.geom, ST_PointOnSurface(child.geom))
            ORDER BY array_position(:order, p.level) DESC LIMIT 1)
        WHERE upper_inf(child.valid) AND child.parent_id IS NULL""")
    for row in rows:
        if row.get("parent"):
            conn.execute(named, {"parent": row["parent"], "level": row["level"], "code": row["code"], "order": order})
    conn.execute(placed, {"order": order})


def _link_between(conn: Connection, written: Sequence[int]) -> None:
    """A street loaded after its district and its communities comes between them."""
    between = text("""
        UPDATE area AS child SET parent_id = nearer.id
        FROM area AS nearer
        WHERE nearer.id = ANY(:written) AND NOT child.id = ANY(:written) AND nearer.parent_id = child.parent_id
          AND upper_inf(child.valid) AND array_position(:order, nearer.level) < array_position(:order, child.level)
          AND ST_Intersects(nearer.geom, ST_PointOnSurface(child.geom))""")
    conn.execute(between, {"written": list(written), "order": list(AREA_LEVELS)})
