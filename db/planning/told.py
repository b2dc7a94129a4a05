"""What a beat has been told of cells that it gives or takes, for the people who work in it."""

from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of

SHOWN_DAYS = 14  # a notice stands so long after the day from which it holds
COLUMNS = ["since", "gives", "takes"]
NOTICES = """
    SELECT n.since, n.detail FROM notice n JOIN beat b ON b.id = n.beat_id
    WHERE b.code = :beat AND n.since > :begin ORDER BY n.since DESC, n.id DESC"""
NAMES = "SELECT DISTINCT ON (code) code, name FROM cell WHERE code = ANY(:codes) ORDER BY code, lower(valid) DESC"


def told_of(conn: Connection, beat: str, now: datetime) -> pd.DataFrame:
    """COLUMNS, one row a notice to a beat (code), the latest first: since when (aware), names of cells as lists."""
    told = frame_of(conn, NOTICES, beat=beat, begin=now - timedelta(days=SHOWN_DAYS))
    codes = sorted({code for detail in told["detail"] for cells in detail.values() for code in cells})
    names = frame_of(conn, NAMES, codes=codes).set_index("code")["name"].to_dict()
    for side in ("gives", "takes"):
        told[side] = [[names.get(code, code) for code in detail.get(side, [])] for detail in told["detail"]]
    return told[COLUMNS]
