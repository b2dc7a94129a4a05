"""Demand of places against the minutes of their people, and load of persons; in one period or month by month."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.at_hand import PLACES, by_period_and_place, by_place, posted
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
    found = pd.concat([table.assign(month=month) for table, (month, _) in zip(tables, parts, strict=True)])
    return found[["month", *found.columns.drop("month")]].reset_index(drop=True)


def _places_by_month(
    conn: Connection, view: View, flt: Filter, by: str, parts: list[tuple[date, Filter]]
) -> pd.DataFrame:
    """The same of places as they were, read at once."""
    found = _demand_by_month(view, flt, by, parts)
    there = by_period_and_place(conn, [(part.start, part.end) for _, part in parts], by)
    table = _with_loads(found.merge(there, on=["period", "key"], how="left"))
    table = table.sort_values(["period", "key"], na_position="last", ignore_index=True)
    return table.assign(month=[parts[n][0] for n in table["period"]])[["month", *COLUMNS]]


def _demand_by_month(view: View, flt: Filter, by: str, parts: list[tuple[date, Filter]]) -> pd.DataFrame:
    """period (number of the month), key, label, matters, minutes: of places with matters, and of those in force."""
    asked, ticks = ask(view, "matter", flt, by=by), view.about.ticks
    month = np.searchsorted([ticks.first_from(part.start) for _, part in parts], asked["opened"], "right") - 1
    names, live = dict(asked.names), [live_places(view, part, by) for _, part in parts]
    for each in live:
        names |= dict(zip(each["key"], each["label"], strict=True))
    keys = [*(key for key, _ in asked.names), *(names.keys() - dict(asked.names).keys())]
    place, wide = {key: n for n, key in enumerate(keys)}, len(keys)
    slot, shape = month * wide + asked.key, (len(parts), wide)
    matters = np.bincount(slot, minlength=len(parts) * wide).reshape(shape)
    minutes = np.bincount(slot, np.nan_to_num(asked["minutes"]), minlength=len(parts) * wide).reshape(shape)
    shown = matters > 0
    for number, each in enumerate(live):
        shown[number, [place[key] for key in each["key"]]] = True
    period, code = np.nonzero(shown)
    told = {"key": [keys[n] for n in code], "label": [names[keys[n]] for n in code]}
    table = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in told.items()})
    return table.assign(period=period, matters=matters[period, code], minutes=minutes[period, code])


def _months(flt: Filter, zone: ZoneInfo) -> list[tuple[date, Filter]]:
    """The first day of each month that the period touches, and the filter of its part of the period."""
    start, parts = flt.start, []
    while start < flt.end:
        first = start.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=32)).replace(day=1)
        parts.append((first.date(), replace(flt, start=start, end=min(after, flt.end))))
        start = after
    return parts
