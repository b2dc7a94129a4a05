"""Scorecards from the record: each line equals its hand count, and what the record cannot say is not judged."""

import math
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from db import readmodel
from db.drill import FIGURES, against, behind
from db.facts import Filter
from db.measures.question import Question
from db.measures.scorecards import scorecard_lines, scorecards
from db.measures.staffing import GAPS, staffing, staffing_gaps
from db.team_gaps import gaps
from geo.errors import InputError, NotFound
from grids.policies import POLICIES
from grids.scorecards.rules import SCORECARDS
from grids.teams import SHAPES
from tests.db import figures, random_city
from tests.db.test_readmodel import a_filter
from tests.factories import day, make_category, make_incidents
from tests.oracle import scorecards as oracle
from tests.oracle.casework import replay_rows

EVERYTHING = Filter(day(-30), day(random_city.DAYS + 30))
CRIMES = "crimes"  # a group of the random city


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    """The random city with a few matters tagged."""
    built.execute(text("UPDATE matter SET tags = '{civil_to_criminal}' WHERE id % 9 = 0"))
    built.execute(text("UPDATE matter SET tags = '{bone}' WHERE id % 9 = 1"))
    view = view_of(built, tmp_path_factory.mktemp("cards"))
    return built, view, figures.City.read(built)


def view_of(conn, folder):
    return readmodel.scoped(readmodel.build(conn, folder / "readmodel"), readmodel.reach_of(conn))


def live(city, by, flt):
    """Codes of the places that held a cell in the period, inside the filter's place."""
    found = set()
    kind, _, code = (flt.place or "").partition(":")
    for held in city.tables["beat_cell"]:
        since, until = held["valid"].lower, held["valid"].upper
        if (since is None or since < flt.end) and (until is None or until > flt.start):
            places = city.places(held["cell_id"], since or (until - timedelta(days=1) if until else flt.start))
            if not flt.place or places[kind] == code:
                found.add(places[by])
    return found


def counted(conn, city, flt, by):
    """place → counts by name, of those that can be counted without the measures of outcomes."""
    found = {}

    def add(key, name, number=1):
        found.setdefault(key, Counter())[name] += number

    tagged = set(conn.execute(text("SELECT id FROM matter WHERE 'civil_to_criminal' = ANY (tags)")).scalars())
    for matter in figures.chosen(city.matters, flt):
        key, opened = matter[by], flt.start <= matter["at"] < flt.end
        closures = replay_rows(matter["steps"], matter["initial"])["closures"]
        standing = [at for at, again in closures if at <= flt.end and (again is None or again > flt.end)]
        add(key, "crimes", opened and matter["group"] == CRIMES)
        add(key, "turned_to_crime", opened and matter["matter"] in tagged)
        add(key, "registered", opened)
        add(key, "closed", opened and bool(standing))
        if matter["due_at"] is not None and flt.start <= matter["due_at"] < flt.end:
            add(key, "due")
            on_time = bool(standing) and standing[0] <= matter["due_at"]
            add(key, "closed_on_time", on_time)
            add(key, "overdue", not on_time)
        for again in {again for _, again in closures if again is not None}:
            add(key, "reopened", flt.start <= again < flt.end)
    for report in figures.within(city.incidents, flt):
        add(report[by], "reports")
    for key, (contained, escaped, _) in figures.contained(city, flt, POLICIES["QD"], by).items():
        for name, number in (("contained", contained), ("escaped", escaped), ("decided", contained + escaped)):
            add(key, name, number)
    return found


def residents(city, by, at):
    """place → residents of the cells it holds at an instant, NaN where one is unknown."""
    found = {}
    for held in city.tables["beat_cell"]:
        if figures.holds(held["valid"], at):
            own = city.row("cell", held["cell_id"])["residents"]
            key = city.places(held["cell_id"], at)[by]
            found[key] = found.get(key, 0) + (math.nan if own is None else own)
    return found


BY_HAND = ("crimes", "escaped", "turned_to_crime", "overdue", "reopened")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("by", ["cell", "beat"])
def test_lines_of_four_types_equal_the_hand_counts(made, by, seed):
    conn, view, city = made
    flt = a_filter(random.Random(seed)) if seed else EVERYTHING
    found = scorecard_lines(conn, view, flt, card="four_types", by=by)
    wanted, tags = counted(conn, city, flt, by), "turned_to_crime" not in unknown(conn, flt)
    rules = {rule.code: rule for rule in SCORECARDS["four_types"].rules}
    assert set(found["key"]) == live(city, by, flt)
    for row in found.itertuples():
        (name,) = rules[row.rule].above
        if name in BY_HAND and (name != "turned_to_crime" or tags):
            assert row.numerator == wanted.get(row.key, Counter())[name], (row.key, name)
            met, points, of = oracle.line({name: row.numerator}, (name,), (), "at_most", 0, 12.5, 1)
            assert (row.met, row.points, row.of) == (met, points, of)
        if name in ("fires", "complaints"):
            assert (math.isnan(row.numerator), row.of, row.points) == (True, 0, 0)


