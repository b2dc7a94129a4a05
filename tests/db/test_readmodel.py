"""The read model answers as SQL over the rows does, for any filter, after any change, within a reader's scope."""

import random
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import func, text

from db import readmodel
from db.bulk import frame_of
from db.containment import containment
from db.engine import act_as
from db.facts import Filter, matters
from db.ladders import ladders
from db.readmodel import Reach, View, open_model, reach_of, scoped
from db.readmodel.columns import AGO_US, LONG_US, microseconds
from db.readmodel.spots import _without_gaps
from geo.errors import Denied, InputError, NotFound
from grids.policies import POLICIES
from grids.rights import Who, operator
from tests.db import random_city
from tests.factories import day, make_category, make_incidents, make_step, make_steps

EVERYTHING = Reach(figures=True, everywhere=True)
KEYS = ("cell", "beat", "community", "street", "district", "station", "severity", "channel", "category")
COUNTS = ["contained", "escaped", "pending"]
EVENTS = text("""
    SELECT closed_at FROM closure UNION SELECT reopened_at FROM closure WHERE reopened_at IS NOT NULL UNION
    SELECT reached_street FROM matter WHERE reached_street IS NOT NULL UNION
    SELECT severity_at FROM matter WHERE severity_at IS NOT NULL ORDER BY 1""")
PARTS = text("""
    INSERT INTO matter_unit (matter_id, unit_id, part)
    SELECT m.id, u.id, 'lead' FROM matter m, unit u WHERE u.code = 'S2' AND m.id % 5 = 0""")


def a_filter(rng):
    """A period at whole hours, mostly with a place, categories and channels."""
    start = day(rng.randint(-24, 24 * random_city.DAYS) / 24)
    return Filter(
        start,
        start + timedelta(hours=rng.choice([1, 24, 24 * 7, 24 * 60])),
        rng.choice([None, None, *random_city.PLACES]),
        tuple(rng.sample((*random_city.CATEGORIES, *random_city.GROUPS), rng.choice([0, 0, 1, 2]))),
        tuple(rng.sample(random_city.CHANNELS, rng.choice([0, 0, 1, 2]))),
    )


def told(frame, names):
    """key → counts, for comparing."""
    return {None if pd.isna(row.key) else row.key: tuple(getattr(row, n) for n in names) for row in frame.itertuples()}


def counted_in_sql(conn, flt, by):
    facts = matters()
    key, _ = facts.key(by)
    conditions = facts.within(flt)
    columns = [key.label("key"), func.count().label("matters")]
    return frame_of(conn, facts.select(columns).where(*conditions).group_by(key))


def assert_equal_to_sql(conn, view, rng, rounds):
    """Random questions to both."""
    dated = ladders(conn)
    # Periods that end, and looks that are taken, at the very instant at which something happened.
    happened = conn.execute(EVENTS).scalars().all() or [day(0)]
    for _ in range(rounds):
        flt, by = a_filter(rng), rng.choice([*KEYS, None])
        policy = rng.choice(list(POLICIES.values()))
        as_of = rng.choice([None, flt.start, flt.end + timedelta(days=rng.randint(0, 40)), rng.choice(happened)])
        if rng.random() < 0.5 and flt.start < (end := rng.choice(happened)):
            flt = replace(flt, end=end)
        slow = containment(conn, flt, policy, by, as_of)
        quick = readmodel.containment(view, flt, policy, by, dated, as_of)
        quick = quick[(quick[COUNTS] > 0).any(axis=1)] if by else quick
        assert told(quick, COUNTS) == told(slow, COUNTS), (flt, by, policy.code, as_of)
        assert quick["label"].fillna("").tolist() == slow["label"].fillna("").tolist() or by is None
        key = by or "channel"
        assert told(readmodel.counts(view, flt, key), ["matters"]) == told(counted_in_sql(conn, flt, key), ["matters"])


@pytest.fixture
def home(tmp_path):
    return tmp_path / "readmodel"


