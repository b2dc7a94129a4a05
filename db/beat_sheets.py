"""Everything an officer needs of one beat: its cells, its people, what is open and what is due today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER, frame_of
from db.city import city
from db.keys import Keys
from geo.errors import NotFound


@dataclass(frozen=True)
class BeatSheet:
    """One beat at an instant.

    cells: GeoDataFrame (EPSG:4326) code, name, kind, households, residents. people: name, role, phone, place.
    open_matters and due_today: id, no, opened_at, due_at, category, severity, cell, cell_name, lead_level, overdue.
    """

    code: str
    name: str
    station: str | None
    station_phone: str | None
    community: str | None
    cells: gpd.GeoDataFrame
    people: pd.DataFrame
    open_matters: pd.DataFrame
    due_today: pd.DataFrame


def beat_sheet(conn: Connection, code: str, at: datetime, keys: Keys | None = None) -> BeatSheet:
    """The sheet of a beat at an instant. Without keys people have no names and phones. Raises NotFound."""
    beat = conn.execute(HEAD, {"code": code}).mappings().first()
    if beat is None:
        raise NotFound(f"There is no beat {code!r}: choose one from the list of beats.")
    cells = frame_of(conn, _sql("beat_cells"), code=code, at=at)
    geometry = shapely.from_wkb([bytes(wkb) for wkb in cells.pop("wkb")])
    matters = frame_of(conn, _sql("beat_matters"), code=code, at=at)
    matters["overdue"] = matters["due_at"].notna() & (matters["due_at"] < at)
    midnight = _end_of_day(at, city(conn).zone)
    due = matters[matters["due_at"].notna() & (matters["due_at"] < midnight)]
    return BeatSheet(
        code=beat["code"],
        name=beat["name"],
        station=beat["station"],
        station_phone=beat["station_phone"],
        community=beat["community"],
        cells=gpd.GeoDataFrame(cells, geometry=geometry, crs="EPSG:4326"),
        people=_people(frame_of(conn, _sql("beat_people"), code=code, at=at), keys),
        open_matters=matters,
        due_today=due.reset_index(drop=True),
    )


def beat_list(conn: Connection) -> pd.DataFrame:
    """Every beat that holds cells now: code, name, station, community, cells, open_matters."""
    return frame_of(conn, _sql("beat_list"))


def _people(frame: pd.DataFrame, keys: Keys | None) -> pd.DataFrame:
    sealed: list[Any] = list(frame.pop("personal"))
    told = [keys.open(token) if keys is not None else {} for token in sealed]
    frame.insert(0, "name", [person.get("name") for person in told])
    frame["phone"] = [person.get("phone") for person in told]
    return frame


def _end_of_day(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(hour=23, minute=59, second=59, microsecond=999_999)


def _sql(name: str) -> Any:
    return text((SQL_FOLDER / f"{name}.sql").read_text())


HEAD = text("""
    SELECT b.code, b.name, u.name AS station, u.phone AS station_phone, a.name AS community
    FROM beat b LEFT JOIN unit u ON u.id = b.station_id LEFT JOIN area a ON a.id = b.community_id
    WHERE b.code = :code""")
