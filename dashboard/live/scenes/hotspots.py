"""热点: which cells are hot beyond chance, at which hours of the week, and how much of it is a repeat."""

from typing import Any

import pandas as pd

from dashboard.live.looking import Looking, few, stepped
from dashboard.reading.records import rows
from grids.containment import wilson

CELLS = 9
NEAR, SOON = "0–100", "0–7"  # the nearest band of db.measures.near_repeat that is not the same spot, and the soonest


def hot(look: Looking) -> dict[str, Any]:
    """Hot and cold cells, and the hottest ones with how often the city's rate they have."""
    found = look.measure("hot cells")
    judged = found[found["kind"] != "unknown"]
    usual = judged["reports"].sum() / judged["per"].sum() if len(judged) else float("nan")
    hottest = judged[judged["kind"] == "hot"].sort_values(["reports", "z"], ascending=False)
    told = [
        {"key": row.key, "name": look.name("cell", row.key, row.label), "reports": few(row.reports),
         "times": row.rate / usual if usual and few(row.reports) else None}
        for row in rows(hottest[hottest["reports"] > 0].head(CELLS))
    ]  # fmt: skip
    kinds = {row.key: row.kind for row in rows(judged[judged["kind"].isin(["hot", "cold"])])}
    return {"kinds": kinds, "hottest": told, "hot": len(hottest), "judged": len(judged)}


def clock(look: Looking) -> dict[str, Any]:
    """Step of each of the 168 hours of the week, Monday 0:00 first, and the fullest hour."""
    table = look.measure("clock")
    bounds, steps = stepped(table["reports"])
    top = rows(table.nlargest(1, "reports"))[0]
    peak = {"weekday": int(top.weekday), "hour": int(top.hour)} if top.reports else None
    return {"from": bounds, "steps": steps, "peak": peak}


def repeats(look: Looking) -> dict[str, Any]:
    """How many reports were repeats, how many matters were reported three times and more, and in how few doors."""
    (reports,) = rows(look.measure("reports"))
    chains = look.measure("chains")
    often = int(chains.loc[chains["reports"] >= 3, "numerator"].sum())
    doors = rows(look.measure("pareto of addresses"))
    told = {"fewest": doors[0].fewest, "doors": doors[0].doors, "calls": doors[0].calls} if doors else {}
    return {
        "repeated": _share(reports.repeats, reports.reports), "duplicates": reports.duplicates,
        "often": _share(often, int(chains["denominator"].iloc[0]) if len(chains) else 0), **told,
    }  # fmt: skip


def near(look: Looking) -> dict[str, Any]:
    """Over thirty days: how many times more often than by chance another report follows nearby within a week."""
    table = look.measure("near repeats", look.of("30d"))
    found = table[(table["metres"] == NEAR) & (table["days"] == SOON)]
    row: Any = found.iloc[0] if len(found) else pd.Series({"ratio": None, "p": None, "reports": 0})
    return {"ratio": row["ratio"], "p": row["p"], "reports": int(row["reports"])}


def _share(k: int, n: int) -> dict[str, Any]:
    low, high = wilson(k, n) if n else (None, None)
    return {"k": int(k), "n": int(n), "share": k / n if n else None, "low": low, "high": high}
