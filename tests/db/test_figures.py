"""Every figure equals the one counted in plain loops over raw rows, for random filters over made-up cities."""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from itertools import cycle

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db import metrics
from db.city import city as city_of
from db.city import describe_city
from db.engine import begin
from db.facts import Filter
from db.record import open_record
from grids.policies import POLICIES
from tests.conftest import copy_database, drop_database
from tests.db import figures
from tests.db.random_city import CATEGORIES, CHANNELS, DAYS, GROUPS, PLACES, build
from tests.factories import DAY0, day
from tests.oracle import load
from tests.oracle.casework import replay_rows

BY = ("cell", "beat", "community", "street", "district", "station", "severity", "channel", "category", None)
STAFFED = ("cell", "beat", "community", "station")
SEEDS = (1, 2)
COUNTS = ("incidents", "matters", "open_matters", "overdue", "unplaced", "closed", "minutes")


@st.composite
def filters(draw):
    """Periods at whole hours, which is where the facts lie, so that bounds are met often."""
    start = draw(st.integers(-24, 24 * DAYS))
    length = draw(st.integers(1, 24 * DAYS))
    return Filter(
        day(start / 24),
        day((start + length) / 24),
        draw(st.none() | st.sampled_from(PLACES)),
        tuple(draw(st.lists(st.sampled_from(CATEGORIES + GROUPS), unique=True, max_size=2))),
        tuple(draw(st.lists(st.sampled_from(CHANNELS), unique=True, max_size=2))),
    )


EVERYTHING = Filter(day(0), day(2 * DAYS))
policies = st.sampled_from(list(POLICIES.values()))
instants = st.none() | st.integers(-24, 24 * 2 * DAYS).map(lambda hours: day(hours / 24))
sample = settings(max_examples=6, deadline=None)


@pytest.fixture(scope="module", params=SEEDS)
def made(request, cluster, template, tmp_path_factory):
    """A made-up city in a zone with summer time: a connection that only reads, and its raw rows."""
    told = copy_database(cluster, template, tmp_path_factory.mktemp("figures"))
    record = open_record(told)
    with begin(record.engine, "test") as conn:
        describe_city(conn, None, "America/Chicago" if request.param == 1 else None, None)
        build(conn, record.keys, request.param)
    with record.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        # One statement a transaction, so that a test that fails spoils no other; the actor is the session's.
        said = {"actor": "test", "roles": "operator", "places": "*"}
        conn.execute(text("SELECT set_config('TimeZone', 'UTC', false)"))
        for name, value in said.items():
            conn.execute(text("SELECT set_config(:name, :value, false)"), {"name": f"beatgrid.{name}", "value": value})
        yield conn, figures.City.read(conn)
    record.engine.dispose()
    drop_database(cluster, told)


def table(frame, *columns):
    """key → the columns of its one row."""
    assert frame["key"].is_unique
    keys = [None if key is None or key != key else key for key in frame["key"]]
    return dict(zip(keys, zip(*(frame[name].tolist() for name in columns), strict=True), strict=True))


def close(found, wanted):
    return found == {key: pytest.approx(value, rel=1e-12, nan_ok=True) for key, value in wanted.items()}


def test_the_made_up_city_is_hard_enough(made):
    _, city = made
    matters = city.matters
    groups = figures.contained(city, EVERYTHING, POLICIES["QD"], "station")
    assert len({matter["beat"] for matter in matters}) > 4
    assert None in {matter["cell"] for matter in matters}
    assert {matter["street"] for matter in matters} == {"T1", None}
    assert sum(counts[0] for counts in groups.values()) >= 3
    assert sum(counts[1] for counts in groups.values()) >= 3
    assert sum(counts[2] for counts in groups.values()) >= 3
    assert len(city.tables["cell"]) == 16
    moved = Counter(held["cell_id"] for held in city.tables["beat_cell"])
    assert max(moved.values()) >= 3


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(BY), filters(), policies, instants)
@example("station", EVERYTHING, POLICIES["QD"], None)
@example("severity", EVERYTHING, POLICIES["JM"], day(10))
@example(None, Filter(day(20), day(30)), POLICIES["JM"], day(10))
def test_containment_equals_the_oracle(made, by, flt, policy, as_of):
    conn, city = made
    frame = metrics.containment(conn, flt, policy, by, as_of)
    found = table(frame, "contained", "escaped", "pending")
    wanted = figures.contained(city, flt, policy, by, as_of)
    assert found == (wanted if by else wanted or {None: (0, 0, 0)})


