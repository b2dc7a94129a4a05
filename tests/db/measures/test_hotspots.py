"""Clock, hot cells, surface, addresses, near repeats and the expected count: equal to hand counts over raw rows."""

import math
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from db import readmodel
from db.drill import FIGURES, behind
from db.engine import act_as
from db.facts import Filter
from db.keys import load_keys
from db.measures import ground as ground_of
from db.measures.addresses import doors_of, pareto, repeat_addresses
from db.measures.clock import clock
from db.measures.expected import expected_today
from db.measures.hotspots import hot_spots, surface, surface_peaks
from db.measures.near_repeat import near_repeat
from db.measures.question import Question
from geo.errors import InputError
from geo.hotspots.near_repeat import in_pairs
from geo.metric import MetricPlane
from grids.arrivals import history
from grids.rights import Who
from tests.db import figures, random_city
from tests.db.test_readmodel import a_filter
from tests.factories import day, make_incidents, make_run
from tests.oracle import hotspots as oracle
from tests.oracle.expected import expected_by_now

EVERYTHING = Filter(day(-30), day(random_city.DAYS + 30))
DOORS = ("东海路1号", "东海路1号2单元301", "东海路3号", "南海路5号楼", "市南区东海路1号")


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    """The random city with addresses here and there, and one more burst of reports in one cell."""
    rng = random.Random(3)
    home = tmp_path_factory.mktemp("spots") / "readmodel"
    keys = load_keys(tmp_path_factory.mktemp("keys") / "keys")
    burst = [
        {"source_no": f"x{n}", "category": "noise", "channel": "110", "lon": 120.3151 + n * 1e-5, "lat": 36.0652,
         "reported_at": day(20 + n / 24), "address": rng.choice([None, *DOORS])} for n in range(30)
    ]  # fmt: skip
    make_incidents(built, keys, burst, make_run(built))
    built.execute(text("INSERT INTO holiday VALUES (DATE '2026-03-10', 'off', NULL) ON CONFLICT DO NOTHING"))
    view = readmodel.scoped(readmodel.build(built, home), readmodel.reach_of(built))
    return built, view, figures.City.read(built)


def filters(seeds):
    return [EVERYTHING, *(a_filter(random.Random(seed)) for seed in range(1, seeds))]


@pytest.mark.parametrize("flt", filters(8))
def test_the_clock_equals_a_hand_count_and_sums_to_the_reports(made, flt):
    conn, view, city = made
    found = clock(conn, view, flt)
    reports = figures.within(city.incidents, flt)
    zone = city.tables["city"][0]["zone"]
    counts, hours = oracle.clock([row["at"] for row in reports], flt.start, flt.end, zone)
    assert found["reports"].sum() == len(reports)
    assert found["hours"].sum() == pytest.approx((flt.end - flt.start) / timedelta(hours=1))
    for row in found.itertuples():
        assert row.reports == counts.get((row.weekday - 1, row.hour), 0)
        assert row.hours == pytest.approx(hours.get((row.weekday - 1, row.hour), 0))


def live(city):
    """code → shape of the cells in force."""
    rows = [row for row in city.tables["cell"] if row["valid"].upper is None]
    return {row["code"]: (row, shapely.from_wkb(str(row["geom"]))) for row in sorted(rows, key=lambda row: row["code"])}


def in_todays_cells(city, flt):
    """code of the live cell → reports whose point lies in it, by the filter of today's places."""
    cells = {row["id"]: row["code"] for row in city.tables["cell"]}
    facts = [row | city.places(row["cell_now"], flt.end) for row in city.incidents]
    return Counter(cells[row["cell_now"]] for row in figures.within(facts, flt) if row["cell_now"] is not None)


