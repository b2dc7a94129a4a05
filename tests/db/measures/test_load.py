"""Load and fairness: equal to hand counts over random cities, nobody at zero left out, nobody unstaffed at zero."""

import random
from collections import Counter, defaultdict
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import text

from db import readmodel
from db.activities import visits_and_meetings
from db.at_hand import by_place, posted
from db.engine import act_as
from db.facts import Filter
from db.measures.fairness import fairness_of_stations
from db.measures.workload import monthly, workload
from db.roster import write_absences, write_shifts
from geo.errors import InputError
from grids.rights import Who, operator
from tests.db import figures, random_city
from tests.db.test_readmodel import a_filter
from tests.factories import day
from tests.oracle import load as oracle
from tests.oracle.at_hand import AtHand
from tests.oracle.workload import handler_rows, pair_minutes, pairs_of

EVERYTHING = Filter(day(-30), day(random_city.DAYS + 30))


def at_work(conn, rng):
    """Shifts, leave, visits, a meeting: some without minutes, some that name a matter."""
    spans = {"P1": [(0, 9), (10, 12)], "P2": [(3, 5)], "P5": [(1, 2)]}
    for code, days in spans.items():
        rows = [{"line": n, "officer": code, "start": day(a), "end": day(b)} for n, (a, b) in enumerate(days)]
        write_shifts(conn, rows)
    leave = [("P1", 8, 11), ("P3", 2, 20), ("P4", -3, 1)]
    write_absences(
        conn, [{"line": n, "officer": c, "start": day(a), "end": day(b)} for n, (c, a, b) in enumerate(leave)]
    )
    cells = conn.execute(text("SELECT id FROM cell ORDER BY id")).scalars().all()
    matters = conn.execute(text("SELECT id FROM matter ORDER BY id")).scalars().all()
    for number in range(40):
        told = {
            "no": str(number), "at": day(rng.randint(-5, 45)), "officer": rng.choice(random_city.OFFICERS),
            "cell": rng.choice([None, *cells]), "matter": rng.choice([None, *matters]),
            "kind": rng.choice(["household", "mediation", "patrol"]), "count": rng.randint(1, 4),
            "minutes": rng.choice([None, 0.0, 35.0]),
        }  # fmt: skip
        conn.execute(VISIT, told)
    conn.execute(
        text(
            "UPDATE posting SET role = 'beat_lead' WHERE id IN (SELECT min(id) FROM posting WHERE beat_id IS NOT NULL)"
        )
    )
    for number, beat in enumerate(["B1", "B3", "B5"]):
        conn.execute(MEETING, {"code": f"M{number}", "at": day(rng.randint(0, 30)), "beat": beat})


VISIT = text("""
    INSERT INTO visit (source, source_no, at, officer_id, cell_id, matter_id, kind, count, minutes, content_hash)
    SELECT 'app', :no, :at, o.id, :cell, :matter, :kind, :count, :minutes, '' FROM officer o WHERE o.code = :officer""")
MEETING = text("INSERT INTO meeting (code, at, beat_id) SELECT :code, :at, id FROM beat WHERE code = :beat")


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    at_work(built, random.Random(5))
    model = readmodel.build(built, tmp_path_factory.mktemp("load") / "readmodel")
    return built, readmodel.scoped(model, readmodel.reach_of(built)), oracle.Record.read(built)


def told(frame, *names):
    frame = frame.astype(object).where(frame.notna(), None)
    return {row.key: tuple(getattr(row, name) for name in names) for row in frame.itertuples()}


@pytest.mark.parametrize("seed", range(12))
def test_load_of_people_equals_a_hand_count(made, seed):
    conn, view, record = made
    flt = a_filter(random.Random(seed)) if seed else EVERYTHING
    found = workload(conn, view, flt, "officer")
    carried, matters = record.carried(flt), record.matters_of(flt)
    at_hand = record.at_hand(flt.start, flt.end)
    assert set(carried) <= set(found["key"])
    for row in found.itertuples():
        own = carried.get(row.key, Counter())
        for name in ("handling", "visits", "revisits", "mediation", "meetings"):
            assert getattr(row, name) == pytest.approx(own[name]), (row.key, name)
        assert row.minutes == pytest.approx(sum(own.values()))
        assert row.matters == matters.get(row.key, 0)
        minutes = at_hand.get(row.key)
        assert row.available == pytest.approx(minutes) if minutes is not None else row.available != row.available
        if not minutes:
            assert row.flag == "unstaffed"
            assert row.load != row.load
        else:
            assert row.load == pytest.approx(row.minutes / minutes)