def test_periods_that_begin_or_end_exactly_on_a_step_equal_the_oracle(made):
    conn, city = made
    decisive = ("close", "reopen", "grade", "take_lead", "divert_accept")
    turns = sorted({step["at"] for step in city.tables["step"] if step["kind"] in decisive})
    for turn, policy in zip(turns[::6], cycle(POLICIES.values()), strict=False):
        for flt, as_of in ((Filter(day(-1), turn), None), (Filter(turn, day(2 * DAYS)), None), (EVERYTHING, turn)):
            frame = metrics.containment(conn, flt, policy, "severity", as_of)
            wanted = figures.contained(city, flt, policy, "severity", as_of)
            assert table(frame, "contained", "escaped", "pending") == wanted
            counts = figures.totals(city, flt)
            assert asdict(metrics.totals(conn, flt)) == pytest.approx({name: counts[name] for name in COUNTS})


def test_a_grade_counts_from_the_very_instant_at_which_it_was_fixed(made):
    conn, city = made
    fixed = {replay_rows(matter["steps"], matter["initial"])["severity_at"] for matter in city.matters}
    for at, policy in zip(sorted(fixed - {None}), cycle(POLICIES.values()), strict=False):
        frame = metrics.containment(conn, EVERYTHING, policy, "severity", at)
        wanted = figures.contained(city, EVERYTHING, policy, "severity", at)
        assert table(frame, "contained", "escaped", "pending") == wanted


@settings(max_examples=6, deadline=None)
@given(st.sampled_from(BY[:-1]), filters())
@example("beat", EVERYTHING)
@example("station", EVERYTHING)
@example("community", EVERYTHING)
def test_demand_and_staff_of_places_equal_the_oracle(made, by, flt):
    conn, city = made
    frame = metrics.workload(conn, flt, by)
    wanted = figures.demand(city, flt, by)
    assert close(table(frame, "matters", "minutes"), wanted)
    staff = figures.served(city, by, flt.start, flt.end) if by in STAFFED else {}
    people = {key: staff.get(key, (float("nan"), 0)) if key is not None else (float("nan"), 0) for key in wanted}
    assert close(table(frame, "available", "staff"), people)


@sample
@given(filters())
@example(EVERYTHING)
def test_load_of_officers_equals_the_oracle(made, flt):
    conn, city = made
    frame = metrics.workload(conn, flt, "officer")
    # Nobody of this city is on a roster, away, on a visit or in a meeting: tests/db/measures/test_load.py has those.
    wanted = load.Record(city, dict.fromkeys(load.TABLES, ())).carried(flt)
    assert close(table(frame, "minutes"), {key: (sum(minutes.values()),) for key, minutes in wanted.items()})
    found = table(frame, "available")
    for officer in wanted:
        own = list(figures.postings(city, officer))
        minutes = figures.available_of(own, flt.start, flt.end)
        assert found[officer] == pytest.approx((float("nan") if minutes is None else minutes,), nan_ok=True)


@sample
@given(filters())
@example(EVERYTHING)
def test_totals_equal_the_oracle(made, flt):
    conn, city = made
    counts = figures.totals(city, flt)
    assert asdict(metrics.totals(conn, flt)) == pytest.approx({name: counts[name] for name in COUNTS})


@sample
@given(filters(), policies)
@example(EVERYTHING, POLICIES["ZS"])
def test_the_table_of_cells_equals_the_oracle_and_shows_each_live_cell_once(made, flt, policy):
    conn, city = made
    frame = metrics.cells(conn, flt, policy).rename(columns={"code": "key"})
    reported = Counter(incident["cell"] for incident in figures.within(city.incidents, flt))
    work = figures.demand(city, flt, "cell")
    held = figures.contained(city, flt, policy, "cell")
    live = [row["code"] for row in city.tables["cell"] if row["valid"].upper is None]
    columns = ("incidents", "matters", "minutes", "contained", "escaped", "pending")
    wanted = {code: (reported[code], *work.get(code, (0, 0.0)), *held.get(code, (0, 0, 0))) for code in live}
    assert close(table(frame, *columns), wanted)
    residents = {row["code"]: row["residents"] for row in city.tables["cell"] if row["valid"].upper is None}
    assert close(
        table(frame, "residents"), {code: (float("nan") if n is None else n,) for code, n in residents.items()}
    )


@sample
@given(filters())
@example(EVERYTHING)
def test_days_and_hours_are_counted_in_the_zone_of_the_city(made, flt):
    conn, city = made
    instants = [figures.local(city, incident["at"]) for incident in figures.within(city.incidents, flt)]
    frame = metrics.daily(conn, flt)
    assert dict(zip(frame["day"], frame["incidents"], strict=True)) == Counter(at.date() for at in instants)
    frame = metrics.clock(conn, flt)
    pairs = zip(frame["weekday"], frame["hour"], strict=True)
    assert dict(zip(pairs, frame["incidents"], strict=True)) == Counter((at.isoweekday(), at.hour) for at in instants)


