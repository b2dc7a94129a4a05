"""Every figure of the overview counted by plain loops over raw rows, and written as the page writes it."""

import math
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from db.facts import Filter
from tests.db import figures
from tests.oracle.at_hand import AtHand
from tests.oracle.containment import POLICIES, wilson_by_roots

DAYS_BACK = {"today": 0, "7d": 6, "30d": 29, "year": 364}
NOTHING = (0, 0, 0)


def days(view, today):
    """First and last local day of a view."""
    if view.period == "custom":
        return view.first, view.last
    if view.period == "month":
        return today.replace(day=1), today
    return today - timedelta(days=DAYS_BACK[view.period]), today


def asked(city, view, now):
    """The filter of a view at the instant `now`: whole local days, but nothing after the running minute."""
    zone = ZoneInfo(city.tables["city"][0]["zone"])
    first, last = days(view, now.astimezone(zone).date())
    start = datetime.combine(first, time(0), zone).astimezone(UTC)
    midnight = datetime.combine(last + timedelta(days=1), time(0), zone).astimezone(UTC)
    running = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return Filter(start, min(midnight, running), view.place, (*view.categories, *view.groups), view.channels)


def tiles(city, flt):
    """name → text of the tile."""
    counts = figures.totals(city, flt)
    names = ("incidents", "matters", "closed", "open_matters", "overdue", "unplaced")
    return {name: f"{counts[name]:,}" for name in names} | {"hours": f"{round(counts['minutes'] / 60):,}"}


def share(contained, escaped):
    """(share, low, high) with the 95 % interval, or three times None when nothing is decided."""
    decided = contained + escaped
    return (contained / decided, *wilson_by_roots(contained, decided)) if decided else (None, None, None)


def outcomes(city, flt, policy, by):
    """key → (contained, escaped, pending)."""
    return figures.contained(city, flt, SimpleNamespace(ceilings=POLICIES[policy]), by)


def minutes_there(record, flt, by):
    """key → (minutes that people have, how many they are), of places or of officers."""
    at_hand = AtHand(record, flt.start, flt.end)
    if by != "officer":
        return at_hand.by_place(by)
    return {officer: (minutes, 1) for officer, minutes in at_hand.by_officer().items()}


def work(record, flt, by):
    """key → {matters, minutes, load (None: nobody posted), staff} of the places or officers with any work."""
    if by == "officer":
        matters = matters_of_officers(record.city, flt)
        found = {key: (matters[key], sum(minutes.values())) for key, minutes in record.carried(flt).items()}
    else:
        found = figures.demand(record.city, flt, by)
    there = minutes_there(record, flt, by)
    lines = {}
    for key, (count, minutes) in found.items():
        has, staff = there.get(key, (0, 0))
        load = minutes / has if has else None
        lines[key] = {"matters": count, "minutes": minutes, "load": load, "staff": staff}
    return lines


def matters_of_officers(city, flt):
    """officer → in how many matters he carried a (matter, role) that began in the period."""
    rows = figures.handler_rows(figures.chosen(city.matters, flt))
    began, named = {}, {}
    for row in rows:
        pair = (row["matter"], row["role"])
        began[pair] = min(began.get(pair, row["at"]), row["at"])
        named.setdefault(pair, set()).add(row["officer"])
    seen = {}
    for pair, officers in named.items():
        if flt.start <= began[pair] < flt.end:
            for officer in officers - {None}:
                seen.setdefault(officer, set()).add(pair[0])
    return Counter({officer: len(matters) for officer, matters in seen.items()})


def bars(lines, shown=12):
    """The bars' loads from the top, None first for those without staff; a line whose key is None is nobody's."""
    kept = [line for key, line in lines.items() if key is not None]
    alone = sorted((line["minutes"] for line in kept if line["load"] is None), reverse=True)[: max(3, shown // 4)]
    loads = sorted((line["load"] for line in kept if line["load"] is not None), reverse=True)
    return [None] * len(alone) + loads[: shown - len(alone)]


def fairness(lines):
    """(largest over mean, population sd over mean) of the loads, as the page writes them."""
    loads = [line["load"] for key, line in lines.items() if key is not None and line["load"] is not None]
    if not loads or not sum(loads):
        return "nan", "nan"
    mean = sum(loads) / len(loads)
    spread = math.sqrt(sum((load - mean) ** 2 for load in loads) / len(loads))
    return f"{max(loads) / mean:.2f}", f"{spread / mean:.2f}"


def places(record, flt, policy, by):
    """key ("" for what lies in no cell) → the numbers of its row in the table of places."""
    held, lines = outcomes(record.city, flt, policy, by), work(record, flt, by)
    rows = {}
    for key in held.keys() | lines.keys():
        contained, escaped, pending = held.get(key, NOTHING)
        part, low, high = share(contained, escaped)
        line = lines.get(key, {"matters": 0, "minutes": 0.0, "load": None, "staff": None})
        rows[key or ""] = {
            "of": f"{contained:,}/{contained + escaped:,}",
            "interval": "–" if part is None else f"{low:.0%}–{high:.0%}",
            "share": part,
            "escaped": escaped,
            "pending": pending,
            "matters": line["matters"],
            "hours": line["minutes"] / 60,
            "load": line["load"],
            "staff": line["staff"],
        }
    return rows


def by_day(city, flt):
    """local day → incidents."""
    return Counter(figures.local(city, fact["at"]).date() for fact in figures.within(city.incidents, flt))


def by_hour(city, flt):
    """7 rows from Monday of 24 hours: incidents."""
    grid = [[0] * 24 for _ in range(7)]
    for fact in figures.within(city.incidents, flt):
        at = figures.local(city, fact["at"])
        grid[at.isoweekday() - 1][at.hour] += 1
    return grid


def on_map(city, flt, policy, value):
    """cell → the value that colours it (None: no share of nothing), for every live cell of the filter's place."""
    reported = Counter(fact["cell"] for fact in figures.within(city.incidents, flt))
    done, held = figures.demand(city, flt, "cell"), outcomes(city, flt, policy, "cell")
    found = {}
    for cell in city.tables["cell"]:
        lies_in = city.places(cell["id"], flt.end)
        kind, _, code = (flt.place or "").partition(":")
        if cell["valid"].upper is None and (not flt.place or lies_in[kind] == code):
            contained, escaped, _ = held.get(cell["code"], NOTHING)
            decided = contained + escaped
            values = {
                "incidents": reported[cell["code"]],
                "minutes": done.get(cell["code"], (0, 0.0))[1],
                "share": contained / decided if decided else None,
                "escaped": escaped,
            }
            found[cell["code"]] = values[value]
    return found