@pytest.mark.parametrize("look", ["closed_at", "reopened_at", "reached_beat", "reached_street"])
def test_at_the_very_instant_of_an_event_it_has_happened(city, home, look):
    view, dated = scoped(readmodel.build(city, home), EVERYTHING), ladders(city)
    at = f"SELECT DISTINCT {look} FROM matter m JOIN closure c ON c.matter_id = m.id AND {look} IS NOT NULL"
    if not look.startswith("reached"):
        at = f"SELECT DISTINCT c.{look} FROM closure c WHERE c.{look} IS NOT NULL"
    instants = city.execute(text(at)).scalars().all()
    assert instants
    for instant in instants:
        flt = Filter(day(-9), instant + timedelta(days=1))
        slow = containment(city, flt, POLICIES["QD"], None, instant)
        quick = readmodel.containment(view, flt, POLICIES["QD"], None, dated, instant)
        assert told(quick, COUNTS) == told(slow, COUNTS)


@pytest.mark.parametrize("seed", range(3))
def test_any_question_gets_the_answer_of_sql(conn, keys, home, seed):
    random_city.build(conn, keys, seed)
    view = scoped(readmodel.build(conn, home), EVERYTHING)
    assert_equal_to_sql(conn, view, random.Random(seed), 25)


def test_instants_finer_than_seconds_decide_exactly(conn, keys, home):
    random_city.build(conn, keys, 7)
    conn.execute(text("UPDATE matter SET opened_at = opened_at + interval '1 microsecond' WHERE id % 2 = 0"))
    conn.execute(text("UPDATE closure SET closed_at = closed_at - interval '1 microsecond' WHERE matter_id % 3 = 0"))
    model = readmodel.build(conn, home)
    assert model.ticks.us == 1
    assert_equal_to_sql(conn, scoped(model, EVERYTHING), random.Random(7), 25)


def test_questions_with_fractions_of_seconds_are_answered_by_a_model_of_seconds(city, home):
    view = scoped(readmodel.build(city, home), EVERYTHING)
    assert view.about.ticks.us == 1_000_000
    opened = city.execute(text("SELECT min(opened_at) FROM matter")).scalar_one()
    hair = timedelta(microseconds=1)
    both = ((opened, opened + hair, 1), (opened + hair, opened + 2 * hair, 0), (opened - hair, opened, 0))
    for start, end, expected in both:
        assert (readmodel.counts(view, Filter(start, end))["matters"].iloc[0] > 0) == bool(expected)


def test_matters_are_rebuilt_equal_after_any_changes(city, keys, home):
    readmodel.build(city, home)
    rng = random.Random(3)
    known = city.execute(text("SELECT channel, source_no, reported_at FROM incident ORDER BY id")).all()
    for number in range(4):
        row = rng.choice(known)
        make_step(city, keys, "take_lead", row.reported_at + timedelta(hours=5), 50 + number,
                  channel=row.channel, source_no=row.source_no, level="city")  # fmt: skip
    make_category(city, "fireworks", group="disputes")
    make_incidents(city, keys, [{"source_no": f"new {n}", "category": "fireworks", "channel": "new"} for n in range(3)])
    make_steps(city, keys, [{"source_no": "new 1", "channel": "new", "kind": "close", "at": day(9), "step_no": 1}])
    changed = (
        city.execute(text("SELECT id FROM matter WHERE channel = 'new' OR reached_city IS NOT NULL")).scalars().all()
    )
    model = readmodel.patch(city, home, changed)
    assert model.deltas == 1
    assert len(model) == city.execute(text("SELECT count(*) FROM matter")).scalar_one()
    assert_equal_to_sql(city, scoped(model, EVERYTHING), rng, 25)


def test_a_change_that_a_delta_cannot_hold_builds_the_model_anew(city, home):
    readmodel.build(city, home)
    moved = text("UPDATE matter SET opened_at = opened_at + interval '1 microsecond' RETURNING id")
    model = readmodel.patch(city, home, [city.execute(moved).scalars().first()])
    assert (model.deltas, model.ticks.us) == (0, 1)
    city.execute(text("UPDATE city SET boundary_version = boundary_version + 1"))
    assert readmodel.patch(city, home, []).boundary_version == model.boundary_version + 1