@pytest.mark.parametrize("per", ["km2", "residents"])
@pytest.mark.parametrize("flt", [EVERYTHING, Filter(day(10), day(30), None, ("noise", "quarrel"))])
def test_hot_cells_equal_gi_star_written_out_over_rates_counted_by_hand(made, flt, per):
    conn, view, city = made
    found = hot_spots(conn, view, flt, per=per, alpha=0.1).set_index("key")
    shapes = {code: shape for code, (_, shape) in live(city).items()}
    counted = in_todays_cells(city, flt)
    plane = MetricPlane(np.array(list(shapes.values()), dtype=object))
    laid = plane.lay(np.array(list(shapes.values()), dtype=object))
    size = {code: shapely.area(each) / 1e6 for code, each in zip(shapes, laid, strict=True)}
    if per == "residents":
        size = {code: (row["residents"] or math.nan) / 1000 for code, (row, _) in live(city).items()}
    known = [code for code in shapes if size[code] == size[code]]
    rates = [counted[code] / size[code] for code in known]
    beside = {
        i: {j: 1 for j, other in enumerate(known) if i != j and _border(shapes[code], shapes[other])}
        for i, code in enumerate(known)
    }
    z = dict(zip(known, oracle.gi_star(rates, beside), strict=True))
    assert set(found.index) == set(shapes)
    for code, row in found.iterrows():
        assert row["reports"] == counted[code]
        if code not in z:
            assert row["kind"] == "unknown"
            assert math.isnan(row["z"])
        else:
            assert row["per"] == pytest.approx(size[code])
            assert row["z"] == pytest.approx(z[code], abs=1e-6)
    asked = found.loc[known]
    assert [known[n] for n in sorted(oracle.discoveries(asked["p"].tolist(), 0.1))] == [
        code for code in known if asked.at[code, "kind"] != "none"
    ]


def _border(one, other):
    return shapely.length(shapely.intersection(shapely.boundary(one), shapely.boundary(other))) > 1e-4


def test_the_ground_is_measured_once_for_each_version_of_the_boundaries(made, monkeypatch):
    conn, view, _ = made
    first = ground_of.ground(conn, view)
    ground_of._grounds.clear()
    monkeypatch.setattr(ground_of, "neighbours", lambda _shapes: pytest.fail("measured again"))
    again = ground_of.ground(conn, view)
    assert (again.codes, again.beside) == (first.codes, first.beside)
    assert again.km2 == pytest.approx(first.km2)


