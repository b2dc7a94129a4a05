"""Is it quiet, or does nothing get through? A silence is judged by how many reports should have come meanwhile."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import exp, isnan

import numpy as np

from dashboard.live.freshness import SHORTEST

ODDS = 0.01  # that a day has such a silence by chance: a wall is to cry wolf once in a hundred days at most


def data_until(last: datetime, now: datetime, expected: Callable[[], Sequence[float]]) -> datetime:
    """Up to when today can be compared: `now`, or just after the `last` report where the silence since is no chance.

    last, now: local, aware; expected: gives the reports expected by the end of each hour of today (24), NaN where
    unknown, and is asked only after a silence of SHORTEST.
    """
    if now - last < SHORTEST:
        return now
    running = expected()
    if isnan(running[-1]) or not is_no_chance(missed(last, now, running), running[-1]):
        return now
    return last + timedelta(microseconds=1)  # so that the last report counts itself


def missed(last: datetime, now: datetime, running: Sequence[float]) -> float:
    """How many reports were to be expected between two local instants, days before today taken to be like it."""
    days = (now.date() - last.date()).days
    expected = np.interp([hour_of(last), hour_of(now)], np.arange(25), [0.0, *running])
    return float(expected[1] - expected[0]) + days * running[-1]


def is_no_chance(missing: float, a_day: float) -> bool:
    """Whether reports that come independently would leave a gap so long on fewer than ODDS of days.

    A gap in which `missing` were expected has the Poisson probability exp(−missing), and each of the `a_day` reports
    of a day begins one.
    """
    return max(a_day, 1.0) * exp(-missing) < ODDS


def hour_of(local: datetime) -> float:
    """How many hours of its local day have passed by the clock: 9.5 at half past nine."""
    return local.hour + local.minute / 60 + local.second / 3600
