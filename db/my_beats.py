"""Which beats are somebody's own today: those they are posted to, and those they cover while a colleague is away."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.roster import covered_by
from geo.errors import NotFound


def my_beats(conn: Connection, officer: str, at: datetime) -> pd.DataFrame:
    """Beats that an officer is posted to, itself or one of its cells: code, name, role; their own lead first."""
    return frame_of(conn, MINE, officer=officer, at=at)


def covered_beats(conn: Connection, officer: str, at: datetime) -> pd.DataFrame:
    """Beats that an officer stands in for: code, name, holder, until, personal (the holder's, sealed); one row a beat.

    Empty for an officer who is not in the record any more.
    """
    try:
        stands = covered_by(conn, officer, at).dropna(subset=["beat"])
    except NotFound:
        stands = pd.DataFrame(columns=["beat", "holder", "away_until"])
    named = frame_of(conn, NAMED, beats=list(stands["beat"].unique()), holders=list(stands["holder"].unique()))
    once = stands.drop_duplicates("beat")[["beat", "holder", "away_until"]]
    told = once.rename(columns={"beat": "code", "away_until": "until"})
    names = named[named["holder"].isna()][["code", "name"]]
    seals = named[named["code"].isna()][["holder", "personal"]]
    return told.merge(names, on="code", how="left").merge(seals, on="holder", how="left")


MINE = text("""
    SELECT b.code, b.name, min(p.role) AS role
    FROM posting p JOIN officer o ON o.id = p.officer_id
    LEFT JOIN beat_cell bc ON bc.cell_id = p.cell_id AND bc.valid @> CAST(:at AS timestamptz)
    JOIN beat b ON b.id = coalesce(p.beat_id, bc.beat_id)
    WHERE o.code = :officer AND p.valid @> CAST(:at AS timestamptz)
    GROUP BY b.code, b.name ORDER BY bool_or(p.role = 'beat_lead') DESC, b.code""")
NAMED = text("""
    SELECT b.code, b.name, CAST(NULL AS text) AS holder, CAST(NULL AS bytea) AS personal
    FROM beat b WHERE b.code = ANY(:beats)
    UNION ALL SELECT NULL, NULL, o.code, o.personal FROM officer o WHERE o.code = ANY(:holders)""")
