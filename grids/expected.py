"""How many incidents should there be by now? An expectation with control limits from the same weekdays before."""

import numpy as np
import pandas as pd
from scipy.stats import nbinom

from geo.errors import InputError
from grids.arrivals import Counts, History

LEAST_DAYS = 4  # fewer days of the same weekday say nothing of a limit


def expected_by_hour(told: History, level: float = 0.95) -> pd.DataFrame:
    """hour (1 … 24), observed (running count at the hour's end, NaN from the running hour on), expected, low, high.

    What `grids.expected_places` says of now, at the end of each hour of the clock, for a chart. Without enough days the
    last three are NaN.
    """
    running = told.by_hour[told.weekday == told.same].cumsum(axis=1)
    hours = np.arange(24)
    observed = np.where(hours < told.hour, told.today_by_hour.cumsum(), np.nan)
    table = pd.DataFrame({"hour": hours + 1, "observed": observed})
    if len(running) < LEAST_DAYS:
        return table.assign(expected=np.nan, low=np.nan, high=np.nan)
    excess = _excess(told)
    bounds = np.array([limits(column, excess, level) for column in running.T])
    return table.assign(expected=running.mean(axis=0), low=bounds[:, 0], high=bounds[:, 1])


def limits(before: Counts, excess: float, level: float = 0.95) -> tuple[float, float]:
    """Lowest and highest count that would not surprise, after the counts `before` of comparable days.

    Quantiles (1 − level)/2 and (1 + level)/2 of the negative binomial with the mean m of `before` and the variance
    (m + α m²)(1 + 1/n): the day's own chance, and that of a mean of n days. C. P. Farrington et al., "A statistical
    algorithm for the early detection of outbreaks of infectious disease", JRSS A 159 (1996). Where all n counts are
    0, m is taken as 1/(2n). Raises InputError for no counts, or a level outside (0, 1).
    """
    if not len(before) or not 0 < level < 1:
        raise InputError("Give at least one count before, and a level between 0 and 1.")
    n, mean = len(before), float(before.mean()) or 1 / (2 * len(before))
    variance = (mean + excess * mean**2) * (1 + 1 / n)
    size = mean**2 / (variance - mean)
    low, high = nbinom.ppf([(1 - level) / 2, (1 + level) / 2], size, size / (size + mean))
    return float(low), float(high)


def dispersion(counts: Counts, groups: Counts) -> float:
    """α of variance = mean + α mean² by moments, over all groups (weekdays) together; 0 for Poisson or less.

    α = Σ_g n_g (s_g² − m_g) / Σ_g n_g m_g², groups of one day left out. C. I. Bliss and R. A. Fisher, "Fitting the
    negative binomial distribution to biological data", Biometrics 9 (1953), moments pooled.
    """
    table = pd.Series(counts, dtype="float64").groupby(np.asarray(groups)).agg(["size", "mean", "var"])
    table = table[table["size"] > 1]
    beyond = float((table["size"] * (table["var"] - table["mean"])).sum())
    scale = float((table["size"] * table["mean"] ** 2).sum())
    return max(beyond, 0.0) / scale if scale > 0 else 0.0


def _excess(told: History) -> float:
    return dispersion(told.by_hour.sum(axis=1), told.weekday)
