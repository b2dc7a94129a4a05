"""Plans on the way out."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class PlanHead(BaseModel):
    """Who made a plan for what, and how far it is."""

    code: str
    name: str
    state: str
    place: str | None
    began_at: datetime
    allow_outside: bool
    effective_at: datetime | None
    created_at: datetime
    created_by: str
    submitted_by: str | None
    approved_by: str | None


class PlanRow(PlanHead):
    """A plan in a list; edits: how many it has."""

    edits: int


class Board(BaseModel):
    """What never changes while a plan is edited, in columns; positions in them stand for codes everywhere else."""

    cells: dict[str, list[Any]]
    beats: dict[str, list[Any]]
    edges: list[tuple[int, int]]


class Standing(BaseModel):
    """A plan as its edits have it.

    edit: number of the last one; hand it back as `after`. moves: cell → beat, of cells that leave the beat they began
    in. costs: totals before and after, a row a beat, ties that break. steps: what the asker may do with the plan next.
    """

    plan: PlanHead
    edit: int
    moves: dict[str, str]
    locked_cells: list[str]
    locked_beats: list[str]
    problems: list[dict[str, Any]]
    costs: dict[str, Any]
    may_edit: bool
    steps: list[str]
    undo: bool
    redo: bool
    edits: list[dict[str, Any]]


class Revision(BaseModel):
    """Changes with every edit (`edit`), step (`state`) and comment (`event`); `search`: the last one begun here."""

    edit: int
    state: str
    event: int
    search: int | None


class SearchOut(BaseModel):
    """A search: what was asked, how far it is, and its points so far.

    broken_off: the server was restarted while it ran; its points are those that it had found by then.
    """

    number: int
    by: str
    at: datetime
    edit: int
    asked: dict[str, Any] = Field(
        description="moves, seconds (for each), seed, balance, few_moves, compactness, travel"
    )
    done: int
    of: int
    moves: int
    over: bool
    complete: bool | None
    broken_off: bool
    error: str | None
    points: list[dict[str, Any]] = Field(
        description="moves, max_over_mean, cv, peak_bound, cv_bound, proven, moved …, to"
    )
