"""What is given back to a channel: one row for each of its reports, with how its matter stands or ended."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select, text

from db.bulk import SQL_FOLDER, frame_of
from db.tables import Channel
from geo.errors import NotFound

COLUMNS = (
    "number", "reported_at", "category", "state", "severity", "level_reached", "how", "satisfaction", "closed_at",
    "last_step", "last_step_at",
)  # fmt: skip


def returns(conn: Connection, channel: str, since: datetime | None = None) -> pd.DataFrame:
    """COLUMNS, one row a report of the channel, oldest first; instants aware in UTC.

    since: only what was reported or acted on from then on. level_reached: the highest level that took the lead. how:
    settled, handed_over, withdrawn, dismissed or duplicate. Raises NotFound for a channel that is not known.
    """
    known = conn.execute(select(Channel.code).order_by(Channel.code)).scalars().all()
    if channel not in known:
        raise NotFound(f"There is no channel {channel!r}: it is one of {', '.join(known)}.")
    query = text((SQL_FOLDER / "returns.sql").read_text())
    return frame_of(conn, query, channel=channel, since=since)[list(COLUMNS)]
