"""The figures that five places published, from rows in a record, through the command that prints them.

Each place is a district of its own in one record: HS (calls taken off the police), JM (settled on the spot, a yellow
matter), QD (mediation), and one with ten matters on which three policies give three answers.
"""

import json
from datetime import timedelta
from itertools import count

import pytest
import typer
from typer.testing import CliRunner

from dashboard import commands
from dashboard.reading.desk import Desk
from dashboard.reporting import asking
from db.engine import begin
from db.record import open_record
from grids.containment import wilson
from tests.conftest import copy_database, drop_database
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incidents,
    make_officer,
    make_steps,
    make_unit,
    middle,
    square,
)

PLACES = ("HS", "JM", "QD", "ZS", "YELLOW")
PERIOD = ("--from", "2026-03-01", "--to", "2026-04-30")
CALLS, NON_POLICE, BY_MEDIATORS, DIVERTED = 7421, 2989, 97, 389
# Grade, the levels at which the lead was held, whether closed; and what QD, JM and ZS say, by hand.
TEN = [
    (1, ["cell"], True, "ccc"),
    (1, ["cell", "beat"], True, "eee"),
    (2, ["cell", "beat"], True, "ccc"),
    (2, ["beat", "community"], True, "ecc"),
    (2, ["cell", "street"], True, "eec"),
    (3, ["beat", "street"], True, "ccc"),
    (3, ["street", "district"], True, "eec"),
    (3, ["street", "city"], True, "eee"),
    (2, ["beat"], False, "ppp"),
    (2, ["cell", "street"], False, "eep"),
]
# JM: a yellow matter for which the community called departments in; one that escaped and was graded up afterwards.
YELLOW = [("take_lead", "cell"), ("take_lead", "community"), ("whistle", None), ("attend", "district"),
          ("attend", "street"), ("assist", "street"), ("mediate", "street"), ("close", None)]  # fmt: skip
REGRADED = [("take_lead", "cell"), ("grade", 2), ("take_lead", "street"), ("grade", 3), ("close", None)]
numbers = count(1)


class Town:
    """Reports and steps to be written at once: one district each, one cell each."""

    def __init__(self):
        self.reports, self.steps = [], []

    def matter(self, place, category="quarrel", steps=(), severity=None, **told):
        """One call about something in that district; steps: (kind, more), an hour apart."""
        number, at = f"{place}{next(numbers)}", day(1 + len(self.reports) % 20)
        lon, lat = middle(PLACES.index(place), 0)
        report = {"source_no": number, "category": category, "reported_at": at, "lon": lon, "lat": lat}
        self.reports.append(report | {"severity": severity} | told)
        for no, (kind, more) in enumerate(steps, 1):
            when = {"source_no": number, "step_no": no, "kind": kind, "at": at + timedelta(hours=no)}
            self.steps.append(when | (more if isinstance(more, dict) else {"level": more}))


def huangshi(town):
    """7,421 calls; of 2,989 that are none of the police's, mediators settled 97 and 389 were diverted."""
    lead = ("take_lead", "cell")
    mediated = [lead, ("mediate", {"officer": "M1"}), ("settle", {"officer": "M1"})]
    diverted = [
        lead,
        ("divert", {"detail": {"to": "D1"}, "unit": "S1"}),
        ("divert_accept", {"unit": "D1", "level": "district"}),
    ]
    bounced = [lead, ("divert", {"detail": {"to": "D1"}, "unit": "S1"}), ("divert_bounce", {"unit": "D1"})]
    by_police = [lead, ("mediate", {"officer": "P1"}), ("settle", {"officer": "P1"})]
    for number in range(CALLS):
        if number >= NON_POLICE:
            town.matter("HS", "theft", mediated if number < NON_POLICE + 50 else ())
        elif number < BY_MEDIATORS:
            town.matter("HS", "advice", mediated)
        elif number < BY_MEDIATORS + DIVERTED:
            town.matter("HS", "advice", diverted)
        else:
            town.matter("HS", "advice", {0: bounced, 1: by_police}.get(number % 50, ()))


def others(town):
    """JM settled 872 of 1,000 on the spot, QD 195 of 215 mediations; ten matters for three policies; two of JM's."""
    lead = ("take_lead", "cell")
    for number in range(1000):
        spot = [("respond", None), lead, ("settle", None), ("close", None)]
        later = [("respond", None), lead, ("transfer", None), ("take_lead", "beat"), ("settle", None), ("close", None)]
        town.matter("JM", steps=spot if number < 872 else later)
    for number in range(215):
        town.matter("QD", steps=[lead, ("mediate", None), *([("settle", None)] if number < 195 else [])])
    for grade, levels, closed, _ in TEN:
        steps = [("take_lead", level) for level in levels] + ([("close", None)] if closed else [])
        town.matter("ZS", steps=steps, severity=grade)
    town.matter("YELLOW", "noise", YELLOW, severity=2)
    regraded = [(kind, {"severity": told} if kind == "grade" else told) for kind, told in REGRADED]
    town.matter("YELLOW", "pets", regraded)


