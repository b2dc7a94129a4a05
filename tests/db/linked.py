"""A record that reports come into in any order, and what the slow twin says that their matters are."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from db import linking
from db.linking import closed_set, phones, suggesting, telling
from db.linking import linking as linker
from db.matters import refresh_matters
from grids.rights import operator
from tests.factories import DAY0, make_category, make_incidents
from tests.oracle import repeats as oracle

HOST = operator("test")
GROUPS = ("disputes", "noise", "pets", "theft", "traffic", "fire")
LEDGERS = ("matter", "closure", "diversion", "whistle", "matter_unit")
FOLLOWERS = ("step", "visit", "meeting_matter")


def make_groups(conn):
    """A category for each group, named like it; reports without group have a category that no catalogue names."""
    for group in GROUPS:
        make_category(conn, group, group=group)


@contextmanager
def ruled(rules):
    """Within: the record links by `rules`."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (closed_set, linker, phones, suggesting, telling):
            patch.setattr(module, "RULES", rules)
        yield


class Story:
    """What was told to the record so far, and the same for the oracle."""

    def __init__(self, conn, keys, rules):
        self.conn, self.keys, self.rules = conn, keys, rules
        self.reports, self.people, self.sources = {}, {}, {}

    def tell(self, told):
        """Take in or correct reports: number → report as the oracle reads it, with `refers` (a number) or not."""
        rows = []
        for number, report in told.items():
            self.sources = {pair: True for pair in self.sources if pair[0] != number}
            refers = report.get("refers")
            known = refers in self.reports and refers != number
            if known:
                self.sources[number, refers] = True
            self.reports[number] = report | {"key": f"110:{number}"}
            rows.append(_row(number, report, f"110:{refers}" if known else None))
        outcome = make_incidents(self.conn, self.keys, rows)
        assert not outcome.rejects, outcome.rejects

    def decide(self, a, b, same):
        """A person's word about two reports that are there; None takes it back."""
        pair = (min(a, b), max(a, b))
        self.people.pop(pair, None)
        if same is not None:
            self.people[pair] = same
        if same is None:
            linking.undecide(self.conn, self.keys, HOST, f"110:{a}", f"110:{b}")
        else:
            act = linking.join if same else linking.split
            act(self.conn, self.keys, HOST, f"110:{a}", f"110:{b}", "because of it")

    def expected(self):
        """Report → matter, both by key, as linking everything at once would have it."""
        said = {(min(pair), max(pair)): True for pair in self.sources} | self.people
        decisions = {(f"110:{a}", f"110:{b}"): same for (a, b), same in said.items()}
        return oracle.matters(list(self.reports.values()), decisions, self.rules)


def matters_of(conn):
    """Report → the report that its matter is named by, both by key."""
    rows = conn.execute(
        text("""SELECT i.channel || ':' || i.source_no AS key, f.channel || ':' || f.source_no AS matter FROM incident i
                JOIN matter m ON m.id = i.matter_id JOIN incident f ON f.id = m.incident_id AND f.matter_id = m.id""")
    )
    return {row.key: row.matter for row in rows}


def check_whole(conn):
    """No matter is empty, all that is a report's own is in its matter, and replaying the steps changes nothing."""
    empty = "SELECT count(*) FROM matter m WHERE NOT EXISTS (SELECT FROM incident i WHERE i.matter_id = m.id)"
    assert conn.execute(text(empty)).scalar_one() == 0
    for name in FOLLOWERS:
        astray = (
            f"SELECT count(*) FROM {name} f JOIN incident i ON i.id = f.incident_id WHERE i.matter_id <> f.matter_id"
        )
        assert conn.execute(text(astray)).scalar_one() == 0, name
    before = everything(conn)
    refresh_matters(conn, np.array([row.id for row in before["matter"]], dtype=np.int64))
    assert everything(conn) == before


def everything(conn):
    """What follows from steps, row by row."""
    return {name: conn.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2, 3")).fetchall() for name in LEDGERS}


def _row(number, report, refers):
    phone = report["phone"]
    return {
        "source_no": str(number), "reported_at": pd.Timestamp(report["at"]), "category": report["group"] or "unnamed",
        "phone": None if phone is None else f"13800000{ord(phone):03d}", "lon": report["lon"], "lat": report["lat"],
        "address": report["address"], "matter": refers,
    }  # fmt: skip


def report(days=0.0, **told):
    """A report of phone A at one door, so many days after the first."""
    plain = {"group": "disputes", "phone": b"A", "lon": 120.305, "lat": 36.055, "address": None, "ended_at": None}
    return plain | {"at": DAY0 + pd.Timedelta(days=days)} | told
