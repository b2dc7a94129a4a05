"""Which beat holds which cell at an instant, in a place; and the beats that a plan there may use."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.tables.places import HOLDING_BEAT
from geo.errors import InputError, NotFound

KINDS = ("station", "community", "street", "district", "beat")

CELLS = """
    SELECT c.id, c.code, c.name, c.residents, c.households, b.code AS beat, b.station_id, c.community_id,
           ST_AsBinary(c.geom) AS geometry
    FROM cell c
    JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz) JOIN beat b ON b.id = bc.beat_id
    LEFT JOIN unit u ON u.id = b.station_id
    LEFT JOIN area a ON a.id = c.community_id LEFT JOIN area s ON s.id = a.parent_id AND s.level = 'street'
    LEFT JOIN area d ON d.id = coalesce(s.parent_id, a.parent_id) AND d.level = 'district'
    WHERE c.valid @> CAST(:at AS timestamptz)
      AND (CAST(:kind AS text) IS NULL OR :code = CASE :kind
           WHEN 'station' THEN u.code WHEN 'community' THEN a.code WHEN 'street' THEN s.code
           WHEN 'district' THEN d.code ELSE b.code END)
    ORDER BY c.code"""
BEATS = """
    SELECT b.id, b.code, b.name, b.station_id, b.community_id,
           EXISTS (SELECT FROM posting p WHERE p.beat_id = b.id AND p.role = 'beat_lead'
                   AND p.valid @> CAST(:at AS timestamptz)) AS led,
           (SELECT o.code FROM posting p JOIN officer o ON o.id = p.officer_id WHERE p.beat_id = b.id
            AND p.role = 'beat_lead' AND p.valid @> CAST(:at AS timestamptz) LIMIT 1) AS lead
    FROM beat b
    WHERE b.code = ANY (:held) OR b.station_id = ANY (:stations) OR b.community_id = ANY (:communities)
       OR (CAST(:waiting AS boolean) AND (b.community_id IS NULL OR cardinality(CAST(:communities AS bigint[])) = 0))
    ORDER BY b.code"""

# The same for one beat.
OF_PLAN = """
    SELECT EXISTS (SELECT FROM beat b WHERE b.code = :code AND (b.code = ANY (:held)
        OR b.station_id IN (SELECT station_id FROM beat WHERE code = ANY (:held))
        OR b.community_id IN (SELECT community_id FROM cell WHERE code = ANY (:cells))
        OR (:waiting = ANY (:held) AND (b.community_id IS NULL
            OR NOT EXISTS (SELECT FROM cell WHERE code = ANY (:cells) AND community_id IS NOT NULL)))))"""


def cells_at(conn: Connection, at: datetime, place: str | None = None) -> pd.DataFrame:
    """Cells in force at an instant in a place ("station:CODE" …; None: everywhere), by code.

    id, code, name, residents, households, beat (code), station_id, community_id, geometry (shapely, WGS-84). Raises
    NotFound when there is none, InputError for another kind of place.
    """
    kind, code = _split(place)
    frame = frame_of(conn, CELLS, at=at, kind=kind, code=code)
    if frame.empty:
        raise NotFound(f"No cell is in force in {place or 'this city'} on {at:%Y-%m-%d}: check the place and the day.")
    frame["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in frame["geometry"]])
    return frame


def assignment_at(conn: Connection, at: datetime, place: str | None = None) -> dict[str, str]:
    """Cell code → beat code at an instant in a place. Raises as `cells_at`."""
    frame = cells_at(conn, at, place)
    return dict(zip(frame["code"], frame["beat"], strict=True))


def beats_for(conn: Connection, at: datetime, cells: pd.DataFrame) -> pd.DataFrame:
    """Beats that a plan for these cells may use: id, code, name, station_id, community_id, led, lead (officer code).

    Those that hold a cell, and the others of the same stations and communities; where cells wait in the holding beat,
    also those of no community, or of any where cells are in none.
    """
    held = sorted(set(cells["beat"]))
    asked: dict[str, Any] = {"at": at, "held": held, "waiting": HOLDING_BEAT in held}
    asked["stations"] = [int(number) for number in cells["station_id"].dropna().unique()]
    asked["communities"] = [int(number) for number in cells["community_id"].dropna().unique()]
    return frame_of(conn, BEATS, **asked)


def knows_beat(conn: Connection, code: str, held: Iterable[str], cells: Iterable[str]) -> bool:
    """Whether a plan for these cells, held by these beats, may use a beat (codes); asked at every edit."""
    asked = {"code": code, "held": list(held), "cells": list(cells), "waiting": HOLDING_BEAT}
    return bool(conn.execute(text(OF_PLAN), asked).scalar_one())


def _split(place: str | None) -> tuple[str | None, str | None]:
    if place is None:
        return None, None
    kind, colon, code = place.partition(":")
    if not colon or kind not in KINDS or not code:
        raise InputError(f"Name the plan's place as KIND:CODE with one of {', '.join(KINDS)}, not {place!r}.")
    return kind, code
