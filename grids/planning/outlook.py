"""Work to be expected of each cell in the next quarter, with an interval that says how sure that is.

Counts by week → a rate of each cell, drawn towards the city's mean by an empirical-Bayes gamma prior (Robbins 1956;
Clayton & Kaldor, "Empirical Bayes estimates of age-standardized relative risks", Biometrics 43, 1987) × the season and
a damped trend of the whole city (Gardner & McKenzie, Management Science 31, 1985). What cells and the city have
strayed from such forecasts in quarters gone by widens the interval: it is measured, not assumed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from geo.datums import FloatArray
from geo.errors import InputError
from grids.districting.graph import Ints

YEAR, QUARTER = 52, 13  # weeks
DAMPED = 0.5  # part of a year's growth that is believed
GROWTH = (0.7, 1.4)  # what a year may make of a city's calls, before it is damped
PRIOR_MATTERS = 20.0  # weight, in matters, of the city's minutes a matter against a cell's own
LEVELS = {"low": 0.10, "high": 0.90, "low95": 0.025, "high95": 0.975}
LEAST_WEEKS = 8


class Rates(NamedTuple):
    """What is expected of each cell (n) in a quarter: matters, and κ of their variance mean + κ mean²; season, trend:
    of the city, as factors upon last year's mean week."""

    matters: FloatArray
    kappa: FloatArray
    season: float
    trend: float


@dataclass(frozen=True)
class Outlook:
    """minutes, variance (n): of each cell in the next quarter. shared: relative variance that all cells have in common.

    matters (n): as many are expected. season, trend: of the city; strayed: extra relative variance of a cell.
    """

    minutes: FloatArray
    variance: FloatArray
    matters: FloatArray
    shared: float
    strayed: float
    season: float
    trend: float

    def by_beat(self, held: Ints, k: int) -> pd.DataFrame:
        """expected, low, high (80 %), low95, high95 minutes of each of k beats. held (n): beat of each cell."""
        expected = np.bincount(held, self.minutes, minlength=k).astype(np.float64)
        variance = np.bincount(held, self.variance, minlength=k) + self.shared * expected**2
        return pd.DataFrame({"expected": expected} | interval(expected, variance))


def interval(expected: FloatArray, variance: FloatArray) -> dict[str, FloatArray]:
    """Quantiles LEVELS of gamma distributions with these means and variances; 0 where nothing is expected."""
    some = (expected > 0) & (variance > 0)
    mean, spread = np.where(some, expected, 1.0), np.where(some, variance, 1.0)
    found = {name: gammaincinv(mean**2 / spread, level) * spread / mean for name, level in LEVELS.items()}
    return {name: np.where(some, ends, expected) for name, ends in found.items()}


def outlook(weeks: FloatArray, minutes: FloatArray, squares: float) -> Outlook | None:
    """The next quarter of n cells. weeks (n, w): matters of each week, the last one ending now; None below LEAST_WEEKS.

    minutes (n): all that these matters took; squares: the sum over matters of minutes². The variance of a cell is that
    of a sum of so many matters: E[N] Var(minutes) + minutes² Var(N).
    """
    _check(weeks, minutes)
    if weeks.shape[1] < LEAST_WEEKS:
        return None
    strayed, shared = straying(weeks)
    told = rates(weeks)
    total = max(weeks.sum(), 1.0)
    mean = minutes.sum() / total
    own = (minutes + PRIOR_MATTERS * mean) / (weeks.sum(axis=1) + PRIOR_MATTERS)
    each = max(squares / total - mean**2, 0.0)
    counted = told.matters + (told.kappa + strayed) * told.matters**2
    variance = told.matters * each + own**2 * counted
    return Outlook(told.matters * own, variance, told.matters, shared, strayed, told.season, told.trend)


def rates(weeks: FloatArray) -> Rates:
    """Matters expected of each cell in the quarter after these weeks (n, w)."""
    base = weeks[:, -YEAR:]
    counts, span = base.sum(axis=1), base.shape[1]
    shape, scale = _prior(counts)
    season, trend = _season(weeks), _trend(weeks)
    factor = QUARTER / span * season * trend
    # Gamma(shape, scale) before, Poisson counts after: the mean is (counts + shape) / (1 + 1 / scale).
    expected = (counts + shape) / (1 + 1 / scale) * factor if shape > 0 else counts * factor
    return Rates(expected, 1.0 / np.maximum(counts + shape, 0.5), season, trend)


