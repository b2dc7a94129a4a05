"""Standard addresses: written by loaders, taught by clicks, read to build the gazetteer."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from geoalchemy2.elements import WKTElement
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from db.bulk import frame_of, stage
from db.outcome import Outcome
from db.tables import StandardAddress

COLUMNS = ("address", "name", "district", "street", "community")
STAGED = {"line": "bigint", **dict.fromkeys(COLUMNS, "text"), "lon": "float8", "lat": "float8"}


def write_addresses(conn: Connection, rows: pd.DataFrame, actor: str) -> Outcome:
    """Insert or update standard addresses by their text.

    rows: index line; every address once; address, name, district, street, community, lon, lat (degrees WGS-84). What a
    person taught by a click is not overwritten.
    """
    outcome = Outcome()
    rows = rows.assign(line=rows.index)
    stage(conn, "incoming", STAGED, rows)
    found = frame_of(
        conn,
        """SELECT n.line, a.id IS NOT NULL AS known,
                  a.learned OR (a.name, a.district, a.street, a.community, ST_X(a.geom), ST_Y(a.geom))
                  IS NOT DISTINCT FROM (n.name, n.district, n.street, n.community, n.lon, n.lat) AS same
           FROM incoming n LEFT JOIN address a ON a.address = n.address""",
    ).set_index("line")
    conn.exec_driver_sql(UPSERT, {"actor": actor})
    known, same = found["known"].astype(bool), found["same"].fillna(False).astype(bool)
    outcome.label(found.index[~known], "inserted")
    outcome.label(found.index[known & same], "unchanged")
    outcome.label(found.index[known & ~same], "updated")
    return outcome


def learn(conn: Connection, address: str, lon: float, lat: float, actor: str) -> None:
    """Remember where a person said that an address is; it goes before what files say."""
    values = {"address": address, "geom": WKTElement(f"POINT({lon} {lat})", srid=4326), "learned": True, "actor": actor}
    taught = insert(StandardAddress).values(**values)
    changed = {"geom": taught.excluded.geom, "learned": True, "actor": actor, "added_at": func.now()}
    conn.execute(taught.on_conflict_do_update(index_elements=["address"], set_=changed))


def standard_addresses(conn: Connection) -> pd.DataFrame:
    """What the gazetteer is built from: address, name, district, street, community, lon, lat, learned."""
    table = StandardAddress
    place = (func.ST_X(table.geom).label("lon"), func.ST_Y(table.geom).label("lat"))
    columns: Sequence[Any] = [*(getattr(table, name) for name in COLUMNS), *place, table.learned]
    return frame_of(conn, select(*columns).order_by(table.id))


UPSERT = """
    INSERT INTO address (address, name, district, street, community, geom, actor)
    SELECT address, name, district, street, community, ST_SetSRID(ST_MakePoint(lon, lat), 4326), %(actor)s FROM incoming
    ON CONFLICT (address) DO UPDATE SET
        name = excluded.name, district = excluded.district, street = excluded.street, community = excluded.community,
        geom = excluded.geom, actor = excluded.actor, added_at = now()
    WHERE NOT address.learned
      AND (address.name, address.district, address.street, address.community, ST_AsBinary(address.geom))
          IS DISTINCT FROM
          (excluded.name, excluded.district, excluded.street, excluded.community, ST_AsBinary(excluded.geom))"""
