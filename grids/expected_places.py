"""Today's count beside its expectation for many places at once: `grids.expected` in arrays."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import nbinom

from geo.time_zone import time_zone
from grids.arrivals import Counts, check, comparable, microseconds_of_day, wall_clock
from grids.expected import LEAST_DAYS

Floats = npt.NDArray[np.float64]


class Histories(NamedTuple):
    """Of each place, whole and before: (places, days) counts of whole days and up to this time of the clock; today."""

    whole: Counts
    before: Counts
    weekday: Counts
    today: Counts
    same: int


def histories(
    place: Counts, places: int, times: pd.Series, now: datetime, zone: str, weeks: int = 8,
    skip: Collection[date] = (), since: date | None = None,
) -> Histories:  # fmt: skip
    """The last `weeks` weeks of `times` by place: `place` (0 … places − 1) is aligned with them.

    As grids.arrivals.history otherwise, InputError too.
    """
    check(times, now, weeks)
    today, days = now.astimezone(time_zone(zone)), 7 * weeks
    first = np.datetime64(today.date()) - days
    wall, kept = wall_clock(times.reset_index(drop=True), now, time_zone(zone), first)
    midnight = wall.astype("datetime64[D]")
    cell = np.asarray(place, np.int64)[kept.to_numpy()] * (days + 1) + (midnight - first).astype(np.int64)
    early = (wall - midnight).astype(np.int64) < microseconds_of_day(today)
    whole, before = (
        np.bincount(some, minlength=places * (days + 1)).reshape(places, days + 1) for some in (cell, cell[early])
    )
    usable, weekday = comparable(first, days, skip, since)
    past = whole[:, :-1][:, usable], before[:, :-1][:, usable], weekday[usable]
    return Histories(*past, before[:, -1], today.weekday())


def expected_of_places(told: Histories, level: float = 0.95) -> pd.DataFrame:
    """observed, expected, low, high, verdict, days, excess; one row a place.

    expected: the mean, over the same weekdays before, of what had come by this time of the clock; low, high: limits of
    `level` that are still within (`grids.expected.limits`); verdict: within, above, below, or unknown with fewer than
    LEAST_DAYS days; days: how many stand behind it; excess: the dispersion α of whole days of all weekdays.
    """
    same = told.before[:, told.weekday == told.same]
    days, excess = same.shape[1], _dispersion(told.whole, told.weekday)
    table = pd.DataFrame({"observed": told.today, "days": days, "excess": excess})
    if days < LEAST_DAYS:
        table[["expected", "low", "high"]] = np.nan
        return table.assign(verdict="unknown")[_ORDER]
    low, high = _limits(same, excess, level)
    verdict = np.select([told.today > high, told.today < low], ["above", "below"], "within")
    return table.assign(expected=same.mean(axis=1), low=low, high=high, verdict=verdict)[_ORDER]


_ORDER = ["observed", "expected", "low", "high", "verdict", "days", "excess"]


def _limits(before: Counts, excess: Floats, level: float) -> tuple[Floats, Floats]:
    n, mean = before.shape[1], before.mean(axis=1)
    mean = np.where(mean > 0, mean, 1 / (2 * n))
    variance = (mean + excess * mean**2) * (1 + 1 / n)
    size = mean**2 / (variance - mean)
    share = size / (size + mean)
    return nbinom.ppf((1 - level) / 2, size, share), nbinom.ppf((1 + level) / 2, size, share)


def _dispersion(whole: Counts, weekday: Counts) -> Floats:
    """α of each place by moments, weekdays of more than one day together."""
    beyond, scale = np.zeros(len(whole)), np.zeros(len(whole))
    for day in range(7):
        counts = whole[:, weekday == day]
        if (size := counts.shape[1]) > 1:
            mean = counts.mean(axis=1)
            beyond += size * (counts.var(axis=1, ddof=1) - mean)
            scale += size * mean**2
    alpha: Floats = np.divide(np.maximum(beyond, 0), scale, out=np.zeros(len(whole)), where=scale > 0)
    return alpha
