"""What one stroke of the brush would do, before it is laid: the beats concerned, the totals, what it would break."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from db.planning.board import Sitting
from db.planning.costs import cost_between
from db.planning.problems import Problem, problems
from grids.planning.drafts import check_assign
from grids.planning.effects import Totals


@dataclass(frozen=True)
class Effect:
    """moving: cells (codes) that would really move. beats: rows of Cost.beats of the beats concerned, before the stroke
    and after it; before, after: the draft in one line; problems: those that there were not before."""

    moving: tuple[str, ...]
    beats: pd.DataFrame
    before: Totals
    after: Totals
    problems: list[Problem]


def effect_of(sitting: Sitting, cells: Iterable[str], beat: str) -> Effect:
    """What putting cells into a beat would do to the draft as it stands. Raises NotFound and Refused for what a move
    of them would be refused for."""
    moving = check_assign(sitting.draft, cells, beat, sitting.board.ground.beat_at)
    then = sitting.with_moves(dict.fromkeys(moving, beat))
    cost = cost_between(sitting.board, sitting.after, then.after)
    known = {(each.rule, each.beat, each.cells) for each in problems(sitting)}
    fresh = [each for each in problems(then) if (each.rule, each.beat, each.cells) not in known]
    return Effect(moving, cost.beats[cost.beats["changed"]].reset_index(drop=True), cost.before, cost.after, fresh)
