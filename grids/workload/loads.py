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


def person_load(frame: pd.DataFrame) -> pd.Series:
    """Handling minutes of each officer (index officer, sorted; name "minutes"), once per matter and role.

    `frame`: matter, role, officer, recorded_minutes (or NaN), catalogue_minutes; one row per handling step
    or one per handler, in any order. Where anything was recorded in a (matter, role), each officer has the
    minutes recorded for him, the others none; else the catalogue minutes are split evenly among the
    handlers. Rows without an officer are nobody's; a category without catalogue minutes adds none.
    """
    named = frame.dropna(subset=["officer"])
    named = named.astype({"recorded_minutes": "float64", "catalogue_minutes": "float64"})
    handlers = named.groupby(["matter", "role", "officer"], observed=True)
    recorded = handlers["recorded_minutes"].sum(min_count=1)
    catalogue = handlers["catalogue_minutes"].max().fillna(0.0)
    pair = ["matter", "role"]
    any_recorded = recorded.groupby(level=pair, observed=True).transform("count") > 0
    shared = catalogue / catalogue.groupby(level=pair, observed=True).transform("size")
    minutes = recorded.fillna(0.0).where(any_recorded, shared)
    return minutes.groupby(level="officer", observed=True).sum().rename("minutes")


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
