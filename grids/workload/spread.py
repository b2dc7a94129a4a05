"""Fairness of many groups at once: loads by station."""

import pandas as pd

from grids.workload.loads import fairness


def spread(loads: pd.DataFrame) -> pd.DataFrame:
    """n, unstaffed, largest, mean, max_over_mean, cv of the loads of each station (index, sorted).

    `loads`: station, load; NaN is unstaffed: left out of n and of the figures, and counted. Rows without a station are
    nobody's. Figures of fewer than two loads are NaN: one load is neither fair nor unfair.
    """
    groups = loads.dropna(subset=["station"]).groupby("station")["load"]
    table = pd.DataFrame({"n": groups.count(), "unstaffed": groups.size() - groups.count()}).astype("int64")
    table = table.assign(largest=groups.max(), mean=groups.mean())
    found = {station: fairness(values) for station, values in groups}
    enough = table["n"] > 1
    told = {"max_over_mean": [found[key].max_over_mean for key in table.index]}
    told |= {"cv": [found[key].cv for key in table.index]}
    ratios = pd.DataFrame(told, index=table.index, dtype="float64")
    return table.join(ratios.where(enough))
