"""Which matters a person might look at together: one building, one category group, and nobody has decided."""

from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of
from db.linking.linking import settled
from db.linking.reading import as_reports, number_of, read_reports
from db.tables.catalogue import NO_CATEGORY
from geo.errors import InputError
from grids.repeats.matters import Settled
from grids.repeats.rules import RULES
from grids.repeats.tables import suggestion_table
from grids.rights import Who

PLACED = {
    "cell": "c.code = :code",
    "beat": "b.code = :code",
    "station": "u.code = :code",
    "all": "true",
}
# Reports of which another one, near in time, tells of the same building.
CROWDED = """
    SELECT i.id FROM incident i JOIN category k ON k.id = i.category_id LEFT JOIN cell c ON c.id = i.cell_now
    LEFT JOIN beat_cell h ON h.cell_id = c.id AND h.valid @> now() LEFT JOIN beat b ON b.id = h.beat_id
    LEFT JOIN unit u ON u.id = b.station_id
    WHERE i.building IS NOT NULL AND k.group_name <> :none AND i.reported_at >= :since AND {place} AND EXISTS (
        SELECT FROM incident o WHERE o.building = i.building AND o.matter_id <> i.matter_id
        AND o.reported_at BETWEEN i.reported_at - CAST(:window AS interval)
                              AND i.reported_at + CAST(:window AS interval))"""
NEAR = """
    SELECT DISTINCT o.id FROM unnest(CAST(:ids AS bigint[])) AS u (id) JOIN incident i ON i.id = u.id
    JOIN incident o ON o.building = i.building AND o.reported_at BETWEEN i.reported_at - CAST(:window AS interval)
                                                              AND i.reported_at + CAST(:window AS interval)"""
WINDOW = f"{RULES.window_us} microseconds"


def suggestions(
    conn: Connection, who: Who, place: str | None = None, limit: int = 50, since: datetime | None = None
) -> pd.DataFrame:
    """Pairs of matters with the same building and category group, at most 30 days apart, that nobody has decided about:
    a, b ("channel:source_no" of the two reports nearest in time), at (of b), days, metres; the newest first.

    place: cell:CODE, beat:CODE or station:CODE in which b lies. Raises Denied, InputError for another place.
    """
    who.demand("cases")
    kind, _, code = (place or "all:").partition(":")
    if kind not in PLACED:
        raise InputError(f"Suggestions are listed by cell, beat or station, not by {kind!r}.")
    start = since or datetime.fromisoformat("0001-01-01T00:00:00+00:00")
    query = CROWDED.format(place=PLACED[kind])  # from our own table of conditions
    asked = frame_of(conn, query, since=start, window=WINDOW, none=NO_CATEGORY, **({"code": code} if code else {}))
    if asked.empty:
        return pd.DataFrame(columns=["a", "b", "at", "days", "metres"])
    near = frame_of(conn, NEAR, ids=asked["id"].tolist(), window=WINDOW)
    frame = read_reports(conn, set(asked["id"]) | set(near["id"]))
    table = suggestion_table(_as_stands(conn, frame), RULES)
    row_of = dict(zip((frame["channel"] + "\0" + frame["source_no"]), frame.itertuples(index=False), strict=True))
    ids = set(asked["id"])
    rows = [
        {"a": number_of(a), "b": number_of(b), "at": row_of[b].at, "days": days, "metres": metres}
        for a, b, metres, days in table.itertuples(index=False)
        if row_of[b].id in ids or row_of[a].id in ids
    ]
    listed = pd.DataFrame(rows, columns=["a", "b", "at", "days", "metres"])
    return listed.sort_values(["at", "a", "b"], ascending=[False, True, True], ignore_index=True).head(limit)


def _as_stands(conn: Connection, frame: pd.DataFrame) -> Settled:
    """Reports in the matters in which the record has them."""
    fresh = settled(conn, frame)
    first = frame.groupby("matter_id")["matter_id"].transform(lambda group: group.index[0])
    matter = first.to_numpy(dtype=np.int64, copy=True)
    return Settled(
        as_reports(frame), fresh.blocks, fresh.shared, matter, matter, fresh.joins, fresh.splits, fresh.refused
    )
