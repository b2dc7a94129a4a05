"""Demand of places against the minutes of their people, and load of persons; in one period or month by month."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.at_hand import PLACES, by_place, posted, posted_each
from db.facts import Filter
from db.measures.live import live_places, with_zeros
from db.measures.load import load_of_people
from db.readmodel.asking import Draft, ask
from db.readmodel.scope import View
from grids.workload import with_ratios

COLUMNS = ["key", "label", "matters", "minutes", "available", "staff", "load", "flag"]


def workload(
    conn: Connection, view: View, flt: Filter, by: str = "beat", *, boundaries: str | Draft = "then",
    redrawn: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """COLUMNS, one row a `by`; by "officer": those of `db.measures.load.load_of_people`.

    by a place: every place of the period, those without matters with 0; minutes: its demand; available: minutes of
    the people posted there (NaN: nobody, flag "unstaffed"); what lies nowhere has the flag "unplaced". By anything
    else nobody is posted, and there is no flag.
    """
    if by == "officer":
        return load_of_people(conn, view, flt, boundaries=boundaries, redrawn=redrawn)
    pieces = posted(conn, flt.start, flt.end) if by in PLACES else pd.DataFrame()
    return _against(pieces, view, flt, by, boundaries, redrawn)


def _against(
    pieces: pd.DataFrame, view: View, flt: Filter, by: str, boundaries: str | Draft, redrawn: datetime | None
) -> pd.DataFrame:
    """Demand by key against the minutes of the postings `pieces` of the same period."""
    found = demand(view, flt, by, boundaries=boundaries, redrawn=redrawn)
    if by not in PLACES:
        return found.assign(available=np.nan, staff=0, load=np.nan, flag=None)[COLUMNS]
    return _with_loads(found.merge(by_place(pieces, by), on="key", how="left"))[COLUMNS]


def _with_loads(found: pd.DataFrame) -> pd.DataFrame:
    found = found.assign(staff=found["staff"].fillna(0).astype("int64"))
    table = with_ratios(found.astype({"available": "float64"}))
    return table.assign(flag=table["flag"].mask(table["key"].isna(), "unplaced"))


def demand(
    view: View, flt: Filter, by: str | None, *, boundaries: str | Draft = "then", redrawn: datetime | None = None
) -> pd.DataFrame:
    """key, label, matters, minutes: matters opened in the period and the minutes that they generate, by key.

    Places of the period without matters have 0.
    """
    asked = ask(view, "matter", flt, by=by, boundaries=boundaries, redrawn=redrawn)
    minutes = np.nan_to_num(asked["minutes"])
    found = asked.table({"matters": np.ones(len(asked), np.int64), "minutes": minutes})
    if by not in PLACES:
        return found.sort_values("key", na_position="last", ignore_index=True) if by else found
    live = live_places(view, flt, by, boundaries=boundaries, redrawn=redrawn)
    return with_zeros(found, live, ["matters", "minutes"])


def monthly(
    conn: Connection, view: View, flt: Filter, by: str = "beat", *, boundaries: str | Draft = "then",
    redrawn: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """`workload` of each month that the period touches, with its month (first day) before the other columns."""
    parts = _months(flt, ZoneInfo(view.about.zone))
    if by in PLACES and boundaries == "then":
        return _places_by_month(conn, view, flt, by, parts)
    tables = [workload(conn, view, part, by, boundaries=boundaries, redrawn=redrawn) for _, part in parts]
    return _one_table(parts, tables)


def _places_by_month(
    conn: Connection, view: View, flt: Filter, by: str, parts: list[tuple[date, Filter]]
) -> pd.DataFrame:
    """The same of places as they were, read at once."""
    asked, ticks = ask(view, "matter", flt, by=by), view.about.ticks
    begins = [ticks.first_from(part.start) for _, part in parts]
    month = np.searchsorted(begins, asked["opened"], "right") - 1
    minutes = np.nan_to_num(asked["minutes"])
    pieces = posted_each(conn, [(part.start, part.end) for _, part in parts])
    tables = []
    for number, (_, part) in enumerate(parts):
        own = np.flatnonzero(month == number)
        counted = asked.where(own).table({"matters": np.ones(len(own), np.int64), "minutes": minutes[own]})
        found = with_zeros(counted, live_places(view, part, by), ["matters", "minutes"])
        tables.append(found.merge(by_place(pieces[number], by), on="key", how="left"))
    found = _one_table(parts, tables)
    return _with_loads(found)[["month", *COLUMNS]]


def _one_table(parts: list[tuple[date, Filter]], tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Tables of months under one another, with their month first."""
    found = pd.concat([table.assign(month=month) for table, (month, _) in zip(tables, parts, strict=True)])
    return found[["month", *found.columns.drop("month")]].reset_index(drop=True)


def _months(flt: Filter, zone: ZoneInfo) -> list[tuple[date, Filter]]:
    """The first day of each month that the period touches, and the filter of its part of the period."""
    start, parts = flt.start, []
    while start < flt.end:
        first = start.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=32)).replace(day=1)
        parts.append((first.date(), replace(flt, start=start, end=min(after, flt.end))))
        start = after
    return parts
