"""Who holds a place at an instant, who of them is on now, and who stands in for those who are away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER, frame_of
from geo.errors import InputError, NotFound

PLACES = ("cell", "beat", "station", "unit", "community", "street", "district")


def team(conn: Connection, place: str, at: datetime) -> pd.DataFrame:
    """Everybody who holds a place ("KIND:CODE" of PLACES), one row a posting, nearest first.

    Columns: holder (who is posted), officer (who answers: the holder, or who stands in; None: nobody), role, post_kind
    (cell, beat, unit), post, post_name, beat, station, community, away (kind of the holder's absence) and away_until,
    duty (day, night, standby or None: off), since and until of that shift, personal (sealed name and phone).
    Raises InputError for a place that is not written so, NotFound for one that is not there.
    """
    kind, _, code = place.partition(":")
    if kind not in PLACES or not code:
        raise InputError(f"Write a place as KIND:CODE with one of {', '.join(PLACES)}, not {place!r}.")
    found = conn.execute(PLACE[kind], {"kind": kind, "code": code, "at": at}).mappings().first()
    if found is None:
        raise NotFound(f"There is no {kind} {code!r} at that time: correct the code.")
    return _team(conn, {"kind": kind, "code": code, "at": at, **found})


def on_now(conn: Connection, place: str, at: datetime) -> pd.DataFrame:
    """Who is on duty for a place at an instant: the rows of `team` whose officer is on a shift, nearest first."""
    found = team(conn, place, at)
    return found[found["duty"].notna()].reset_index(drop=True)


def covered_by(conn: Connection, officer: str, at: datetime) -> pd.DataFrame:
    """What an officer stands in for at an instant: rows as in `team`, one a posting of somebody who is away.

    Cover goes on: who stands in for somebody who stands in for a third holds the third's places too. Raises NotFound.
    """
    if conn.execute(OFFICER, {"code": officer}).first() is None:
        raise NotFound(f"There is no officer {officer!r}: correct the code.")
    return _team(conn, {"kind": "cover", "code": officer, "at": at, "beat": None, "station": None})


def rooms(conn: Connection, communities: Sequence[str], at: datetime) -> pd.DataFrame:
    """Everybody posted to a unit of these communities (codes), their mediation rooms: rows as in `team`."""
    return _team(conn, {"kind": "rooms", "code": ",".join(communities), "at": at, "beat": None, "station": None})


def everybody(conn: Connection, at: datetime) -> pd.DataFrame:
    """Everybody posted anywhere: rows as in `team`."""
    return _team(conn, {"kind": "everywhere", "code": "", "at": at, "beat": None, "station": None})


def _team(conn: Connection, asked: Mapping[str, Any]) -> pd.DataFrame:
    return frame_of(conn, text((SQL_FOLDER / "team.sql").read_text()), **asked)


_NOWHERE = "CAST(NULL AS text) AS beat, CAST(NULL AS text) AS station"
_AREA = text(f"SELECT {_NOWHERE} FROM area WHERE level = :kind AND code = :code AND valid @> CAST(:at AS timestamptz)")  # noqa: S608 - constants
_UNIT = text(f"SELECT {_NOWHERE} FROM unit WHERE code = :code AND (:kind = 'unit' OR kind = 'station')")  # noqa: S608 - constants
PLACE = {
    "cell": text("""
        SELECT b.code AS beat, u.code AS station FROM cell c
        LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
        LEFT JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
        WHERE c.code = :code AND c.valid @> CAST(:at AS timestamptz)"""),
    "beat": text("""
        SELECT b.code AS beat, u.code AS station FROM beat b LEFT JOIN unit u ON u.id = b.station_id
        WHERE b.code = :code"""),
    "station": _UNIT, "unit": _UNIT, "community": _AREA, "street": _AREA, "district": _AREA,
}  # fmt: skip
OFFICER = text("SELECT FROM officer WHERE code = :code")
