"""The optimiser on a plan in the record: the front from what is in force, and a point of it taken into the draft."""

from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import Connection

from db.planning.drafts import move_cells
from db.planning.ground import PlanGround
from geo.errors import Refused
from grids.districting import Front, Point, Problem, Progress, Weights, front, make_problem
from grids.planning.drafts import Draft
from grids.rights import Who

MOVES = (0, 5, 10, 20, 40)


def problem_of(ground: PlanGround, draft: Draft) -> tuple[Problem, list[str]]:
    """The redistricting problem of a plan, and the code of each of its beats.

    From the assignment that the draft began with. Beats without a cell are no part of it; those that nobody staffs keep
    their cells, since their load cannot be weighed.
    """
    held = ground.positions(draft.base)
    used = np.unique(held)
    place = np.full(len(ground.beats), -1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    minutes = ground.minutes[used]
    staffed = np.isfinite(minutes) & (minutes > 0)
    if not staffed.any():
        raise Refused("Nobody is posted to any beat of this plan: load postings first, there is no load to balance.")
    locked = np.flatnonzero(ground.ground.locked_beats[used] | ~staffed)
    problem = make_problem(
        ground.land.graph, ground.land.demand, place[held], beats=len(used),
        minutes=np.where(staffed, minutes, minutes[staffed].mean()), xy=ground.land.xy,
        cell_group=ground.ground.cell_group, beat_group=ground.ground.beat_group[used],
        locked_cells=np.flatnonzero(ground.ground.locked_cells).tolist(), locked_beats=locked.tolist(),
    )  # fmt: skip
    return problem, [str(code) for code in ground.beats["code"].to_numpy(object)[used]]


def propose(
    ground: PlanGround, draft: Draft, moves: Sequence[int] = MOVES, seconds: float = 10.0, seed: int = 1,
    weights: Weights | None = None, on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None, iterations: int | None = None,
) -> tuple[Front, list[str]]:  # fmt: skip
    """The front of a plan, and the code of each beat that its assignments name by position."""
    problem, beats = problem_of(ground, draft)
    told = weights or Weights()
    found = front(
        problem, moves, seconds, seed, iterations=iterations, weights=told, on_progress=on_progress, stop=stop
    )
    return found, beats


def take(conn: Connection, who: Who, code: str, ground: PlanGround, beats: Sequence[str], point: Point) -> Draft | None:
    """Lay a point of the front into the draft, an edit for each beat that takes cells; None when it moves nothing."""
    cells = ground.cells["code"].to_numpy(object)
    wanted: dict[str, list[str]] = {}
    for cell in point.moved:
        wanted.setdefault(beats[point.assignment[cell]], []).append(str(cells[cell]))
    draft = None
    for beat, moving in sorted(wanted.items()):
        draft = move_cells(conn, who, code, moving, beat, f"optimiser, {point.moves} moves")
    return draft
