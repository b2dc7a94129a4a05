"""The queue 待落格: incidents in no cell or in doubt between cells, and the click that settles one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.addresses import learn
from db.bulk import SQL_FOLDER, frame_of
from db.cells import dated_cells
from db.linking import link_reports
from db.loads import mark_changed
from db.matter_locks import hold_links
from geo.errors import InputError, NotFound
from grids.placing import NOWHERE, DatedCells


@dataclass(frozen=True)
class Settled:
    """What a click did: the cell now, and whether the address was learned."""

    number: str
    cell: str
    beat: str | None
    learned: bool


def waiting(conn: Connection, limit: int = 50, since: datetime | None = None, kind: str = "all") -> pd.DataFrame:
    """Incidents that wait for a person, newest first; kind: "all", "unplaced" or "ambiguous".

    Columns: number ("channel:source_no"), reported_at, category, address, lon, lat, radius_m, score, matched, cell,
    why ("unplaced" or "ambiguous"), candidates (list of [cell code, probability], likeliest first).
    """
    query = text((SQL_FOLDER / "queue.sql").read_text())
    return frame_of(conn, query, limit=limit, since=since, kind=kind)


def settle(conn: Connection, number: str, lon: float, lat: float, actor: str, learned: bool = True) -> Settled:
    """Place one incident where a person clicked (degrees WGS-84), link it from there and learn its address.

    Raises NotFound for an unknown number, InputError for a point in no cell of the incident's time.
    """
    hold_links(conn)
    incident = _incident(conn, number)
    placed = DatedCells(dated_cells(conn))
    at = pd.Series([pd.Timestamp(incident["reported_at"])])
    then, now = placed.place([lon], [lat], at).cell[0], placed.place_now([lon], [lat])[0]
    if then == NOWHERE:
        raise InputError(f"The point {lon:.6f} {lat:.6f} lies in no cell of that time: click inside a cell.")
    values = {
        "id": incident["id"],
        "lon": lon,
        "lat": lat,
        "then": int(then),
        "now": None if now == NOWHERE else int(now),
    }
    conn.execute(CLICK, values)
    conn.execute(text("DELETE FROM incident_candidate WHERE incident_id = :id"), {"id": incident["id"]})
    link_reports(conn, changed=[incident["id"]])
    teach = learned and bool(incident["address"])
    if teach:
        learn(conn, incident["address"], lon, lat, actor)
    mark_changed(conn)
    named = conn.execute(NAMED, {"cell": int(then), "at": incident["reported_at"]}).one()
    return Settled(number, named.cell, named.beat, teach)


def _incident(conn: Connection, number: str) -> dict[str, Any]:
    channel, _, source_no = number.partition(":")
    found = conn.execute(FIND, {"channel": channel, "source_no": source_no}).mappings().first()
    if found is None:
        raise NotFound(
            f"There is no incident {number!r}: give it as channel:number, as `manage.py queue list` shows it."
        )
    return dict(found)


FIND = text("""
    SELECT i.id, i.reported_at, i.address FROM source_key k JOIN incident i ON i.id = k.incident_id
    WHERE k.channel = :channel AND k.source_no = :source_no""")
CLICK = text("""
    UPDATE incident SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), cell_then = :then, cell_now = :now,
        placed_by = 'click', snapped_m = NULL, radius_m = NULL, score = NULL, matched = NULL, ambiguous = false
    WHERE id = :id""")
NAMED = text("""
    SELECT c.code AS cell, b.code AS beat FROM cell c
    LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
    LEFT JOIN beat b ON b.id = bc.beat_id WHERE c.id = :cell""")
