"""Door plates 智慧门牌: each with its code, address and cell, and who answers for that door now."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of, stage
from db.outcome import Outcome
from db.points import cells_of_codes, cells_of_points
from db.teams import team
from geo.errors import NotFound

STAGED = {"line": "bigint", "code": "text", "address": "text", "lon": "float8", "lat": "float8", "cell_id": "bigint",
          "valid_from": "timestamptz"}  # fmt: skip
ANSWERING = ("beat_lead", "grid_worker")


@dataclass(frozen=True)
class Door:
    """A plate and who answers for its door: people has the columns of db.teams.team, those on duty first."""

    code: str
    address: str
    cell: str | None
    beat: str | None
    station: str | None
    station_phone: str | None
    people: pd.DataFrame


def write_plates(conn: Connection, rows: pd.DataFrame) -> Outcome:
    """Insert or update plates by code.

    rows: index line; every code once; code, address, lon, lat (degrees WGS-84, NaN: none), cell (code or None),
    valid_from. A point puts the plate into its cell; a plate that is in no cell is told as unplaced.
    """
    outcome = Outcome()
    now = pd.Series(pd.Timestamp(datetime.now(UTC)), index=rows.index)
    named, placed = cells_of_codes(conn, rows["cell"], now), cells_of_points(conn, rows.assign(at=now))
    for line in rows.index[rows["cell"].notna() & named.isna()]:
        outcome.reject(int(line), f"cell {rows['cell'][line]!r} is not known: load cells first or correct the code")
    bare = rows["cell"].isna() & rows["lon"].isna()
    for line in rows.index[bare]:
        outcome.reject(int(line), "a plate needs lon and lat, or its cell")
    good = rows.assign(line=rows.index, cell_id=named.where(named.notna(), placed)).drop(index=list(outcome.rejects))
    stage(conn, "plated", STAGED, good)
    found = frame_of(conn, FOUND).set_index("line")
    conn.execute(UPSERT)
    known, same = found["known"].astype(bool), found["same"].fillna(False).astype(bool)
    outcome.label(found.index[~known], "inserted")
    outcome.label(found.index[known & same], "unchanged")
    outcome.label(found.index[known & ~same], "updated")
    outcome.unplaced = int(good["cell_id"].isna().sum())
    return outcome


def door(conn: Connection, code: str, at: datetime) -> Door:
    """The door of a plate and who answers for it at an instant: its beat lead and its cell's worker, or who stands in
    for them; names and phones stay sealed. Raises NotFound."""
    found = conn.execute(DOOR, {"code": code, "at": at}).mappings().first()
    if found is None:
        raise NotFound(f"There is no door plate {code!r}: correct the code.")
    people = team(conn, f"cell:{found['cell']}", at) if found["cell"] else pd.DataFrame(columns=["role", "duty"])
    answering = people[people["role"].isin(ANSWERING)]
    order = np.argsort(answering["duty"].isna().to_numpy(), kind="stable")
    return Door(**found, people=answering.iloc[order].reset_index(drop=True))


FOUND = text("""
    SELECT n.line, p.id IS NOT NULL AS known,
           (p.address, p.cell_id, ST_X(p.geom), ST_Y(p.geom)) IS NOT DISTINCT FROM (n.address, n.cell_id, n.lon, n.lat)
           AND (n.valid_from IS NULL OR n.valid_from = lower(p.valid)) AS same
    FROM plated n LEFT JOIN plate p ON p.code = n.code""")
UPSERT = text("""
    INSERT INTO plate (code, address, cell_id, geom, valid)
    SELECT code, address, cell_id, ST_SetSRID(ST_MakePoint(lon, lat), 4326), tstzrange(valid_from, NULL) FROM plated
    ON CONFLICT (code) DO UPDATE SET address = excluded.address, cell_id = excluded.cell_id, geom = excluded.geom,
        valid = CASE WHEN lower_inf(excluded.valid) THEN plate.valid ELSE excluded.valid END
    WHERE (plate.address, plate.cell_id, ST_AsBinary(plate.geom)) IS DISTINCT FROM
          (excluded.address, excluded.cell_id, ST_AsBinary(excluded.geom))
       OR (NOT lower_inf(excluded.valid) AND plate.valid <> excluded.valid)""")
DOOR = text("""
    SELECT p.code, p.address, c.code AS cell, b.code AS beat, u.code AS station, u.phone AS station_phone
    FROM plate p
    LEFT JOIN cell old ON old.id = p.cell_id
    LEFT JOIN LATERAL (
        SELECT c.id, c.code FROM cell c
        WHERE c.valid @> CAST(:at AS timestamptz)
          AND CASE WHEN old.valid @> CAST(:at AS timestamptz) THEN c.id = old.id
              WHEN p.geom IS NOT NULL THEN ST_Covers(c.geom, p.geom) ELSE c.code = old.code END
        ORDER BY c.id LIMIT 1) c ON true
    LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
    LEFT JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
    WHERE p.code = :code""")