def unknown(conn, flt):
    tagged = "SELECT count(*) FROM matter WHERE tags <> '{}' AND opened_at >= :a AND opened_at < :b"
    return set() if conn.execute(text(tagged), {"a": flt.start, "b": flt.end}).scalar() else {"turned_to_crime"}


@pytest.mark.parametrize("card", ["four_goals", "monthly_star"])
@pytest.mark.parametrize("seed", range(4))
def test_shares_of_the_other_cards_equal_the_hand_counts(made, card, seed):
    conn, view, city = made
    flt = a_filter(random.Random(seed)) if seed else EVERYTHING
    found = scorecard_lines(conn, view, flt, card=card, by="beat").set_index(["key", "rule"])
    wanted, heads = counted(conn, city, flt, "beat"), residents(city, "beat", flt.end)
    rules = {
        "crime_rate": ("crimes", None), "containment": ("contained", "decided"), "closing": ("closed", "registered"),
        "on_time": ("closed_on_time", "due"), "repeat_rate": (None, "reports"),
    }  # fmt: skip
    for (key, rule), row in found.iterrows():
        above, below = rules.get(rule, (None, None))
        own = wanted.get(key, Counter())
        if above:
            assert row["numerator"] == own[above]
        if below:
            assert row["denominator"] == own[below]
        if rule == "crime_rate":
            assert row["denominator"] == pytest.approx(heads.get(key, math.nan), nan_ok=True)


def test_a_line_that_is_not_judged_is_neither_full_marks_nor_none(made):
    conn, view, _ = made
    for card in SCORECARDS:
        lines = scorecard_lines(conn, view, EVERYTHING, card=card)
        whole = scorecards(conn, view, EVERYTHING, card=card).set_index("key")
        judged = lines[lines["met"].notna()]
        assert (lines.loc[lines["met"].isna(), ["points", "of"]] == 0).all(axis=None)
        assert whole["of"].sum() == pytest.approx(judged["of"].sum())
        assert whole["points"].sum() == pytest.approx(lines["points"].sum())
        assert whole["judged"].sum() == len(judged)
        for key, row in whole.iterrows():
            own = judged[judged["key"] == key]
            percent = 100 * own["points"].sum() / own["of"].sum() if len(own) else math.nan
            assert row["percent"] == pytest.approx(percent, nan_ok=True)


def test_a_type_is_earned_when_every_line_of_it_was_judged_and_met(made):
    conn, view, _ = made
    lines = scorecard_lines(conn, view, EVERYTHING, card="four_types")
    for row in scorecards(conn, view, EVERYTHING, card="four_types").itertuples():
        own = lines[lines["key"] == row.key]
        groups = {group for group, lines_of in own.groupby("group") if lines_of["met"].fillna(False).all()}
        assert set(row.earned.split(";")) - {""} == groups
        assert "peaceful" not in groups  # nobody can say whether there was a fire


def test_stars_shine_in_each_station_for_the_best_only(made):
    conn, view, _ = made
    found = scorecards(conn, view, EVERYTHING, card="monthly_star", by="beat")
    for _, own in found.dropna(subset="station").groupby("station"):
        ranked = own[own["judged"] >= 0.5 * own["rules"]]
        best = ranked["percent"].max()
        assert set(own.loc[own["star"], "key"]) == set(ranked.loc[(ranked["percent"] == best) & (best > 0), "key"])


def test_a_category_of_the_catalogue_that_is_a_fire_is_counted(conn, keys, tmp_path):
    random_city.build(conn, keys, 4)
    make_category(conn, "hearth", name="火灾", group="rescue")
    make_incidents(
        conn, keys, [{"source_no": "fire", "category": "hearth", "lon": 120.305, "lat": 36.055, "reported_at": day(3)}]
    )
    found = scorecard_lines(conn, view_of(conn, tmp_path), Filter(day(2), day(4)), card="four_types")
    fires = found[found["rule"] == "no_fire"].set_index("key")
    assert fires.at["G00", "numerator"] == 1
    assert fires.at["G00", "met"] == False  # noqa: E712 - a flag that can be missing
    assert fires.at["G01", "numerator"] == 0
    assert fires.at["G01", "met"] == True  # noqa: E712


