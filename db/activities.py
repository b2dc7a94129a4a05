"""What people did that is no handling of a matter, read from visits, revisits and joint meetings."""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, literal, select, text

from db.bulk import frame_of
from db.facts import Filter, matters
from db.tables import Matter, Officer, Step

COLUMNS = ["officer", "kind", "count", "minutes"]


def events(conn: Connection, flt: Filter) -> pd.DataFrame:
    """Activities in [start, end), several alike in one row: officer (code; None: nobody's), kind, count, minutes.

    kind as in grids.workload.ACTIVITIES; minutes NaN where none were recorded. In the filter's place lies what lay
    there at its time.
    """
    return together(frame_of(conn, _revisits(flt)), visits_and_meetings(conn, flt))


def visits_and_meetings(conn: Connection, flt: Filter) -> pd.DataFrame:
    """The same of visits and joint meetings alone, which have no category or channel: nothing where the filter has any.

    A mediation that names its matter is left out: it is handling. A meeting is its beat lead's.
    """
    if flt.categories or flt.channels:
        return pd.DataFrame(columns=COLUMNS)
    kind, _, code = (flt.place or "all:").partition(":")
    asked = {"start": flt.start, "end": flt.end, "place": kind, "code": code}
    visits = frame_of(conn, VISITS, **asked) if flt.place else frame_of(conn, ALL_VISITS, start=flt.start, end=flt.end)
    return together(visits, frame_of(conn, MEETINGS, **asked))


def together(*frames: pd.DataFrame) -> pd.DataFrame:
    """Tables of activities as one."""
    told = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    return told[COLUMNS].astype({"count": "float64", "minutes": "float64"})


def _revisits(flt: Filter) -> Any:
    """By officer, because the index of steps by officer and time is the one that fits."""
    recorded = Step.minutes.is_(None)
    query = (
        select(Officer.code.label("officer"), literal("revisit").label("kind"), func.count().label("count"),
               func.sum(Step.minutes).label("minutes"))
        .join(Step, Step.officer_id == Officer.id)
        .where(Step.kind == "revisit", Step.at >= flt.start, Step.at < flt.end)
    )  # fmt: skip
    if flt.place or flt.categories or flt.channels:
        facts = matters()
        chosen = facts.conditions(flt)
        query = query.where(Step.matter_id.in_(facts.select([Matter.id]).where(Matter.opened_at < flt.end, *chosen)))
    return query.group_by(Officer.code, recorded).order_by(Officer.code, recorded)


# Who may not see staff still gets each one's minutes, under the same number that db.at_hand gives him.
_WHO, _LEAD = "coalesce(o.code, '#' || v.officer_id)", "coalesce(o.code, '#' || p.officer_id)"
_AREAS = """
    LEFT JOIN area s ON s.id = a.parent_id AND s.level = 'street'
    LEFT JOIN area d ON d.id = coalesce(s.parent_id, a.parent_id) AND d.level = 'district'"""
_PLACE = """CASE CAST(:place AS text) WHEN 'all' THEN true
    WHEN 'beat' THEN b.code = :code WHEN 'station' THEN u.code = :code
    WHEN 'community' THEN a.code = :code WHEN 'street' THEN s.code = :code WHEN 'district' THEN d.code = :code"""
VISITS = text(f"""
    SELECT {_WHO} AS officer, v.kind, sum(v.count)::float8 AS count, sum(v.minutes) AS minutes
    FROM visit v LEFT JOIN officer o ON o.id = v.officer_id LEFT JOIN cell c ON c.id = v.cell_id
    LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> v.at
    LEFT JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
    LEFT JOIN area a ON a.id = c.community_id {_AREAS}
    WHERE v.at >= :start AND v.at < :end AND NOT (v.kind = 'mediation' AND v.matter_id IS NOT NULL)
      AND {_PLACE} WHEN 'cell' THEN c.code = :code END
    GROUP BY 1, v.kind, v.minutes IS NULL ORDER BY 1, v.kind, v.minutes IS NULL""")  # noqa: S608 - constants
ALL_VISITS = text(f"""
    SELECT {_WHO} AS officer, v.kind, sum(v.count)::float8 AS count, sum(v.minutes) AS minutes
    FROM visit v LEFT JOIN officer o ON o.id = v.officer_id
    WHERE v.at >= :start AND v.at < :end AND NOT (v.kind = 'mediation' AND v.matter_id IS NOT NULL)
    GROUP BY 1, v.kind, v.minutes IS NULL ORDER BY 1, v.kind, v.minutes IS NULL""")  # noqa: S608 - constants
MEETINGS = text(f"""
    SELECT {_LEAD} AS officer, 'meeting' AS kind, count(*)::float8 AS count, CAST(NULL AS float8) AS minutes
    FROM meeting m JOIN beat b ON b.id = m.beat_id LEFT JOIN unit u ON u.id = b.station_id
    LEFT JOIN area a ON a.id = b.community_id {_AREAS}
    LEFT JOIN posting p ON p.beat_id = b.id AND p.role = 'beat_lead' AND p.valid @> m.at
    LEFT JOIN officer o ON o.id = p.officer_id
    WHERE m.at >= :start AND m.at < :end AND {_PLACE} ELSE false END
    GROUP BY 1 ORDER BY 1""")  # noqa: S608 - constants
