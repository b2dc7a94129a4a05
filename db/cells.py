"""Cells: first drawn, corrected, redrawn with lineage; and the dated cells that placing works on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Connection, func, insert, select, text, update

from db.areas import area_ids, multi
from db.beats import LATER_CHANGE, adopt, beat_ids, hold, holders, make_beats
from db.bulk import frame_of
from db.outcome import Label, Outcome
from db.tables import BeatCell, Cell, CellLineage
from db.tables.places import HOLDING_BEAT
from geo.errors import Refused

Row = dict[str, Any]
PLAIN = ("name", "kind", "community_id", "households", "residents")


def write_cells(conn: Connection, rows: Sequence[Row], now: datetime | None = None) -> Outcome:
    """Insert, correct or redraw cells by code; several rows of one code and beat are parts of one cell.

    Rows: line, code, name, beat, community, kind, households, residents, geometry (WGS-84), valid_from. A beat not
    seen before is made; a cell that names none goes to the holding beat, so that every live cell is in a beat. A new
    shape under an old code is a new cell from valid_from (default: now) on, with a lineage row.
    """
    outcome = Outcome()
    since = now or datetime.now(UTC)
    kept = _with_communities(conn, rows, outcome)
    beats = _beats(conn, kept, outcome)
    known = _known(conn, since)
    for parts in _parts(kept, outcome).values():
        row = parts[0] | {"geometry": shapely.union_all([part["geometry"] for part in parts])}
        try:
            label = _write(conn, row, known.get(row["code"]), beats, row.get("valid_from"), since)
            outcome.label((part["line"] for part in parts), label)
        except Refused as error:
            for part in parts:
                outcome.reject(part["line"], str(error))
    return outcome


def dated_cells(conn: Connection) -> pd.DataFrame:
    """Every cell that ever was: id, code, since, until (null: open), geometry (shapely, WGS-84), ordered by id."""
    frame = frame_of(
        conn,
        """SELECT id, code, lower(valid) AS since, upper(valid) AS until, ST_AsBinary(geom) AS geometry
           FROM cell ORDER BY id""",
    )
    frame["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in frame["geometry"]])
    return frame


def incident_density(conn: Connection) -> dict[int, float]:
    """Cell id → incidents a square metre so far (one added to each, so that no inhabited cell weighs nothing)."""
    rows = conn.execute(DENSITY).all()
    return {row.id: float(row.density) for row in rows}


def _with_communities(conn: Connection, rows: Sequence[Row], outcome: Outcome) -> list[Row]:
    communities = area_ids(conn, "community")
    kept = []
    for row in rows:
        named = row.get("community")
        if named and named not in communities:
            outcome.reject(row["line"], f"community {named!r} is not known: load areas first or leave it empty")
        else:
            kept.append(row | {"community_id": communities.get(named or "")})
    return kept


def _beats(conn: Connection, rows: Sequence[Row], outcome: Outcome) -> dict[str, int]:
    """Beat code → id, making those that are named here for the first time."""
    ids = beat_ids(conn)
    named = list(dict.fromkeys(row.get("beat") or HOLDING_BEAT for row in rows))
    new = [code for code in named if code not in ids]
    ids |= make_beats(conn, new)
    created = [code for code in new if code != HOLDING_BEAT]
    if created:
        outcome.notes[f"{len(created)} beats were named here for the first time and made, without station or lead"] += 1
    homeless = sum(1 for row in rows if not row.get("beat"))
    if homeless:
        outcome.notes[f"{homeless} cells name no beat and wait in the holding beat '{HOLDING_BEAT}'"] += 1
    return ids


def _parts(rows: Sequence[Row], outcome: Outcome) -> dict[str, list[Row]]:
    """Rows by code; a row that overlaps an earlier part, or names another beat, is rejected."""
    cells: dict[str, list[Row]] = {}
    for row in rows:
        earlier = cells.setdefault(row["code"], [])
        reason = _conflict(row, earlier)
        if reason is None:
            earlier.append(row)
        else:
            outcome.reject(row["line"], reason)
    return cells


def _conflict(row: Row, earlier: Sequence[Row]) -> str | None:
    for part in earlier:
        if (part.get("beat") or None) != (row.get("beat") or None):
            return f"cell {row['code']} stands on line {part['line']} in another beat: give it one beat"
        if shapely.intersection(part["geometry"], row["geometry"]).area > 0:
            return f"cell {row['code']} stands on line {part['line']} already and overlaps it: keep one of the two"
    return None


def _known(conn: Connection, now: datetime) -> dict[str, Row]:
    columns = (
        Cell.id,
        Cell.code,
        *(getattr(Cell, name) for name in PLAIN),
        func.ST_AsBinary(Cell.geom).label("wkb"),
    )
    held = holders(conn, now)
    query = select(*columns).where(func.upper_inf(Cell.valid))
    return {row["code"]: dict(row) | {"beat_id": held.get(row["id"])} for row in conn.execute(query).mappings()}


def _write(
    conn: Connection, row: Row, known: Row | None, beats: dict[str, int], told: datetime | None, now: datetime
) -> Label:
    beat_id = beats[row.get("beat") or HOLDING_BEAT]
    if known is None:
        _draw(conn, row, beat_id, told)
        return "inserted"
    if not _same_shape(bytes(known["wkb"]), row["geometry"]):
        _redraw(conn, row, known, beat_id if row.get("beat") else known["beat_id"], told or now)
        return "updated"
    moved = bool(row.get("beat")) and known["beat_id"] != beat_id
    if moved and known["beat_id"] == beats.get(HOLDING_BEAT) and told is None:
        adopt(conn, known["id"], beat_id, known["beat_id"])
    elif moved:
        hold(conn, known["id"], beat_id, told or now, "load")
    return "updated" if _correct(conn, row, known) or moved else "unchanged"


def _same_shape(wkb: bytes, geometry: Any) -> bool:
    """Whether two shapes have the same corners; where a ring begins and which part comes first does not matter."""
    drawn = bytes(multi(geometry).data)
    return wkb == drawn or bool(shapely.normalize(shapely.from_wkb(wkb)) == shapely.normalize(shapely.from_wkb(drawn)))


def _values(row: Row) -> Row:
    values = {name: row.get(name) for name in PLAIN}
    return values | {"name": row.get("name") or row["code"], "kind": row.get("kind") or "basic"}


def _draw(conn: Connection, row: Row, beat_id: int, since: datetime | None) -> int:
    valid = func.tstzrange(since, None)
    values = _values(row) | {"code": row["code"], "geom": multi(row["geometry"]), "valid": valid}
    cell_id = conn.execute(insert(Cell).values(**values).returning(Cell.id)).scalar_one()
    conn.execute(insert(BeatCell).values(cell_id=cell_id, beat_id=beat_id, valid=valid, reason="drawn"))
    if row.get("community_id") is None:
        conn.execute(COMMUNITY_BY_PLACE, {"cell": cell_id})
    return cell_id


def _redraw(conn: Connection, row: Row, known: Row, beat_id: int, since: datetime) -> None:
    old = known["id"]
    started = conn.execute(select(func.lower(Cell.valid)).where(Cell.id == old)).scalar()
    if started is not None and started >= since:
        raise Refused(f"Cell {row['code']} was drawn later than {since:%Y-%m-%d}: give valid_from a later date.")
    later = select(BeatCell.id).where(BeatCell.cell_id == old, func.lower(BeatCell.valid) > since)
    if conn.execute(later).first() is not None:
        raise Refused(LATER_CHANGE)
    for table, condition in ((BeatCell, BeatCell.cell_id == old), (Cell, Cell.id == old)):
        ended = func.tstzrange(func.lower(table.valid), since)
        conn.execute(update(table).where(condition, func.upper_inf(table.valid)).values(valid=ended))
    filled = row | {name: known[name] for name in PLAIN if row.get(name) is None}
    new = _draw(conn, filled, beat_id, since)
    before = shapely.from_wkb(bytes(known["wkb"]))
    share = shapely.intersection(before, row["geometry"]).area / before.area
    conn.execute(insert(CellLineage).values(parent_id=old, child_id=new, share=share))
    for statement in (MOVE_POSTINGS, CARRY_POSTINGS, END_POSTINGS):
        conn.execute(statement, {"old": old, "new": new, "since": since})


def _correct(conn: Connection, row: Row, known: Row) -> bool:
    """Take over attributes that the row states and that differ."""
    stated = {name: value for name, value in _values(row).items() if row.get(name) is not None}
    differing = {name: value for name, value in stated.items() if known[name] != value}
    if differing:
        conn.execute(update(Cell).where(Cell.id == known["id"]).values(**differing))
    return bool(differing)


COMMUNITY_BY_PLACE = text("""
    UPDATE cell SET community_id = (
        SELECT a.id FROM area a
        WHERE a.level = 'community' AND upper_inf(a.valid) AND ST_Intersects(a.geom, ST_PointOnSurface(cell.geom))
        ORDER BY a.id LIMIT 1)
    WHERE id = :cell""")

MOVE_POSTINGS = text("UPDATE posting SET cell_id = :new WHERE cell_id = :old AND lower(valid) >= :since")
CARRY_POSTINGS = text("""
    INSERT INTO posting (officer_id, role, cell_id, weekly_minutes, valid)
    SELECT officer_id, role, :new, weekly_minutes, valid * tstzrange(:since, NULL)
    FROM posting WHERE cell_id = :old AND valid && tstzrange(:since, NULL)""")
END_POSTINGS = text("""
    UPDATE posting SET valid = valid * tstzrange(NULL, :since)
    WHERE cell_id = :old AND valid && tstzrange(:since, NULL)""")

DENSITY = text("""
    SELECT c.id, (1 + coalesce(n.count, 0)) / greatest(ST_Area(c.geom::geography), 1) AS density
    FROM cell c LEFT JOIN (SELECT cell_then, count(*) FROM incident GROUP BY cell_then) n ON n.cell_then = c.id""")
