"""How far matters travelled: the flow from level to level."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grids.containment import with_shares
from grids.levels import LEVELS
from grids.step_columns import NEVER, Ints, Mask

CLOSED, OPEN = "closed", "open"
TARGETS = (*LEVELS, CLOSED, OPEN)


def flow_counts(reached: Ints, closed: Mask, key: Ints, keys: int) -> Ints:
    """Matters that went straight from level to level, by key: [key, source, target], targets then closed and open.

    reached: [matter, level] first instants (numbers of one unit), NEVER for what is not reached; closed: whether
    each stands closed; key: 0 … keys − 1. Levels count in the order of their first instants, ties in the order of
    LEVELS; the last one flows to closed or open.
    """
    sources, targets = len(LEVELS), len(TARGETS)
    counts = np.zeros(keys * sources * targets, dtype=np.int64)
    for here, source, target in moves(reached, closed):
        counts += np.bincount((key[here] * sources + source) * targets + target, minlength=len(counts))
    return counts.reshape(keys, sources, targets)


def moves(reached: Ints, closed: Mask) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Step by step which matters (rows of `reached`) went on, from which of LEVELS to which of TARGETS (places)."""
    order = np.argsort(reached, axis=1, kind="stable")
    length = (reached < NEVER).sum(axis=1)
    ends = np.where(closed, len(LEVELS), len(LEVELS) + 1)
    for step in range(int(length.max(initial=0))):
        here = np.flatnonzero(length > step)
        onward = order[here, min(step + 1, len(LEVELS) - 1)]
        yield here, order[here, step], np.where(length[here] > step + 1, onward, ends[here])


def flow_shares(counts: Ints) -> pd.DataFrame:
    """Counts [source, target] as source, target, numerator, denominator, share, low, high; in the order of LEVELS, then
    closed, then open.

    denominator: matters that reached the source, so that the shares of a source sum to 1.
    """
    source, target = np.nonzero(counts)
    names = np.array(TARGETS)
    numerator, denominator = counts[source, target], counts.sum(axis=1)[source]
    shares = with_shares(pd.DataFrame({"contained": numerator, "escaped": denominator - numerator}))
    frame = pd.DataFrame({"source": names[source], "target": names[target], "numerator": numerator})
    return frame.assign(denominator=denominator).join(shares[["share", "low", "high"]])
