"""Matters: their state, always recomputed from their handling steps in the transaction that adds some."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of, run_sql, stage
from grids.casework import summarise
from grids.levels import LEVELS

INSTANTS = (*(f"reached_{level}" for level in LEVELS), "severity_at", "closed_at", "last_at")
STATE = {
    "matter_id": "bigint", "lead_level": "text", "severity": "smallint", "severity_now": "smallint", "steps": "integer",
    **dict.fromkeys(INSTANTS, "timestamptz"),
}  # fmt: skip
CLOSURES = {"matter_id": "bigint", "closed_at": "timestamptz", "reopened_at": "timestamptz"}


def refresh_matters(conn: Connection, matters: "np.ndarray[Any, Any]") -> None:
    """Recompute lead, reach, grade and closures of the given matters (ids) from all their steps."""
    stage(conn, "touched", {"matter_id": "bigint"}, pd.DataFrame({"matter_id": np.unique(matters)}))
    steps = frame_of(
        conn,
        """SELECT m.id AS matter, s.at, s.no, s.kind, s.level, s.severity, m.severity_initial AS initial
           FROM touched t JOIN matter m ON m.id = t.matter_id LEFT JOIN step s ON s.matter_id = m.id""",
    )
    summary = summarise(steps.astype({"at": "datetime64[us, UTC]"}))
    state = summary.matters.rename_axis("matter_id").reset_index()
    stage(conn, "state", STATE, state)
    # Closed, reopened and closed again at one instant: the first closure stood for no time at all.
    closures = summary.closures.drop_duplicates(["matter", "closed_at"], keep="last")
    stage(conn, "closing", CLOSURES, closures.rename(columns={"matter": "matter_id"}))
    run_sql(conn, "refresh_matters")


def refresh_origins(conn: Connection, matters: Iterable[int]) -> None:
    """Take over origin, grade and deadline of the given matters (ids) from their earliest report, then refresh them."""
    ids = np.array(sorted(set(matters)), dtype=np.int64)
    if len(ids):
        stage(conn, "touched", {"matter_id": "bigint"}, pd.DataFrame({"matter_id": ids}))
        run_sql(conn, "refresh_origins")
        refresh_matters(conn, ids)
