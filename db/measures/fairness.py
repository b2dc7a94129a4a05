"""Fairness inside each station: how evenly load is spread over its beats, and over its people."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.live import live_places
from db.measures.load import load_of_people
from db.measures.workload import workload
from db.readmodel.asking import Draft
from db.readmodel.scope import View
from geo.errors import InputError
from grids.workload import spread

OVER = ("beat", "officer")
COLUMNS = ["key", "label", "over", "n", "unstaffed", "mean", "largest", "max_over_mean", "cv"]


def fairness_of_stations(
    conn: Connection, view: View, flt: Filter, *, over: str = "beat", boundaries: str | Draft = "then",
    redrawn: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """COLUMNS, one row a station (key: code, label: name), by code.

    over "beat": loads are demand / minutes at hand of each beat, those without matters with 0; over "officer": load
    of each person whose minutes at hand lie mostly there. n: loads that count; unstaffed: those left out, without
    minutes at hand. Figures of fewer than two are NaN. InputError for another `over`.
    """
    if over not in OVER:
        raise InputError(f"Fairness is spread over beat or officer, not over {over!r}.")
    if over == "officer":
        loads = load_of_people(conn, view, flt, boundaries=boundaries, redrawn=redrawn)[["station", "load"]]
    else:
        beats = live_places(view, flt, "beat", boundaries=boundaries, redrawn=redrawn)
        table = workload(conn, view, flt, "beat", boundaries=boundaries, redrawn=redrawn)
        loads = beats[["key", "station"]].merge(table[["key", "load"]], on="key")
    stations = live_places(view, flt, "station", boundaries=boundaries, redrawn=redrawn).set_index("key")["label"]
    found = spread(loads.astype({"load": "float64"})).rename_axis("key").reset_index()
    if not view.everywhere:  # who came from elsewhere to help says nothing about the station he came from
        found = found[found["key"].isin(stations.index)].reset_index(drop=True)
    label = found["key"].map(stations).where(found["key"].isin(stations.index), found["key"])
    return found.assign(label=label, over=over)[COLUMNS]
