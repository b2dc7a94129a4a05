"""Questions to the read model, each with the same in SQL over the rows and in DuckDB over Parquet.

To add one: a name, `ours` (view, ladders → frame), `sql` and `duckdb` (texts that yield the key, then the counts). In
the texts {start} and {end} stand for the year: instants in SQL, ticks in DuckDB, where {home} is the folder of files.
Decimals are compared to the third place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from db.facts import Filter
from db.readmodel import View, ask
from db.readmodel.columns import BAD_REVISIT, REPEAT, REPEATED, SETTLED_ON_SPOT

YEAR = Filter(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
HELD = """LEFT JOIN beat_cell h ON h.cell_id = {0} AND h.valid @> {1} LEFT JOIN beat b ON b.id = h.beat_id"""
OF_MATTER = HELD.format("m.cell_id", "m.opened_at")
SETTLED = "(SELECT matter_id, min(at) AS at FROM step WHERE kind IN ('settle', 'close') GROUP BY 1)"


@dataclass(frozen=True)
class Question:
    """The same question to three engines."""

    name: str
    ours: Callable[[View, Any], pd.DataFrame]
    sql: str
    duckdb: str


def reports_by_beat(view: View, _: Any) -> pd.DataFrame:
    asked = ask(view, "report", YEAR, by="beat")
    return asked.table({"n": np.ones(len(asked), bool), "repeats": asked["kind"] == REPEAT})


def outcomes_by_station(view: View, _: Any) -> pd.DataFrame:
    asked, ticks = ask(view, "matter", YEAR, by="station"), view.about.ticks
    closed = asked["closed"] < ticks.end_before(YEAR.end)
    settled = asked["settled"] != ticks.never
    on_spot = settled & (asked["flags"] & SETTLED_ON_SPOT > 0)
    counts = {"n": np.ones(len(asked), bool), "closed": closed, "settled": settled, "on_spot": on_spot}
    return asked.table(counts)


def demand_by_category(view: View, _: Any) -> pd.DataFrame:
    asked = ask(view, "matter", YEAR, by="category")
    return asked.table({"minutes": asked["minutes"]})


def closings_by_channel(view: View, _: Any) -> pd.DataFrame:
    asked = ask(view, "closing", YEAR, by="channel")
    return asked.table({"n": np.ones(len(asked), bool)})


def diversions_by_receiver(view: View, _: Any) -> pd.DataFrame:
    asked = ask(view, "diversion", YEAR)
    units, codes = np.unique(asked["to_unit"], return_inverse=True)
    regrouped = asked.keyed(codes, [(unit, None) for unit in units.tolist()])
    return regrouped.table({"n": np.ones(len(asked), bool), "accepted": asked["accepted"] != view.about.ticks.never})


def followups_by_beat(view: View, _: Any) -> pd.DataFrame:
    asked = ask(view, "followup", YEAR, by="beat")
    return asked.table({"repeats": asked["kind"] == REPEATED, "bad": asked["kind"] == BAD_REVISIT})


def load_by_officer(view: View, _: Any) -> pd.DataFrame:
    asked = ask(view, "charge", YEAR)
    officers = asked["officer"]
    regrouped = asked.keyed(officers, [(code, None) for code in range(int(officers.max(initial=0)) + 1)])
    return regrouped.table({"minutes": asked["minutes"]})


QUESTIONS = [
    Question(
        "reports and repeats by beat, a year", reports_by_beat,
        f"""SELECT b.code, count(*), count(*) FILTER (WHERE i.id <> m.incident_id AND i.reported_at >= e.at)
        FROM incident i JOIN matter m ON m.id = i.matter_id LEFT JOIN {SETTLED} e ON e.matter_id = m.id
        {HELD.format("i.cell_then", "i.reported_at")}
        WHERE i.reported_at >= {{start}} AND i.reported_at < {{end}} GROUP BY 1""",
        """SELECT s.beat, count(*), count(*) FILTER (r.kind = 2)
        FROM '{home}/report.parquet' r JOIN '{home}/spots.parquet' s USING (spot)
        WHERE r.at >= {start} AND r.at < {end} GROUP BY 1""",
    ),
    Question(
        "closed, on the spot by station, a year", outcomes_by_station,
        f"""SELECT u.code, count(*), count(*) FILTER (WHERE c.closed_at < {{end}}), count(e.at), count(*) FILTER (WHERE
            e.at IS NOT NULL AND NOT EXISTS (SELECT FROM step s WHERE s.matter_id = m.id
                AND s.kind IN ('transfer', 'escalate', 'divert', 'whistle', 'mediate') AND s.at < e.at))
        FROM matter m LEFT JOIN {SETTLED} e ON e.matter_id = m.id
        LEFT JOIN (SELECT matter_id, min(closed_at) AS closed_at FROM closure GROUP BY 1) c ON c.matter_id = m.id
        {OF_MATTER} LEFT JOIN unit u ON u.id = b.station_id
        WHERE m.opened_at >= {{start}} AND m.opened_at < {{end}} GROUP BY 1""",
        """SELECT s.station, count(*), count(*) FILTER (m.closed < {end}), count(*) FILTER (m.settled < 2147483647),
            count(*) FILTER (m.flags & 1 = 1)
        FROM '{home}/matter.parquet' m JOIN '{home}/spots.parquet' s USING (spot)
        WHERE m.opened >= {start} AND m.opened < {end} GROUP BY 1""",
    ),
    Question(
        "demand in minutes by category, a year", demand_by_category,
        """SELECT k.code, sum(coalesce(m.recorded_minutes, k.minutes))
        FROM matter m JOIN category k ON k.id = m.category_id
        WHERE m.opened_at >= {start} AND m.opened_at < {end} GROUP BY 1""",
        """SELECT k.code, sum(m.minutes)
        FROM '{home}/matter.parquet' m JOIN '{home}/categories.parquet' k USING (category)
        WHERE m.opened >= {start} AND m.opened < {end} GROUP BY 1""",
    ),
    Question(
        "closings by channel, a year", closings_by_channel,
        """SELECT m.channel, count(*) FROM closure c JOIN matter m ON m.id = c.matter_id
        WHERE c.closed_at >= {start} AND c.closed_at < {end} GROUP BY 1""",
        """SELECT {channels}[m.channel + 1], count(*)
        FROM '{home}/closing.parquet' c JOIN '{home}/matter.parquet' m ON m.row = c.matter_row
        WHERE c.closed >= {start} AND c.closed < {end} GROUP BY 1""",
    ),
    Question(
        "diversions by receiver, a year", diversions_by_receiver,
        """SELECT d.to_unit_id, count(*), count(d.accepted_at) FROM diversion d JOIN matter m ON m.id = d.matter_id
        WHERE d.sent_at >= {start} AND d.sent_at < {end} GROUP BY 1""",
        """SELECT d.to_unit, count(*), count(*) FILTER (d.accepted < 2147483647) FROM '{home}/diversion.parquet' d
        WHERE d.sent >= {start} AND d.sent < {end} GROUP BY 1""",
    ),
    Question(
        "repeats and bad revisits by beat, a year", followups_by_beat,
        f"""SELECT b.code, count(*) FILTER (WHERE told.kind = 0), count(*) FILTER (WHERE told.kind = 2) FROM (
            SELECT s.matter_id, s.at, CASE WHEN s.detail -> 'kept' = 'false' THEN 2 ELSE 1 END AS kind
            FROM step s WHERE s.kind = 'revisit'
            UNION ALL
            SELECT i.matter_id, i.reported_at, 0 FROM incident i JOIN matter m ON m.id = i.matter_id
            JOIN {SETTLED} e ON e.matter_id = m.id WHERE i.id <> m.incident_id AND i.reported_at >= e.at) told
        JOIN matter m ON m.id = told.matter_id {OF_MATTER}
        WHERE told.at >= {{start}} AND told.at < {{end}} GROUP BY 1""",
        """SELECT s.beat, count(*) FILTER (f.kind = 0), count(*) FILTER (f.kind = 2)
        FROM '{home}/followup.parquet' f JOIN '{home}/matter.parquet' m ON m.row = f.matter_row
        JOIN '{home}/spots.parquet' s USING (spot) WHERE f.at >= {start} AND f.at < {end} GROUP BY 1""",
    ),
    Question(
        "load in minutes by officer, a year", load_by_officer,
        """SELECT officer_id, sum(CASE WHEN recorded IS NULL THEN minutes / handlers ELSE coalesce(own, 0) END) FROM (
            SELECT s.officer_id, sum(s.minutes) AS own, k.minutes, min(min(s.at)) OVER pair AS began,
                sum(sum(s.minutes)) OVER pair AS recorded, count(*) OVER pair AS handlers
            FROM step s JOIN matter m ON m.id = s.matter_id JOIN category k ON k.id = m.category_id
            WHERE s.role IS NOT NULL GROUP BY s.matter_id, s.role, s.officer_id, k.minutes
            WINDOW pair AS (PARTITION BY s.matter_id, s.role)) told
        WHERE began >= {start} AND began < {end} GROUP BY 1""",
        """SELECT officer, sum(minutes) FROM '{home}/charge.parquet'
        WHERE began >= {start} AND began < {end} GROUP BY 1""",
    ),
]  # fmt: skip
