"""Matters that stood open, or waited for a revisit, at an instant: replayed, so that a later list says the same."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of
from db.ledgers import histories
from grids.casework import REVISIT_DAYS, replay

COLUMNS = [
    "number", "cell", "category", "opened_at", "due_at", "severity", "lead_level", "lead_unit", "open",
    "revisit_due_at",
]  # fmt: skip
INSTANTS = dict.fromkeys(("opened_at", "due_at", "revisit_due_at"), "datetime64[us, UTC]")
# Whatever was open then and is not now, or was settled so lately that a revisit was due, has a step since.
TOUCHED = """
    SELECT m.id, i.channel || ':' || i.source_no AS number, c.code AS cell, k.name AS category, m.opened_at, m.due_at,
           m.severity_initial
    FROM cell c JOIN incident i ON i.cell_now = c.id JOIN matter m ON m.incident_id = i.id
    JOIN category k ON k.id = m.category_id
    WHERE c.code = ANY (:cells) AND upper_inf(c.valid) AND m.opened_at <= :at
      AND (m.closed_at IS NULL OR m.last_at >= :since)
    ORDER BY m.due_at NULLS LAST, number"""


def open_then(conn: Connection, cells: Collection[str], at: datetime) -> pd.DataFrame:
    """COLUMNS, one row a matter that lies in one of `cells` (codes) and was open or waited for a revisit at `at`.

    number: "channel:number" of its report; lead_level, lead_unit (code): who held the lead then; open: False where only
    the revisit is left. The most urgent first.
    """
    told = frame_of(conn, TOUCHED, cells=list(cells), at=at, since=at - timedelta(days=REVISIT_DAYS))
    steps = histories(conn, [int(number) for number in told["id"]])
    rows = []
    for row in told.to_dict("records"):
        state = replay([step for step in steps.get(row["id"], ()) if step.at <= at], row["severity_initial"])
        due = state.revisit_due_at if state.revisit_due_at is not None and state.revisit_due_at >= at else None
        if state.closed_at is None or due is not None:
            held: dict[str, Any] = {"severity": state.severity_now, "open": state.closed_at is None}
            held |= {"lead_level": state.lead_level, "lead_unit": state.lead_unit, "revisit_due_at": due}
            rows.append(row | held)
    return pd.DataFrame(rows, columns=COLUMNS).astype(INSTANTS)
