"""The minutes that people have, stretch by stretch: as tests.oracle.load counts them hour by hour, for whole years."""

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import pairwise

from tests.db import figures

WEEK_S = 7 * 24 * 3600


class AtHand:
    """Of a tests.oracle.load.Record and a period: minutes of each officer, and of each place."""

    def __init__(self, record, start, end):
        self._record, self._start, self._end = record, start, end
        self._ids = {code: number for number, code in record.officers.items()}
        self._posted, self._shared = [], []
        for posting in figures.postings(record.city):
            self._take(posting)

    def by_officer(self):
        """officer → minutes, of everybody posted or on the roster."""
        found = Counter()
        for officer, _, minutes in self._posted:
            found[officer] += minutes
        for officer, *_ in self._shared:
            found[officer] += 0
        for officer in self._record.officers.values():
            rostered = self._rostered(officer)
            if rostered is not None:
                found[officer] += rostered
        return dict(found)

    def by_place(self, by):
        """place → (minutes, how many people)."""
        found = {}
        weight, lasting = Counter(), Counter()
        for officer, _, hours, seconds in self._shared:
            weight[officer] += hours * seconds
            lasting[officer] += seconds
        rows = list(self._posted)
        for officer, places, hours, seconds in self._shared:
            share = hours * seconds / weight[officer] if weight[officer] else seconds / lasting[officer]
            rows.append((officer, places, (self._rostered(officer) or 0) * share))
        for officer, places, minutes in rows:
            if places[by] is not None:
                had, officers = found.get(places[by], (0.0, set()))
                found[places[by]] = (had + minutes, officers | {officer})
        return {key: (minutes, len(officers)) for key, (minutes, officers) in found.items()}

    def _take(self, posting):
        officer = posting["officer"]
        weeks = {self._week(row["during"].lower) for row in self._of("shift", officer)}
        for since, until, places in figures._stretches(self._record.city, posting, self._start, self._end):
            for one, other in pairwise(self._cuts(officer, since, until)):
                seconds, hours = (other - one).total_seconds(), posting["weekly_hours"]
                if self._week(one) in weeks:
                    self._shared.append((officer, places, hours, seconds))
                else:
                    away = self._record._away(self._ids[officer], one)
                    self._posted.append((officer, places, 0 if away else hours * 60 * seconds / WEEK_S))

    def _cuts(self, officer, since, until):
        """Where a week begins, or leave begins or ends, between two instants; and these."""
        zone = figures.local(self._record.city, since).tzinfo
        day = figures.local(self._record.city, since).date()
        monday, turns = day - timedelta(days=day.weekday()), set()
        while datetime.combine(monday, time(0), zone) < until:
            turns.add(datetime.combine(monday, time(0), zone).astimezone(since.tzinfo))
            monday += timedelta(days=7)
        for row in self._of("absence", officer):
            turns |= {row["during"].lower, row["during"].upper}
        return sorted({since, until} | {turn for turn in turns if since < turn < until})

    def _rostered(self, officer):
        """Minutes on a shift and not away, None without any shift in the period."""
        found = None
        for row in self._of("shift", officer):
            one, other = max(row["during"].lower, self._start), min(row["during"].upper, self._end)
            if one < other:
                gone = sum(
                    max((min(other, each["during"].upper) - max(one, each["during"].lower)).total_seconds(), 0)
                    for each in self._of("absence", officer)
                )
                found = (found or 0) + ((other - one).total_seconds() - gone) / 60
        return found

    def _of(self, table, officer):
        return [row for row in self._record.tables[table] if row["officer_id"] == self._ids[officer]]

    def _week(self, at):
        return figures.local(self._record.city, at).isocalendar()[:2]
