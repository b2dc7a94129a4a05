"""A draft as the sum of its edits: replayed, undone and redone by each planner, whoever else is at work on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from geo.errors import InputError, NotFound, Refused

EditKind = Literal["assign", "lock_cells", "unlock_cells", "lock_beat", "unlock_beat", "undo", "redo"]
EDIT_KINDS: tuple[EditKind, ...] = get_args(EditKind)
LAID = ("assign", "lock_cells", "unlock_cells", "lock_beat", "unlock_beat")  # what undo takes back


@dataclass(frozen=True)
class Edit:
    """One thing that one planner did, in the order `no` in which the draft took it.

    assign: `cells` go to `beat`. lock_cells, unlock_cells: `cells`. lock_beat, unlock_beat: `beat`. undo, redo:
    `target`, the no of the edit that is taken back or laid again. `reason`: why, in the planner's words.
    """

    no: int
    by: str
    at: datetime
    kind: EditKind
    cells: tuple[str, ...] = ()
    beat: str | None = None
    target: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Draft:
    """What the edits of a plan come to: cell → beat, what is locked, and which edit moved each cell last.

    base: the assignment that the draft began from. standing: numbers of the edits that are not undone.
    """

    base: Mapping[str, str]
    assignment: Mapping[str, str]
    locked_cells: frozenset[str]
    locked_beats: frozenset[str]
    moved_by: Mapping[str, int]
    standing: frozenset[int]
    edits: tuple[Edit, ...]

    @property
    def moves(self) -> dict[str, tuple[str, str]]:
        """Cell → (beat before, beat after), of cells that end in another beat than they began in."""
        after = self.assignment
        return {cell: (beat, after[cell]) for cell, beat in self.base.items() if after[cell] != beat}


def replay(base: Mapping[str, str], edits: Iterable[Edit]) -> Draft:
    """The draft that edits come to, taken in the order of their numbers.

    An edit that is undone counts as if it had never been, so what others laid on the same cells later stays.
    """
    laid = sorted(edits, key=lambda edit: edit.no)
    standing = _standing(laid)
    assignment, moved_by = dict(base), dict[str, int]()
    cells, beats = set[str](), set[str]()
    for edit in laid:
        if edit.no not in standing:
            continue
        if edit.kind == "assign" and edit.beat is not None:
            here = [cell for cell in edit.cells if cell in assignment]
            assignment.update(dict.fromkeys(here, edit.beat))
            moved_by.update(dict.fromkeys(here, edit.no))
        elif edit.kind == "lock_cells":
            cells.update(edit.cells)
        elif edit.kind == "unlock_cells":
            cells.difference_update(edit.cells)
        elif edit.kind == "lock_beat" and edit.beat is not None:
            beats.add(edit.beat)
        elif edit.kind == "unlock_beat" and edit.beat is not None:
            beats.discard(edit.beat)
    held = MappingProxyType(assignment)
    locked = frozenset(cells), frozenset(beats)
    return Draft(base, held, *locked, MappingProxyType(moved_by), frozenset(standing), tuple(laid))


def check_assign(draft: Draft, cells: Iterable[str], beat: str, beats: Iterable[str]) -> tuple[str, ...]:
    """The cells that an assignment would really move. Raises NotFound and Refused in one sentence.

    beats: every beat there is, also those that hold no cell.
    """
    asked = tuple(dict.fromkeys(cells))
    unknown = [cell for cell in asked if cell not in draft.base]
    if unknown:
        raise NotFound(f"There is no cell {unknown[0]!r} in this plan: check the code.")
    if beat not in set(beats):
        raise NotFound(f"There is no beat {beat!r}: check the code.")
    moving = tuple(cell for cell in asked if draft.assignment[cell] != beat)
    fixed = [cell for cell in moving if cell in draft.locked_cells]
    if fixed:
        raise Refused(f"Cell {fixed[0]} is locked: unlock it first.")
    closed = [one for one in {beat, *(draft.assignment[cell] for cell in moving)} if one in draft.locked_beats]
    if moving and closed:
        raise Refused(f"Beat {min(closed)} is locked: it neither takes nor gives a cell until it is unlocked.")
    return moving


def undoable(draft: Draft, by: str) -> int:
    """The number of the last standing edit of this planner. Refused when there is none."""
    own = [edit.no for edit in draft.edits if edit.by == by and edit.kind in LAID and edit.no in draft.standing]
    if not own:
        raise Refused("There is nothing of yours to undo in this plan.")
    return own[-1]


def redoable(draft: Draft, by: str) -> int:
    """The number of the edit that this planner undid last and may lay again.

    Refused once they have laid something new, as in every editor.
    """
    waiting: list[int] = []
    for edit in draft.edits:
        if edit.by != by:
            continue
        if edit.kind == "undo" and edit.target is not None:
            waiting.append(edit.target)
        elif edit.kind == "redo" and edit.target in waiting:
            waiting.remove(edit.target)
        elif edit.kind in LAID:
            waiting.clear()
    if not waiting:
        raise Refused("There is nothing of yours to redo in this plan.")
    return waiting[-1]


def _standing(edits: list[Edit]) -> set[int]:
    known = {edit.no: edit for edit in edits}
    if len(known) < len(edits):
        raise InputError("Two edits of this plan carry one number: give every edit its own.")
    standing = set[int]()
    for edit in edits:
        if edit.kind in LAID:
            standing.add(edit.no)
        elif edit.target is None or edit.target not in known:
            raise InputError(f"Edit {edit.no} names no edit to {edit.kind}: give its number.")
        elif edit.kind == "undo":
            standing.discard(edit.target)
        else:
            standing.add(edit.target)
    return standing
