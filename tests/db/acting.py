"""A small place with its units and people, and one person after the other acting on a case of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from db import cases
from db.engine import act_as
from grids.casework import replay
from grids.containment import height, judge
from grids.levels import Ladder
from grids.policies import policy
from grids.rights import Who, operator
from tests.factories import (
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_officer,
    make_unit,
    square,
)

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZONE)
# Sees and does everything in the street, each under their own name and for their own unit.
PEOPLE = {
    "cell": Who("网格员小刘", ("grid_worker",), ("cell:G1",), "GW"),
    "beat": Who("民警老王", ("officer",), ("beat:B1",), "P1"),
    "station": Who("值班室", ("officer",), ("station:S1",)),
    "chief": Who("所长", ("officer", "approver"), ("station:S1",), "P2"),
    "centre": Who("综治中心", ("officer",), ("unit:ZZ",)),
    "centre_here": Who("综治中心", ("officer",), ("unit:ZZ", "community:C1")),
    "housing": Who("住建局", ("officer",), ("unit:D1",)),
    "fire": Who("消防队", ("officer",), ("unit:D2",)),
    "firemen": Who("街道消防站", ("officer",), ("unit:D2", "street:T1")),
    "court": Who("法庭", ("officer",), ("unit:COURT", "street:T1")),
}


def build(conn, keys):
    """A street with one community, one beat, two cells; a station, a street centre, two departments, a court."""
    make_area(conn, "K", "district", square(0, 0, 4, 4))
    make_area(conn, "T1", "street", square(0, 0, 4, 4))
    make_area(conn, "C1", "community", square(0, 0, 4, 4))
    make_unit(conn, "S1", "station", "street")
    make_unit(conn, "ZZ", "street_centre", "street")
    make_unit(conn, "COURT", "court", "street")
    make_unit(conn, "D1", "department", "district")
    make_unit(conn, "D2", "department", "district")
    make_beat(conn, "B1", station="S1", community="C1")
    make_cell(conn, "G1", 0, 0, "B1")
    make_cell(conn, "G2", 1, 0, "B1")
    make_category(conn, "quarrel", police=False, deadline_hours=72.0)
    make_category(conn, "firelane", police=False, deadline_hours=240.0)
    make_category(conn, "alert", police=False)
    make_category(conn, "knife", police=True, default_severity=3)
    make_officer(conn, keys, "GW", "grid_worker", unit="S1")
    make_officer(conn, keys, "P1", unit="S1")
    make_officer(conn, keys, "P2", unit="S1")


def report(source_no="1", category="quarrel", channel="12345", **told):
    """A report in cell G1 by somebody who gave a phone number."""
    told = {"phone": None if channel == "sensor" else "13800001234", "cell": "G1", "reported_at": MONDAY} | told
    return cases.Report(channel=channel, category=category, source_no=source_no, **told)


@dataclass
class Play:
    """One case on its way: each call is one person's move, so many hours after the report."""

    conn: object
    keys: object
    number: str = "12345:1"
    case: object = None
    hours: float = 0.0

    def register(self, person="cell", told=None, **more):
        """Register it."""
        act_as(self.conn, PEOPLE[person])
        self.case = cases.register(self.conn, self.keys, PEOPLE[person], told or report(**more), at=MONDAY)
        self.number = self.case.number
        return self.case

    def do(self, person, move, after=1.0, **fields):
        """`person` makes a move, `after` hours after the one before."""
        who = PEOPLE[person]
        act_as(self.conn, who)
        at = self.at(self.hours + after)
        self.case = cases.USE_CASES[move](self.conn, self.keys, who, self.number, at=at, **fields)
        self.hours += after
        return self.case

    def at(self, hours):
        """The instant so many hours after the report."""
        return MONDAY + timedelta(hours=hours)

    def judged(self, code, at=None):
        """How it stands under a policy, replayed from what is stored."""
        act_as(self.conn, operator("test"))
        found = cases.places.find(self.conn, self.number)
        state = replay(found.steps, found.row["severity_initial"])
        return judge(state, policy(code), Ladder.default(), at or self.at(10_000)).outcome

    def height(self):
        """The highest level at which its lead was held."""
        act_as(self.conn, operator("test"))
        found = cases.places.find(self.conn, self.number)
        state = replay(found.steps, found.row["severity_initial"])
        return height(state, Ladder.default(), self.at(10_000))
