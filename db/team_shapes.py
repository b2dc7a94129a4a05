"""Team shapes of all stations at once: who is there, and whom each beat and community lacks."""

from collections import Counter
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.teams import everybody
from grids.teams import SHAPES, Shape, lacking

Places = dict[tuple[Any, Any], set[tuple[str, str]]]


def teams_of_stations(conn: Connection, at: datetime) -> list[dict[str, Any]]:
    """One row a team shape and place of a station, as `db.team_gaps.gaps` judges them one station at a time.

    station, shape, kind (beat, community), key, label, people, needed, there (of those needed), vacant (needed −
    there), lacking (in words).
    """
    ground = frame_of(conn, GROUND, at=at).drop_duplicates(["station", "beat"])
    posted = everybody(conn, at)
    there = posted[posted["officer"].notna()]
    rooms = _roles(there[there["post_kind"] == "unit"].assign(station=None), "community")
    people = {"beat": _roles(there, "beat"), "community": _roles(there, "community")}
    found = []
    for shape_code, shape in SHAPES.items():
        kind = shape.place
        places = ground.dropna(subset=kind).drop_duplicates(["station", kind])
        for station, code, name in places[["station", kind, f"{kind}_name"]].itertuples(index=False):
            own = people[kind].get((station, code), set())
            own = own | rooms.get((None, code), set()) if kind == "community" else own
            row = {"station": station, "shape": shape_code, "kind": kind, "key": code, "label": name}
            found.append(row | _told(shape, Counter(role for _, role in own)))
    return found


def _told(shape: Shape, people: Counter[str]) -> dict[str, Any]:
    lack = lacking(shape, people)
    needed, absent = sum(number for _, _, number in shape.needs), sum(each.needed - each.there for each in lack)
    told = {"people": sum(people.values()), "needed": needed, "there": needed - absent, "vacant": absent}
    return told | {"lacking": "; ".join(str(each) for each in lack)}


def _roles(posted: pd.DataFrame, place: str) -> Places:
    """(station, place) → (holder, role) of everybody there; whoever holds several cells of a beat counts once."""
    found: Places = {}
    columns = (posted[name].to_numpy(object) for name in ("station", place, "holder", "role"))
    for station, code, holder, role in zip(*columns, strict=True):
        station = None if pd.isna(station) else station
        found.setdefault((station, code), set()).add((holder, role))
    return found


GROUND = text("""
    SELECT u.code AS station, b.code AS beat, b.name AS beat_name, a.code AS community, a.name AS community_name
    FROM beat b JOIN unit u ON u.id = b.station_id
    JOIN beat_cell bc ON bc.beat_id = b.id AND bc.valid @> CAST(:at AS timestamptz)
    JOIN cell c ON c.id = bc.cell_id AND c.valid @> CAST(:at AS timestamptz)
    LEFT JOIN area a ON a.id = coalesce(b.community_id, c.community_id)
    ORDER BY u.code, b.code, c.code""")
