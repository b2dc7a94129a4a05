"""A bulletin's table of beats (of a district: stations), its fairness and the gaps of its teams."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.bulletin import gathering_open
from dashboard.bulletin.figures import records
from db.measures.containment import containment
from db.measures.outcomes import outcome_counts
from db.measures.repeats import reports
from db.measures.workload import workload
from db.roster import gaps as gaps_of
from grids.containment import with_shares
from grids.workload import fairness as spread

if TYPE_CHECKING:
    from dashboard.bulletin.gathering import Wanted

Row = dict[str, Any]
OUTCOMES = ("on_spot", "mediation", "closing", "on_time", "satisfaction", "revisit", "held")
OPTIONAL = ("low", "high", "load", "available", "flag")


def units(wanted: "Wanted") -> list[Row]:
    """One row a beat (or station) that was there, with every count; last what lies in none, if anything does."""
    conn, view, flt, by = wanted.conn, wanted.view, wanted.flt, wanted.by
    found = workload(conn, view, flt, by).astype({"key": object})
    parts = [with_shares(containment(conn, view, flt, by=by, policy=wanted.policy)).drop(columns="share")]
    parts += [outcome_counts(conn, view, flt, code, by=by, policy=wanted.policy) for code in OUTCOMES]
    parts += [reports(conn, view, flt, by=by), gathering_open.counts(wanted)]
    for part in parts:
        found = found.merge(part.drop(columns="label").astype({"key": object}), on="key", how="outer")
    counts = [str(name) for name in found if name not in ("key", "label", *OPTIONAL)]
    found[counts] = found[counts].astype("float64").fillna(0).astype("int64")
    found = found.rename(columns={"key": "code"}).sort_values("code", na_position="last")
    names = [None if pd.isna(code) else wanted.facts.name(f"{by}:{code}") for code in found["code"]]
    return records(found.drop(columns="label").assign(name=pd.Series(names, index=found.index, dtype=object)))


def fairness(wanted: "Wanted") -> list[Row]:
    """n, max_over_mean, cv of the loads of beats, and whose is the largest."""
    beats = workload(wanted.conn, wanted.view, wanted.flt, "beat").dropna(subset=["key", "load"])
    told = spread(beats["load"])
    if not told.n or pd.isna(told.cv):
        return []
    most = max(records(beats), key=lambda row: row["load"])
    name = wanted.facts.name(f"beat:{most['key']}")
    return [told._asdict() | {"most": name, "load": most["load"]}]


def gaps(wanted: "Wanted") -> list[Row]:
    """code (no_lead, no_worker, no_cover, unstaffed), n, names: what the teams lacked at the end of the period."""
    here = wanted.geometry.within(wanted.flt.place, wanted.facts)
    own = {"beat": set(here["beat"].dropna()), "cell": set(here["cell"])}
    told = [gaps_of(wanted.conn, station, wanted.flt.end) for station in sorted(here["station"].dropna().unique())]
    leads = [beat for each in told for beat in each.beats_without_lead if beat in own["beat"]]
    workers = [cell for each in told for cell in each.cells_without_worker if cell in own["cell"]]
    away = sum(len(each.away_without_cover) for each in told)
    load = workload(wanted.conn, wanted.view, wanted.flt, "beat")
    empty = load.loc[load["flag"] == "unstaffed", "key"].dropna()
    named = {"no_lead": leads, "unstaffed": [beat for beat in empty if beat in own["beat"]]}
    found = [{"code": code, "n": len(codes), "names": [wanted.facts.name(f"beat:{beat}") for beat in codes]}
             for code, codes in named.items()]  # fmt: skip
    return [*found, {"code": "no_worker", "n": len(workers), "names": []}, {"code": "no_cover", "n": away, "names": []}]
