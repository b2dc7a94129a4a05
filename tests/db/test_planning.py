"""Plans in the record: drafted by several, approved by another, published for a later day, handed over, rolled back."""

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.beat_sheets import beat_sheet
from db.engine import act_as
from db.facts import Filter
from db.geography import boundary_version
from db.metrics import cells as cell_figures
from db.metrics import containment, workload
from db.planning import drafts, publishing
from db.planning import links as declared
from db.planning.handing import handover_of, notices_of
from db.planning.links import links
from db.planning.places import assignment_at
from db.planning.told import told_of
from geo.errors import BeatgridError, Denied, InputError, NotFound, Refused
from grids.policies import policy
from grids.rights import Who, operator
from tests.db.planned_town import BEATS, CELLS, HIGH, WIDE, make_planned_town
from tests.factories import day, make_beat, make_cell, make_incidents, make_step, make_unit, middle, square

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


def of_beats(conn, until):
    """Figures of beats up to an instant, as they were."""
    flt = Filter(day(0), until)
    return [
        containment(conn, flt, policy("QD"), "beat").to_dict("records"),
        workload(conn, flt, "beat").fillna(-1).to_dict("records"),
    ]


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


STEPS = ["move", "shift", "shift", "undo", "redo", "lock", "link", "refresh", "publish", "publish", "roll back"]
step = st.tuples(st.sampled_from(STEPS), st.sampled_from(CELLS), st.sampled_from(BEATS), st.booleans())
actions = st.lists(step, min_size=8, max_size=16)
# Both planners publish, the second over the first; the first is rolled back, and what is done twice is refused.
BOTH = [
    ("shift", "G20", "B1", False), ("shift", "G40", "B1", True), ("publish", "G00", "B1", False),
    ("publish", "G00", "B1", True), ("roll back", "G00", "B1", False), ("publish", "G00", "B1", False),
    ("refresh", "G00", "B1", True), ("shift", "G40", "B1", True), ("publish", "G00", "B1", True),
]  # fmt: skip


class Planners:
    """Two planners, each with a draft of their own, do one step after the other; what is refused is let be.

    told: for each day of a publication the beats of every cell and all figures up to it, as they were just then.
    """

    def __init__(self, conn, keys):
        self.conn, self.keys, self.days, self.done, self.told = conn, keys, 0, [], {}
        self.codes = {who: begin(conn, who) for who in (PLANNER, OTHER)}

    def do(self, what, cell, beat, other):
        with suppress(BeatgridError):
            getattr(self, what.replace(" ", "_"))(OTHER if other else PLANNER, cell, beat)

    def move(self, who, cell, beat):
        move_cells(self.conn, who, self.codes[who], [cell], beat)

    def shift(self, who, cell, _):
        """To the beat of the cell to its left, which a rule rarely forbids."""
        held = drafts.draft_of(self.conn, drafts.read_plan(self.conn, self.codes[who])).assignment
        move_cells(self.conn, who, self.codes[who], [cell], held[f"G{max(int(cell[1]) - 1, 0)}{cell[2]}"])

    def undo(self, who, *_):
        undo(self.conn, who, self.codes[who])

    def redo(self, who, *_):
        redo(self.conn, who, self.codes[who])

    def lock(self, who, cell, _):
        set_lock(self.conn, who, self.codes[who], cell < "G30", cells=[cell])

    def link(self, who, cell, _):
        link(self.conn, who, cell, "G50", "a ferry")

    def refresh(self, who, *_):
        refresh(self.conn, who, self.codes[who], midnight(self.days))

    def roll_back(self, who, *_):
        if self.done:
            self.codes[who] = roll_back(self.conn, who, self.done[-1]).code

    def publish(self, who, *_):
        code, on = self.codes[who], midnight(self.days + 1)
        advance(self.conn, self.keys, who, code, "submit")
        advance(self.conn, self.keys, APPROVER, code, "approve")
        publish(self.conn, self.keys, APPROVER, code, on, NOW)
        self.days += 1
        self.done.append(code)
        self.told[on] = (assignment_at(self.conn, on - timedelta(seconds=1)), of_beats(self.conn, on))
        self.codes[who] = begin(self.conn, who, at=on)


@pytest.fixture
def lived_in(town, keys):
    """The town with reports on days to come, and its figures before anybody plans."""
    make_late_reports(town, keys)
    return town, figures(town)


@settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None)
@example(BOTH)
@given(actions)
def test_whatever_is_edited_published_and_rolled_back_every_beat_stays_whole_and_the_past_as_it_was(
    lived_in, keys, steps
):
    town, told = lived_in
    before, at_work = town.begin_nested(), Planners(town, keys)
    for each in steps:
        at_work.do(*each)
    if steps == BOTH:
        assert len(at_work.done) == 4
    town.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    twice = """SELECT count(*) FROM beat_cell a JOIN beat_cell b
               ON a.cell_id = b.cell_id AND a.id < b.id AND a.valid && b.valid"""
    assert town.execute(text(twice)).scalar_one() == 0
    ways = links(town)[["one", "other"]].to_numpy().tolist()
    for since in range(at_work.days + 2):
        held = assignment_at(town, midnight(since))
        assert sorted(held) == CELLS
        assert all(is_whole([cell for cell in held if held[cell] == beat], ways) for beat in set(held.values()))
    for code in at_work.codes.values():
        assert sorted(drafts.draft_of(town, drafts.read_plan(town, code)).assignment) == CELLS
    assert figures(town) == told
    for on, (held, counted) in at_work.told.items():
        assert assignment_at(town, on - timedelta(seconds=1)) == held
        assert of_beats(town, on) == counted
    before.rollback()
    act_as(town, operator("test"))


def make_late_reports(conn, keys):
    """A report in every column on each of three days to come, whose figures a plan for a later day must leave alone."""
    for on in (0, 1, 2):
        at = midnight(on) + timedelta(hours=12)
        spots = [(f"late{i}{on}", *middle(i, on % HIGH)) for i in range(WIDE)]
        told = [{"source_no": no, "lon": lon, "lat": lat, "reported_at": at} for no, lon, lat in spots]
        make_incidents(conn, keys, told)


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