def build(conn, keys):
    for i, place in enumerate(PLACES):
        make_area(conn, place, "district", square(i, 0))
        make_area(conn, f"C{place}", "community", square(i, 0), parent=place)
        make_beat(conn, f"B{place}")
        make_cell(conn, f"G{place}", i, 0, f"B{place}")
    for code, kind in (("S1", "station"), ("D1", "department")):
        make_unit(conn, code, kind, "street" if kind == "station" else "district")
    for code, kind in (("P1", "police"), ("M1", "mediator")):
        make_officer(conn, keys, code, kind)
    for code in ("quarrel", "noise", "pets"):
        make_category(conn, code)
    make_category(conn, "advice", police=False, containable=False)
    make_category(conn, "theft", containable=False)
    town = Town()
    huangshi(town)
    others(town)
    make_incidents(conn, keys, town.reports)
    make_steps(conn, keys, town.steps)


@pytest.fixture(scope="module")
def report(cluster, template, tmp_path_factory):
    """Runs `manage.py report …` on the five places; the rows of its JSON."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("five"))
    record = open_record(settings)
    with begin(record.engine, "test") as conn:
        build(conn, record.keys)
    root, patch = typer.Typer(), pytest.MonkeyPatch()
    commands.mount(root)
    patch.setattr(asking, "desk_of", lambda: Desk(settings, record.engine))

    def run(*words):
        answer = CliRunner().invoke(root, ["report", *words, *PERIOD, "--format", "json"], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.stdout)

    yield run
    patch.undo()
    record.engine.dispose()
    drop_database(cluster, settings)


def share(report, code, place):
    (row,) = report("outcomes", "--outcome", code, "--place", f"district:{place}")
    assert (row["low"], row["high"]) == pytest.approx(wilson(row["numerator"], row["denominator"]))
    return row["numerator"], row["denominator"], f"{row['share']:.1%}"


def test_huangshi_took_486_of_2989_non_police_calls_off_the_police(report):
    (calls,) = report("repeats", "--place", "district:HS")
    assert calls["reports"] == CALLS
    assert share(report, "relieved", "HS") == (BY_MEDIATORS + DIVERTED, NON_POLICE, "16.3%")
    (ledger,) = report("diversion", "--by", "to_unit", "--place", "district:HS")
    assert (ledger["key"], ledger["accepted"]) == ("D1", DIVERTED)
    assert ledger["bounced"] == ledger["sent"] - DIVERTED > 0


def test_jinmen_settled_87_2_per_cent_on_the_spot(report):
    assert share(report, "on_spot", "JM") == (872, 1000, "87.2%")


def test_qingdao_settled_195_of_215_mediations(report):
    assert share(report, "mediation", "QD") == (195, 215, "90.7%")


def test_three_policies_give_three_answers_on_the_same_ten_matters_each_as_counted_by_hand(report):
    rows = report("containment", "--policies", "--place", "district:ZS")
    for position, row in enumerate(rows):
        told = [by_hand[position] for *_, by_hand in TEN]
        assert [row["contained"], row["escaped"], row["pending"]] == [told.count(letter) for letter in "cep"]
        assert row["decided"] == row["contained"] + row["escaped"]
    said = {row["policy"]: f"{row['contained']}/{row['decided']}" for row in rows}
    assert said == {"QD": "3/9", "JM": "4/9", "ZS": "6/8"}


def test_jinmens_yellow_matter_is_contained_though_departments_came_in(report):
    for policy, contained in (("JM", 1), ("QD", 0)):
        (row,) = report("containment", "--policy", policy, "--place", "district:YELLOW", "--category", "noise")
        assert (row["contained"], row["decided"]) == (contained, 1)


def test_an_escaped_matter_stays_escaped_after_regrading(report):
    told = ("containment", "--policy", "JM", "--place", "district:YELLOW", "--category", "pets")
    (row,) = report(*told)
    assert (row["contained"], row["escaped"], row["pending"]) == (0, 1, 0)
    (row,) = report(*told, "--as-of", "2027-01-01")
    assert row["escaped"] == 1
    (regraded,) = report("regrades", "--place", "district:YELLOW", "--category", "pets")
    assert (regraded["severity"], regraded["severity_now"]) == (2, 3)
    assert share(report, "regraded", "YELLOW") == (1, 2, "50.0%")


def test_the_third_clause_counts_of_those_that_left_the_beat_who_stayed_in_the_street(report):
    # Of the ten: community, three times street and no further, district and city: six left the beat.
    assert share(report, "stayed_in_street", "ZS") == (4, 6, "66.7%")
