"""What followed a closing: did it hold for thirty days, did anybody revisit within a fortnight?"""

from datetime import timedelta

import numpy as np

from db.measures.counted import Counted, every
from db.measures.question import Question
from db.readmodel.asking import Asked
from db.readmodel.columns import BAD_REVISIT, GOOD_REVISIT, REPEATED, Array
from grids.outcomes.followups import HELD_DAYS, REVISIT_DAYS, following
from grids.step_columns import NEVER


def held(asked: Question) -> Counted:
    """held, closed_long_ago: closings of containable matters whose thirtieth day fell in the period."""
    closings, term = _terms(asked, HELD_DAYS)
    mine = asked.contains(closings.of_matter("category"))
    closings, term = closings.where(mine), term[mine]
    rows = closings["matter_row"]
    escaped = asked.first_beyond(rows, asked.policy.ceilings) <= asked.looked
    troubled = _first_after(asked, closings, (REPEATED, BAD_REVISIT)) <= term
    troubled |= asked.whole(closings["reopened"]) <= term
    return Counted(closings, {"held": ~escaped & ~troubled, "closed_long_ago": every(closings)})


def revisited(asked: Question) -> Counted:
    """revisited, revisit_due: closings whose fourteenth day fell in the period."""
    closings, term = _terms(asked, REVISIT_DAYS)
    told = _first_after(asked, closings, (GOOD_REVISIT, BAD_REVISIT)) <= term
    return Counted(closings, {"revisited": told, "revisit_due": every(closings)})


def _terms(asked: Question, days: int) -> tuple[Asked, Array]:
    """The closings whose term of so many days ended in the period and before the judging, and the ends."""
    late = timedelta(days=days)
    closings = asked.ask("closing", late=late)
    term = closings["closed"].astype(np.int64) + asked.ticks_of(late)
    over = term <= asked.looked
    return closings.where(over), term[over]


def _first_after(asked: Question, closings: Asked, kinds: tuple[int, ...]) -> Array:
    """The first followup of these kinds after each closing (ticks), NEVER where there is none."""
    closed = closings["closed"].astype(np.int64)
    if not len(closed):
        return np.empty(0, np.int64)
    told = asked.view.rows("followup")
    # What came before the first of these closings decides nothing, nor what had not come when judged.
    low, high = np.searchsorted(told["at"], [closed.min(), asked.looked], "right")
    wanted = np.isin(told["kind"][low:high], kinds)
    at, row = told["at"][low:high][wanted].astype(np.int64), told["matter_row"][low:high][wanted].astype(np.int64)
    if not len(at):
        return np.full(len(closed), NEVER)
    return following(closings["matter_row"].astype(np.int64), closed, row, at)
