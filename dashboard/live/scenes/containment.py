"""化解: did matters stay within their level, how far did they travel, which escaped today?"""

from typing import Any

import pandas as pd

from dashboard.live.looking import Looking, few, shared
from dashboard.reading.records import rows
from grids.containment import with_shares
from grids.grading import SEVERITIES
from grids.levels import LEVELS

PLACES, ESCAPES = 8, 6
COUNTS, ALSO = ("contained", "decided"), ("escaped", "pending")


def containment(look: Looking) -> dict[str, Any]:
    """Overall, by severity with its ceiling, and by place: shares with n / N and interval."""

    def by(kind: str | None) -> pd.DataFrame:
        return with_shares(look.measure("containment", by=kind, policy=look.policy))

    (overall,) = rows(by(None))
    severities = {int(row.key): row for row in rows(by("severity"))}
    told = [
        {"severity": grade, "ceiling": look.policy.ceiling(grade), **shared(severities[grade])}
        for grade in SEVERITIES
        if grade in severities
    ]
    return {"overall": shared(overall), "severities": told, "by": look.below, "places": _places(look, by)}


def _places(look: Looking, by: Any) -> list[dict[str, Any]]:
    """The places in which most was decided, those of least containment first."""
    found = look.by_place(by, COUNTS, ALSO).dropna(subset="key")
    found = found.sort_values("decided", ascending=False, na_position="last").head(PLACES).sort_values("share")
    return [{"key": row.key, "name": look.name(look.below, row.key, row.label), **shared(row)} for row in rows(found)]


def flow(look: Looking) -> list[dict[str, Any]]:
    """Each level that matters of the period reached: how many, and what became of them there; few are not told."""
    found = look.measure("flow")
    table = found.pivot_table(index="source", columns="target", values="numerator", aggfunc="sum", fill_value=0)
    told = []
    for level in LEVELS:
        if level in table.index:
            line: dict[str, int] = {str(name): int(n) for name, n in table.loc[level].to_dict().items()}
            closed, still, all_of_them = line.get("closed", 0), line.get("open", 0), sum(line.values())
            parts = {"closed": few(closed), "open": few(still), "up": few(all_of_them - closed - still)}
            told.append({"level": level, "reached": few(all_of_them), **parts})
    return told


def escapes(look: Looking) -> dict[str, Any]:
    """Matters that rose above their ceiling today: how many (None: nothing of today is known), the newest of them."""
    if look.unheard:
        return {"count": None, "newest": []}
    found = look.measure("escapes", look.today, policy=look.policy)
    newest = [
        {"at": row.at, "severity": int(row.severity), "category": row.category, "level": row.level,
         "station": row.station}
        for row in rows(found.head(ESCAPES))
    ]  # fmt: skip
    return {"count": len(found), "newest": newest}
