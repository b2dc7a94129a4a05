"""Where a point lies today: its cell and beat, and who answers for it."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from db.points import cells_of_points
from db.roster import team
from geo.crs import to_wgs84
from geo.errors import InputError


@dataclass(frozen=True)
class Where:
    """A point in degrees WGS-84 and what lies there: codes and names, None for nothing; team as db.roster has it."""

    lon: float
    lat: float
    cell: str | None = None
    cell_name: str | None = None
    beat: str | None = None
    beat_name: str | None = None
    station_name: str | None = None
    team: pd.DataFrame | None = None


def where(conn: Connection, lon: float, lat: float, crs: str, at: datetime) -> Where:
    """What holds a point at an instant. crs: what its coordinates are in (geo.crs). Raises InputError."""
    x, y = (float(value) for value in to_wgs84(lon, lat, crs))
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise InputError(f"{lon}, {lat} is no place in {crs}: give longitude and latitude in degrees.")
    asked = pd.DataFrame({"lon": [x], "lat": [y], "at": pd.to_datetime([at], utc=True)})
    (cell,) = cells_of_points(conn, asked)
    if pd.isna(cell):
        return Where(x, y)
    found = conn.execute(HELD, {"cell": int(cell), "at": at}).mappings().one()
    return Where(x, y, **found, team=team(conn, f"cell:{found['cell']}", at))


HELD = text("""
    SELECT c.code AS cell, c.name AS cell_name, b.code AS beat, b.name AS beat_name, u.name AS station_name
    FROM cell c LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
    LEFT JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
    WHERE c.id = :cell""")
