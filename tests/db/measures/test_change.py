"""A period against another, months in a row, and panels: every figure as counted for each period by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from db import readmodel
from db.engine import act_as
from db.facts import Filter
from db.measures import MEASURES
from db.measures.figures import COUNTS, SHARES
from db.measures.periods import midnight, months, other
from db.readmodel import reach_of, scoped
from db.record import open_record
from db.roster import write_absences, write_shifts
from grids.policies import POLICIES
from grids.rights import operator
from tests.conftest import copy_database, drop_database
from tests.db import figures
from tests.db.measures import outcome_city
from tests.factories import (
    make_beat,
    make_category,
    make_cell,
    make_incidents,
    make_officer,
    make_posting,
    make_steps,
    middle,
)
from tests.oracle import measures as oracle
from tests.oracle import trends

ZONE = "Asia/Shanghai"
QD = POLICIES["QD"]


def local(month, day, hour=0, year=2026):
    """An instant of Shanghai's clock, eight hours ahead of UTC and never changed."""
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(("period", "previous", "last_year"), [
    ((local(3, 1), local(4, 1)), (local(2, 1), local(3, 1)), (local(3, 1, year=2025), local(4, 1, year=2025))),
    ((local(1, 1), local(4, 1)), (local(10, 1, year=2025), local(1, 1)), (local(1, 1, 0, 2025), local(4, 1, 0, 2025))),
    ((local(3, 9), local(3, 16)), (local(3, 2), local(3, 9)), (local(3, 9, year=2025), local(3, 16, year=2025))),
    # A month that runs still, at noon of its tenth: as much of what came before.
    ((local(3, 1), local(3, 10, 12)), (local(2, 19), local(2, 28, 12)), (local(3, 1, 0, 2025), local(3, 10, 12, 2025))),
])  # fmt: skip
def test_the_other_period_is_the_one_that_people_mean(period, previous, last_year):
    flt = Filter(*period, "station:S1", ("noise",))
    assert other(flt, ZONE, "previous") == replace(flt, start=previous[0], end=previous[1])
    assert other(flt, ZONE, "last_year") == replace(flt, start=last_year[0], end=last_year[1])


def test_months_cut_a_period_at_local_midnights_and_lose_none_of_it():
    flt = Filter(local(1, 20, 9), local(4, 2, 12))
    cut = months(flt, ZONE)
    assert [first for first, _ in cut] == [date(2026, month, 1) for month in (1, 2, 3, 4)]
    assert [part.start for _, part in cut] == [flt.start, local(2, 1), local(3, 1), local(4, 1)]
    assert [part.end for _, part in cut] == [local(2, 1), local(3, 1), local(4, 1), flt.end]


