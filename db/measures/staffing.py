"""Staffing: team shapes and who is missing, residents and demand for each head, by beat or community."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.card_counts import card_counts
from db.measures.live import live_places
from db.measures.question import Question
from db.measures.workload import demand
from db.readmodel import View
from db.team_gaps import missing
from db.team_shapes import teams_of_stations

COLUMNS = [
    "station", "shape", "kind", "key", "label", "people", "needed", "there", "vacant", "lacking", "residents",
    "residents_per_head", "minutes", "minutes_per_head",
]  # fmt: skip
GAPS = {
    "beats_without_lead": "beat without a lead",
    "cells_without_worker": "cell without a grid worker",
    "beats_with_nobody_on": "beat with nobody on duty",
    "away_without_cover": "officer away without cover",
}


def staffing(
    conn: Connection, view: View, flt: Filter, *, at: datetime | None = None, shape: str | None = None
) -> pd.DataFrame:
    """COLUMNS, one row a team shape (all of grids.teams.SHAPES, or one) and place it is for, by station and place.

    At `at` (default: the period's end): people there or stood in for, needed by the shape (at least), there of these,
    vacant = needed − there, lacking in words. residents: of the place's cells (NaN where one is unknown); minutes: the
    demand of the period there; each also for a head (NaN without anybody).
    """
    stations = set(live_places(view, flt, "station")["key"])
    told = teams_of_stations(conn, at or flt.end)
    told = [row for row in told if row["station"] in stations and shape in (None, row["shape"])]
    table = pd.DataFrame(told, columns=COLUMNS[:10])
    ground = pd.concat([_ground(conn, view, flt, kind) for kind in ("beat", "community")], ignore_index=True)
    table = table.merge(ground, on=["kind", "key"], how="inner" if flt.place else "left")
    heads = table["people"].where(table["people"] > 0).astype("float64")
    found = table.assign(residents_per_head=table["residents"] / heads, minutes_per_head=table["minutes"] / heads)
    return found.sort_values(["station", "shape", "key"], ignore_index=True)[COLUMNS]


def staffing_gaps(conn: Connection, view: View, flt: Filter, *, at: datetime | None = None) -> pd.DataFrame:
    """station, gap, key: every gap of db.team_gaps at `at` (default: the period's end) in the filter's place, as far
    as the reader may see it."""
    instant = at or flt.end
    then = replace(flt, start=instant, end=instant + timedelta(seconds=1))
    bounded = flt.place is not None or not view.everywhere
    cells = set(live_places(view, then, "cell")["key"]) if bounded else None
    rows = [
        (station, GAPS[name], code)
        for station in live_places(view, flt, "station")["key"]
        for name, codes in missing(conn, station, instant, cells).items()
        for code in codes
    ]
    return pd.DataFrame(rows, columns=["station", "gap", "key"])


def _ground(conn: Connection, view: View, flt: Filter, kind: str) -> pd.DataFrame:
    """kind, key, residents, minutes of the places of the period."""
    worked = demand(view, flt, kind).dropna(subset="key")
    asked = Question(conn, view, flt, kind)
    heads = card_counts(asked, {"residents"}, pd.Index(worked["key"], dtype=object))["residents"]
    return pd.DataFrame({"kind": kind, "key": worked["key"], "residents": heads.to_numpy(np.float64),
                         "minutes": worked["minutes"].to_numpy(np.float64)})  # fmt: skip