@pytest.mark.parametrize("by", ["cell", "beat", "community", "station"])
@pytest.mark.parametrize("seed", range(3))
def test_demand_and_minutes_at_hand_of_places_equal_a_hand_count(made, by, seed):
    conn, view, record = made
    flt = a_filter(random.Random(seed)) if seed else EVERYTHING
    found = workload(conn, view, flt, by)
    wanted = figures.demand(record.city, flt, by)
    for key, (matters, minutes) in told(found, "matters", "minutes").items():
        assert (matters, minutes) == pytest.approx(wanted.get(key, (0, 0.0)))
    assert set(wanted) <= set(found["key"].where(found["key"].notna(), None))
    staffed = record.at_hand_by(by, flt.start, flt.end)
    for key, minutes in told(found, "available").items():
        assert minutes[0] == pytest.approx(staffed.get(key)) if key in staffed else minutes[0] is None


@pytest.mark.parametrize("seed", range(3))
def test_minutes_at_hand_by_the_hour_and_by_the_stretch_are_the_same(made, seed):
    _, _, record = made
    flt = a_filter(random.Random(seed)) if seed else EVERYTHING
    stretches = AtHand(record, flt.start, flt.end)
    assert stretches.by_officer() == pytest.approx(record.at_hand(flt.start, flt.end))
    for by in ("cell", "beat", "community", "station"):
        minutes = {key: told for key, (told, _) in stretches.by_place(by).items()}
        assert minutes == pytest.approx(record.at_hand_by(by, flt.start, flt.end))


def test_a_wall_that_may_not_see_people_sees_the_minutes_that_they_have(made):
    conn, _, _ = made
    wanted = by_place(posted(conn, EVERYTHING.start, EVERYTHING.end), "beat")
    assert len(wanted)
    act_as(conn, Who("a wall", ("wall",)))
    try:
        found = by_place(posted(conn, EVERYTHING.start, EVERYTHING.end), "beat")
    finally:
        act_as(conn, operator("test"))
    pd.testing.assert_frame_equal(found, wanted)


def test_every_place_of_the_period_has_a_row_those_without_matters_with_nought(made):
    conn, view, record = made
    flt = replace(EVERYTHING, categories=("nothing of the kind",))
    found = workload(conn, view, flt, "beat")
    held = {record.city.row("beat", row["beat_id"])["code"] for row in record.city.tables["beat_cell"]}
    assert set(found["key"]) == held
    assert (found["minutes"] == 0).all()


@pytest.mark.parametrize("seed", range(8))
def test_fairness_of_stations_equals_a_hand_count(made, seed):
    conn, view, record = made
    flt = a_filter(random.Random(seed)) if seed else EVERYTHING
    loads = defaultdict(list)
    beats = {row["id"]: row for row in record.city.tables["beat"]}
    stations = {row["id"]: row["code"] for row in record.city.tables["unit"]}
    table = workload(conn, view, flt, "beat").set_index("key")
    for code, row in table.iterrows():
        beat = next((each for each in beats.values() if each["code"] == code), None)
        if beat is not None and beat["station_id"] is not None:
            loads[stations[beat["station_id"]]].append(row["load"])
    found = fairness_of_stations(conn, view, flt, over="beat")
    assert set(found["key"]) == set(loads)
    for row in found.itertuples():
        n, unstaffed, top, cv = oracle.fairness(loads[row.key])
        assert (row.n, row.unstaffed) == (n, unstaffed)
        assert row.max_over_mean == pytest.approx(top, nan_ok=True)
        assert row.cv == pytest.approx(cv, nan_ok=True)


def test_people_are_counted_in_one_station_each_the_unstaffed_apart(made):
    conn, view, _ = made
    people = workload(conn, view, EVERYTHING, "officer")
    found = fairness_of_stations(conn, view, EVERYTHING, over="officer")
    assert (found["n"] + found["unstaffed"]).sum() == people["station"].notna().sum()
    assert found["unstaffed"].sum() == (people["station"].notna() & people["load"].isna()).sum()


