"""督办: what is overdue and where, which diversions came back, which revisits fall due."""

from typing import Any

import pandas as pd

from dashboard.live.looking import Looking, few
from dashboard.reading.records import rows

PLACES, LONGEST, UNITS = 6, 12, 8
LATE = ("overdue", "late_1", "late_3", "late_7")


def overdue(look: Looking) -> dict[str, Any]:
    """Open and overdue matters now: in all, for how long, by place, and the longest by kind and station."""

    def by(kind: str | None) -> pd.DataFrame:
        return look.measure("standing", look.today, by=kind)

    (whole,) = rows(by(None))
    table = look.by_place(by, ("overdue", "open"), LATE[1:]).dropna(subset="key")
    table = table.sort_values("overdue", ascending=False, na_position="last").head(PLACES)
    places = [
        {"key": row.key, "name": look.name(look.below, row.key, row.label), "hidden": bool(row.suppressed),
         **({} if row.suppressed else {"overdue": row.overdue, "open": row.open, "late_7": row.late_7})}
        for row in rows(table)
    ]  # fmt: skip
    counts = {name: getattr(whole, name) for name in ("open", "due_soon", *LATE)}
    return {**counts, "by": look.below, "places": places, "longest": _longest(look)}


def _longest(look: Looking) -> list[dict[str, Any]]:
    found = look.measure("longest overdue", look.today, most=LONGEST)
    return [
        {"severity": int(row.severity), "category": row.category, "station": row.station, "days": int(row.late_days)}
        for row in rows(found)
    ]


def diversions(look: Looking) -> dict[str, Any]:
    """Diversions sent in the period: answered how, and the units to which most came back or lie open."""
    (whole,) = rows(look.measure("diversions", by=None))
    found = look.measure("diversions", by="to_unit").dropna(subset="key")
    found = found.assign(trouble=found["diverted_bounced"] + found["diverted_open"])
    found = found[found["trouble"] > 0].sort_values(["diverted_bounced", "trouble"], ascending=False).head(UNITS)
    units = [
        {"key": row.key, "name": row.label, "sent": few(row.diverted), "bounced": few(row.diverted_bounced),
         "open": few(row.diverted_open)}
        for row in rows(found)
    ]  # fmt: skip
    counts = {name: getattr(whole, f"diverted_{name}") for name in ("accepted", "bounced", "done", "open")}
    return {"sent": whole.diverted, **counts, "units": units}


def revisits(look: Looking) -> dict[str, Any]:
    """Settled matters that nobody has asked about yet: term running, ending in three days, missed."""
    (row,) = rows(look.measure("revisits due", look.today))
    return {"waiting": row.waiting, "soon": row.soon, "missed": row.missed}
