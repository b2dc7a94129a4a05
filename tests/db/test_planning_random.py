"""Whatever two planners draft, publish and roll back: every cell keeps one whole beat, and the past stays as it was."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.engine import act_as
from db.planning import drafts
from db.planning.links import links
from db.planning.places import assignment_at
from geo.errors import BeatgridError
from grids.rights import operator
from tests.db.planned_town import BEATS, CELLS, HIGH, WIDE
from tests.db.planners import (
    APPROVER,
    NOW,
    OTHER,
    PLANNER,
    advance,
    begin,
    figures,
    link,
    midnight,
    move_cells,
    of_beats,
    publish,
    redo,
    refresh,
    roll_back,
    set_lock,
    undo,
)
from tests.factories import make_incidents, middle

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
