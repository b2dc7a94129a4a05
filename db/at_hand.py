"""The minutes that people have, read from postings, roster and leave."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER, frame_of
from grids.workload import minutes_at_hand

PLACES = ("cell", "beat", "community", "street", "district", "station")
NUMBERS = ["weekly_minutes", "seconds", "away", "on_roster"]


def posted(conn: Connection, start: datetime, end: datetime) -> pd.DataFrame:
    """Every posting of [start, end), cut where its place changes: officer (code), kind, PLACES (codes), on_roster
    (seconds in weeks with a shift), available.

    available: minutes at hand there (docs/metrics.md, "Available minutes"); 0 for postings of no hours.
    """
    pieces = frame_of(conn, text((SQL_FOLDER / "posting_pieces.sql").read_text()), start=start, end=end)
    pieces = pieces.astype(dict.fromkeys(NUMBERS, "float64"))
    return pieces.drop(columns=NUMBERS[:3]).assign(available=minutes_at_hand(pieces, rostered(conn, start, end)))


def rostered(conn: Connection, start: datetime, end: datetime) -> pd.Series:
    """Minutes on a shift and not away in [start, end), of every officer (index: code) with any shift in it."""
    found = frame_of(conn, ROSTERED, start=start, end=end)
    return found.set_index("officer")["minutes"].astype("float64")


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
    SELECT o.code AS officer,
        sum(extract(epoch FROM upper(d.during) - lower(d.during)) - coalesce(gone.seconds, 0))::float8 / 60 AS minutes
    FROM (SELECT officer_id, during * tstzrange(:start, :end) AS during FROM shift
          WHERE during && tstzrange(:start, :end)) d
    JOIN officer o ON o.id = d.officer_id
    LEFT JOIN LATERAL (
        SELECT sum(extract(epoch FROM upper(a.during * d.during) - lower(a.during * d.during))) AS seconds
        FROM absence a WHERE a.officer_id = d.officer_id AND a.during && d.during) gone ON true
    GROUP BY o.code ORDER BY o.code""")
