"""Every figure counted in plain loops over raw rows: slow, and written without looking at the SQL."""

from collections import Counter
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import text

from tests.oracle.casework import grade_at, in_order, replay_rows
from tests.oracle.containment import RANKS, containment
from tests.oracle.workload import available as available_of
from tests.oracle.workload import handler_rows, loads_in

TABLES = (
    "area", "beat", "beat_cell", "category", "cell", "channel", "city", "incident", "ladder_rung", "officer", "posting",
    "step", "unit",
)  # fmt: skip
LEVELS = ("cell", "beat", "community", "street", "district", "city")


def holds(valid, at):
    """Whether a range [lower, upper) holds an instant; no bound: open."""
    return (valid.lower is None or valid.lower <= at) and (valid.upper is None or at < valid.upper)


class City:
    """All rows as dicts, by table."""

    def __init__(self, tables):
        self.tables = tables

    @classmethod
    def read(cls, conn):
        tables = {}
        for name in TABLES:
            what = "*, ST_X(geom) AS lon, ST_Y(geom) AS lat" if name == "incident" else "*"
            tables[name] = [dict(row) for row in conn.execute(text(f"SELECT {what} FROM {name}")).mappings()]
        return cls(tables)

    def row(self, table, wanted):
        return next((row for row in self.tables[table] if row["id"] == wanted), None)

    def places(self, cell_id, at):
        """kind → code of everything that a cell lies in at an instant, None where there is none."""
        found = dict.fromkeys(("cell", "beat", "station", "community", "street", "district", "station_id"))
        cell = self.row("cell", cell_id)
        if cell is None:
            return found
        found["cell"] = cell["code"]
        for held in self.tables["beat_cell"]:
            if held["cell_id"] == cell_id and holds(held["valid"], at):
                beat = self.row("beat", held["beat_id"])
                station = self.row("unit", beat["station_id"])
                found["beat"] = beat["code"]
                found["station"] = station and station["code"]
                found["station_id"] = beat["station_id"]
        area = self.row("area", cell["community_id"])
        while area is not None:
            found[area["level"]] = area["code"]
            area = self.row("area", area["parent_id"])
        return found

    def ranks(self, station_id, at):
        """The ladder of a station at an instant: its own when all six levels are ranked, else everyone's."""
        for owner in (station_id, None):
            rungs = [r for r in self.tables["ladder_rung"] if r["station_id"] == owner and holds(r["valid"], at)]
            if len(rungs) == len(LEVELS):
                return {rung["level"]: rung["rank"] for rung in rungs}
        return dict(RANKS)

    @cached_property
    def incidents(self):
        """Incidents with their places at the time of the report."""
        return list(self._incidents())

    @cached_property
    def matters(self):
        """Matters from their reports and steps alone, with their places at the time of opening."""
        return list(self._matters())

    def _incidents(self):
        for row in self.tables["incident"]:
            category = self.row("category", row["category_id"])
            told = {"category": category["code"], "group": category["group_name"], "at": row["reported_at"]}
            yield row | told | self.places(row["cell_then"], row["reported_at"])

    def _matters(self):
        by_matter = {}
        for row in self.tables["incident"]:
            by_matter.setdefault(row["matter_id"], []).append(row)
        officers = {row["id"]: row["code"] for row in self.tables["officer"]}
        for matter, reports in sorted(by_matter.items()):
            first = min(reports, key=lambda row: (row["reported_at"], row["channel"], row["source_no"]))
            category = self.row("category", first["category_id"])
            steps = [row for row in self.tables["step"] if row["matter_id"] == matter]
            hours = category["deadline_hours"]
            yield {
                "matter": matter,
                "at": first["reported_at"],
                "opened_at": first["reported_at"],
                "channel": first["channel"],
                "category": category["code"],
                "group": category["group_name"],
                "containable": category["containable"],
                "minutes": category["minutes"],
                "due_at": None if hours is None else first["reported_at"] + timedelta(hours=hours),
                "initial": first["severity"] or category["default_severity"],
                "steps": [step | {"officer": officers.get(step["officer_id"])} for step in steps],
                **self.places(first["cell_then"], first["reported_at"]),
            }


def chosen(facts, flt):
    """The facts that a filter lets through, its period aside."""
    for fact in facts:
        kind, _, code = (flt.place or "").partition(":")
        if flt.place and fact[kind] != code:
            continue
        if flt.categories and fact["category"] not in flt.categories and fact["group"] not in flt.categories:
            continue
        if flt.channels and fact["channel"] not in flt.channels:
            continue
        yield fact


def within(facts, flt):
    """The facts of a filter, its period included."""
    return [fact for fact in chosen(facts, flt) if flt.start <= fact["at"] < flt.end]


def severity_as_of(matter, at):
    state = replay_rows(matter["steps"], matter["initial"])
    if state["severity_at"] is None:
        return state["severity_now"]
    if at < state["severity_at"]:
        return matter["initial"]
    return grade_at(in_order(matter["steps"]), matter["initial"], state["severity_at"])


