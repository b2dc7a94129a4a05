"""What holds of every figure whatever was asked: nothing is lost between groups, periods and boundaries."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db import readmodel
from db.beats import beat_ids, hold
from db.engine import act_as
from db.facts import Filter
from db.measures import MEASURES
from db.measures.containment import COUNTS
from db.readmodel import reach_of, scoped
from db.record import open_record
from grids.outcomes.formulas import FORMULAS
from grids.policies import POLICIES
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.db.measures import outcome_city
from tests.db.random_city import CATEGORIES, CHANNELS, DAYS, PLACES
from tests.factories import day

# One session makes many examples: what they ask leaves no trace.
few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = ("cell", "beat", "community", "street", "district", "station", "severity", "channel", "category")
LATE = day(3 * DAYS)  # after everything that happens
WHOLE = Filter(day(-2), LATE)
SUMMED = {
    "containment": COUNTS, "containment of a cohort": COUNTS, "outcomes": ["numerator", "denominator"],
    "flow": ["numerator"], "regrades": ["numerator"], "reports": ["reports", "first", "duplicates", "repeats"],
    "diversions": ["diverted", "diverted_accepted", "diverted_bounced", "diverted_done"], "chains": ["numerator"],
}  # fmt: skip
WITHIN = {"outcomes": ["outcome"], "flow": ["source", "target"], "regrades": ["severity", "severity_now"],
          "chains": ["reports"]}  # fmt: skip
CONTAINABLE = text("""
    SELECT count(*) FROM matter m JOIN category c ON c.id = m.category_id
    WHERE c.containable AND m.opened_at < :end AND m.opened_at >= :start""")


@pytest.fixture(scope="module")
def made(cluster, template, tmp_path_factory):
    """A random city in a transaction that only these tests change, each undoing what it did."""
    told = copy_database(cluster, template, tmp_path_factory.mktemp("laws"))
    record = open_record(told)
    with record.engine.connect() as conn:
        act_as(conn, operator("test"))
        outcome_city.build(conn, record.keys, 5)
        yield conn, told.home
        conn.rollback()
    record.engine.dispose()
    drop_database(cluster, told)


@pytest.fixture(scope="module")
def asked(made):
    conn, home = made
    return conn, view_of(conn, home / "laws")


def view_of(conn, home):
    return scoped(readmodel.build(conn, home), reach_of(conn))


hours = st.integers(-24, 24 * 2 * DAYS)
periods = st.tuples(hours, st.integers(1, 24 * DAYS)).map(lambda p: (day(p[0] / 24), day((p[0] + p[1]) / 24)))
filters = st.builds(
    lambda period, place, categories, channels: Filter(*period, place, tuple(categories), tuple(channels)),
    periods,
    st.none() | st.sampled_from(PLACES),
    st.lists(st.sampled_from(("advice", *CATEGORIES)), unique=True, max_size=2),
    st.lists(st.sampled_from(CHANNELS), unique=True, max_size=2),
)
policies = st.sampled_from(list(POLICIES.values()))
instants = st.none() | hours.map(lambda hour: day(hour / 24))


@few
@given(periods, policies, instants)
def test_contained_escaped_and_pending_of_a_cohort_are_all_its_containable_matters(asked, period, policy, as_of):
    conn, view = asked
    found = MEASURES["containment of a cohort"](conn, view, Filter(*period), policy=policy, as_of=as_of)
    total = conn.execute(CONTAINABLE, {"start": period[0], "end": period[1]}).scalar_one()
    assert found[COUNTS].to_numpy().sum() == total


@few
@given(st.lists(hours, min_size=1, max_size=6, unique=True).map(sorted), policies)
def test_every_matter_is_decided_in_one_period_or_pending_in_the_end(asked, cuts, policy):
    conn, view = asked
    # What happens at the very instant of judging is seen, but belongs to the period that begins with it.
    end = day(cuts[-1] / 24) + timedelta(minutes=30)
    edges = [day(-400), *(day(cut / 24) for cut in cuts), end]
    parts = [MEASURES["containment"](conn, view, Filter(*pair), policy=policy, as_of=end) for pair in pairwise(edges)]
    decided = sum(int(part[["contained", "escaped"]].to_numpy().sum()) for part in parts)
    total = conn.execute(CONTAINABLE, {"start": day(-400), "end": end}).scalar_one()
    # A later period still sees matters of earlier ones; only the last one sees them all as pending.
    assert decided + int(parts[-1]["pending"].iloc[0]) == total


@few
@given(filters, st.sampled_from(list(SUMMED)), st.sampled_from(KEYS), st.sampled_from(["then", "now"]))
def test_every_grouping_sums_to_the_whole(asked, flt, name, by, boundaries):
    conn, view = asked
    measure, counts, within = MEASURES[name], SUMMED[name], WITHIN.get(name, [])
    whole = summed(measure(conn, view, flt, by=None, boundaries=boundaries), within, counts)
    parts = summed(measure(conn, view, flt, by=by, boundaries=boundaries), within, counts)
    assert parts == whole


def summed(frame, within, counts):
    """within → sums of the counts, noughts left out."""
    groups = frame.groupby(within)[counts].sum().reset_index() if within else frame[counts].sum().to_frame().T
    rows = {
        tuple(row[name] for name in within): tuple(int(row[n]) for n in counts) for row in groups.to_dict("records")
    }
    return {key: row for key, row in rows.items() if any(row)}


@few
@given(filters, instants, policies)
def test_no_share_is_above_one_and_every_interval_holds_its_share(asked, flt, as_of, policy):
    conn, view = asked
    found = MEASURES["outcomes"](conn, view, flt, by="beat", as_of=as_of, policy=policy)
    assert (found["numerator"] <= found["denominator"]).all()
    assert ((found["low"] <= found["share"]) & (found["share"] <= found["high"])).all()


def everything(conn, view, flt, boundaries, by):
    """Every figure of a filter under some boundaries, as plain rows."""
    told = {}
    for name, counts in SUMMED.items():
        frame = MEASURES[name](conn, view, flt, by=by, boundaries=boundaries)
        keys = ["key", *WITHIN.get(name, [])]
        rows = frame.assign(key=frame["key"].astype(object).where(frame["key"].notna(), "-"))
        told[name] = sorted(
            (tuple(str(row[k]) for k in keys), tuple(int(row[n]) for n in counts)) for row in rows.to_dict("records")
        )
        told[name] = [row for row in told[name] if any(row[1])]
    return told


@contextmanager
def undone(conn):
    """Whatever is done inside is taken back."""
    before = conn.begin_nested()
    try:
        yield
    finally:
        before.rollback()
        act_as(conn, operator("test"))


PAIRS = [("G00", "B4"), ("G21", "B1"), ("G40", "B2"), ("G12", "B5")]


@pytest.mark.parametrize(("cell", "beat"), PAIRS)
def test_moving_a_cell_leaves_figures_as_they_were_and_a_draft_foretells_those_as_they_are(made, cell, beat):
    conn, home = made
    before = view_of(conn, home / f"before-{cell}")
    later = replace(WHOLE, end=LATE + timedelta(days=1))
    with undone(conn):
        found = conn.execute(text("SELECT id FROM cell WHERE code = :code AND upper_inf(valid)"), {"code": cell})
        hold(conn, found.scalar_one(), beat_ids(conn)[beat], LATE)
        after = view_of(conn, home / f"after-{cell}")
        for by in ("beat", "station", "cell", "community", None):
            assert everything(conn, after, WHOLE, "then", by) == everything(conn, before, WHOLE, "then", by)
            drafted = everything(conn, before, later, {cell: beat}, by)
            assert everything(conn, after, later, "now", by) == drafted
        moved = MEASURES["reports"](conn, after, later, by="beat", boundaries="now")
        still = MEASURES["reports"](conn, before, later, by="beat", boundaries="now")
        assert not moved.equals(still), "the move moved nothing: the test tests nothing"


def test_as_they_are_is_as_if_it_had_always_been_so(made):
    conn, home = made
    today = replace(WHOLE, end=LATE)
    now = {
        by: everything(conn, view_of(conn, home / "is"), today, "now", by) for by in ("beat", "station", "cell", None)
    }
    with undone(conn):
        for statement in ALWAYS:
            conn.execute(text(statement), {"at": LATE})
        always = view_of(conn, home / "always")
        for by, told in now.items():
            assert everything(conn, always, today, "then", by) == told, by


# Every report placed in the cell of today from the beginning, every cell held for ever by the beat of today.
ALWAYS = (
    "SET CONSTRAINTS ALL DEFERRED",
    "UPDATE incident SET cell_then = cell_now",
    "UPDATE matter m SET cell_id = i.cell_now FROM incident i WHERE i.id = m.incident_id",
    "DELETE FROM beat_cell WHERE NOT valid @> CAST(:at AS timestamptz)",
    "UPDATE beat_cell SET valid = tstzrange(NULL, NULL)",
)


def test_the_formulas_of_the_laws_are_all_there_are(asked):
    conn, view = asked
    told = set(MEASURES["outcomes"](conn, view, WHOLE)["outcome"])
    assert told == set(FORMULAS) - {"one_community"}
    assert isinstance(MEASURES["one community"](conn, view, WHOLE), pd.DataFrame)
