"""Beats: written by code, and the moving of cells between them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from db.areas import area_ids
from db.outcome import Label, Outcome
from db.tables import Beat, BeatCell, Unit
from db.tables.places import HOLDING_BEAT
from geo.errors import Refused

Row = dict[str, Any]
LATER_CHANGE = "This cell already changes its beat later than that date: choose a later date."


def write_beats(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert or update beats by code.

    Rows: line, code, name, station (unit code), community (code or name), valid_from.
    """
    outcome = Outcome()
    stations: dict[str, int] = {
        row.code: row.id for row in conn.execute(select(Unit.code, Unit.id).where(Unit.kind == "station"))
    }
    communities = area_ids(conn, "community")
    known: dict[str, Any] = {row["code"]: row for row in conn.execute(select(Beat.__table__)).mappings()}
    for row in rows:
        if _unknown(row, "station", stations, outcome) | _unknown(row, "community", communities, outcome):
            continue
        values = {
            "name": row["name"],
            "station_id": stations.get(row.get("station") or ""),
            "community_id": communities.get(row.get("community") or ""),
        }
        outcome.labels[row["line"]] = _write(conn, row, values, known.get(row["code"]))
        known[row["code"]] = {"code": row["code"], **values}
    return outcome


def beat_ids(conn: Connection) -> dict[str, int]:
    """Code → id of every beat."""
    return {row.code: row.id for row in conn.execute(select(Beat.code, Beat.id))}


def make_beats(conn: Connection, codes: Sequence[str]) -> dict[str, int]:
    """Beats that only a cell file has named so far: code as name, no station."""
    made = {}
    for code in codes:
        name = "未划警格" if code == HOLDING_BEAT else code
        made[code] = conn.execute(insert(Beat).values(code=code, name=name).returning(Beat.id)).scalar_one()
    return made


def adopt(conn: Connection, cell_id: int, beat_id: int, before: int) -> None:
    """Beat `beat_id` takes the place of `before` for all the time that this one held the cell."""
    held = (BeatCell.cell_id == cell_id, BeatCell.beat_id == before)
    conn.execute(update(BeatCell).where(*held).values(beat_id=beat_id, reason="load"))


def hold(conn: Connection, cell_id: int, beat_id: int, since: datetime, reason: str | None = None) -> None:
    """From `since` on, beat `beat_id` holds the cell.

    Raises Refused when a change later than `since` is already recorded.
    """
    current = conn.execute(
        select(BeatCell.id, func.lower(BeatCell.valid).label("since"), func.upper(BeatCell.valid).label("until"))
        .where(BeatCell.cell_id == cell_id, func.coalesce(func.upper(BeatCell.valid) > since, True))
        .order_by(func.lower(BeatCell.valid).nulls_first())
    ).all()
    if len(current) != 1 or (current[0].since is not None and current[0].since > since):
        raise Refused(LATER_CHANGE)
    if current[0].since == since:
        conn.execute(update(BeatCell).where(BeatCell.id == current[0].id).values(beat_id=beat_id, reason=reason))
        return
    end = func.tstzrange(func.lower(BeatCell.valid), since)
    conn.execute(update(BeatCell).where(BeatCell.id == current[0].id).values(valid=end))
    valid = func.tstzrange(since, current[0].until)
    conn.execute(insert(BeatCell).values(cell_id=cell_id, beat_id=beat_id, valid=valid, reason=reason))


def holders(conn: Connection, at: datetime) -> dict[int, int]:
    """Live cell id → id of the beat that holds it at an instant, or will first when the cell begins later."""
    query = text("""
        SELECT bc.cell_id, bc.beat_id FROM beat_cell bc JOIN cell c ON c.id = bc.cell_id
        WHERE upper_inf(c.valid) AND bc.valid @> greatest(CAST(:at AS timestamptz), lower(c.valid))""")
    return {row.cell_id: row.beat_id for row in conn.execute(query, {"at": at})}


def _unknown(row: Row, field: str, ids: dict[str, int], outcome: Outcome) -> bool:
    named = row.get(field)
    if named and named not in ids:
        outcome.reject(row["line"], f"{field} {named!r} is not known: load it first or correct the code")
        return True
    return False


def _write(conn: Connection, row: Row, values: Row, known: Any) -> Label:
    if known is None:
        valid = func.tstzrange(row.get("valid_from"), None)
        conn.execute(insert(Beat).values(code=row["code"], valid=valid, **values))
        return "inserted"
    # A file that says nothing of station or community does not take them away.
    told = {key: value for key, value in values.items() if value is not None}
    if all(known[key] == value for key, value in told.items()):
        return "unchanged"
    conn.execute(update(Beat).where(Beat.code == row["code"]).values(**told))
    return "updated"
