"""Load of persons: what they carried, by kind of work, against the minutes they have."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from db.activities import together, visits_and_meetings
from db.at_hand import by_officer, posted_and_rostered
from db.bulk import frame_of
from db.facts import Filter
from db.measures.counted import Counted
from db.measures.question import Question
from db.readmodel.asking import Asked, Draft, ask
from db.readmodel.columns import REPEATED, Array, microseconds
from db.readmodel.scope import View
from db.tables import Officer
from grids.workload import activity_minutes, with_ratios
from grids.workload.activities import COLUMNS as ACTIVITIES

COLUMNS = ["key", "label", "station", "matters", "handling", *ACTIVITIES, "minutes", "available", "load", "flag"]


def load_of_people(
    conn: Connection, view: View, flt: Filter, *, boundaries: str | Draft = "then", redrawn: datetime | None = None
) -> pd.DataFrame:
    """COLUMNS, one row an officer (code) who is posted, on the roster or carried anything, by code.

    matters: different ones that he handled; handling: charged minutes (docs/metrics.md); visits, revisits,
    mediation, meetings: minutes of these; minutes: all of them. station: where most of his minutes at hand are. With a
    place in the filter, and for who may see some places only: those alone who are posted there or worked there.
    """
    pieces, on_roster = posted_and_rostered(conn, flt.start, flt.end)
    names = frame_of(conn, select(Officer.id, Officer.code)).set_index("id")["code"]
    revisits = _revisits(view, flt, names, boundaries, redrawn)
    others = activity_minutes(together(revisits, visits_and_meetings(conn, flt)))
    done = _handled(view, flt, names, boundaries, redrawn).join(others, how="outer")
    known = by_officer(pieces, on_roster)
    bounded = flt.place or not view.everywhere
    codes = done.index.union(_there(_within(view, flt, pieces), flt.place) if bounded else known.index)
    table = done.reindex(codes).fillna(0.0).astype({"matters": "int64"})
    table = table.assign(minutes=table[["handling", *ACTIVITIES]].sum(axis=1), available=known.reindex(codes))
    table = table.assign(key=codes, label=codes, station=_stations(pieces).reindex(codes))
    return with_ratios(table.reset_index(drop=True))[COLUMNS]


def _handled(
    view: View, flt: Filter, names: pd.Series, boundaries: str | Draft, redrawn: datetime | None
) -> pd.DataFrame:
    """matters, handling of each officer (index: code) whose charges began in the period."""
    asked = ask(view, "charge", flt, boundaries=boundaries, redrawn=redrawn)
    codes, ids = pd.factorize(asked["officer"])
    minutes = np.bincount(codes, weights=asked["minutes"], minlength=len(ids))
    matters = np.bincount(codes[_first_of_pair(codes, asked)], minlength=len(ids))
    table = pd.DataFrame({"matters": matters, "handling": minutes}, index=_codes(names, ids))
    return table.astype({"matters": "float64"})


def handled_of(asked: Question) -> Counted:
    """Charges that began in the period by officer (code); "matters": one of each officer and matter."""
    names = frame_of(asked.conn, select(Officer.id, Officer.code)).set_index("id")["code"]
    charges = replace(asked, by=None).ask("charge")
    codes, ids = pd.factorize(charges["officer"])
    told = charges.keyed(codes, [(code, code) for code in _codes(names, ids)])
    return Counted(told, {"matters": _first_of_pair(codes, charges)})


def _first_of_pair(codes: Array, charges: Asked) -> Array:
    """Flags the first charge of each officer (code) on each matter."""
    pairs = codes.astype(np.int64) << 32 | charges["matter_row"].astype(np.int64)
    first = np.zeros(len(pairs), np.bool_)
    first[np.unique(pairs, return_index=True)[1]] = True
    return first


def _revisits(
    view: View, flt: Filter, names: pd.Series, boundaries: str | Draft, redrawn: datetime | None
) -> pd.DataFrame:
    """Revisits of the period by officer, those with and those without recorded minutes: as db.activities tells them."""
    asked = ask(view, "followup", flt, boundaries=boundaries, redrawn=redrawn)
    asked = asked.where((asked["kind"] != REPEATED) & (asked["officer"] > 0))
    codes, ids = pd.factorize(asked["officer"])
    minutes, told = asked["minutes"], []
    for rows in (np.isnan(minutes), ~np.isnan(minutes)):
        count = np.bincount(codes[rows], minlength=len(ids))
        summed = np.bincount(codes[rows], weights=minutes[rows], minlength=len(ids))
        table = pd.DataFrame({"officer": _codes(names, ids), "count": count, "minutes": summed})
        told.append(table[count > 0].assign(kind="revisit"))
    return together(*told)


def _codes(names: pd.Series, ids: Array) -> Array:
    """Codes of officers; for who may not see staff the same number that db.at_hand gives them."""
    told = {number: str(code) for number, code in names.items()}
    return np.array([told.get(number, f"#{number}") for number in ids.tolist()], dtype=object)


def _within(view: View, flt: Filter, pieces: pd.DataFrame) -> pd.DataFrame:
    """The postings that serve a cell of the reader's: by their cell, else by their beat, else by their station."""
    if view.everywhere:
        return pieces
    spots = view.about.spots.table[view.parts()[0][3]]
    spots = spots[(spots["since"] < microseconds(flt.end)) & (spots["until"] > microseconds(flt.start))]
    own = {kind: pieces[kind].isin(spots[kind].dropna()) for kind in ("cell", "beat", "station")}
    by_beat = own["beat"].where(pieces["beat"].notna(), own["station"])
    return pieces[own["cell"].where(pieces["cell"].notna(), by_beat)]


def _there(pieces: pd.DataFrame, place: str | None) -> pd.Index:
    kind, _, code = (place or "").partition(":")
    return pd.Index(pieces.loc[pieces[kind] == code, "officer"].unique() if kind else pieces["officer"].unique())


def _stations(pieces: pd.DataFrame) -> pd.Series:
    """The station in which each officer has most minutes at hand; of equal ones the first by code."""
    known = pieces.dropna(subset="station")
    own = known.groupby(["officer", "station"])["available"].sum().reset_index()
    best = own.sort_values(["available", "station"], ascending=[False, True]).drop_duplicates("officer")
    return best.set_index("officer")["station"]
