"""Moving a cell: seen before it is done, done for the future only, with its warnings."""

import pytest
from sqlalchemy import text

from db.city import city, describe_city
from db.facts import Filter
from db.metrics import cells, containment, totals, workload
from db.plans import move_cell, preview_move
from geo.errors import InputError, NotFound, Refused
from grids.policies import POLICIES, policy
from tests.factories import (
    DAY0,
    day,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_officer,
    make_posting,
    make_step,
    make_unit,
)

NOW = day(100)


@pytest.fixture
def town(conn, keys):
    """Beat B1 holds G1 G2 G3 in a row, B2 holds G4 beside them, B3 holds nothing; one staffed matter in each cell."""
    make_unit(conn, "S1")
    make_category(conn, minutes=50.0)
    for beat in ("B1", "B2", "B3"):
        make_beat(conn, beat, station="S1")
    for number in range(1, 5):
        make_cell(conn, f"G{number}", number, 0, "B2" if number == 4 else "B1", residents=number * 100)
        make_incident(conn, keys, str(number), number, 0, reported_at=day(90))
        make_incident(conn, keys, f"old {number}", number, 0, reported_at=day(-400))
    make_step(conn, keys, "close", day(91), source_no="2")
    for officer, beat in (("P1", "B1"), ("P3", "B3")):
        make_officer(conn, keys, officer)
        make_posting(conn, officer, beat=beat, valid_from=NOW.replace(year=2025), weekly_hours=10.0)
    return conn


def dump(conn):
    """Every row of every table that a plan could touch, as text."""
    tables = ("beat", "beat_cell", "cell", "cell_lineage", "incident", "matter", "posting", "city", "closure", "step")
    return {name: conn.execute(text(f"SELECT {name}::text FROM {name} ORDER BY 1")).scalars().all() for name in tables}


def figures(conn, start, end):
    """All figures of a period by every place, as plain values."""
    flt = Filter(start, end)
    found = [totals(conn, flt)]
    for by in ("cell", "beat", "station", None):
        found += [containment(conn, flt, told, by).to_dict("records") for told in POLICIES.values()]
    found += [workload(conn, flt, by).fillna(-1).to_dict("records") for by in ("cell", "beat", "station")]
    held = cells(conn, flt, policy("QD")).drop(columns=["beat", "station"])
    return [*found, held.to_dict("records")]


def test_a_preview_writes_nothing(town):
    before = dump(town)
    preview_move(town, "G3", "B2", day(101), NOW)
    assert dump(town) == before


def test_a_preview_tells_load_before_and_after(town):
    effect = preview_move(town, "G3", "B2", day(101), NOW)
    told = effect.beats.set_index("beat")
    assert told["cells_before"].to_dict() == {"B1": 3, "B2": 1}
    assert told["cells_after"].to_dict() == {"B1": 2, "B2": 2}
    assert told["minutes_before"].to_dict() == {"B1": 150.0, "B2": 50.0}, "of the past year only"
    assert told["minutes_after"].to_dict() == {"B1": 100.0, "B2": 100.0}
    year = 10 * 60 * 365 / 7
    assert told.loc["B1", ["load_before", "load_after"]].tolist() == pytest.approx([150 / year, 100 / year])
    assert told.loc["B2", ["load_before", "load_after"]].isna().all(), "nobody is posted there: unstaffed, not 0"
    assert (effect.from_beat, effect.to_beat, effect.open_matters, effect.residents) == ("B1", "B2", 2, 300)
    assert effect.warnings == []


def test_closed_matters_do_not_go_along(town):
    assert preview_move(town, "G2", "B2", day(101), NOW).open_matters == 1


def test_a_beat_that_has_people_and_no_matters_is_not_unstaffed(town):
    told = preview_move(town, "G3", "B3", day(101), NOW).beats.set_index("beat")
    assert told.loc["B3", "load_before"] == 0.0
    assert told.loc["B3", "load_after"] > 0


def test_a_move_that_splits_a_beat_or_empties_one_is_warned_of(town):
    assert preview_move(town, "G2", "B2", day(101), NOW).warnings == [
        "Beat B1 would fall into 2 pieces: look at G3.",
        "Beat B2 would fall into 2 pieces: look at G4.",
    ]
    assert preview_move(town, "G4", "B1", day(101), NOW).warnings == ["Beat B2 would hold no cell any more."]