def test_a_reader_keeps_its_model_while_a_new_one_is_built(city, home):
    flt = Filter(day(0), day(60))
    view = scoped(readmodel.build(city, home), EVERYTHING)
    before = readmodel.counts(view, flt)
    for _ in range(3):
        readmodel.build(city, home)
    pd.testing.assert_frame_equal(readmodel.counts(view, flt), before)
    assert len([folder for folder in home.iterdir() if folder.is_dir()]) == 2


def test_a_build_that_is_cut_off_leaves_the_model_before_it(city, home, monkeypatch):
    first = readmodel.build(city, home)

    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr("db.readmodel.building.point_to", fails)
    with pytest.raises(OSError, match="no space"):
        readmodel.build(city, home)
    assert open_model(home).folder == first.folder


def test_boundaries_of_today_follow_the_redrawn_cell_and_its_beat(city, home):
    view = scoped(readmodel.build(city, home), EVERYTHING)
    slow = text("""
        SELECT b.code AS key, count(*) AS matters FROM matter m JOIN incident i ON i.id = m.incident_id
        LEFT JOIN beat_cell h ON h.cell_id = i.cell_now AND h.valid @> CAST(:at AS timestamptz)
        LEFT JOIN beat b ON b.id = h.beat_id WHERE m.opened_at >= :start AND m.opened_at < :end GROUP BY 1""")
    flt = Filter(day(3), day(35))
    for at in (day(1), day(20), day(60)):
        expected = frame_of(city, slow, at=at, start=flt.start, end=flt.end)
        quick = readmodel.counts(view, flt, "beat", boundaries="now", redrawn=at)
        assert told(quick, ["matters"]) == told(expected, ["matters"])
    then = readmodel.counts(view, flt, "beat")
    assert told(quick, ["matters"]) != told(then, ["matters"]), "this city was not redrawn"


@pytest.mark.parametrize("unit", ["day", "month"])
def test_days_and_months_are_those_of_the_city(city, home, unit):
    view = scoped(readmodel.build(city, home), EVERYTHING)
    flt = Filter(day(0.3), day(33.7))
    slow = f"""
        SELECT c.code AS cell, date_trunc('{unit}', timezone('Asia/Shanghai', m.opened_at))::date AS {unit},
            count(*) AS matters
        FROM matter m LEFT JOIN cell c ON c.id = m.cell_id
        WHERE m.opened_at >= :start AND m.opened_at < :end GROUP BY 1, 2"""
    expected = frame_of(city, slow, start=flt.start, end=flt.end)
    quick = readmodel.counts(view, flt, ("cell", unit))
    one, other = ({tuple(row) for row in frame.fillna("-").to_numpy()} for frame in (quick, expected))
    assert one == other


def test_parts_of_a_grouping_sum_to_the_whole(city, home):
    view = scoped(readmodel.build(city, home), EVERYTHING)
    flt, policy, dated = Filter(day(3), day(30)), POLICIES["JM"], ladders(city)
    whole = readmodel.containment(view, flt, policy, None, dated)[COUNTS].iloc[0].tolist()
    for by in [("beat", "severity", "day"), ("cell", "channel"), ("category", "month"), "station"]:
        assert readmodel.containment(view, flt, policy, by, dated)[COUNTS].sum().tolist() == whole


@pytest.mark.parametrize(
    "places",
    [
        ("*",), ("station:S1",), ("station:S2",), ("beat:B2", "cell:G00"), ("community:C1",), ("district:K",),
        ("cell:G40",), ("beat:nowhere",), (),
    ],
)  # fmt: skip
def test_a_view_holds_what_row_level_security_lets_its_reader_see(city, home, places):
    model = readmodel.build(city, home)
    city.execute(PARTS)
    act_as(city, Who("somebody", ("analyst",), places))
    view = scoped(model, reach_of(city))
    seen = city.execute(text("SELECT count(*) FROM matter")).scalar_one()
    assert readmodel.counts(view, Filter(day(-99), day(99)))["matters"].iloc[0] == seen
    assert_equal_to_sql(city, view, random.Random(len(places)), 12)
    act_as(city, operator("test"))
    everything = city.execute(text("SELECT count(*) FROM matter")).scalar_one()
    assert (seen == everything) == (places == ("*",))