def contained(city, flt, policy, by, as_of=None):
    """key → (contained, escaped, pending), without keys that have none of the three."""
    at = as_of or flt.end
    matters = [
        matter | {"severity": severity_as_of(matter, at), "ranks": city.ranks(matter["station_id"], matter["at"])}
        for matter in chosen(city.matters, flt)
    ]
    counts = containment(matters, policy.ceilings, flt.start, flt.end, as_of, by)
    told = {key: tuple(group[name] for name in ("contained", "escaped", "pending")) for key, group in counts.items()}
    return {key: group for key, group in told.items() if any(group)}


def expected(matter):
    """Recorded minutes of handling if any, else the category's."""
    handling = handler_rows([matter])
    recorded = [row["recorded_minutes"] for row in handling if row["recorded_minutes"] is not None]
    return sum(recorded) if recorded else matter["minutes"]


def demand(city, flt, by):
    """key → (matters, minutes) of the matters opened in the period."""
    found = {}
    for matter in within(city.matters, flt):
        state = replay_rows(matter["steps"], matter["initial"])
        key = state["severity"] if by == "severity" else matter[by]
        matters, minutes = found.get(key, (0, 0.0))
        found[key] = (matters + 1, minutes + expected(matter))
    return found


def load_of_officers(city, flt):
    """officer → minutes carried in the period."""
    return loads_in(handler_rows(chosen(city.matters, flt)), flt.start, flt.end)


def postings(city, officer=None):
    """Postings as the oracle of workload reads them, with the place they name."""
    for row in city.tables["posting"]:
        code = city.row("officer", row["officer_id"])["code"]
        if officer is None or code == officer:
            ends = row["valid"]
            told = {"weekly_hours": row["weekly_minutes"] / 60, "valid_from": ends.lower, "valid_to": ends.upper}
            yield row | told | {"officer": code}


def served(city, by, start, end):
    """key → (minutes, officers) of the people posted to a place, to its beat or to its cells, day by hour."""
    found = {}
    for posting in postings(city):
        for since, until, places in _stretches(city, posting, start, end):
            if places[by] is not None:
                piece = posting | {"valid_from": since, "valid_to": until}
                minutes, officers = found.get(places[by], (0.0, set()))
                found[places[by]] = (minutes + available_of([piece], start, end), officers | {posting["officer"]})
    return {key: (minutes, len(officers)) for key, (minutes, officers) in found.items()}


def _stretches(city, posting, start, end):
    """The posting cut at every instant at which a cell changes its beat: (since, until, places)."""
    since = max(posting["valid_from"], start)
    until = end if posting["valid_to"] is None else min(posting["valid_to"], end)
    if since >= until:
        return
    turns = {bound for held in city.tables["beat_cell"] for bound in (held["valid"].lower, held["valid"].upper)}
    cuts = sorted({since, until} | {turn for turn in turns if turn is not None and since < turn < until})
    for one, other in pairwise(cuts):
        yield one, other, _places_of(city, posting, one)


def _places_of(city, posting, at):
    if posting["cell_id"] is not None:
        found = city.places(posting["cell_id"], at)
        beat = next((b for b in city.tables["beat"] if b["code"] == found["beat"]), None)
        if beat is not None and found["community"] is None:
            found["community"] = _code(city.row("area", beat["community_id"]))
        return found
    beat = city.row("beat", posting["beat_id"])
    if beat is not None:
        station, community = city.row("unit", beat["station_id"]), city.row("area", beat["community_id"])
        return {"cell": None, "beat": beat["code"], "station": _code(station), "community": _code(community)}
    unit = city.row("unit", posting["unit_id"])
    return {
        "cell": None,
        "beat": None,
        "community": None,
        "station": unit["code"] if unit["kind"] == "station" else None,
    }


def _code(row):
    return row and row["code"]


def totals(city, flt):
    """The plain counts, by name."""
    counts = Counter()
    for incident in within(city.incidents, flt):
        counts["incidents"] += 1
        counts["unplaced"] += incident["cell_then"] is None
    for matter in within(city.matters, flt):
        counts["matters"] += 1
        counts["minutes"] += expected(matter)
    for matter in chosen(city.matters, flt):
        closures = replay_rows(matter["steps"], matter["initial"])["closures"]
        counts["closed"] += any(flt.start <= closed < flt.end for closed, _ in closures)
        standing = any(closed < flt.end and (again is None or again >= flt.end) for closed, again in closures)
        if matter["at"] < flt.end and not standing:
            counts["open_matters"] += 1
            counts["overdue"] += matter["due_at"] is not None and matter["due_at"] < flt.end
    return counts


def local(city, at):
    return at.astimezone(ZoneInfo(city.tables["city"][0]["zone"]))