def test_a_move_changes_the_future_only(town, commit):
    past = figures(town, day(0), day(101))
    before = dump(town)
    move_cell(town, "G3", "B2", day(101), NOW)
    commit()
    assert figures(town, day(0), day(101)) == past
    after = dump(town)
    assert {name for name in after if after[name] != before[name]} == {"beat_cell", "city"}
    query = """SELECT b.code, lower(h.valid), upper(h.valid) FROM beat_cell h JOIN beat b ON b.id = h.beat_id
               WHERE h.cell_id = (SELECT id FROM cell WHERE code = 'G3') ORDER BY h.valid"""
    assert [tuple(row) for row in town.execute(text(query))] == [("B1", None, day(101)), ("B2", day(101), None)]


def test_new_incidents_of_a_moved_cell_count_for_its_new_beat(town, keys):
    move_cell(town, "G3", "B2", day(101), NOW)
    for number, at in (("a", day(101)), ("b", day(100.9999))):
        make_incident(town, keys, number, 3, 0, reported_at=at)
    found = workload(town, Filter(day(100), day(102)), "beat").set_index("key")["matters"]
    assert found.to_dict() == {"B1": 1, "B2": 1}


def test_a_matter_keeps_the_beat_of_the_day_it_was_opened(town, keys):
    move_cell(town, "G3", "B2", day(101), NOW)
    make_step(town, keys, "close", day(110), source_no="3")
    frame = containment(town, Filter(day(105), day(115)), policy("QD"), "beat").set_index("key")
    assert frame["contained"].to_dict() == {"B1": 1, "B2": 0}


def test_the_maps_are_told_of_a_move(town):
    before = city(town)
    move_cell(town, "G3", "B2", day(101), NOW)
    after = city(town)
    assert (after.boundary_version, after.data_version) == (before.boundary_version + 1, before.data_version + 1)


@pytest.mark.parametrize("past", [day(99.99), day(99), day(0), day(-1000)])
def test_a_date_in_the_past_is_refused(town, past):
    describe_city(town, None, "UTC", None)
    before = dump(town)
    with pytest.raises(Refused, match="today or later"):
        move_cell(town, "G3", "B2", past, NOW)
    assert dump(town) == before


def test_today_is_counted_in_the_zone_of_the_city(town):
    describe_city(town, None, "Asia/Shanghai", None)
    midnight = day(99 + 16 / 24)  # 100 days after DAY0 it is 08:00 in Shanghai
    with pytest.raises(Refused, match="today or later"):
        move_cell(town, "G3", "B2", midnight - (day(1) - day(0.99)), NOW)
    move_cell(town, "G3", "B2", midnight, NOW)


def test_an_unknown_time_zone_is_refused(conn):
    with pytest.raises(InputError, match="no time zone 'Mars/Olympus'"):
        describe_city(conn, None, "Mars/Olympus", None)


@pytest.mark.parametrize(("cell", "beat", "said"), [("G9", "B1", "cell 'G9'"), ("G1", "B9", "beat 'B9'")])
def test_unknown_codes_are_not_found(town, cell, beat, said):
    for attempt in (preview_move, move_cell):
        with pytest.raises(NotFound, match=said):
            attempt(town, cell, beat, day(101), NOW)


def test_a_move_to_where_the_cell_is_already_is_refused(town):
    with pytest.raises(Refused, match="in beat B1 already"):
        preview_move(town, "G1", "B1", day(101), NOW)


def test_a_move_before_one_that_is_planned_already_is_refused(town):
    move_cell(town, "G3", "B2", day(120), NOW)
    with pytest.raises(Refused, match="choose a later date"):
        move_cell(town, "G3", "B3", day(110), NOW)
    move_cell(town, "G3", "B3", day(130), NOW)
    move_cell(town, "G3", "B1", day(130), NOW)


def test_without_cells_there_is_nothing_to_move(conn):
    with pytest.raises(NotFound, match="No cell is in force on 2026-03-01"):
        preview_move(conn, "G1", "B1", DAY0, NOW)
