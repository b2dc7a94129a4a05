"""Tables of places for commands: clock, hot spots, addresses, near repeats, the expected count."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard.reporting.measured import Reading
from dashboard.reporting.small import blank, hide
from db.readmodel import ask

GONE = ("key", "door", "cell", "beat")


def clock_table(told: Reading) -> pd.DataFrame:
    """[weekday, hour, reports, hours, rate]: 168 rows."""
    return hide(told.measure("clock", boundaries=told.boundaries), told.fewest, "reports", ("rate",))


def hot_cells_table(told: Reading, per: str, alpha: float) -> pd.DataFrame:
    """[key, label, reports, per, rate, z, p, q, kind], one row a cell."""

    def ask_by(by: str | None) -> pd.DataFrame:
        if by == "cell":
            return told.measure("hot cells", per=per, alpha=alpha)
        asked = ask(told.view, "report", told.flt, by=by, boundaries="now")
        return asked.table({"reports": np.ones(len(asked), np.int64)})

    return blank(told.hidden(ask_by, "cell", ("reports", "reports")), ("rate", "z", "p", "q", "kind"))


def surface_table(told: Reading, cell_m: float, bandwidth_m: float) -> pd.DataFrame:
    """[lon, lat, reports, near, density]; with small counts hidden only squares with enough reports near."""
    found = told.measure("surface", cell_m=cell_m, bandwidth_m=bandwidth_m)
    if told.fewest is None:
        return found
    return found[found["near"] >= told.fewest].drop(columns="reports").reset_index(drop=True)


def peaks_table(told: Reading, cell_m: float, bandwidth_m: float, most: int) -> pd.DataFrame:
    """[rank, lon, lat, density, reports, cell, beat]; with small counts hidden only peaks with enough reports."""
    found = told.measure("peaks", cell_m=cell_m, bandwidth_m=bandwidth_m, most=most)
    return found if told.fewest is None else found[found["reports"] >= told.fewest].reset_index(drop=True)


def addresses_table(told: Reading, most: int) -> pd.DataFrame:
    """[rank, key, door, cell, beat, calls, all_calls, share, running_calls, running_share]; no addresses for
    readers who must not single out people, and no rows of few calls."""
    found = told.measure("repeat addresses", most=most, boundaries=told.boundaries)
    if told.fewest is None:
        return found
    return found[found["calls"] >= told.fewest].drop(columns=list(GONE)).reset_index(drop=True)


def pareto_sentence(told: Reading) -> str:
    """How few addresses give half of the reports, in one sentence with its counts."""
    row = told.measure("pareto of addresses", boundaries=told.boundaries).iloc[0]
    counts = f"{row['calls']:,} of {row['all_calls']:,} reports name an address, {row['doors']:,} different ones."
    if not row["fewest"]:
        return f"{counts} Even all of them give less than half of the reports."
    share = row["fewest_calls"] / row["all_calls"]
    given = f"{row['fewest_calls']:,} / {row['all_calls']:,} = {share:.1%}"
    return f"{counts} {row['fewest']:,} of them give at least half of the reports: {given}."


def near_repeat_table(told: Reading, **options: Any) -> pd.DataFrame:
    """[metres, days, observed, expected, ratio, p, reports, since]."""
    found = told.measure("near repeats", boundaries=told.boundaries, **options)
    return hide(found, told.fewest, "observed", ("ratio", "p"))


def expected_table(told: Reading, by: str | None, weeks: int) -> pd.DataFrame:
    """[key, label, observed, expected, limit_low, limit_high, verdict, days, excess, is_holiday]."""

    def ask_by(by: str | None) -> pd.DataFrame:
        now = told.as_of or told.desk.now()
        return told.measure("expected today", now=now, by=by, weeks=weeks, boundaries=told.boundaries)

    derived = ("expected", "limit_low", "limit_high", "verdict", "excess")
    return blank(told.hidden(ask_by, by, ("observed", "observed")), derived)


def geojson(points: pd.DataFrame) -> Mapping[str, Any]:
    """A FeatureCollection of points (lon, lat: WGS-84) with all other columns as properties; JSON-ready."""
    names = [name for name in points if name not in ("lon", "lat")]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(row["lon"], 6), round(row["lat"], 6)]},
            "properties": {name: None if pd.isna(row[name]) else row[name] for name in names},
        }
        for row in points.to_dict("records")
    ]
    return {"type": "FeatureCollection", "features": features}
