"""Every measure of outcomes equals the one counted in plain loops over raw rows, for random questions."""

import random
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import text

from db import readmodel
from db.engine import act_as
from db.facts import Filter
from db.measures import MEASURES
from db.measures.containment import COUNTS
from db.measures.outcomes import COUNTERS, outcome_counts
from db.readmodel import reach_of, scoped
from db.record import open_record
from geo.errors import InputError, NotFound
from grids.outcomes.formulas import FORMULAS
from grids.policies import POLICIES
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.db import figures, random_city
from tests.db.measures import outcome_city
from tests.factories import day
from tests.oracle import measures as oracle
from tests.oracle.containment import wilson_by_roots

KEYS = ("cell", "beat", "community", "street", "district", "station", "severity", "channel", "category", None)
CODES = [code for code in FORMULAS if code != "one_community"]
EVENTS = text(
    "SELECT at FROM step UNION SELECT opened_at FROM matter "
    "UNION SELECT due_at FROM matter WHERE due_at IS NOT NULL ORDER BY 1"
)
DIVERTED = ("diverted", *(f"diverted_{name}" for name in ("accepted", "bounced", "done", "kept", "open")))


@pytest.fixture(scope="module", params=[1, 2])
def told(request, cluster, template, tmp_path_factory):
    """A random city in a transaction: connection, view of everything, oracle's rows, instants of events."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("outcomes"))
    record = open_record(settings)
    with record.engine.connect() as conn:
        act_as(conn, operator("test"))
        outcome_city.build(conn, record.keys, request.param)
        view = scoped(readmodel.build(conn, settings.home / "readmodel"), reach_of(conn))
        yield conn, view, oracle.Told(figures.City.read(conn)), conn.execute(EVENTS).scalars().all()
        conn.rollback()
    record.engine.dispose()
    drop_database(cluster, settings)


def questions(seed, happened, count):
    """Random filters, groupings, instants of judging and policies; half of the periods end at an event."""
    rng = random.Random(seed)
    for _ in range(count):
        start = day(rng.randint(-24, 24 * random_city.DAYS) / 24)
        flt = Filter(
            start,
            start + timedelta(hours=rng.choice([24, 24 * 7, 24 * 30, 24 * 90])),
            rng.choice([None, None, *random_city.PLACES]),
            tuple(rng.sample(("advice", *random_city.CATEGORIES, *random_city.GROUPS), rng.choice([0, 0, 0, 2]))),
            tuple(rng.sample(random_city.CHANNELS, rng.choice([0, 0, 0, 2]))),
        )
        end = rng.choice(happened)
        flt = replace(flt, end=end) if end > start and rng.random() < 0.5 else flt
        as_of = rng.choice([None, None, day(120), rng.choice(happened)])
        yield flt, rng.choice(KEYS), as_of, rng.choice(list(POLICIES.values()))


def table(frame, *columns):
    """key → the values of these columns; None for no key, and no row of noughts."""
    assert frame["key"].is_unique
    rows = {
        None if pd.isna(row["key"]) else row["key"]: tuple(int(row[name]) for name in columns)
        for row in frame.to_dict("records")
    }
    return {key: row for key, row in rows.items() if any(row)}


@pytest.mark.parametrize("code", CODES)
def test_a_share_equals_the_oracle_for_any_question(told, code):
    conn, view, raw, happened = told
    met = 0
    for flt, by, as_of, policy in questions(code, happened, 25):
        found = MEASURES["outcomes"](conn, view, flt, by=by, codes=(code,), as_of=as_of, policy=policy)
        wanted = oracle.shares(raw, code, flt, by, as_of, policy)
        assert table(found, "numerator", "denominator") == wanted, (flt, by, as_of, policy.code)
        met += len(wanted)
        for row in found[found["denominator"] > 0].itertuples():
            assert (row.low, row.high) == pytest.approx(wilson_by_roots(row.numerator, row.denominator), abs=1e-9)
    assert met, "no question met anything: the test tests nothing"


def test_the_random_city_has_every_outcome_and_its_opposite(told):
    raw, flt = told[2], Filter(day(-1), day(120))
    for code in CODES:
        ((numerator, denominator),) = oracle.shares(raw, code, flt, None, None, POLICIES["QD"]).values()
        assert 0 < numerator < denominator, code
    assert set(COUNTERS) == set(FORMULAS)


def test_containment_of_periods_and_cohorts_equals_the_oracle(told):
    conn, view, raw, happened = told
    for flt, by, as_of, policy in questions("containment", happened, 30):
        asked = {"by": by, "as_of": as_of, "policy": policy}
        if by != "severity":  # as it was graded when judged: tests.db.test_readmodel
            decided = MEASURES["containment"](conn, view, flt, **asked)
            assert table(decided, *COUNTS) == figures.contained(raw.city, flt, policy, by, as_of)
        cohort = MEASURES["containment of a cohort"](conn, view, flt, **asked)
        assert table(cohort, *COUNTS) == oracle.cohort(raw, flt, by, as_of, policy)


def test_flow_equals_the_oracle_and_the_shares_of_a_source_sum_to_one(told):
    conn, view, raw, happened = told
    for flt, by, as_of, _ in questions("flow", happened, 30):
        frame = MEASURES["flow"](conn, view, flt, by=by, as_of=as_of)
        rows = frame.to_dict("records")
        key = [None if pd.isna(row["key"]) else row["key"] for row in rows]
        found = {(k, row["source"], row["target"]): row["numerator"] for k, row in zip(key, rows, strict=True)}
        assert found == oracle.flow(raw, flt, by, as_of)
        sums = frame.groupby(["key", "source"], dropna=False)["share"].sum()
        assert sums.tolist() == pytest.approx([1.0] * len(sums))


def test_the_ledger_of_diversions_equals_the_oracle(told):
    conn, view, raw, happened = told
    for number, (flt, by, as_of, _) in enumerate(questions("diversions", happened, 30)):
        key = ("to_unit", "from_unit", by)[number % 3]
        found = MEASURES["diversions"](conn, view, flt, by=key, as_of=as_of)
        assert table(found, *DIVERTED) == oracle.diversions(raw, flt, key, as_of)
        parts = ["diverted_bounced", "diverted_done", "diverted_kept", "diverted_open"]
        assert (found[parts].sum(axis=1) == found["diverted"]).all()


def test_reports_and_regrades_equal_the_oracle(told):
    conn, view, raw, happened = told
    for flt, by, as_of, _ in questions("reports", happened, 30):
        found = MEASURES["reports"](conn, view, flt, by=by)
        assert table(found, "reports", "first", "duplicates", "repeats") == oracle.reports(raw, flt, by)
        grades = MEASURES["regrades"](conn, view, flt, as_of=as_of)
        pairs = zip(grades["severity"], grades["severity_now"], strict=True)
        assert dict(zip(pairs, grades["numerator"], strict=True)) == oracle.regrades(raw, flt, as_of)


def test_chains_count_every_matter_once_by_the_length_of_its_chain(told):
    conn, view, raw, happened = told
    lengths = {}
    for row in raw.reports:
        lengths[row["matter_id"]] = lengths.get(row["matter_id"], 0) + 1
    for flt, by, _, _ in questions("chains", happened, 20):
        wanted = {}
        for matter in figures.within(raw.matters, flt):
            key = (matter[by] if by else None, min(5, lengths[matter["matter"]]))
            wanted[key] = wanted.get(key, 0) + 1
        frame = MEASURES["chains"](conn, view, flt, by=by)
        keys = [None if pd.isna(key) else key for key in frame["key"]]
        found = dict(zip(zip(keys, frame["reports"], strict=True), frame["numerator"], strict=True))
        assert {key: count for key, count in found.items() if count} == wanted


def test_one_community_is_the_one_that_calls_most_of_all_calls_of_its_station(told):
    conn, view, raw, happened = told
    for flt, _, _, _ in questions("community", happened, 20):
        calls = {}
        for row in figures.within(raw.reports, flt):
            calls.setdefault(row["station"], []).append(row["community"])
        wanted = {}
        for station, communities in calls.items():
            named = sorted({c for c in communities if c}, key=lambda c: (-communities.count(c), c))
            if station is not None and named:
                wanted[station] = (named[0], communities.count(named[0]), len(communities))
        found = outcome_counts(conn, view, flt, "one_community")
        columns = (found["community"], found["community_calls"], found["calls"])
        assert dict(zip(found["key"], zip(*columns, strict=True), strict=True)) == wanted


def test_what_there_is_not_is_told_which_there_are(told):
    conn, view, *_ = told
    flt = Filter(day(0), day(30))
    with pytest.raises(NotFound, match="on_spot, mediation"):
        MEASURES["outcomes"](conn, view, flt, codes=("luck",))
    with pytest.raises(NotFound, match="reports, matters"):
        MEASURES["change"](conn, view, flt, code="luck")
    with pytest.raises(InputError, match="decided or cohort"):
        MEASURES["containment"](conn, view, flt, dating="moon")
    with pytest.raises(InputError, match="previous or last_year"):
        MEASURES["change"](conn, view, flt, against=("easter",))
