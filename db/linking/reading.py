"""Reports as linking reads them: rows of the record → columns of grids.repeats."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.tables.catalogue import NO_CATEGORY
from grids.repeats.reports import NEVER, Reports, columns_of
from grids.repeats.rooms import NOWHERE, Rooms

# Many reports of few, each found by its index: whatever the planner believes of tables that are just being filled.
PLAIN = {"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_seqscan": "off", "jit": "off"}
READ = """
    SELECT i.id, i.channel, i.source_no, i.reported_at AS at, nullif(c.group_name, :none) AS "group",
           p.phone_hash AS phone, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.room, i.building, i.district_named,
           i.matter_id, m.incident_id = i.id AS opens
    FROM unnest(CAST(:ids AS bigint[])) AS u (id) JOIN incident i ON i.id = u.id
    JOIN category c ON c.id = i.category_id JOIN matter m ON m.id = i.matter_id
    LEFT JOIN incident_personal p ON p.incident_id = i.id"""
ENDS = """
    SELECT s.incident_id AS id, min(s.at) AS ended_at FROM step s
    WHERE s.incident_id = ANY(CAST(:ids AS bigint[])) AND s.kind IN ('settle', 'close')
    GROUP BY s.incident_id"""


@contextmanager
def by_index(conn: Connection) -> Iterator[None]:
    """Within: queries find row after row by index."""
    names = list(PLAIN)
    before = conn.execute(text(_settings("current_setting(:{0})")), {name: name for name in names}).one()
    conn.execute(text(_settings("set_config('{0}', :{0}, true)")), PLAIN)
    yield
    conn.execute(text(_settings("set_config('{0}', :{0}, true)")), dict(zip(names, before, strict=True)))


def _settings(call: str) -> str:
    return "SELECT " + ", ".join(call.format(name) for name in PLAIN)


def read_reports(conn: Connection, ids: Collection[int]) -> pd.DataFrame:
    """Reports (ids) in the order of linking (instant, channel, number): id, channel, source_no, at, group, phone, lon,
    lat, room, building, district_named, matter_id, opens (whether its matter is named by it)."""
    frame = frame_of(conn, READ, ids=list(ids), none=NO_CATEGORY)
    frame["phone"] = frame["phone"].map(lambda told: None if told is None else bytes(told)).astype(object)
    frame["at"] = pd.to_datetime(frame["at"], utc=True).astype("datetime64[us, UTC]")
    return frame.sort_values(["at", "channel", "source_no"], ignore_index=True)


def ends_of(conn: Connection, frame: pd.DataFrame) -> pd.Series:
    """When each report of `frame` was first settled or closed, NaT where it was not."""
    found = frame_of(conn, ENDS, ids=frame["id"].tolist()).set_index("id")["ended_at"]
    return pd.to_datetime(frame["id"].map(found), utc=True)


def as_reports(frame: pd.DataFrame, ended_at: pd.Series | None = None) -> Reports:
    """The rows of read_reports, in their order, as grids.repeats computes with them; see number_of for their keys."""
    at = frame["at"].dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
    rooms = [
        Rooms(room or "", building or "", district or "")
        for room, building, district in zip(frame["room"], frame["building"], frame["district_named"], strict=True)
    ]
    # A separator below every letter: keys then sort as (channel, number) do.
    key = (frame["channel"] + "\0" + frame["source_no"]).to_numpy(dtype=object)
    return columns_of(
        key=key, at=at, ended_at=np.full(len(frame), NEVER) if ended_at is None else _microseconds(ended_at),
        group=_texts(frame["group"]), phone=_texts(frame["phone"]), rooms=[*rooms, NOWHERE],
        text=np.arange(len(frame)), lon=frame["lon"].to_numpy(dtype=np.float64),
        lat=frame["lat"].to_numpy(dtype=np.float64),
    )  # fmt: skip


def number_of(key: str) -> str:
    """ "channel:source_no" of a key of as_reports."""
    return key.replace("\0", ":", 1)


def _texts(values: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    plain = np.empty(len(values), dtype=object)
    plain[:] = [None if value is None or value != value else value for value in values]
    return plain


def _microseconds(values: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    plain = values.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return np.where(np.isnat(plain), NEVER, plain.astype(np.int64))