@pytest.fixture(scope="module")
def told(cluster, template, tmp_path_factory):
    """A random city: connection, view of everything, the oracle's rows."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("change"))
    record = open_record(settings)
    with record.engine.connect() as conn:
        act_as(conn, operator("test"))
        outcome_city.build(conn, record.keys, 4)
        view = scoped(readmodel.build(conn, settings.home / "readmodel"), reach_of(conn))
        yield conn, view, oracle.Told(figures.City.read(conn))
        conn.rollback()
    record.engine.dispose()
    drop_database(cluster, settings)


MARCH_ON = Filter(local(3, 25), local(4, 8))  # the period before it holds reports too


def counted(raw, code, flt, by):
    """key → count, of the plain counts that can be compared."""
    if code == "escaped":
        return {key: n[1] for key, n in figures.contained(raw.city, flt, QD, by).items() if n[1]}
    events = {
        "reports": figures.within(raw.reports, flt),
        "repeats": [row for row in figures.within(raw.reports, flt) if row["kind"] == "repeat"],
        "matters": figures.within(raw.matters, flt),
        "closings": [m for m in raw.chosen(flt) for at in dict(m["state"]["closures"]) if oracle.inside(at, flt)],
        "diversions": [m for m in raw.chosen(flt) for d in m["travel"]["diversions"] if oracle.inside(d[0], flt)],
    }[code]
    keys = [row[by] if by else None for row in events]
    return {key: keys.count(key) for key in keys}


@pytest.mark.parametrize("by", [None, "beat", "channel"])
@pytest.mark.parametrize("code", COUNTS)
def test_counts_of_both_periods_and_z_equal_the_oracle(told, code, by):
    conn, view, raw = told
    found = MEASURES["change"](conn, view, MARCH_ON, code=code, by=by, against=("previous",))
    now, before = counted(raw, code, MARCH_ON, by), counted(raw, code, other(MARCH_ON, ZONE, "previous"), by)
    assert now
    assert {_key(row.key): (row.now, row.before) for row in found.itertuples() if row.now or row.before} == {
        key: (now.get(key, 0), before.get(key, 0)) for key in {*now, *before}
    }
    for row in found.itertuples():
        assert (row.per_now, row.per_before) == (14, 14)
        assert row.z == pytest.approx(trends.z_of_counts(row.now, row.before, 14, 14))
        assert row.direction == trends.direction(row.z)


def _key(key):
    return None if key is None or key != key else key


@pytest.mark.parametrize("code", [code for code in SHARES if code != "containment"])
def test_shares_of_both_periods_equal_the_oracle_each_judged_at_its_own_end(told, code):
    conn, view, raw = told
    flt = Filter(local(4, 1), local(5, 1))
    (row,) = MEASURES["change"](conn, view, flt, code=code, against=("previous",)).itertuples()
    wanted = [
        oracle.shares(raw, code, each, None, None, QD).get(None, (0, 0)) for each in (flt, other(flt, ZONE, "previous"))
    ]
    assert [(row.k_now, row.n_now), (row.k_before, row.n_before)] == wanted
    if row.n_now and row.n_before:
        chi = trends.chi_square_of_shares(row.k_now, row.n_now, row.k_before, row.n_before)
        assert row.z**2 == pytest.approx(chi)
    else:
        assert row.direction == "unknown"


def test_containment_changes_as_counted_for_each_period(told):
    conn, view, raw = told
    flt = Filter(local(4, 1), local(5, 1))
    (row,) = MEASURES["change"](conn, view, flt, code="containment", against=("previous",)).itertuples()
    pairs = [figures.contained(raw.city, each, QD, None)[None] for each in (flt, other(flt, ZONE, "previous"))]
    assert [(row.k_now, row.n_now), (row.k_before, row.n_before)] == [(c, c + e) for c, e, _ in pairs]


def test_a_time_that_the_record_does_not_reach_back_to_is_unknown_and_no_rise_from_nothing(told):
    conn, view, _ = told
    found = MEASURES["change"](conn, view, MARCH_ON, code="reports", against=("last_year",))
    assert found["now"].iloc[0] > 10
    assert found["direction"].tolist() == ["unknown"]


@pytest.mark.parametrize("code", ["reports", "escaped", "on_time", "held"])
def test_a_trend_is_the_figure_of_each_month(told, code):
    conn, view, raw = told
    flt = Filter(local(2, 20), local(5, 5, 12))
    found = MEASURES["trend"](conn, view, flt, code=code)
    for row, (first, of_month) in zip(found.itertuples(), months(flt, ZONE), strict=True):
        assert row.month == first
        if code in COUNTS:
            assert row.count == counted(raw, code, of_month, None).get(None, 0)
        else:
            wanted = oracle.shares(raw, code, of_month, None, None, QD).get(None, (0, 0))
            assert (row.numerator, row.denominator) == wanted


def test_a_panel_counts_what_its_lines_need(conn, keys, tmp_path):
    """By hand: April against March; a beat with 300 residents, two people, one of them on leave for a day."""
    make_beat(conn)
    make_cell(conn, residents=300)
    make_cell(conn, "G2", 1, 0, "B1", residents=None)
    make_category(conn, deadline_hours=24.0)
    for officer in ("P1", "P2"):
        make_officer(conn, keys, officer)
        make_posting(conn, officer, beat="B1", valid_from=local(1, 1))
    lon, lat = middle(0, 0)
    where = {"lon": lon, "lat": lat}
    calls = {"m1": (3, 5), "m2": (3, 6), "m3": (4, 5), "m4": (4, 6)}
    make_incidents(conn, keys, [{"source_no": no, "reported_at": local(*at, 9)} | where for no, at in calls.items()])
    make_steps(conn, keys, [
        {"source_no": no, "step_no": n, "kind": kind, "at": local(*calls[no], hour), "officer": "P1",
         "level": "beat" if kind == "take_lead" else None}
        for no in ("m1", "m3", "m4") for n, (kind, hour) in enumerate((("take_lead", 10), ("close", 11)), 1)
    ])  # fmt: skip
    again = {"source_no": "again", "matter": "110:m3", "reported_at": local(4, 9, 9)} | where
    make_incidents(conn, keys, [again])
    shifts = [("P1", 3, 5), ("P2", 3, 5), ("P1", 4, 5), ("P1", 4, 6), ("P2", 4, 6)]
    write_shifts(conn, [
        {"line": n, "officer": who, "kind": "day", "start": local(*at, 9), "end": local(*at, 17)}
        for n, (who, *at) in enumerate(shifts, 1)
    ])  # fmt: skip
    write_absences(conn, [
        {"line": 1, "officer": "P2", "kind": "leave", "start": local(4, 6), "end": local(4, 7), "cover": None}
    ])  # fmt: skip
    view = scoped(readmodel.build(conn, tmp_path / "model"), reach_of(conn))
    april = Filter(local(4, 1), local(5, 1), "beat:B1")
    judged = MEASURES["three down, one up"](conn, view, april)
    names = ["now_numerator", "now_denominator", "before_numerator", "before_denominator"]
    told = {measure: tuple(row[names]) for measure, row in judged.iterrows()}
    assert told["repeat_rate"] == (1, 3, 0, 2)
    # March begins before the first report, of which the record says nothing: its length counts as none.
    assert told["incident_rate"] == (3, 300 * 30, 2, 0)
    assert told["load_per_head"] == (2, 2, 1, 2)
    assert told["efficiency"] == (2, 2, 1, 2)
    assert judged["direction"].tolist() == ["unchanged", "unknown", "unchanged", "unchanged"]


def test_midnight_is_that_of_the_city():
    assert midnight(date(2026, 3, 1), ZONE) == local(3, 1)