def test_without_tags_and_deadlines_nothing_is_said_of_them(conn, keys, tmp_path):
    random_city.build(conn, keys, 5)
    conn.execute(text("UPDATE matter SET due_at = NULL, tags = '{}'"))
    view = view_of(conn, tmp_path)
    found = scorecard_lines(conn, view, EVERYTHING, card="four_types").set_index("rule")
    assert found.loc["no_overdue", "met"].isna().all()
    assert found.loc["no_turn", "met"].isna().all()
    assert found.loc["no_return", "met"].notna().all()


@pytest.mark.parametrize(("told", "error"), [({"card": "gold"}, NotFound), ({"by": "station"}, InputError)])
def test_unknown_cards_and_units_are_refused(made, told, error):
    conn, view, _ = made
    with pytest.raises(error):
        scorecards(conn, view, EVERYTHING, **told)


def test_staffing_tells_what_the_gaps_of_each_station_tell(made):
    conn, view, city = made
    at = day(20)
    found = staffing(conn, view, EVERYTHING, at=at)
    work = figures.demand(city, EVERYTHING, "beat")
    heads = residents(city, "beat", EVERYTHING.end)
    for station in ("S1", "S2"):
        told = gaps(conn, station, at).teams.set_index(["shape", "place"])
        own = found[found["station"] == station].set_index(["shape", "key"])
        assert set(own.index) == set(told.index)
        for pair, row in own.iterrows():
            people, shape = told.at[pair, "people"], SHAPES[pair[0]]
            there = sum(min(number, sum(people.get(role, 0) for role in roles)) for _, roles, number in shape.needs)
            assert (row["people"], row["there"]) == (sum(people.values()), there)
            assert row["vacant"] == row["needed"] - there
            assert bool(row["lacking"]) == (row["vacant"] > 0)
            if shape.place == "beat":
                assert row["minutes"] == pytest.approx(work.get(pair[1], (0, 0))[1])
                assert row["residents"] == pytest.approx(heads.get(pair[1], math.nan), nan_ok=True)
                per_head = row["minutes"] / row["people"] if row["people"] else math.nan
                assert row["minutes_per_head"] == pytest.approx(per_head, nan_ok=True)


def test_gaps_are_listed_by_station(made):
    conn, view, _ = made
    found = staffing_gaps(conn, view, EVERYTHING, at=day(20))
    for station in ("S1", "S2"):
        told = gaps(conn, station, day(20))
        own = found[(found["station"] == station) & (found["gap"] == "beat without a lead")]
        assert own["key"].tolist() == told.beats_without_lead


def test_gaps_of_a_beat_are_those_of_its_station_that_lie_in_it(made):
    conn, view, _ = made
    whole = staffing_gaps(conn, view, EVERYTHING, at=day(20))
    ground = conn.execute(text("SELECT b.code, c.code FROM beat_cell h JOIN beat b ON b.id = h.beat_id"
                               " JOIN cell c ON c.id = h.cell_id WHERE h.valid @> CAST(:at AS timestamptz)"),
                          {"at": day(20)}).all()  # fmt: skip
    beats = sorted({beat for beat, _ in ground})
    told = {beat: staffing_gaps(conn, view, replace(EVERYTHING, place=f"beat:{beat}"), at=day(20)) for beat in beats}
    seen = 0
    for beat, found in told.items():
        inside = {beat} | {cell for held, cell in ground if held == beat}
        placed = whole[whole["gap"] != GAPS["away_without_cover"]]
        wanted = placed[placed["key"].isin(inside)]
        own = found[found["gap"] != GAPS["away_without_cover"]]
        assert sorted(map(tuple, own.to_numpy().tolist())) == sorted(map(tuple, wanted.to_numpy().tolist())), beat
        away = found[found["gap"] == GAPS["away_without_cover"]]
        assert set(away["key"]) <= set(whole.loc[whole["gap"] == GAPS["away_without_cover"], "key"])
        seen += len(own)
    assert seen


@pytest.mark.parametrize("by", ["cell", "beat"])
@pytest.mark.parametrize("card", SCORECARDS)
def test_the_rows_against_a_line_are_as_many_as_it_counts_or_lacks(made, card, by):
    conn, view, _ = made
    asked = Question(conn, view, Filter(day(5), day(50)), by)
    lines, met = scorecard_lines(conn, view, asked.flt, card=card, by=by), 0
    rules = {rule.code: rule for rule in SCORECARDS[card].rules}
    assert all(against(rule) for rule in rules.values())
    for row in lines[lines["numerator"].notna()].itertuples():
        rule = rules[row.rule]
        wanted = row.numerator if rule.bound == "at_most" else row.denominator - row.numerator
        assert len(behind(asked, FIGURES[against(rule)], row.key)) == wanted, (row.key, row.rule)
        met += wanted
    assert met