def straying(weeks: FloatArray) -> tuple[float, float]:
    """How far quarters gone by lay from what was expected of them: relative variance of cells, and of the whole city.

    From forecasts made a quarter, two, three and four ago, by moments. Too short a past: what a year of the demo shows.
    """
    beyond, squared, together = 0.0, 0.0, []
    for known, then in _quarters(weeks):
        told = rates(known)
        off = (then - told.matters) ** 2 - told.matters - told.kappa * told.matters**2
        beyond, squared = beyond + float(off.sum()), squared + float((told.matters**2).sum())
        whole = max(float(told.matters.sum()), 1.0)
        together.append(((float(then.sum()) - whole) / whole) ** 2)
    if not together or squared <= 0:
        return 0.02, 0.01
    # What a cell strays includes what it strays with all the others.
    shared = float(np.mean(together))
    return max(0.0, beyond / squared - shared), shared


def coverage(weeks: FloatArray, groups: Ints | None = None) -> dict[str, float]:
    """Shares of counts of the last four quarters within intervals made from the weeks before each: "80", "95".

    groups (n): beats, whose sums are held against their intervals instead of single cells. Quarters before which there
    was nothing yet to measure straying by are left out; NaN where none is left.
    """
    held = np.arange(len(weeks), dtype=np.int32) if groups is None else groups
    inside: dict[str, list[FloatArray]] = {"80": [], "95": []}
    for known, then in _quarters(weeks, YEAR + QUARTER):
        # A matter counts as one minute here, so that counts are held against counts.
        told = outlook(known, known.sum(axis=1), float(known.sum()))
        assert told is not None
        ends, real = told.by_beat(held, int(held.max(initial=-1)) + 1), np.bincount(held, then)
        for name, low, high in (("80", "low", "high"), ("95", "low95", "high95")):
            # Counts are whole: half a matter on either side belongs to the interval.
            within = (real >= ends[low] - 0.5) & (real <= ends[high] + 0.5)
            inside[name].append(np.asarray(within, np.float64))
    return {name: float(np.mean(flags)) if flags else float("nan") for name, flags in inside.items()}


def _quarters(weeks: FloatArray, least: int = YEAR) -> Iterator[tuple[FloatArray, FloatArray]]:
    """The last four quarters that have so many weeks before them: the weeks before, and what came of each cell."""
    for ago in range(1, 5):
        first = weeks.shape[1] - QUARTER * ago
        if first >= least:
            yield weeks[:, :first], weeks[:, first : first + QUARTER].sum(axis=1)


def _prior(counts: FloatArray) -> tuple[float, float]:
    """Shape and scale of the gamma distribution of cells' means, by moments; 0, 0 where there is nothing to learn."""
    mean, between = float(counts.mean()), float(counts.var() - counts.mean())
    if mean <= 0:
        return 0.0, 1.0
    between = max(between, 1e-3 * mean)
    return mean**2 / between, between / mean


def _season(weeks: FloatArray) -> float:
    """The quarter that follows, against its year's mean quarter, a year ago; 1 without a whole year."""
    if weeks.shape[1] < YEAR:
        return 1.0
    city = weeks[:, -YEAR:].sum(axis=0)
    mean = city.sum() / YEAR * QUARTER
    return float(city[:QUARTER].sum() / mean) if mean > 0 else 1.0


def _trend(weeks: FloatArray) -> float:
    """A year's growth of the whole city, damped, from the middle of the last year to that of the next quarter."""
    if weeks.shape[1] < 2 * YEAR:
        return 1.0
    city = weeks.sum(axis=0)
    before, last = city[-2 * YEAR : -YEAR].sum(), city[-YEAR:].sum()
    if before <= 0 or last <= 0:
        return 1.0
    grown = float(np.clip(last / before, *GROWTH))
    return float(grown ** (DAMPED * (YEAR + QUARTER) / 2 / YEAR))


def _check(weeks: FloatArray, minutes: FloatArray) -> None:
    if weeks.ndim != 2 or len(weeks) != len(minutes) or (weeks < 0).any():
        raise InputError("Give each cell its matters week by week, 0 or more, and the minutes that they took.")
