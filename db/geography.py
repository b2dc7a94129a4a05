"""Geometry and place lists for maps and filters, ready to send."""

import json
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER, frame_of
from db.city import city

# What is recorded for a later day counts from that day on.
SWITCHES = text("""
    SELECT count(DISTINCT lower(valid)) FROM beat_cell
    WHERE lower(valid) <= coalesce(CAST(:at AS timestamptz), now())""")


def boundary_version(conn: Connection, at: datetime | None = None) -> str:
    """Changes whenever a cell or its beat changes, and again when a published plan takes effect: "3.1".

    at: at this instant (default: now). URLs that carry it can be cached for good.
    """
    return f"{city(conn).boundary_version}.{conn.execute(SWITCHES, {'at': at}).scalar_one()}"


def cells_geojson(conn: Connection, at: datetime | None = None) -> str:
    """FeatureCollection of the cells in force at an instant (default: now), WGS-84.

    id: cell code; properties: code, name, beat, beat_name, community, station.
    """
    return _collection(conn, "cells_geojson", at=at)


def beats_geojson(conn: Connection, at: datetime | None = None) -> str:
    """FeatureCollection of beat outlines (the union of their cells) at an instant; properties: code, name, station."""
    return _collection(conn, "beats_geojson", at=at)


def backdrop_geojson(conn: Connection) -> str:
    """FeatureCollection of the drawn base map; properties: kind, name, rank."""
    return _collection(conn, "backdrop_geojson")


def places(conn: Connection) -> pd.DataFrame:
    """Every place that a filter can name: kind, code, name, parent ("kind:code" or null), in the order of the tree."""
    return frame_of(conn, text((SQL_FOLDER / "places.sql").read_text()))


def scope_cell_codes(conn: Connection) -> frozenset[str]:
    """Codes of the cells in force that lie in the places of who acts in this transaction."""
    query = text("SELECT code FROM cell WHERE id = ANY ((SELECT scope_cells())::bigint[]) AND valid @> now()")
    return frozenset(conn.execute(query).scalars())


def extent(conn: Connection) -> tuple[float, float, float, float] | None:
    """West, south, east, north of all live cells in degrees; None without cells."""
    row = conn.execute(
        text("""SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
                FROM (SELECT ST_Extent(geom) AS e FROM cell WHERE upper_inf(valid)) AS box WHERE e IS NOT NULL""")
    ).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def _collection(conn: Connection, name: str, **values: object) -> str:
    features = conn.execute(text((SQL_FOLDER / f"{name}.sql").read_text()), values).scalars().all()
    return json.dumps(
        {"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False, separators=(",", ":")
    )