def test_asking_for_a_place_outside_shows_nothing_of_it(city, home):
    model = readmodel.build(city, home)
    act_as(city, Who("somebody", ("analyst",), ("beat:B1",)))
    view = scoped(model, reach_of(city))
    flt = Filter(day(-99), day(99), place="station:S2")
    assert (
        readmodel.counts(view, flt, boundaries="now")["matters"].iloc[0]
        == city.execute(
            text("""SELECT count(*) FROM matter m JOIN incident i ON i.id = m.incident_id
                JOIN beat_cell h ON h.cell_id = i.cell_now AND h.valid @> CAST(:at AS timestamptz)
                JOIN beat b ON b.id = h.beat_id JOIN unit u ON u.id = b.station_id AND u.code = 'S2'"""),
            {"at": flt.end},
        ).scalar_one()
    )


def test_who_may_not_see_figures_gets_no_view(city, home):
    model = readmodel.build(city, home)
    act_as(city, Who("a feed", ("feed",), ("*",), channel="110"))
    with pytest.raises(Denied, match="figures"):
        scoped(model, reach_of(city))


def test_nobody_makes_a_view_but_the_function_that_applies_scope(city, home):
    model = readmodel.build(city, home)
    for key in (None, object(), "key"):
        with pytest.raises(InputError, match="scoped"):
            View(model, None, (), key)
    flt = Filter(day(0), day(1))
    with pytest.raises(AttributeError):
        readmodel.counts(model, flt)
    with pytest.raises(AttributeError):
        readmodel.containment(model, flt, POLICIES["QD"], None, [])
    narrow = scoped(model, Reach(True, False))
    with pytest.raises(AttributeError):
        narrow.everything = True


def test_only_who_sees_the_whole_city_builds_or_patches(city, home):
    readmodel.build(city, home)
    act_as(city, Who("somebody", ("analyst",), ("station:S1",)))
    for work in (readmodel.build, lambda conn, home: readmodel.patch(conn, home, [1])):
        with pytest.raises(Denied, match="whole city"):
            work(city, home)


def test_a_cell_that_no_beat_holds_for_a_while_is_in_none():
    rows = [
        {"held": True, "beat": "B1", "since": day(1), "until": day(2)},
        {"held": True, "beat": "B2", "since": day(5)},
    ]
    told = _without_gaps([{"until": None} | row for row in rows])
    assert [row["beat"] for row in told] == [None, "B1", None, "B2"]
    assert [row["since"] for row in told] == [AGO_US, *(microseconds(day(n)) for n in (1, 2, 5))]
    assert [row["until"] for row in told] == [*(microseconds(day(n)) for n in (1, 2, 5)), LONG_US]
    (nobody,) = _without_gaps([{"held": False, "beat": None, "since": None, "until": None}])
    assert (nobody["since"], nobody["until"]) == (AGO_US, LONG_US)


def test_before_the_first_build_there_is_no_model(home):
    with pytest.raises(NotFound, match="build it first"):
        open_model(home)


def test_an_empty_record_is_an_empty_model(conn, home):
    view = scoped(readmodel.build(conn, home), EVERYTHING)
    assert len(view.about) == 0
    assert readmodel.counts(view, Filter(day(0), day(1)))["matters"].tolist() == [0]
    assert readmodel.counts(view, Filter(day(0), day(1)), ("cell", "month")).empty


def test_progress_is_told_while_rows_are_read(city, home):
    seen = []
    model = readmodel.build(city, home, seen.append)
    assert seen[-1] >= len(model) > 0


@pytest.mark.parametrize("by", ["colour", ("cell", "beat"), ("day", "month"), ("channel", "severity"), ""])
def test_groupings_that_make_no_sense_are_refused(city, home, by):
    view = scoped(readmodel.build(city, home), EVERYTHING)
    with pytest.raises(InputError, match="Group by"):
        readmodel.counts(view, Filter(day(0), day(1)), by)


def test_shares_are_left_to_the_record(city, home):
    view = scoped(readmodel.build(city, home), EVERYTHING)
    with pytest.raises(InputError, match="shares"):
        readmodel.counts(view, Filter(day(0), day(1), shares=True))
