"""Drafts of several planners: what edits come to, undo and redo, locks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError, NotFound, Refused
from grids.planning.drafts import Edit, check_assign, redoable, replay, undoable

AT = datetime(2026, 3, 1, tzinfo=UTC)
BASE = {"c1": "A", "c2": "A", "c3": "B", "c4": "B"}
BEATS = ("A", "B", "C")


def edit(no, kind, *cells, by="mei", beat=None, target=None):
    return Edit(no, by, AT, kind, cells, beat, target)


def assign(no, beat, *cells, by="mei"):
    return edit(no, "assign", *cells, by=by, beat=beat)


def test_the_last_one_who_moves_a_cell_wins_and_undoing_brings_back_the_one_before():
    laid = [assign(1, "B", "c1", "c2"), assign(2, "C", "c1", by="lin")]
    assert dict(replay(BASE, laid).assignment) == {"c1": "C", "c2": "B", "c3": "B", "c4": "B"}
    undone = replay(BASE, [*laid, edit(3, "undo", target=2, by="lin")])
    assert undone.assignment["c1"] == "B"
    assert undone.moves == {"c1": ("A", "B"), "c2": ("A", "B")}
    assert undone.moved_by == {"c1": 1, "c2": 1}


def test_undoing_an_older_edit_leaves_what_another_planner_laid_on_it():
    laid = [assign(1, "B", "c1", "c2"), assign(2, "C", "c1", by="lin"), edit(3, "undo", target=1)]
    assert replay(BASE, laid).moves == {"c1": ("A", "C")}


def test_everyone_undoes_and_redoes_their_own():
    laid = [assign(1, "B", "c1"), assign(2, "A", "c3", by="lin")]
    draft = replay(BASE, laid)
    assert (undoable(draft, "mei"), undoable(draft, "lin")) == (1, 2)
    undone = replay(BASE, [*laid, edit(3, "undo", target=1)])
    assert redoable(undone, "mei") == 1
    with pytest.raises(Refused, match="nothing of yours to undo"):
        undoable(undone, "mei")
    with pytest.raises(Refused, match="nothing of yours to redo"):
        redoable(undone, "lin")
    with pytest.raises(Refused, match="nothing of yours to redo"):
        redoable(replay(BASE, [*laid, edit(3, "undo", target=1), assign(4, "C", "c4")]), "mei")


def test_locks_hold_until_they_are_lifted_or_undone():
    draft = replay(BASE, [edit(1, "lock_cells", "c1"), edit(2, "lock_beat", beat="B")])
    assert (draft.locked_cells, draft.locked_beats) == ({"c1"}, {"B"})
    with pytest.raises(Refused, match="c1 is locked"):
        check_assign(draft, ["c1"], "C", BEATS)
    with pytest.raises(Refused, match="Beat B is locked"):
        check_assign(draft, ["c3"], "C", BEATS)
    lifted = replay(BASE, [*draft.edits, edit(3, "unlock_cells", "c1"), edit(4, "undo", target=2)])
    assert check_assign(lifted, ["c1", "c3", "c1"], "C", BEATS) == ("c1", "c3")


def test_what_is_not_there_is_named():
    draft = replay(BASE, [])
    with pytest.raises(NotFound, match="no cell 'c9'"):
        check_assign(draft, ["c9"], "A", BEATS)
    with pytest.raises(NotFound, match="no beat 'Z'"):
        check_assign(draft, ["c1"], "Z", BEATS)
    assert check_assign(draft, ["c1", "c3"], "A", BEATS) == ("c3",)
    with pytest.raises(InputError, match="one number"):
        replay(BASE, [assign(1, "B", "c1"), assign(1, "C", "c1")])
    with pytest.raises(InputError, match="names no edit to undo"):
        replay(BASE, [edit(1, "undo", target=7)])


@st.composite
def sessions(draw):
    """What two planners did, each as an editor lets them: moves, undo, redo."""
    edits: list[Edit] = []
    for no in range(1, draw(st.integers(1, 25))):
        by, what = draw(st.sampled_from(["mei", "lin"])), draw(st.sampled_from(["assign", "assign", "undo", "redo"]))
        draft = replay(BASE, edits)
        if what == "assign":
            cells = draw(st.lists(st.sampled_from(sorted(BASE)), min_size=1, max_size=3, unique=True))
            edits.append(assign(no, draw(st.sampled_from(BEATS)), *cells, by=by))
            continue
        try:
            target = (undoable if what == "undo" else redoable)(draft, by)
        except Refused:
            continue
        edits.append(edit(no, what, by=by, target=target))
    return edits


def by_hand(edits):
    """The same by a stack a planner: what stands is laid in order of number."""
    standing, undone = {}, {"mei": [], "lin": []}
    for each in edits:
        if each.kind == "assign":
            standing[each.no] = each
            undone[each.by] = []
        elif each.kind == "undo":
            undone[each.by].append(standing.pop(each.target))
        else:
            back = undone[each.by].pop()
            standing[back.no] = back
    held = dict(BASE)
    for no in sorted(standing):
        held |= dict.fromkeys(standing[no].cells, standing[no].beat)
    return held


@given(sessions(), st.randoms())
def test_whatever_two_planners_do_every_cell_is_in_one_beat_and_the_stacks_agree(edits, random):
    told = dict(replay(BASE, edits).assignment)
    assert told == by_hand(edits)
    assert told.keys() == BASE.keys()
    mixed = list(edits)
    random.shuffle(mixed)
    assert dict(replay(BASE, mixed).assignment) == told


@given(sessions())
def test_undoing_everything_gives_back_the_plan_in_force(edits):
    edits = list(edits)
    while True:
        draft = replay(BASE, edits)
        waiting = [by for by in ("mei", "lin") if any(e.no in draft.standing and e.by == by for e in draft.edits)]
        if not waiting:
            break
        no = max((e.no for e in edits), default=0) + 1
        edits.append(edit(no, "undo", by=waiting[0], target=undoable(draft, waiting[0])))
    assert replay(BASE, edits).moves == {}
