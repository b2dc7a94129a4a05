"""The minutes that people have, read from postings, roster and leave."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER, frame_of
from db.unchanged import while_unchanged
from grids.workload import minutes_at_hand

PLACES = ("cell", "beat", "community", "street", "district", "station")
Period = tuple[datetime, datetime]
NUMBERS = ["weekly_minutes", "seconds", "away", "on_roster"]


def posted(conn: Connection, start: datetime, end: datetime) -> pd.DataFrame:
    """Every posting of [start, end), cut where its place changes: officer (code), kind, PLACES (codes), on_roster
    (seconds in weeks with a shift), available.

    available: minutes at hand there (docs/metrics.md, "Available minutes"); 0 for postings of no hours.
    """
    return posted_and_rostered(conn, start, end)[0]


def posted_and_rostered(conn: Connection, start: datetime, end: datetime) -> tuple[pd.DataFrame, pd.Series]:
    """`posted`, and the minutes on a shift and not away of every officer (index: code) with any shift in the period."""
    pieces, on_shift = while_unchanged(conn, ("at hand", start, end), lambda: _in_periods(conn, [(start, end)]))
    return _of(pieces, 0), _minutes(_of(on_shift, 0))


def by_period_and_place(conn: Connection, periods: Sequence[Period], by: str) -> pd.DataFrame:
    """`by_place` of the postings of each of several periods: period (its number), key, available, staff."""
    pieces, _ = _in_periods(conn, periods)
    groups = pieces.dropna(subset=by).groupby(["period", by])
    table = pd.DataFrame({"available": groups["available"].sum(min_count=1), "staff": groups["officer"].nunique()})
    return table.rename_axis(["period", "key"]).reset_index()


def _in_periods(conn: Connection, periods: Sequence[Period]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Postings with their minutes, and minutes on shifts, each with the number of its period."""
    asked = {"starts": [start for start, _ in periods], "ends": [end for _, end in periods]}
    pieces = frame_of(conn, text((SQL_FOLDER / "posting_pieces.sql").read_text()), **asked)
    pieces = pieces.astype(dict.fromkeys(NUMBERS, "float64"))
    on_shift = frame_of(conn, ROSTERED, **asked).astype({"minutes": "float64"})
    # Every period counts by itself: what is one officer in another of them is somebody else here.
    alone = pieces.assign(officer=_in_period(pieces))
    told = minutes_at_hand(alone, pd.Series(on_shift["minutes"].to_numpy(), index=_in_period(on_shift)))
    return pieces.drop(columns=NUMBERS[:3]).assign(available=told), on_shift


def _of(rows: pd.DataFrame, period: int) -> pd.DataFrame:
    return rows[rows["period"] == period].drop(columns="period").reset_index(drop=True)


def _in_period(rows: pd.DataFrame) -> pd.Series:
    return rows["period"].astype("str") + " " + rows["officer"]


def _minutes(on_shift: pd.DataFrame) -> pd.Series:
    return on_shift.set_index("officer")["minutes"].astype("float64")


def by_place(pieces: pd.DataFrame, by: str) -> pd.DataFrame:
    """available and staff (how many people) of each place of a kind that anybody serves: key, available, staff."""
    groups = pieces.dropna(subset=by).groupby(by)
    table = pd.DataFrame({"available": groups["available"].sum(min_count=1), "staff": groups["officer"].nunique()})
    return table.rename_axis("key").reset_index()


def by_officer(pieces: pd.DataFrame, on_roster: pd.Series) -> pd.Series:
    """Minutes at hand of each officer who is posted or on the roster (index: code, sorted)."""
    groups = pieces.groupby("officer")
    own, placed = groups["available"].sum(min_count=1), groups["on_roster"].sum()
    codes = own.index.union(on_roster.index)
    # Who is on the roster in weeks of no posting has these minutes all the same, though no place has them.
    elsewhere = on_roster.reindex(codes).where(~(placed.reindex(codes) > 0))
    return own.reindex(codes).add(elsewhere, fill_value=0).rename("available")


ROSTERED = text("""
    WITH shifts AS MATERIALIZED (
        SELECT p.n, s.officer_id, s.during * tstzrange(p.since, p.until) AS during
        FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
             WITH ORDINALITY AS p (since, until, n)
        JOIN shift s ON s.during && tstzrange(p.since, p.until)
    ), told AS (
        SELECT n, officer_id, extract(epoch FROM upper(during) - lower(during)) AS seconds FROM shifts
        UNION ALL
        SELECT d.n, d.officer_id, -extract(epoch FROM upper(a.during * d.during) - lower(a.during * d.during))
        FROM shifts d JOIN absence a ON a.officer_id = d.officer_id AND a.during && d.during
    ), summed AS MATERIALIZED (SELECT n, officer_id, sum(seconds) AS seconds FROM told GROUP BY 1, 2)
    SELECT s.n - 1 AS period, coalesce(o.code, '#' || s.officer_id) AS officer, (s.seconds / 60)::float8 AS minutes
    FROM summed s LEFT JOIN officer o ON o.id = s.officer_id ORDER BY s.n, o.code""")
