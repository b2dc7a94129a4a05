"""Plans in the record: drafted by several, approved by another, published for a later day, handed over, rolled back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from db.beat_sheets import beat_sheet
from db.engine import act_as
from db.geography import boundary_version
from db.planning import drafts
from db.planning.handing import handover_of, notices_of
from db.planning.places import assignment_at
from db.planning.told import told_of
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import Who, operator
from tests.db.planners import (
    APPROVER,
    NOW,
    OTHER,
    PLANNER,
    advance,
    begin,
    begin_plan,
    figures,
    midnight,
    move_cells,
    publish,
    published,
    redo,
    refresh,
    roll_back,
    set_lock,
    undo,
)
from tests.factories import day, make_beat, make_cell, make_incidents, make_step, make_unit, middle, square


def test_a_draft_changes_nothing_but_itself(town):
    before = assignment_at(town, NOW)
    code = begin(town)
    draft = move_cells(town, PLANNER, code, ["G20", "G21"], "B1", "the school belongs to B1")
    assert draft.moves == {"G20": ("B2", "B1"), "G21": ("B2", "B1")}
    assert drafts.draft_of(town, drafts.read_plan(town, code)).moves == draft.moves
    assert assignment_at(town, NOW) == assignment_at(town, midnight(5)) == before


def test_two_planners_edit_one_draft_and_each_undoes_their_own(town):
    code = begin(town)
    move_cells(town, PLANNER, code, ["G20"], "B1")
    move_cells(town, OTHER, code, ["G30"], "B3")
    assert undo(town, PLANNER, code).moves == {"G30": ("B2", "B3")}
    assert redo(town, PLANNER, code).moves == {"G20": ("B2", "B1"), "G30": ("B2", "B3")}
    set_lock(town, OTHER, code, True, cells=["G21"])
    with pytest.raises(Refused, match="G21 is locked"):
        move_cells(town, PLANNER, code, ["G21"], "B1")


def test_a_plan_that_breaks_a_rule_is_not_submitted(town, keys):
    code = begin(town)
    with pytest.raises(Refused, match="moves no cell"):
        advance(town, keys, PLANNER, code, "submit")
    move_cells(town, PLANNER, code, ["G50"], "B1")
    with pytest.raises(Refused, match="B1 would fall into 2 pieces"):
        advance(town, keys, PLANNER, code, "submit")
    town.execute(text("INSERT INTO cell_link VALUES ('G10', 'G50', 'a ferry')"))
    assert advance(town, keys, PLANNER, code, "submit").state == "submitted"
    with pytest.raises(Refused, match="is submitted and not edited"):
        move_cells(town, PLANNER, code, ["G20"], "B1")


def test_only_somebody_else_approves_and_only_an_approver_publishes(town, keys):
    code = begin(town)
    move_cells(town, PLANNER, code, ["G20", "G21"], "B1")
    both = Who("mei", ("planner", "approver"))
    advance(town, keys, both, code, "submit")
    with pytest.raises(Denied, match="somebody else"):
        advance(town, keys, both, code, "approve")
    advance(town, keys, APPROVER, code, "approve")
    with pytest.raises(Denied):
        publish(town, keys, PLANNER, code, midnight(1), NOW)
    with pytest.raises(Refused, match="tomorrow at the earliest"):
        publish(town, keys, APPROVER, code, midnight(0), NOW)
    done = publish(town, keys, APPROVER, code, midnight(1), NOW)
    assert (done.state, done.effective_at) == ("published", midnight(1))
    assert list(drafts.events(town, done)["what"]) == ["begin", "submit", "approve", "publish"]


def test_a_published_plan_holds_from_its_day_on_and_leaves_the_past_alone(town, keys):
    before, told = assignment_at(town, NOW), figures(town)
    published(town, keys, 2, ("B1", "G20", "G21"))
    assert assignment_at(town, midnight(2) - timedelta(seconds=1)) == before
    assert assignment_at(town, midnight(2)) == before | {"G20": "B1", "G21": "B1"}
    assert figures(town) == told


def test_shapes_are_read_anew_when_a_plan_is_published_and_again_when_it_takes_effect(town, keys):
    told = [boundary_version(town, NOW)]
    published(town, keys, 2, ("B1", "G20", "G21"))
    told += [boundary_version(town, at) for at in (NOW, midnight(2) - timedelta(seconds=1), midnight(2))]
    assert told[1] == told[2]
    assert len(set(told)) == 3


def test_the_beats_of_a_plan_are_told_and_no_others_and_not_for_ever(town, keys):
    published(town, keys, 2, ("B1", "G20"))
    names = dict(town.execute(text("SELECT code, name FROM cell")).all())
    for beat, gives, takes in (("B1", [], ["G20"]), ("B2", ["G20"], [])):
        (told,) = told_of(town, beat, NOW).to_dict("records")
        assert told["since"] == midnight(2)
        assert (told["gives"], told["takes"]) == ([names[code] for code in gives], [names[code] for code in takes])
    assert told_of(town, "B3", NOW).empty
    assert len(told_of(town, "B1", midnight(2) + timedelta(days=13)))
    assert told_of(town, "B1", midnight(2) + timedelta(days=14)).empty


def test_history_is_replayed_to_any_date(town, keys):
    first = assignment_at(town, NOW)
    published(town, keys, 2, ("B1", "G20", "G21"))
    published(town, keys, 4, ("B3", "G31"))
    at = [assignment_at(town, midnight(days)) for days in (1, 2, 3, 4)]
    middle = first | {"G20": "B1", "G21": "B1"}
    assert at == [first, middle, middle, middle | {"G31": "B3"}]


def test_the_handover_list_names_what_goes_where(town, keys):
    code = published(town, keys, 2, ("B1", "G20", "G21"))
    told = handover_of(town, drafts.read_plan(town, code), NOW)
    columns = ["cell", "gives", "takes", "giver", "taker", "residents", "open_matters"]
    assert told["cells"][columns].to_numpy().tolist() == [
        ["G20", "B2", "B1", "P2", "P1", 100, 1], ["G21", "B2", "B1", "P2", "P1", 100, 1],
    ]  # fmt: skip
    assert told["matters"][["number", "gives", "takes"]].to_numpy().tolist() == [
        ["110:20", "B2", "B1"],
        ["110:21", "B2", "B1"],
    ]
    notices = town.execute(
        text("SELECT b.code, n.detail FROM notice n JOIN beat b ON b.id = n.beat_id ORDER BY 1")
    ).all()
    assert [tuple(row) for row in notices] == [
        ("B1", {"gives": [], "takes": ["G20", "G21"]}), ("B2", {"gives": ["G20", "G21"], "takes": []}),
    ]  # fmt: skip


def test_open_matters_stand_with_the_taking_beat_from_the_midnight_on_and_no_step_is_written(town, keys):
    steps = "SELECT count(*), max(recorded_at) FROM step"
    written = town.execute(text(steps)).one()
    published(town, keys, 2, ("B1", "G20", "G21"))

    def numbers(beat, at):
        told = beat_sheet(town, beat, at)
        return sorted(no for no in told.open_matters["no"] if no in ("110:20", "110:21"))

    for at, takes, gives in (
        (midnight(2) - timedelta(seconds=1), [], ["110:20", "110:21"]),
        (midnight(2), ["110:20", "110:21"], []),
    ):
        assert (numbers("B1", at), numbers("B2", at)) == (takes, gives)
    assert town.execute(text(steps)).one() == written
    for beat, seen in (("B1", 1), ("B2", 0)):  # the day is over by now: who serves the taking beat works on the matter
        act_as(town, Who("an officer", ("officer",), (f"beat:{beat}",)))
        asked = "SELECT count(*) FROM matter m JOIN incident i ON i.id = m.incident_id WHERE i.source_no = '20'"
        assert town.execute(text(asked)).scalar_one() == seen
    act_as(town, operator("test"))


def test_the_handover_list_is_of_the_midnight_whenever_it_is_printed(town, keys):
    make_step(town, keys, "take_lead", midnight(1), source_no="20", level="street", unit="S1")
    code = published(town, keys, 2, ("B1", "G20", "G21"))
    make_step(town, keys, "close", midnight(3), 2, source_no="20")
    lon, lat = middle(2, 1)
    make_incidents(town, keys, [{"source_no": "new", "lon": lon, "lat": lat, "reported_at": midnight(3)}])
    told = handover_of(town, drafts.read_plan(town, code), midnight(9))
    listed = told["matters"][["number", "lead_level", "lead_unit", "open"]].fillna("–").to_numpy().tolist()
    assert listed == [["110:20", "street", "S1", True], ["110:21", "–", "–", True]]
    assert told["cells"]["open_matters"].tolist() == [1, 1]


def test_who_is_told_of_a_plan_is_known_before_and_after_it_is_published(town, keys):
    code = begin(town)
    assert notices_of(town, drafts.read_plan(town, code)).empty
    move_cells(town, PLANNER, code, ["G20", "G21"], "B1")
    columns = ["beat", "lead", "gives", "takes"]
    wanted = [["B1", "P1", [], ["G20", "G21"]], ["B2", "P2", ["G20", "G21"], []]]
    before = notices_of(town, drafts.read_plan(town, code))
    assert (before[columns].to_numpy().tolist(), before["told_at"].notna().any()) == (wanted, False)
    told = notices_of(town, drafts.read_plan(town, published(town, keys, 2, ("B1", "G20", "G21"))))
    assert (told[columns].to_numpy().tolist(), told["told_at"].notna().all()) == (wanted, True)
    assert list(told["since"]) == [midnight(2)] * 2


def test_rolling_back_is_a_plan_of_its_own(town, keys):
    before = assignment_at(town, NOW)
    code = published(town, keys, 2, ("B1", "G20", "G21"))
    back = roll_back(town, PLANNER, code)
    advance(town, keys, PLANNER, back.code, "submit")
    advance(town, keys, APPROVER, back.code, "approve")
    publish(town, keys, APPROVER, back.code, midnight(2), NOW)
    assert assignment_at(town, midnight(2)) == before
    assert drafts.read_plan(town, code).state == "superseded"
    with pytest.raises(Refused, match="only a published plan"):
        roll_back(town, PLANNER, code)


def test_plans_that_collide_are_told_so_and_decided_again(town, keys):
    slow = begin(town, OTHER)
    move_cells(town, OTHER, slow, ["G20", "G21"], "B1")
    advance(town, keys, OTHER, slow, "submit")
    advance(town, keys, APPROVER, slow, "approve")
    published(town, keys, 2, ("B3", "G30", "G31"), ("B1", "G20"))
    assert publish(town, keys, APPROVER, slow, midnight(3), NOW).state == "published"
    assert assignment_at(town, midnight(3))["G21"] == "B1"


def test_a_cell_that_somebody_else_moved_elsewhere_stops_the_publication(town, keys):
    slow = begin(town, OTHER)
    move_cells(town, OTHER, slow, ["G30", "G31"], "B3")
    advance(town, keys, OTHER, slow, "submit")
    advance(town, keys, APPROVER, slow, "approve")
    published(town, keys, 2, ("B1", "G20", "G21", "G30"))
    with pytest.raises(Refused, match="Cell G30 was in beat B2 when this plan began and is in B1 now"):
        publish(town, keys, APPROVER, slow, midnight(3), NOW)
    advance(town, keys, APPROVER, slow, "return", "look again")
    found = refresh(town, OTHER, slow, midnight(3))
    assert [each.cell for each in found] == ["G30"]
    assert drafts.draft_of(town, drafts.read_plan(town, slow)).moves == {"G30": ("B1", "B3"), "G31": ("B2", "B3")}


def test_what_is_not_there_or_not_ones_own_is_said_in_a_sentence(town):
    with pytest.raises(NotFound, match="no plan 'P9'"):
        drafts.read_plan(town, "P9")
    with pytest.raises(InputError, match="name"):
        begin_plan(town, PLANNER, " ", at=NOW)
    with pytest.raises(NotFound, match="No cell is in force in station:S9"):
        begin(town, place="station:S9")
    with pytest.raises(Denied):
        begin(town, Who("wang", ("officer",)))


def test_a_planner_of_one_station_sees_the_plans_of_that_station(town, keys):
    make_unit(town, "S2")
    make_beat(town, "B9", station="S2")
    make_cell(town, "H1", 8, 8, "B9", geometry=square(8, 8), now=day(-500))
    here, there = begin(town, place="station:S1"), begin(town, place="station:S2")
    everywhere = begin(town)
    act_as(town, Who("mei", ("planner",), ("station:S1",)))
    assert list(drafts.plans(town)["code"]) == [here]
    act_as(town, Who("wu", ("analyst",)))
    assert drafts.plans(town).empty
    act_as(town, operator("test"))
    assert list(drafts.plans(town)["code"]) == [everywhere, there, here]
