"""Did a matter stay within its ceiling? The state at an instant, shares over matters, and their intervals."""

import math
from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from grids.casework import MatterState
from grids.levels import Ladder, Level
from grids.policies import Policy

Outcome = Literal["contained", "escaped", "pending"]
Z95 = 1.959963984540054  # the 97.5 % quantile of the normal distribution

Floats = npt.NDArray[np.float64]


class Decision(NamedTuple):
    """How a matter stands, and since when: the first crossing, the closing, or None while it is pending."""

    outcome: Outcome
    decided_at: datetime | None


def decide(state: MatterState, beyond: Collection[Level], at: datetime) -> Decision:
    """How the matter stands at `at` when its lead must never be held at a level of `beyond`.

    Escaped for good from the first crossing on; else contained while a closure stands; else pending.
    """
    crossed = min((state.reached[level] for level in beyond if level in state.reached), default=None)
    if crossed is not None and crossed <= at:
        return Decision("escaped", crossed)
    closed = next((closure.closed_at for closure in state.closures if closure.stands(at)), None)
    return Decision("pending", None) if closed is None else Decision("contained", closed)


def judge(state: MatterState, policy: Policy, ladder: Ladder, at: datetime) -> Decision:
    """How the matter stands at `at` under a policy, by the grade that counts at that instant."""
    return decide(state, ladder.beyond(policy.ceiling(state.severity_as_of(at))), at)


def height(state: MatterState, ladder: Ladder, at: datetime) -> Level | None:
    """The highest-ranking level at which the lead was held by `at`; of ties the one held first."""
    held = [(-ladder.ranks[level], since, level) for level, since in state.reached.items() if since <= at]
    return min(held)[2] if held else None


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share of k in n, or NaN twice when n is 0 (E. B. Wilson, JASA 22, 1927).

    Raises InputError unless 0 <= k <= n.
    """
    low, high = _wilson(np.array([k], dtype=np.float64), np.array([n], dtype=np.float64))
    return float(low[0]), float(high[0])


def with_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of frame[contained, escaped, pending] with decided, share, low, high added.

    decided = contained + escaped; share = contained / decided; low and high are its Wilson interval. The last
    three are NaN where nothing is decided.
    """
    contained = frame["contained"].to_numpy(dtype=np.float64)
    decided = frame["contained"] + frame["escaped"]
    n = decided.to_numpy(dtype=np.float64)
    low, high = _wilson(contained, n)
    return frame.assign(decided=decided, share=_ratio(contained, n), low=low, high=high)


def _wilson(k: Floats, n: Floats) -> tuple[Floats, Floats]:
    if not ((k >= 0) & (k <= n)).all():
        raise InputError("Give a count between 0 and the number of cases it is a part of.")
    share = _ratio(k, n)
    z2 = Z95 * Z95
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # The ends are exact at 0 and 1, which rounding would miss by a hair and so leave the share outside.
    low = np.where(k == 0, share, centre - half)
    high = np.where(k == n, share, centre + half)
    return low, high


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(len(whole), math.nan), where=whole > 0)
