"""The minutes that people have, read from postings, roster and leave."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import SQL_FOLDER, frame_of
from grids.workload import minutes_at_hand

PLACES = ("cell", "beat", "community", "street", "district", "station")
Period = tuple[datetime, datetime]
NUMBERS = ["weekly_minutes", "seconds", "away", "on_roster"]


def posted(conn: Connection, start: datetime, end: datetime) -> pd.DataFrame:
    """Every posting of [start, end), cut where its place changes: officer (code), kind, PLACES (codes), on_roster
    (seconds in weeks with a shift), available.

    available: minutes at hand there (docs/metrics.md, "Available minutes"); 0 for postings of no hours.
    """
    return posted_each(conn, [(start, end)])[0]


def posted_each(conn: Connection, periods: Sequence[Period]) -> list[pd.DataFrame]:
    """`posted` of each of several periods, read at once."""
    asked = {"starts": [start for start, _ in periods], "ends": [end for _, end in periods]}
    pieces = frame_of(conn, text((SQL_FOLDER / "posting_pieces.sql").read_text()), **asked)
    pieces = pieces.astype(dict.fromkeys(NUMBERS, "float64"))
    on_shift = frame_of(conn, ROSTERED, **asked)
    return [_at_hand(pieces[pieces["period"] == n], on_shift[on_shift["period"] == n]) for n in range(len(periods))]


def rostered(conn: Connection, start: datetime, end: datetime) -> pd.Series:
    """Minutes on a shift and not away in [start, end), of every officer (index: code) with any shift in it."""
    return _minutes(frame_of(conn, ROSTERED, starts=[start], ends=[end]))


def _at_hand(pieces: pd.DataFrame, on_shift: pd.DataFrame) -> pd.DataFrame:
    kept = pieces.drop(columns=["period", *NUMBERS[:3]])
    return kept.assign(available=minutes_at_hand(pieces, _minutes(on_shift))).reset_index(drop=True)


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
    SELECT d.n - 1 AS period, o.code AS officer,
        sum(extract(epoch FROM upper(d.during) - lower(d.during)) - coalesce(gone.seconds, 0))::float8 / 60 AS minutes
    FROM (SELECT p.n, s.officer_id, s.during * tstzrange(p.since, p.until) AS during
          FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
               WITH ORDINALITY AS p (since, until, n)
          JOIN shift s ON s.during && tstzrange(p.since, p.until)) d
    JOIN officer o ON o.id = d.officer_id
    LEFT JOIN LATERAL (
        SELECT sum(extract(epoch FROM upper(a.during * d.during) - lower(a.during * d.during))) AS seconds
        FROM absence a WHERE a.officer_id = d.officer_id AND a.during && d.during) gone ON true
    GROUP BY d.n, o.code ORDER BY d.n, o.code""")
