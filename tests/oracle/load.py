"""What people carried and the minutes they had, hour by hour and event by event: slow, plain, without grids."""

import statistics
from collections import Counter
from datetime import timedelta

from sqlalchemy import text

from tests.db import figures
from tests.oracle.workload import handler_rows, pairs_of

MINUTES = {
    "household": 20, "venue": 30, "firm": 30, "school": 40, "patrol": 60, "publicity": 30, "care": 30, "other": 20,
    "mediation": 60, "revisit": 15, "meeting": 60,
}  # fmt: skip
COLUMN = {"mediation": "mediation", "revisit": "revisits", "meeting": "meetings"}
TABLES = ("shift", "absence", "visit", "meeting")
HOUR = timedelta(hours=1)


class Record:
    """The rows of a record as dicts, with what people did beside their cases."""

    def __init__(self, city, tables):
        self.city, self.tables = city, tables
        self.officers = {row["id"]: row["code"] for row in city.tables["officer"]}

    @classmethod
    def read(cls, conn):
        tables = {t: [dict(row) for row in conn.execute(text(f"SELECT * FROM {t}")).mappings()] for t in TABLES}
        return cls(figures.City.read(conn), tables)

    def carried(self, flt):
        """officer → {column: minutes} of the period."""
        found = {code: Counter({"handling": m}) for code, m in figures.load_of_officers(self.city, flt).items()}
        for officer, kind, minutes in self._events(flt):
            found.setdefault(officer, Counter())[COLUMN.get(kind, "visits")] += minutes
        return found

    def matters_of(self, flt):
        """officer → how many matters of which a role of his began in the period."""
        found = {}
        every = handler_rows(figures.chosen(self.city.matters, flt))
        for (matter, role), rows in pairs_of(every).items():
            began = min(row["at"] for row in every if (row["matter"], row["role"]) == (matter, role))
            if flt.start <= began < flt.end:
                for officer in {row["officer"] for row in rows}:
                    found.setdefault(officer, set()).add(matter)
        return {officer: len(matters) for officer, matters in found.items()}

    def _events(self, flt):
        kind, _, code = (flt.place or "").partition(":")
        for matter in figures.chosen(self.city.matters, flt):
            for step in matter["steps"]:
                if step["kind"] == "revisit" and step["officer"] and flt.start <= step["at"] < flt.end:
                    yield step["officer"], "revisit", 15 if step["minutes"] is None else step["minutes"]
        if flt.categories or flt.channels:
            return
        for visit in self.tables["visit"]:
            here = not flt.place or self.city.places(visit["cell_id"], visit["at"])[kind] == code
            told = visit["kind"] == "mediation" and visit["matter_id"] is not None
            if here and not told and flt.start <= visit["at"] < flt.end:
                minutes = visit["count"] * MINUTES[visit["kind"]] if visit["minutes"] is None else visit["minutes"]
                yield self.officers[visit["officer_id"]], visit["kind"], minutes
        for meeting in self.tables["meeting"]:
            beat = self.city.row("beat", meeting["beat_id"])
            here = not flt.place or self._above(beat).get(kind) == code
            if here and flt.start <= meeting["at"] < flt.end:
                for row in self.city.tables["posting"]:
                    leads = row["role"] == "beat_lead" and row["beat_id"] == beat["id"]
                    if leads and figures.holds(row["valid"], meeting["at"]):
                        yield self.officers[row["officer_id"]], "meeting", 60

    def _above(self, beat):
        station, area = self.city.row("unit", beat["station_id"]), self.city.row("area", beat["community_id"])
        found = {"beat": beat["code"], "station": station and station["code"]}
        while area is not None:
            found[area["level"]] = area["code"]
            area = self.city.row("area", area["parent_id"])
        return found

    def at_hand(self, start, end):
        """officer → minutes at hand, of everybody posted or on the roster."""
        found = self._rostered(start, end)
        for officer, _, minutes in self._posted(start, end):
            found[officer] = found.get(officer, 0) + minutes
        return found

    def at_hand_by(self, by, start, end):
        """place → minutes at hand."""
        found = {}
        for _, places, minutes in (*self._posted(start, end), *self._shared(start, end)):
            if places[by] is not None:
                found[places[by]] = found.get(places[by], 0) + minutes
        return found

    def _rostered(self, start, end):
        """officer → minutes of whole hours on a shift and not away."""
        found = {}
        for shift in self.tables["shift"]:
            officer = shift["officer_id"]
            hours = [at for at in _hours(start, end) if figures.holds(shift["during"], at)]
            if hours:
                code = self.officers[officer]
                found[code] = found.get(code, 0) + sum(60 for at in hours if not self._away(officer, at))
        return found

    def _away(self, officer, at):
        return any(row["officer_id"] == officer and figures.holds(row["during"], at) for row in self.tables["absence"])

    def _week(self, at):
        return figures.local(self.city, at).isocalendar()[:2]

    def _postings(self, start, end):
        """(posting, hour, places, whether a shift of that officer begins in its week) of each posting and hour."""
        ids = {code: number for number, code in self.officers.items()}
        for posting in figures.postings(self.city):
            own = [row for row in self.tables["shift"] if row["officer_id"] == ids[posting["officer"]]]
            weeks = {self._week(row["during"].lower) for row in own}
            for at in _hours(start, end):
                if posting["valid_from"] <= at and (posting["valid_to"] is None or at < posting["valid_to"]):
                    places = figures._places_of(self.city, posting, at)
                    yield posting, ids[posting["officer"]], at, places, self._week(at) in weeks

    def _posted(self, start, end):
        """(officer, places, minutes) of the hours of weeks without a shift."""
        for posting, officer, at, places, is_rostered in self._postings(start, end):
            if not is_rostered:
                minutes = 0 if self._away(officer, at) else posting["weekly_hours"] * 60 / 168
                yield posting["officer"], places, minutes

    def _shared(self, start, end):
        """(officer, places, minutes) of what is rostered, spread over the hours of weeks with a shift."""
        rostered = self._rostered(start, end)
        told = [each for each in self._postings(start, end) if each[4]]
        weight, hours = Counter(), Counter()
        for posting, *_ in told:
            weight[posting["officer"]] += posting["weekly_hours"]
            hours[posting["officer"]] += 1
        for posting, _, _, places, _ in told:
            code = posting["officer"]
            share = posting["weekly_hours"] / weight[code] if weight[code] else 1 / hours[code]
            yield code, places, rostered.get(code, 0) * share


def _hours(start, end):
    at = start
    while at < end:
        yield at
        at += HOUR


def fairness(loads):
    """(n, unstaffed, largest over mean, CV) of loads, NaN being unstaffed."""
    known = [load for load in loads if load == load]
    mean = statistics.fmean(known) if known else 0
    if len(known) < 2 or not mean:
        return len(known), len(loads) - len(known), float("nan"), float("nan")
    return len(known), len(loads) - len(known), max(known) / mean, statistics.pstdev(known) / mean
