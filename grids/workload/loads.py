"""How much work falls on whom: minutes of persons, against the minutes they have, and how evenly spread."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd


class Fairness(NamedTuple):
    """How evenly n loads are spread: 1 and 0 when all are equal, NaN when there is nothing to share."""

    max_over_mean: float
    cv: float
    n: int


def with_ratios(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of frame[minutes, available] with load = minutes / available and flag added.

    Where nothing is available (null or 0) load is NaN and flag "unstaffed"; else flag is "over" above 1, or
    "within".
    """
    available = frame["available"].astype("float64")
    load = frame["minutes"].astype("float64") / available.where(available > 0)
    flag = np.select([load.isna(), load > 1], ["unstaffed", "over"], "within")
    return frame.assign(load=load, flag=pd.Series(flag, index=frame.index, dtype="str"))


def fairness(values: Sequence[float] | npt.NDArray[np.float64] | pd.Series) -> Fairness:
    """Largest over mean and population sd over mean (CV) of loads; NaN loads are left out."""
    loads = np.asarray(values, dtype=np.float64)
    loads = loads[~np.isnan(loads)]
    if not len(loads) or not loads.mean() > 0:
        return Fairness(math.nan, math.nan, len(loads))
    return Fairness(float(loads.max() / loads.mean()), float(loads.std() / loads.mean()), len(loads))
