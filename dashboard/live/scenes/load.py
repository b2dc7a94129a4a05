"""负荷: which beats and cells carry most, how even it is, where people are missing. Posts and counts, no persons."""

from typing import Any

import pandas as pd

from dashboard.live.looking import Looking
from dashboard.reading.records import rows
from dashboard.reporting.suppressed import FEWEST
from grids.rights import Who

BEATS, CELLS, STATIONS, NAMED = 11, 6, 6, 4
GAPS = {
    "beat without a lead": "beats_without_lead", "cell without a grid worker": "cells_without_worker",
    "beat with nobody on duty": "beats_with_nobody_on", "officer away without cover": "away_without_cover",
}  # fmt: skip


def beats(look: Looking) -> dict[str, Any]:
    """The heaviest beats by load, how many are over and unstaffed of how many."""
    found = look.measure("workload", by="beat").dropna(subset="key")
    staffed = found[found["flag"] != "unstaffed"].sort_values("load", ascending=False)
    heaviest = [
        {"key": row.key, "name": look.name("beat", row.key, row.label), "load": row.load, "over": row.flag == "over",
         "minutes": row.minutes, "available": row.available, "staff": row.staff}
        for row in rows(staffed.head(BEATS))
    ]  # fmt: skip
    alone = found[found["flag"] == "unstaffed"]
    counts = {"count": len(found), "over": int((found["flag"] == "over").sum()), "unstaffed": len(alone)}
    named = [look.name("beat", key) for key in alone["key"].head(NAMED)]
    whole = staffed["minutes"].sum() / staffed["available"].sum() if len(staffed) else None
    return {"heaviest": heaviest, "names_unstaffed": named, "load": whole, **counts}


def cells(look: Looking) -> list[dict[str, Any]]:
    """The cells with most handling minutes, of those with enough matters to be told."""
    found = look.measure("workload", by="cell").dropna(subset="key")
    heavy = found[found["matters"] >= FEWEST].sort_values("minutes", ascending=False).head(CELLS)
    return [
        {"key": row.key, "name": look.name("cell", row.key, row.label), "minutes": row.minutes, "matters": row.matters}
        for row in rows(heavy)
    ]


def fairness(look: Looking) -> list[dict[str, Any]]:
    """How evenly a station's beats are loaded, the heaviest against the mean: the most uneven stations."""
    found = look.measure("fairness over beats").dropna(subset="key")
    found = found.sort_values("max_over_mean", ascending=False, na_position="last").head(STATIONS)
    return [
        {"key": row.key, "name": look.name("station", row.key), "n": row.n, "ratio": row.max_over_mean}
        for row in rows(found)
    ]


def staffing(look: Looking) -> dict[str, Any]:
    """How many posts are empty now, of how many; and how many people carry more than their hours.

    A wall may not see who serves where, so this is counted by a reader who may, within the wall's own places; only
    counts leave here.
    """
    with look.under(Who("wall", ("wall", "admin"), look.desk.who().places)) as may_count:
        gaps = may_count.measure("staffing gaps", look.today, at=look.now)
        people = may_count.measure("load of people")
    told = {name: int((gaps["gap"] == gap).sum()) for gap, name in GAPS.items()}
    return {**told, **_posts(look), **_carried(people)}


def _posts(look: Looking) -> dict[str, int]:
    index = look.desk.geometry().within(look.wanted.place, look.facts)
    return {"beats": int(index["beat"].nunique()), "cells": len(index)}


def _carried(people: pd.DataFrame) -> dict[str, int]:
    """Of the people with hours at hand how many carry more than these."""
    known = people[people["available"] > 0]
    return {"people": len(known), "people_over": int((known["flag"] == "over").sum())}
