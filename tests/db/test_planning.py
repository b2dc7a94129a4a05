"""Plans in the record: drafted by several, approved by another, published for a later day, handed over, rolled back."""

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.engine import act_as
from db.facts import Filter
from db.geography import boundary_version
from db.metrics import cells as cell_figures
from db.metrics import containment, workload
from db.planning import drafts, publishing
from db.planning import links as declared
from db.planning.handing import handover_of
from db.planning.links import links
from db.planning.places import assignment_at
from geo.errors import BeatgridError, Denied, InputError, NotFound, Refused
from grids.policies import policy
from grids.rights import Who, operator
from tests.db.planned_town import BEATS, CELLS, HIGH, WIDE, make_planned_town
from tests.factories import day, make_beat, make_cell, make_unit, square

PLANNER, OTHER = Who("mei", ("planner",)), Who("lin", ("planner",))
APPROVER = Who("shen", ("approver",))
ZONE = ZoneInfo("Asia/Shanghai")
NOW = day(100)


def midnight(days):
    """Local midnight so many days after NOW's."""
    return (NOW.astimezone(ZONE) + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def town(conn, keys):
    """The planned town, rolled back afterwards."""
    make_planned_town(conn, keys)
    return conn


def doing(work):
    """The same function, called as whoever is named: row-level security binds them, and the audit knows them."""

    def done(conn, *told, **more):
        who = next(each for each in told if isinstance(each, Who))
        act_as(conn, who)
        try:
            return work(conn, *told, **more)
        finally:
            act_as(conn, operator("test"))

    return done


begin_plan, move_cells, undo, redo, set_lock, link, advance, publish, roll_back, refresh = map(
    doing,
    (
        drafts.begin_plan, drafts.move_cells, drafts.undo, drafts.redo, drafts.set_lock, declared.link,
        publishing.advance, publishing.publish, publishing.roll_back, publishing.refresh,
    ),
)  # fmt: skip


def begin(conn, who=PLANNER, **told):
    return begin_plan(conn, who, "A better plan", at=told.pop("at", NOW), **told).code


def published(conn, keys, days, *moves, by=PLANNER):
    """The code of a plan of (beat, cells) that holds from so many days after NOW."""
    code = begin(conn, by, at=midnight(days))
    for beat, *cells in moves:
        move_cells(conn, by, code, cells, beat)
    advance(conn, keys, by, code, "submit")
    advance(conn, keys, APPROVER, code, "approve")
    publish(conn, keys, APPROVER, code, midnight(days), NOW)
    return code


def figures(conn):
    """Figures of a time that is over, by beat and station, as they were."""
    flt = Filter(day(0), NOW)
    told = [containment(conn, flt, policy("QD"), by).to_dict("records") for by in ("beat", "station", "cell")]
    told += [workload(conn, flt, by).fillna(-1).to_dict("records") for by in ("beat", "cell")]
    return [*told, cell_figures(conn, flt, policy("QD")).drop(columns=["beat"]).to_dict("records")]


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


STEPS = ["move", "move", "move", "undo", "redo", "lock", "link", "refresh", "publish", "publish", "roll back"]
actions = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(CELLS), st.sampled_from(BEATS)), max_size=24)


class Planners:
    """Does one step after the other as whoever would; what is refused is let be."""

    def __init__(self, conn, keys):
        self.conn, self.keys, self.days, self.done = conn, keys, 0, []
        self.code = begin(conn)

    def do(self, what, cell, beat):
        with suppress(BeatgridError):
            getattr(self, what.replace(" ", "_"))(cell, beat)

    def move(self, cell, beat):
        move_cells(self.conn, PLANNER, self.code, [cell], beat)

    def undo(self, *_):
        undo(self.conn, PLANNER, self.code)

    def redo(self, *_):
        redo(self.conn, PLANNER, self.code)

    def lock(self, cell, _):
        set_lock(self.conn, OTHER, self.code, cell < "G30", cells=[cell])

    def link(self, cell, _):
        link(self.conn, PLANNER, cell, "G50", "a ferry")

    def refresh(self, *_):
        refresh(self.conn, PLANNER, self.code, midnight(self.days))

    def roll_back(self, *_):
        if self.done:
            self.code = roll_back(self.conn, PLANNER, self.done[-1]).code

    def publish(self, *_):
        self.days += 1
        advance(self.conn, self.keys, PLANNER, self.code, "submit")
        advance(self.conn, self.keys, APPROVER, self.code, "approve")
        publish(self.conn, self.keys, APPROVER, self.code, midnight(self.days), NOW)
        self.done.append(self.code)
        self.code = begin(self.conn, at=midnight(self.days))


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(actions)
def test_whatever_is_edited_published_and_rolled_back_every_beat_stays_whole_and_the_past_as_it_was(town, keys, steps):
    before = town.begin_nested()
    told, at_work = figures(town), Planners(town, keys)
    for step in steps:
        at_work.do(*step)
    town.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    twice = """SELECT count(*) FROM beat_cell a JOIN beat_cell b
               ON a.cell_id = b.cell_id AND a.id < b.id AND a.valid && b.valid"""
    assert town.execute(text(twice)).scalar_one() == 0
    ways = links(town)[["one", "other"]].to_numpy().tolist()
    for since in range(at_work.days + 2):
        held = assignment_at(town, midnight(since))
        assert len(held) == WIDE * HIGH
        assert all(is_whole([cell for cell in held if held[cell] == beat], ways) for beat in set(held.values()))
    assert figures(town) == told
    before.rollback()
    act_as(town, operator("test"))


def is_whole(cells, ways):
    """Whether one can walk from the first of these cells to all the others by sides of the lattice or declared ways."""
    left = set(cells)
    waiting = [left.pop()]
    while waiting:
        here = waiting.pop()
        i, j = int(here[1]), int(here[2])
        near = {f"G{i + 1}{j}", f"G{i - 1}{j}", f"G{i}{j + 1}", f"G{i}{j - 1}"}
        near |= {other for pair in ways for one, other in (pair, pair[::-1]) if one == here}
        waiting += near & left
        left -= near
    return not left
