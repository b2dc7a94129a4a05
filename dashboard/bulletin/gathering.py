"""Gathers a bulletin's figures: every number from the measures, over one view of the read model, at one instant."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.bulletin import gathering_key, gathering_open, gathering_places, gathering_work
from dashboard.bulletin.figures import Figures, records
from dashboard.bulletin.folding import fold
from dashboard.reading.facts import Facts
from dashboard.reading.geometry import Geometry
from dashboard.reading.records import plain
from db.facts import Filter
from db.measures.change import trend
from db.measures.containment import containment
from db.measures.diversions import diversions
from db.measures.panels import panels
from db.measures.periods import days_of, midnight, other
from db.readmodel import View, ask
from db.readmodel.columns import EPOCH
from grids.containment import with_shares
from grids.policies import Policy

Row = dict[str, Any]
PANEL = "2down1up"
MONTHS = 13
MOST_CATEGORIES, MOST_COMMUNITIES = 8, 8


@dataclass(frozen=True)
class Wanted:
    """What a bulletin is made of. view: of the read model; flt: place and period; kind: month, week or days.

    small: counts of cells, communities and categories below it are not told, 0: all are.
    """

    conn: Connection
    view: View
    flt: Filter
    policy: Policy
    facts: Facts
    geometry: Geometry
    kind: str
    small: int
    today: date

    @property
    def place_kind(self) -> str:
        """station, district …"""
        return (self.flt.place or "city:").partition(":")[0]

    @property
    def by(self) -> str:
        """What the tables have a row for: beats of a station or smaller, else stations."""
        return "station" if self.place_kind in ("district", "city") else "beat"


def gather(wanted: Wanted) -> Figures:
    """All figures of a bulletin. Raises NotFound and InputError as the measures do."""
    severity = _severity(wanted)
    units = gathering_work.units(wanted)
    cells = gathering_places.cells(wanted)
    tables = {
        "key": gathering_key.rows(wanted),
        "severity": severity,
        "beats": units,
        "escaped": _escaped(wanted),
        "chains": gathering_open.chains(wanted),
        "communities": _communities(wanted),
        "diversions": _diversions(wanted),
        "fairness": gathering_work.fairness(wanted),
        "gaps": gathering_work.gaps(wanted),
        "cells": cells,
        "clock": gathering_places.hours(wanted),
        "trend": _trend(wanted),
        "panel": records(panels(wanted.conn, wanted.view, wanted.flt, PANEL).reset_index()),
        "waiting": gathering_open.waiting(wanted),
        "channels": _channels(wanted),
    }
    return Figures(_about(wanted), plain(tables), gathering_places.shapes(wanted))


def _about(wanted: Wanted) -> Row:
    flt, zone, city = wanted.flt, wanted.view.about.zone, wanted.facts.city
    told: Row = {
        "place": flt.place,
        "place_kind": wanted.place_kind,
        "place_name": wanted.facts.name(flt.place or "city:"),
    }
    told |= {"city": city.name, "zone": zone, "synthetic": city.synthetic, "kind": wanted.kind, "by": wanted.by}
    periods = {"": flt, "before_": other(flt, zone, "previous"), "year_": other(flt, zone, "last_year")}
    for name, each in periods.items():
        days = days_of(each, zone)
        told |= {f"{name}first": str(days.first), f"{name}last": str(days.end - timedelta(days=1))}
    asked = ask(wanted.view, "report", replace(flt, place=None), by="cell")
    found = asked.table({"n": np.ones(len(asked), np.bool_)})
    through = max((row["through"] for row in _channels(wanted)), default=None)
    told |= {"policy": wanted.policy.code, "panel": PANEL, "small": wanted.small, "as_of": flt.end.isoformat()}
    told |= {"today": str(wanted.today), "through": through, "reports_city": int(found["n"].sum())}
    return told | {"unplaced": int(found.loc[found["key"].isna(), "n"].sum()),
                   "demand_classes": gathering_places.demand_classes(wanted)}  # fmt: skip


def _communities(wanted: Wanted) -> list[Row]:
    found = gathering_key.by_community(wanted, wanted.flt)
    told = fold([(label or "", n) for key, (label, n) in found.items() if key is not None], wanted.small)
    everything = sum(n for _, n in found.values())
    return [
        {"name": name, "kinds": kinds, "reports": n, "all": everything}
        for name, kinds, n in _first(told, MOST_COMMUNITIES)
    ]


def _severity(wanted: Wanted) -> list[Row]:
    found = with_shares(containment(wanted.conn, wanted.view, wanted.flt, by="severity", policy=wanted.policy))
    rows = {int(row["key"]): row for row in plain(found)}
    empty = {"contained": 0, "escaped": 0, "pending": 0, "decided": 0, "low": None, "high": None}
    names = list(empty)
    return [
        {"severity": grade, "ceiling": ceiling} | {name: rows.get(grade, empty)[name] for name in names}
        for grade, ceiling in sorted(wanted.policy.ceilings.items())
    ]


def _escaped(wanted: Wanted) -> list[Row]:
    """Escaped matters by group of categories, small ones together."""
    found = containment(wanted.conn, wanted.view, wanted.flt, by="category", policy=wanted.policy)
    groups = wanted.facts.categories.set_index("code")["group"]
    told = fold(
        [(str(name), int(n)) for name, n in found.groupby(found["key"].map(groups))["escaped"].sum().items()],
        wanted.small,
    )
    return [{"category": name, "kinds": kinds, "escaped": n} for name, kinds, n in _first(told, MOST_CATEGORIES)]


def _first(told: list[tuple[str | None, int, int]], most: int) -> list[tuple[str | None, int, int]]:
    """The first rows; the others, those told together already among them, in one row."""
    if len(told) <= most:
        return told
    rest = told[most - 1 :]
    return [*told[: most - 1], (None, sum(kinds for _, kinds, _ in rest), sum(n for _, _, n in rest))]


def _diversions(wanted: Wanted) -> list[Row]:
    found = diversions(wanted.conn, wanted.view, wanted.flt, by="to_unit")
    names = {"diverted": "sent"} | {
        f"diverted_{name}": name for name in ("accepted", "bounced", "done", "kept", "open")
    }
    told = found.rename(columns={**names, "label": "unit"}).sort_values("sent", ascending=False, kind="stable")
    return records(told[["unit", *names.values()]].assign(kinds=1))


def _trend(wanted: Wanted) -> list[Row]:
    """Thirteen months, the last of them up to the end of the period."""
    zone = wanted.view.about.zone
    last = days_of(wanted.flt, zone).end - timedelta(days=1)
    first = date((last.year * 12 + last.month - MONTHS) // 12, (last.year * 12 + last.month - MONTHS) % 12 + 1, 1)
    flt = replace(wanted.flt, start=midnight(first, zone))
    counts = {code: trend(wanted.conn, wanted.view, flt, code) for code in gathering_key.COUNTS}
    shares = trend(wanted.conn, wanted.view, flt, "containment", policy=wanted.policy)
    return [
        {"month": f"{month:%Y-%m}", "reports": n, "matters": m, "contained": k, "decided": of, "low": low, "high": high}
        for month, n, m, k, of, low, high in zip(
            counts["reports"]["month"], counts["reports"]["count"], counts["matters"]["count"], shares["numerator"],
            shares["denominator"], shares["low"], shares["high"], strict=True,
        )
    ]  # fmt: skip


def _channels(wanted: Wanted) -> list[Row]:
    """The last report of each channel before the end of the period."""
    names = {row.code: row for row in wanted.facts.channels.itertuples()}
    told = ask(wanted.view, "report", replace(wanted.flt, place=None), by="channel")
    found = []
    for code in np.unique(told.key):
        at = int(told["at"][told.key == code].max())
        channel = told.names[code][0]
        through = EPOCH + timedelta(microseconds=at * wanted.view.about.ticks.us)
        name = names[channel]
        found.append(
            {"channel": channel, "name": name.name_zh, "name_en": name.name_en, "through": through.isoformat()}
        )
    return found