@sample
@given(filters(), st.sampled_from([50.0, 400.0, 5000.0]))
@example(EVERYTHING, 400.0)
def test_the_lattice_holds_every_placed_incident_in_the_square_it_lies_in(made, flt, step_m):
    conn, city = made
    frame = metrics.lattice(conn, flt, step_m)
    points = [(i["lon"], i["lat"]) for i in figures.within(city.incidents, flt) if i["cell"] is not None]
    assert frame["n"].sum() == len(points)
    if not points:
        return
    half_high = step_m / 111_320 / 2
    half_wide = half_high / 0.8  # cos 36°, loosely: which square a point lies in is what counts
    left = Counter()
    for lon, lat in points:
        near = [
            at
            for at, row in enumerate(frame.itertuples())
            if abs(row.lon - lon) <= half_wide * 1.02 and abs(row.lat - lat) <= half_high * 1.0001
        ]
        assert near
        if len(near) == 1:
            left[near[0]] += 1
    assert all(frame["n"][at] >= n for at, n in left.items())


def test_the_lattice_stays_where_it_is_whatever_is_asked(made):
    conn, _ = made
    whole = metrics.lattice(conn, EVERYTHING, 300.0)
    part = metrics.lattice(conn, Filter(day(3), day(20)), 300.0)
    centres = set(zip(whole["lon"], whole["lat"], strict=True))
    assert set(zip(part["lon"], part["lat"], strict=True)) <= centres


@sample
@given(filters(), st.integers(1, 30))
@example(EVERYTHING, 1000)
def test_recent_shows_the_newest_first_with_the_places_of_their_time(made, flt, limit):
    conn, city = made
    facts = sorted(figures.within(city.incidents, flt), key=lambda row: (row["at"], row["id"]), reverse=True)[:limit]
    frame = metrics.recent(conn, flt, limit)
    assert frame["id"].tolist() == [fact["id"] for fact in facts]
    for name, wanted in (("reported_at", "at"), ("channel", "channel"), ("cell", "cell")):
        assert [None if pd.isna(v) else v for v in frame[name]] == [fact[wanted] for fact in facts]
    beats = {row["code"]: row["name"] for row in city.tables["beat"]}
    assert [None if pd.isna(v) else v for v in frame["beat"]] == [beats.get(fact["beat"]) for fact in facts]
    assert not {"reporter", "phone", "narrative", "token", "address"} & set(frame)


def test_freshness_tells_the_last_report_of_each_channel(made):
    conn, city = made
    frame = metrics.freshness(conn).set_index("channel")
    newest = {}
    for row in city.tables["incident"]:
        newest[row["channel"]] = max(newest.get(row["channel"], row["reported_at"]), row["reported_at"])
    assert frame["last_reported_at"].to_dict() == newest
    assert frame["last_loaded_at"].notna().all()


@settings(max_examples=6, deadline=None)
@given(st.integers(1, DAYS - 1), policies, st.sampled_from(BY[:-1]))
def test_parts_of_a_whole_sum_to_the_whole(made, cut, policy, by):
    conn, _ = made
    parts = [Filter(DAY0, day(cut)), Filter(day(cut), day(2 * DAYS))]
    whole = Filter(DAY0, day(2 * DAYS))
    decided = ["contained", "escaped"]
    late = day(3 * DAYS)
    of_parts = sum(metrics.containment(conn, part, policy, None, late)[decided].sum() for part in parts)
    # Seen from one instant a matter is decided in exactly one part, unless it was opened only after it.
    assert (of_parts <= metrics.containment(conn, whole, policy, None, late)[decided].sum()).all()
    grouped, total = (
        metrics.containment(conn, whole, policy, by, late),
        metrics.containment(conn, whole, policy, None, late),
    )
    columns = [*decided, "pending"]
    assert grouped[columns].sum().tolist() == total[columns].sum().tolist()
    assert metrics.workload(conn, whole, by)["minutes"].sum() == pytest.approx(metrics.totals(conn, whole).minutes)


def test_an_empty_record_has_figures_too(conn):
    flt = Filter(DAY0, day(1))
    policy = POLICIES["QD"]
    for by in BY:
        assert metrics.containment(conn, flt, policy, by)[["contained", "escaped", "pending"]].to_numpy().sum() == 0
    for by in (*BY[:-1], "officer"):
        assert metrics.workload(conn, flt, by).empty
    assert set(asdict(metrics.totals(conn, flt)).values()) == {0}
    for frame in (
        metrics.cells(conn, flt, policy), metrics.lattice(conn, flt, 100.0), metrics.daily(conn, flt),
        metrics.clock(conn, flt), metrics.recent(conn, flt), metrics.freshness(conn),
    ):  # fmt: skip
        assert frame.empty


def test_the_city_says_its_zone(made):
    conn, _ = made
    assert city_of(conn).zone in ("America/Chicago", "Asia/Shanghai")


def test_a_period_of_a_microsecond_holds_what_lies_on_it(made):
    conn, city = made
    at = city.incidents[0]["at"]
    tiny = timedelta(microseconds=1)
    wanted = sum(row["reported_at"] == at for row in city.tables["incident"])
    assert metrics.totals(conn, Filter(at, at + tiny)).incidents == wanted
    assert metrics.totals(conn, Filter(at - tiny, at)).incidents == 0