@pytest.mark.parametrize("flt", filters(5))
def test_the_surface_holds_every_point_on_squares_that_no_question_moves(made, flt):
    conn, view, city = made
    flt = replace(flt, place=None)
    found = surface(conn, view, flt, least=0.0)
    land = ground_of.surfaces(conn, view, 100.0, 300.0)
    points = [(row["lon"], row["lat"]) for row in figures.within(city.incidents, flt) if row["lon"] is not None]
    x, y = land.plane.project(*np.array(points).T.reshape(2, -1))
    left, bottom, right, top = land.plan.lattice.bounds
    inside = (x >= left) & (x < right) & (y >= bottom) & (y < top)
    assert found["reports"].sum() == inside.sum()
    days = (flt.end - flt.start) / timedelta(days=1)
    assert found["density"].sum() * 0.01 * days == pytest.approx(inside.sum(), rel=1e-3)
    squares = Counter(
        zip(((x - left) // 100)[inside].astype(int), ((y - bottom) // 100)[inside].astype(int), strict=True)
    )
    east, north = land.plane.project(found["lon"].to_numpy(float), found["lat"].to_numpy(float))
    told = zip(((east - left) // 100).astype(int), ((north - bottom) // 100).astype(int), found["reports"], strict=True)
    assert {(i, j): n for i, j, n in told if n} == squares
    if inside.sum() == 1:
        i, j = next(iter(squares))
        here = found.loc[found["density"].idxmax()]
        assert (here["lon"], here["lat"]) == pytest.approx(
            [v.item() for v in land.centres(np.array([j]), np.array([i]))]
        )


def test_the_highest_peak_stands_where_the_burst_is(made):
    conn, view, _ = made
    found = surface_peaks(conn, view, Filter(day(20), day(22)), most=3)
    first = found.iloc[0]
    assert (first["cell"], first["rank"]) == ("G11", 1)
    assert first["reports"] >= 30
    assert found["density"].is_monotonic_decreasing
    assert surface_peaks(conn, view, Filter(day(900), day(901))).empty


def buildings(city, flt):
    """Number of the building → reports, by the addresses that the burst has."""
    told = [row["address"] for row in figures.within(city.incidents, flt)]
    same = {"东海路1号": 1, "东海路1号2单元301": 1, "市南区东海路1号": 1, "东海路3号": 3, "南海路5号楼": None}
    return Counter(number for address in told if (number := same.get(address)))


def test_addresses_are_counted_by_building_and_ranked(made):
    conn, view, city = made
    counted = buildings(city, EVERYTHING)
    found = repeat_addresses(conn, view, EVERYTHING, most=5)
    doors = {1: "东海路 1", 3: "东海路 3"}
    calls = found.set_index("door")["calls"]
    for number, words in doors.items():
        (own,) = [n for door, n in calls.items() if words.split()[0] in door and f"{number}" in door.split()]
        assert own == counted[number]
    whole = len(figures.within(city.incidents, EVERYTHING))
    assert (found["all_calls"] == whole).all()
    assert found["running_calls"].tolist() == found["calls"].cumsum().tolist()
    assert found["share"].tolist() == pytest.approx((found["calls"] / whole).tolist())
    assert found["calls"].is_monotonic_decreasing
    assert not any("301" in door for door in found["door"])


def test_the_rows_behind_an_address_are_its_reports(made):
    conn, view, _ = made
    asked = Question(conn, view, EVERYTHING)
    for row in repeat_addresses(conn, view, EVERYTHING, most=5).itertuples():
        found = behind(asked, FIGURES["doors"], row.key)
        assert len(found) == row.calls
        assert set(doors_of(conn, found["id"].tolist())) == {row.door}


def test_how_few_addresses_give_half_of_all_calls(made):
    conn, view, city = made
    burst = Filter(day(20), day(21.5), None, ("noise",))
    found = pareto(conn, view, burst).iloc[0]
    table = repeat_addresses(conn, view, burst, most=100)
    assert found["all_calls"] == len(figures.within(city.incidents, burst))
    assert found["calls"] == table["calls"].sum()
    assert found["doors"] == len(table)
    half = [k for k, calls in enumerate(table["running_calls"], 1) if 2 * calls >= found["all_calls"]]
    assert found["fewest"] == (half[0] if half else 0)


def test_near_repeats_equal_the_pairs_counted_one_by_one(made):
    conn, view, city = made
    flt = Filter(day(0), day(40))
    found = near_repeat(conn, view, flt, space_m=(50, 2000), time_days=(1, 5), permutations=19)
    firsts = [row for row in figures.within(city.incidents, flt) if row["id"] in _first_reports(city) and row["lon"]]
    plane = MetricPlane(np.array([shapely.Point(row["lon"], row["lat"]) for row in firsts], dtype=object))
    x, y = plane.project(*(np.array([row[name] for row in firsts]) for name in ("lon", "lat")))
    pairs = oracle.knox(list(zip(x, y, strict=True)), [row["at"].timestamp() for row in firsts], (50, 2000), (1, 5))
    wanted = [pairs.get((row, column), 0) for row in (0, 1) for column in (0, 1)]
    assert found["observed"].tolist() == wanted
    assert (found["reports"] == len(firsts)).all()
    again = near_repeat(conn, view, flt, space_m=(50, 2000), time_days=(1, 5), permutations=19)
    pd.testing.assert_frame_equal(found, again)
    assert found["p"].between(0.05, 1).all()


def test_the_rows_behind_near_repeats_are_the_reports_of_their_pairs(made):
    conn, view, _ = made
    asked = Question(conn, view, Filter(day(0), day(40)))
    found = near_repeat(conn, view, asked.flt, permutations=1)
    for row in found.itertuples():
        rows = behind(asked, FIGURES["near"], f"{row.metres} m, {row.days} d")
        assert len(set(rows.rows.tolist())) == len(rows)
        assert len(rows) <= 2 * row.observed <= len(rows) * (len(rows) - 1)
    assert found["observed"].sum()


def test_each_incident_stands_in_every_band_in_which_it_makes_a_pair():
    metres, days = [0, 90, 180, 270, 360, 450], [0, 6, 6, 13, 40, 41]
    found = in_pairs(metres, [0] * 6, day(0) + pd.Series(pd.to_timedelta(days, "D")))
    apart = {
        (i, _band(abs(metres[i] - metres[j]), abs(days[i] - days[j]))) for i in range(6) for j in range(6) if i != j
    }
    assert set(zip(*(each.tolist() for each in found), strict=True)) == {pair for pair in apart if pair[1] is not None}


def _band(metres, days):
    """Of 0, 100, 200, 400 metres by 7, 14, 28 days."""
    space = [metres <= edge for edge in (0, 100, 200, 400)]
    time = [days <= edge for edge in (7, 14, 28)]
    return 3 * space.index(True) + time.index(True) if any(space) and any(time) else None


def _first_reports(city):
    """Ids of the reports that opened their matters."""
    first = {}
    for row in city.tables["incident"]:
        order = (row["reported_at"], row["channel"], row["source_no"])
        if row["matter_id"] not in first or order < first[row["matter_id"]][0]:
            first[row["matter_id"]] = (order, row["id"])
    return {id_ for _, id_ in first.values()}


def test_of_many_reports_the_last_are_taken_for_near_repeats(made):
    conn, view, city = made
    found = near_repeat(conn, view, EVERYTHING, permutations=9, most=10)
    firsts = [
        row["at"]
        for row in figures.within(city.incidents, EVERYTHING)
        if row["id"] in _first_reports(city) and row["lon"]
    ]
    assert (found["reports"] == 10).all()
    assert found["since"].iloc[0] == sorted(firsts)[-10]


@pytest.mark.parametrize("by", [None, "beat", "station", "channel"])
@pytest.mark.parametrize("hour", [0.0, 14.5])
def test_the_expected_count_of_each_place_equals_the_one_place_formula(made, by, hour):
    conn, view, city = made
    now = day(35 + hour / 24)
    flt = Filter(day(0), day(1), None, ("disputes",))
    found = expected_today(conn, view, flt, now=now, by=by, weeks=4)
    zone = city.tables["city"][0]["zone"]
    first = min(figures.local(city, row["reported_at"]) for row in city.tables["incident"]).date() + timedelta(days=1)
    for row in found.itertuples():
        key = None if row.key is None or row.key != row.key else row.key
        told = [r["at"] for r in figures.chosen(city.incidents, flt) if by is None or r[by] == key]
        times = pd.Series(pd.to_datetime(told, utc=True)).astype("datetime64[us, UTC]")
        wanted = expected_by_now(history(times, now, zone, 4, {date(2026, 3, 10)}, first))
        assert (row.observed, row.verdict, row.days) == (wanted.observed, wanted.verdict, wanted.days)
        assert (row.expected, row.limit_low, row.limit_high) == pytest.approx(
            (wanted.expected, wanted.low, wanted.high), nan_ok=True
        )
        assert row.excess == pytest.approx(wanted.excess)


def test_a_festival_is_no_comparison_and_says_so_of_itself(made):
    conn, view, _ = made
    at = pd.Timestamp("2026-03-10 12:00", tz=view.about.zone).to_pydatetime()
    assert expected_today(conn, view, EVERYTHING, now=at)["is_holiday"].tolist() == [True]
    later = expected_today(conn, view, EVERYTHING, now=at + timedelta(days=28))
    assert later["is_holiday"].tolist() == [False]
    # Of eight Tuesdays three lie before the record (from 1 March), and the 10th is the festival.
    assert later["days"].iloc[0] == 4


def test_a_reader_of_one_station_gets_figures_of_its_places_alone(made):
    conn, view, _ = made
    act_as(conn, Who("reader", ("officer",), ("station:S1",)))
    own = readmodel.scoped(view.about, readmodel.reach_of(conn))
    act_as(conn, Who("test", ("operator",), ("*",)))
    cells = set(hot_spots(conn, own, EVERYTHING)["key"])
    assert cells < set(hot_spots(conn, view, EVERYTHING)["key"])
    assert clock(conn, own, EVERYTHING)["reports"].sum() < clock(conn, view, EVERYTHING)["reports"].sum()


@pytest.mark.parametrize(
    "bad",
    [
        lambda conn, view: hot_spots(conn, view, EVERYTHING, per="households"),
        lambda conn, view: repeat_addresses(conn, view, EVERYTHING, most=0),
        lambda conn, view: near_repeat(conn, view, EVERYTHING, space_m=(100, 50)),
        lambda conn, view: expected_today(conn, view, EVERYTHING, weeks=2),
    ],
)
def test_what_makes_no_sense_is_refused(made, bad):
    conn, view, _ = made
    with pytest.raises(InputError):
        bad(conn, view)
