"""The plain counts of screens from the read model: what db.metrics answers in SQL, equal to the last row."""

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.at_hand import PLACES, by_place, posted
from db.facts import Filter
from db.ladders import ladders
from db.measures.clock import clock as whole_clock
from db.measures.load import load_of_people
from db.measures.workload import demand
from db.metrics import Totals, live_cells, squares
from db.readmodel.asking import Asked, ask
from db.readmodel.columns import Array
from db.readmodel.queries import containment
from db.readmodel.scope import View
from grids.policies import Policy

WORK = ["key", "label", "matters", "minutes", "available", "staff"]


def totals(view: View, flt: Filter) -> Totals:
    """The plain counts of a period; open, overdue and unplaced as they stand at its end."""
    matters, reports, closings = ask(view, "matter", flt), ask(view, "report", flt), ask(view, "closing", flt)
    still_open = _open(view, flt)
    late = still_open["due"] < view.about.ticks.end_before(flt.end)
    return Totals(
        incidents=len(reports),
        matters=len(matters),
        open_matters=len(still_open),
        overdue=int(late.sum()),
        unplaced=int((reports["spot"] == 0).sum()),
        closed=len(np.unique(closings["matter_row"])),
        minutes=float(np.nansum(matters["minutes"])),
    )


def _open(view: View, flt: Filter) -> Asked:
    """Matters opened before the period's end that no closing holds at its end."""
    end = view.about.ticks.end_before(flt.end)
    matters, closings = ask(view, "matter", flt, at=None), view.rows("closing")
    stands = (closings["closed"] < end) & (closings["reopened"] >= end)
    closed = np.zeros(len(view.rows("matter")), np.bool_)
    closed[closings["matter_row"][stands]] = True
    return matters.where((matters["opened"] < end) & ~closed[matters.rows])


def cells(conn: Connection, view: View, flt: Filter, policy: Policy) -> pd.DataFrame:
    """One row a live cell: code, name, beat, station, residents, incidents, matters, contained, escaped, pending,
    minutes (its demand).
    """
    held = containment(view, flt, policy, "cell", ladders(conn)).drop(columns="label")
    work = demand(view, flt, "cell")[["key", "matters", "minutes"]]
    frame = live_cells(conn).astype({"code": object})
    for part in (_reports(view, flt, "cell")[["key", "incidents"]], work, held):
        told = part.dropna(subset="key").rename(columns={"key": "code"}).astype({"code": object})
        frame = frame.merge(told, on="code", how="left")
    counts = ["incidents", "matters", "contained", "escaped", "pending"]
    frame[counts] = frame[counts].fillna(0).astype("int64")
    return frame.assign(minutes=frame["minutes"].astype("float64").fillna(0.0))


def workload(conn: Connection, view: View, flt: Filter, by: str) -> pd.DataFrame:
    """WORK: of each `by` with matters its demand and, for places, the minutes of the people posted there."""
    if by == "officer":
        people = load_of_people(conn, view, flt)
        people = people[people["minutes"].gt(0) | people["matters"].gt(0)].reset_index(drop=True)
        return people.assign(staff=people["available"].notna().astype("int64"))[WORK]
    asked = ask(view, "matter", flt, by=by)
    counts = {"matters": np.ones(len(asked), np.int64), "minutes": np.nan_to_num(asked["minutes"])}
    found = asked.table(counts)
    if by not in PLACES:
        return found.assign(available=np.nan, staff=0)[WORK]
    there = by_place(posted(conn, flt.start, flt.end), by).astype({"key": object})
    merged = found.astype({"key": object}).merge(there, on="key", how="left")
    staff = merged["staff"].astype("float64").fillna(0).astype("int64")
    return merged.assign(staff=staff).astype({"available": "float64"})[WORK]


def daily(view: View, flt: Filter) -> pd.DataFrame:
    """day (date of the city's zone), incidents; days without any are left out."""
    found = _reports(view, flt, "day")
    days = [date.fromisoformat(str(day)) for day in found["key"]]
    return pd.DataFrame({"day": pd.Series(days, dtype=object), "incidents": found["incidents"]})


def clock(conn: Connection, view: View, flt: Filter) -> pd.DataFrame:
    """weekday (1 Monday … 7), hour, incidents, in the city's zone; hours without any are left out."""
    found = whole_clock(conn, view, flt).rename(columns={"reports": "incidents"})
    return found.loc[found["incidents"] > 0, ["weekday", "hour", "incidents"]].reset_index(drop=True)


def lattice(conn: Connection, view: View, flt: Filter, step_m: float) -> pd.DataFrame:
    """Placed incidents on a fixed lattice of about step_m metres: lon, lat (centres, degrees), n."""
    reports = ask(view, "report", flt)
    placed = reports.where(reports["spot"] > 0)
    wide, high = squares(conn, step_m)
    here: Array = np.stack([np.floor(placed["lon"] / wide), np.floor(placed["lat"] / high)], axis=1)
    (known, n) = np.unique(here[~np.isnan(here).any(axis=1)], axis=0, return_counts=True)
    return pd.DataFrame({"lon": (known[:, 0] + 0.5) * wide, "lat": (known[:, 1] + 0.5) * high, "n": n})


def _reports(view: View, flt: Filter, by: str) -> pd.DataFrame:
    """key, label, incidents."""
    asked = ask(view, "report", flt, by=by)
    return asked.table({"incidents": np.ones(len(asked), np.int64)})