@pytest.mark.parametrize("seed", range(4))
def test_what_people_carry_and_what_is_nobodys_is_all_there_was(made, seed):
    conn, view, record = made
    flt = replace(a_filter(random.Random(seed)), place=None, categories=(), channels=()) if seed else EVERYTHING
    found = workload(conn, view, flt, "officer")
    rows = handler_rows(figures.chosen(record.city.matters, flt))
    handled = 0.0
    for (matter, role), named in pairs_of(rows).items():
        began = min(row["at"] for row in rows if (row["matter"], row["role"]) == (matter, role))
        handled += pair_minutes(named) if flt.start <= began < flt.end else 0
    assert found["handling"].sum() == pytest.approx(handled)
    told = visits_and_meetings(conn, flt)
    met = [row for row in record.tables["meeting"] if flt.start <= row["at"] < flt.end]
    nobodys = told.loc[told["officer"].isna(), "count"].sum()
    assert found["meetings"].sum() + 60 * nobodys == 60 * len(met)


def test_months_sum_to_the_period(made):
    conn, view, _ = made
    flt = Filter(day(3), day(38))
    parts = monthly(conn, view, flt, "officer").groupby("key")[["handling", "visits", "minutes"]].sum()
    whole = workload(conn, view, flt, "officer").set_index("key")[["handling", "visits", "minutes"]]
    assert len(parts) == len(whole)
    assert (parts - whole).abs().to_numpy().max() < 1e-6


def test_a_draft_moves_the_demand_of_a_cell_and_changes_no_sum(made):
    conn, view, _ = made
    before = workload(conn, view, EVERYTHING, "beat", boundaries="now").set_index("key")["minutes"]
    after = workload(conn, view, EVERYTHING, "beat", boundaries={"G11": "B5", "G12": "B5"}).set_index("key")["minutes"]
    assert before.sum() == pytest.approx(after.sum())
    cells = workload(conn, view, EVERYTHING, "cell", boundaries="now").set_index("key")["minutes"]
    assert cells.sum() == pytest.approx(before.sum())


def test_fairness_over_anything_else_is_refused(made):
    conn, view, _ = made
    with pytest.raises(InputError):
        fairness_of_stations(conn, view, EVERYTHING, over="cell")


SERVING = text("""
    SELECT o.code FROM posting p JOIN officer o ON o.id = p.officer_id
    WHERE p.cell_id = ANY (:cells)
       OR EXISTS (SELECT FROM beat_cell h
                  WHERE h.beat_id = p.beat_id AND h.cell_id = ANY (:cells) AND h.valid && p.valid)
       OR EXISTS (SELECT FROM beat_cell h JOIN beat b ON b.id = h.beat_id
                  WHERE b.station_id = p.unit_id AND h.cell_id = ANY (:cells))""")
STATIONS = text("""
    SELECT u.code FROM beat_cell h JOIN beat b ON b.id = h.beat_id JOIN unit u ON u.id = b.station_id
    WHERE h.cell_id = ANY (:cells)""")


@pytest.mark.parametrize("place", ["station:S1", "beat:B3", "cell:G00", "beat:nowhere"])
def test_who_sees_some_places_sees_the_people_posted_or_at_work_there_and_nobody_else(made, place):
    conn, view, _ = made
    everyone = set(workload(conn, view, EVERYTHING, "officer")["key"])
    act_as(conn, Who("somebody", ("analyst",), (place,)))
    try:
        narrow = readmodel.scoped(view.about, readmodel.reach_of(conn))
        found = workload(conn, narrow, EVERYTHING, "officer").set_index("key")
        cells = conn.execute(text("SELECT scope_cells()")).scalar_one()
        stations = set(fairness_of_stations(conn, narrow, EVERYTHING, over="officer")["key"])
    finally:
        act_as(conn, operator("test"))
    there = set(conn.execute(SERVING, {"cells": cells}).scalars())
    at_work = set(found.index[found["minutes"].gt(0) | found["matters"].gt(0)])
    assert set(found.index) == there | at_work <= everyone
    assert stations <= set(conn.execute(STATIONS, {"cells": cells}).scalars())
    assert (place == "beat:nowhere") == found.empty


def test_a_wall_sees_what_each_carries_but_not_who_he_is(made):
    conn, view, _ = made
    wanted = workload(conn, view, EVERYTHING, "officer")
    act_as(conn, Who("a wall", ("wall",)))
    try:
        found = workload(conn, view, EVERYTHING, "officer")
    finally:
        act_as(conn, operator("test"))
    assert found["key"].str.match(r"#\d+").all()
    names = ["matters", "handling", "visits", "revisits", "mediation", "meetings", "minutes"]
    told = (frame[names].sort_values(names, ignore_index=True) for frame in (found, wanted))
    pd.testing.assert_frame_equal(*told)
