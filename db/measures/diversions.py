"""The ledger of diversions 分流台账: what was sent, and how it was answered, by unit, category or place."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from db.facts import Filter
from db.measures.counted import Counted, every
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel.asking import Asked
from db.tables import Unit

UNITS = ("to_unit", "from_unit")


def diversions(
    conn: Connection, view: View, flt: Filter, *, by: str | None = "to_unit", as_of: datetime | None = None,
    boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label, diverted, diverted_accepted, diverted_bounced, diverted_done, diverted_kept, diverted_open.

    Lines sent in the period, as they stand when judged; accepted holds what is done as well, while bounced, done,
    kept and open add up to diverted. by: to_unit (who should take it), from_unit (who sent it), or as elsewhere.
    """
    return lines_of(Question(conn, view, flt, by, as_of, boundaries=boundaries)).table()


def lines_of(asked: Question) -> Counted:
    """The lines of the ledger and how each stands; grouped as `diversions`, by units too."""
    lines = (replace(asked, by=None) if asked.by in UNITS else asked).ask("diversion")
    lines = lines.where(lines["sent"] <= asked.looked)
    if asked.by in UNITS:
        lines = _by_unit(asked.conn, lines, asked.by)
    accepted, bounced, done = (lines[name] <= asked.looked for name in ("accepted", "bounced", "done"))
    kept = lines["kept"] & ~(bounced | done)
    flags = {"diverted": every(lines), "diverted_accepted": accepted, "diverted_bounced": bounced}
    return Counted(
        lines, flags | {"diverted_done": done, "diverted_kept": kept, "diverted_open": ~(bounced | done | kept)}
    )


def _by_unit(conn: Connection, lines: Asked, column: str) -> Asked:
    """The lines keyed by the unit of that column; those that name none come last."""
    named: dict[int, tuple[Any, Any]] = {
        row.id: (row.code, row.name) for row in conn.execute(select(Unit.id, Unit.code, Unit.name).order_by(Unit.code))
    }
    ids = np.array([*named, 0], np.int64)
    order = np.argsort(ids)
    place = np.searchsorted(ids[order], lines[column])
    return lines.keyed(order[place], [*named.values(), (None, None)])
