"""Did it last, and did anybody ask? Closings and what followed each of them within so many days."""

import numpy as np

from grids.step_columns import NEVER, Ints

HELD_DAYS = 30
REVISIT_DAYS = 14


def following(matter: Ints, since: Ints, event_matter: Ints, event_at: Ints) -> Ints:
    """The instant of the first event of each row's matter that is later than `since`; NEVER where there is none.

    Matters are any numbers, instants numbers of one unit, NEVER for a missing one. Rows and events are laid in one
    order of matter and time, events first where both fall together; then what follows a row is the next event in
    line, if it is of the same matter.
    """
    codes, at = np.concatenate([matter, event_matter]), np.concatenate([since, event_at])
    is_row = np.arange(len(at)) < len(matter)
    order = np.lexsort((is_row, at, codes))
    place = np.where(is_row[order], len(order), np.arange(len(order)))
    next_place = np.minimum.accumulate(place[::-1])[::-1]
    event = np.append(order, -1)[next_place]
    same = (event >= 0) & (codes[event] == codes[order]) & (at[event] < NEVER) & (at[order] < NEVER)
    found = np.full(len(at), NEVER)
    found[order] = np.where(same, at[event], NEVER)
    return found[: len(matter)]
