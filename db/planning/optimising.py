"""The optimiser on a plan in the record: the front from what is in force, and a point of it taken into the draft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection

from db.planning.board import Board, Sitting
from db.planning.drafts import draft_of, lay_all, read_plan
from geo.errors import InputError, NotFound, Refused
from grids.districting import Front, Measures, Point, Problem, Progress, Weights, front, make_problem, proven
from grids.districting.graph import Ints
from grids.planning.drafts import Draft
from grids.rights import Who

MOVES = (0, 5, 10, 20, 40)
MOST_SECONDS = 600.0
MOST_PROOF_SECONDS = 10.0
# What a slider at 100 weighs: CV² of today's plan is some 0.1, and the other parts are 1 as they are today.
_FULL = {"balance": 1.0, "few_moves": 1.0, "compactness": 0.2, "travel": 0.2}


@dataclass(frozen=True)
class Sliders:
    """What the planner asks for, each from 0 (does not count) to 100. Raises InputError for what is neither, or for
    sliders that are all at 0."""

    balance: float = 100.0
    few_moves: float = 0.0
    compactness: float = 0.0
    travel: float = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 0 <= value <= 100:
                raise InputError(f"Set {name} between 0 and 100, not to {value:g}.")
        if not (self.balance or self.compactness or self.travel):
            raise InputError("Balance, compactness or travel must count for something: move one of them up from 0.")

    @property
    def balance_alone(self) -> bool:
        """Whether nothing but even loads counts, which is what can be proven."""
        return self.balance > 0 and not (self.few_moves or self.compactness or self.travel)

    @property
    def weights(self) -> Weights:
        """The same as the search takes it."""
        parts = {name: value / 100 * _FULL[name] for name, value in vars(self).items()}
        return Weights(parts["balance"], cut=parts["compactness"], travel=parts["travel"], moves=parts["few_moves"])


@dataclass(frozen=True)
class Option:
    """A point of the front: the best plan found with at most `moves` moved cells. moved: cell → beat (codes).

    peak_bound, cv_bound: no plan with so few moves has a lower max/mean or CV. proven: its CV is that bound.
    """

    moves: int
    moved: Mapping[str, str] = field(repr=False)
    figures: Measures
    peak_bound: float
    cv_bound: float
    proven: bool = False


@dataclass(frozen=True)
class Proposal:
    """Options by ascending moves; complete: False when the search was stopped, and these are the best so far."""

    options: tuple[Option, ...]
    complete: bool

    def option(self, moves: int) -> Option:
        """The one for so many moves. NotFound names those there are."""
        for each in self.options:
            if each.moves == moves:
                return each
        raise NotFound(f"Nothing was sought for {moves} moves: choose {', '.join(str(o.moves) for o in self.options)}.")

    def kept(self) -> list[dict[str, Any]]:
        """The options as they are kept in the record: those of `rows` and to (cell → beat)."""
        return [row | {"to": dict(each.moved)} for row, each in zip(self.rows(), self.options, strict=True)]

    def rows(self) -> list[dict[str, Any]]:
        """The options as plain values: moves, moved (how many), max_over_mean, cv, bounds, proven, cut_edges, …"""
        return [
            {name: getattr(each, name) for name in ("moves", "peak_bound", "cv_bound", "proven")} | vars(each.figures)
            for each in self.options
        ]


def as_kept(rows: Sequence[Mapping[str, Any]], complete: bool) -> Proposal:
    """The proposal that `Proposal.kept` was made of."""
    options = tuple(
        Option(
            row["moves"], row["to"], Measures(**{name: row[name] for name in Measures.__dataclass_fields__}),
            row["peak_bound"], row["cv_bound"], row.get("proven", False),
        )
        for row in rows
    )  # fmt: skip
    return Proposal(options, complete)


def problem_of(board: Board, draft: Draft) -> tuple[Problem, Ints]:
    """The redistricting problem of a plan, and the position among the board's beats of each of its beats.

    From the assignment that the draft began with. Beats without a cell are no part of it; those that nobody staffs keep
    their cells, since their load cannot be weighed. Raises Refused where there is nothing to balance.
    """
    ground, land = board.ground, board.land
    held = ground.positions(draft.base)
    used = np.unique(held)
    place = np.full(len(ground.beats), -1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    minutes, staffed, rules = ground.minutes[used], ground.staffed[used], ground.rules(draft)
    if not staffed.any():
        raise Refused("Nobody is posted to any beat of this plan: load postings first, there is no load to balance.")
    if not land.demand.sum() > 0:
        raise Refused("No matter lies in these cells in the past year: there is no load to balance.")
    problem = make_problem(
        land.graph, land.demand, place[held], beats=len(used), xy=land.xy,
        minutes=np.where(staffed, minutes, minutes[staffed].mean()),
        cell_group=ground.cell_group, beat_group=ground.beat_group[used],
        locked_cells=np.flatnonzero(rules.locked_cells).tolist(),
        locked_beats=np.flatnonzero(rules.locked_beats[used] | ~staffed).tolist(),
    )  # fmt: skip
    return problem, used.astype(np.int32)


def propose(
    sitting: Sitting, moves: Sequence[int] = MOVES, seconds: float = 10.0, seed: int = 1,
    sliders: Sliders = Sliders(), on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None, iterations: int | None = None,
    on_found: Callable[[Proposal], None] | None = None,
) -> Proposal:  # fmt: skip
    """The front of a plan; needs no record, so call it outside any transaction.

    seconds: for each number of moves; where balance alone counts, at most MOST_PROOF_SECONDS more to prove it the best
    there is. stop: asked ten times a second, and between proofs; when True, the best so far is returned. With
    iterations the clock is not asked, nothing is proven, and one seed gives one answer. on_found: told what there is
    each time that a number is done or proven. Raises InputError and Refused in a sentence.
    """
    if not 0 < seconds <= MOST_SECONDS:
        raise InputError(f"Give the search more than 0 and at most {MOST_SECONDS:g} seconds, not {seconds:g}.")
    problem, used = problem_of(sitting.board, sitting.draft)

    def tell(points: tuple[Point, ...]) -> None:
        if on_found:
            on_found(_proposal(sitting.board, Front(points, False), used))

    found = front(
        problem, moves, seconds, seed, iterations=iterations, weights=sliders.weights, on_progress=on_progress,
        on_points=tell, stop=stop,
    )  # fmt: skip
    if found.complete and iterations is None and sliders.balance_alone:
        found = proven(problem, found, min(seconds, MOST_PROOF_SECONDS), tell, stop)
    return _proposal(sitting.board, found, used)


def take(conn: Connection, who: Who, code: str, proposal: Proposal, moves: int) -> Draft:
    """Lay an option into the draft: its cells go where it says, all others back to where the plan began.

    Raises as `lay_all`; Refused when the draft is as the option already.
    """
    option = proposal.option(moves)
    draft = draft_of(conn, read_plan(conn, code))
    wanted = dict(draft.base) | dict(option.moved)
    changes = {cell: beat for cell, beat in wanted.items() if draft.assignment[cell] != beat}
    if not changes:
        raise Refused("The draft is as this proposal has it already.")
    figures = option.figures
    reached = f"max/mean {figures.max_over_mean:.3f}, CV {figures.cv:.4f}"
    why = f"优化，至多调{moves}格 (optimiser, at most {moves} moves): {reached}"
    return lay_all(conn, who, code, changes, why)


def _proposal(board: Board, found: Front, used: Ints) -> Proposal:
    cells, beats = board.cells["code"].to_numpy(object), board.beats["code"].to_numpy(object)[used]
    options = tuple(
        Option(
            point.moves, {str(cells[cell]): str(beats[point.assignment[cell]]) for cell in point.moved},
            point.figures, point.peak_bound, point.cv_bound, point.proven,
        )
        for point in found.points
    )  # fmt: skip
    return Proposal(options, found.complete)
