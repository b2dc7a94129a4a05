"""Gaps in the teams of a station: shapes that are not filled, places without anybody, hours without anybody."""

import json
from collections import Counter
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.teams import rooms, team
from grids.teams import SHAPES, lacking

COUNTED = ["shape", "place_kind", "place", "name", "people", "lacking"]


@dataclass(frozen=True)
class Gaps:
    """What a station lacks at an instant.

    teams: COUNTED, one row a shape and place; people (role → how many are there or stood in for), lacking (list of
    sentences, empty when the shape is filled). Then codes: beats without a lead, cells without a worker, beats none of
    whose own people is on a shift, officers who are away and whom nobody stands in for. on_duty: people on a shift.
    """

    station: str
    at: datetime
    teams: pd.DataFrame
    beats_without_lead: list[str]
    cells_without_worker: list[str]
    beats_with_nobody_on: list[str]
    away_without_cover: list[str]
    on_duty: int

    def as_json(self) -> dict[str, Any]:
        """All of it; teams as a list of objects."""
        told = {name: value for name, value in vars(self).items() if name not in ("teams", "at")}
        return {**told, "at": self.at.isoformat(), "teams": json.loads(self.teams.to_json(orient="records"))}


def gaps(conn: Connection, station: str, at: datetime) -> Gaps:
    """The gaps of a station (code) at an instant. Raises NotFound for an unknown station."""
    posted = team(conn, f"station:{station}", at)
    ground = frame_of(conn, GROUND, station=station, at=at)
    there, beats = posted[posted["officer"].notna()], _beats(ground)
    found = rooms(conn, ground["community"].dropna().unique().tolist(), at)
    teams = _teams(there, found[found["officer"].notna()], beats)
    on_duty = int(there.loc[there["duty"].notna(), "officer"].nunique())
    return Gaps(station, at, teams, **_missing(posted, ground), on_duty=on_duty)


def missing(
    conn: Connection, station: str, at: datetime, cells: Collection[str] | None = None
) -> dict[str, list[str]]:  # fmt: skip
    """The lists of codes of `Gaps` alone. Raises NotFound for an unknown station.

    cells: only what is missing in these cells (codes) and their beats; whoever is posted to the station itself belongs
    to all of its cells together.
    """
    posted, ground = team(conn, f"station:{station}", at), frame_of(conn, GROUND, station=station, at=at)
    if cells is None or ground["cell"].isin(cells).all():
        return _missing(posted, ground)
    part = ground[ground["cell"].isin(cells)]
    return _missing(posted[posted["beat"].isin(part["beat"]) & (posted["post_kind"] != "unit")], part)


def _missing(posted: pd.DataFrame, ground: pd.DataFrame) -> dict[str, list[str]]:
    there, beats = posted[posted["officer"].notna()], _beats(ground)
    leads = there.loc[(there["role"] == "beat_lead") & (there["post_kind"] == "beat"), "post"]
    workers = there.loc[(there["role"] == "grid_worker") & (there["post_kind"] == "cell"), "post"]
    on = there[there["duty"].notna()]
    return {
        "beats_without_lead": _absent(beats["beat"], leads),
        "cells_without_worker": _absent(ground["cell"], workers),
        "beats_with_nobody_on": _absent(beats["beat"], on.loc[on["post_kind"] != "unit", "beat"]),
        "away_without_cover": sorted(posted.loc[posted["officer"].isna(), "holder"].unique().tolist()),
    }


def _beats(ground: pd.DataFrame) -> pd.DataFrame:
    return ground.dropna(subset="beat").drop_duplicates("beat")


def _absent(wanted: pd.Series, there: pd.Series) -> list[str]:
    return sorted(set(wanted.dropna()) - set(there.dropna()))


def _teams(there: pd.DataFrame, in_rooms: pd.DataFrame, beats: pd.DataFrame) -> pd.DataFrame:
    names = {"beat": beats.set_index("beat")["beat_name"], "community": _communities(beats)}
    posted = {"beat": _roles(there, "beat"), "community": _roles(pd.concat([there, in_rooms]), "community")}
    rows = []
    for code, shape in SHAPES.items():
        for place, name in names[shape.place].items():
            people = Counter(role for _, role in posted[shape.place].get(place, ()))
            lack = [str(each) for each in lacking(shape, people)]
            rows.append((code, shape.place, place, name, dict(people), lack))
    return pd.DataFrame(rows, columns=COUNTED)


def _roles(posted: pd.DataFrame, place: str) -> dict[Hashable, set[tuple[str, str]]]:
    """Place → (holder, role) of everybody there; whoever holds several cells of a beat counts once."""
    found: dict[Hashable, set[tuple[str, str]]] = {}
    for code, holder, role in zip(posted[place], posted["holder"], posted["role"], strict=True):
        found.setdefault(code, set()).add((holder, role))
    return found


def _communities(beats: pd.DataFrame) -> pd.Series:
    return beats.dropna(subset="community").drop_duplicates("community").set_index("community")["community_name"]


GROUND = text("""
    SELECT b.code AS beat, b.name AS beat_name, c.code AS cell, a.code AS community, a.name AS community_name
    FROM beat b JOIN unit u ON u.id = b.station_id
    JOIN beat_cell bc ON bc.beat_id = b.id AND bc.valid @> CAST(:at AS timestamptz)
    JOIN cell c ON c.id = bc.cell_id AND c.valid @> CAST(:at AS timestamptz)
    LEFT JOIN area a ON a.id = coalesce(b.community_id, c.community_id)
    WHERE u.code = :station ORDER BY b.code, c.code""")
