"""Is it more or less than before? Counts and shares of two periods, compared with an honest test."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from geo.errors import InputError

Floats = npt.NDArray[np.float64]
ANSCOMBE = 3 / 8
FLAG = 3.0  # past ±3 a change is named: 0.3 % of pure noise


class Days(NamedTuple):
    """Local days from `first` up to, but not including, `end`."""

    first: date
    end: date

    @property
    def length(self) -> int:
        """How many days there are."""
        return (self.end - self.first).days


def count_z(now: ArrayLike, before: ArrayLike, per_now: ArrayLike = 1.0, per_before: ArrayLike = 1.0) -> Floats:
    """z of a change between two Poisson counts, observed over `per_now` and `per_before` (days, person-days …).

    z = 2 (√((now + ⅜) / per_now) − √((before + ⅜) / per_before)) / √(1 / per_now + 1 / per_before), which for equal
    periods is √2 (√(now + ⅜) − √(before + ⅜)); 0 where both counts are 0. The square root makes the variance of a
    count 1/4 whatever its mean: M. S. Bartlett, "The square root transformation in analysis of variance", Supplement
    to JRSS 3 (1936). The ⅜ keeps that true of small counts: F. J. Anscombe, "The transformation of Poisson, binomial
    and negative-binomial data", Biometrika 35 (1948). Without it 1.9 % of pure noise of mean 3 lay past ±3; with it,
    summed exactly, at most 0.3 % at any mean over equal periods. Any shape that numpy broadcasts; NaN where a period
    has no length. Raises InputError for a count below 0.
    """
    n_now, n_before, t_now, t_before = map(_floats, (now, before, per_now, per_before))
    if (n_now < 0).any() or (n_before < 0).any():
        raise InputError("A count is below 0: give how many there were, which is 0 or more.")
    t_now, t_before = np.where(t_now > 0, t_now, np.nan), np.where(t_before > 0, t_before, np.nan)
    change = np.sqrt((n_now + ANSCOMBE) / t_now) - np.sqrt((n_before + ANSCOMBE) / t_before)
    z = 2 * change / np.sqrt(1 / t_now + 1 / t_before)
    return np.asarray(np.where((n_now == 0) & (n_before == 0) & ~np.isnan(z), 0.0, z), dtype=np.float64)


def count_interval(counts: ArrayLike) -> tuple[Floats, Floats]:
    """The exact 95 % interval of the mean behind Poisson counts (F. Garwood, Biometrika 28, 1936); NaN stays NaN.

    Raises InputError for a count below 0.
    """
    n = _floats(counts)
    if (n < 0).any():
        raise InputError("A count is below 0: give how many there were, which is 0 or more.")
    low = np.where(n == 0, 0.0, chi2.ppf(0.025, 2 * np.where(n == 0, 1, n)) / 2)
    return np.asarray(low, dtype=np.float64), np.asarray(chi2.ppf(0.975, 2 * n + 2) / 2, dtype=np.float64)


def share_z(k_now: ArrayLike, n_now: ArrayLike, k_before: ArrayLike, n_before: ArrayLike) -> Floats:
    """z of a change between two shares k/n, by the pooled two-proportion test.

    z = (p_now − p_before) / √(p (1 − p) (1/n_now + 1/n_before)), p the share of both together; z² is the χ² of
    the two-by-two table: K. Pearson, "On the criterion …", Philosophical Magazine 50 (1900). 0 where both
    shares are 0 or both are 1, NaN where an n is 0. Raises InputError unless 0 <= k <= n.
    """
    k1, n1, k0, n0 = map(_floats, (k_now, n_now, k_before, n_before))
    if not (_is_part(k1, n1) and _is_part(k0, n0)):
        raise InputError("Give a count between 0 and the number of cases it is a part of.")
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (k1 + k0) / (n1 + n0)
        change, spread = k1 / n1 - k0 / n0, np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
        return np.asarray(np.where((spread == 0) & (change == 0), 0.0, change / spread), dtype=np.float64)


def direction(z: ArrayLike) -> npt.NDArray[np.str_]:
    """ "up" past +FLAG, "down" past −FLAG, "unchanged" between, "unknown" for NaN."""
    score = _floats(z)
    return np.select([np.isnan(score), score > FLAG, score < -FLAG], ["unknown", "up", "down"], "unchanged")


def with_changes(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of frame[now, before, per_now, per_before] with rate_now, rate_before, z and direction added.

    Rates are counts per unit of per_now and per_before, NaN where that is 0.
    """
    now, before = frame["now"].astype("float64"), frame["before"].astype("float64")
    per_now, per_before = frame["per_now"].astype("float64"), frame["per_before"].astype("float64")
    z = count_z(now, before, per_now, per_before)
    rates = {"rate_now": now / per_now.where(per_now > 0), "rate_before": before / per_before.where(per_before > 0)}
    return frame.assign(**rates, z=z, direction=direction(z))


def with_share_changes(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of frame[k_now, n_now, k_before, n_before] with share_now, share_before, z and direction added."""
    counts = [frame[name].astype("float64") for name in ("k_now", "n_now", "k_before", "n_before")]
    z = share_z(*counts)
    shares = {"share_now": counts[0] / counts[1], "share_before": counts[2] / counts[3]}
    return frame.assign(**shares, z=z, direction=direction(z))


def previous(days: Days) -> Days:
    """The period before (环比): whole calendar months go back as many months, anything else its own length.

    Raises InputError for a period without a day.
    """
    _require_days(days)
    if days.first.day == days.end.day == 1:
        months = _month_number(days.end) - _month_number(days.first)
        return Days(_months_back(days.first, months), days.first)
    return Days(days.first - timedelta(days=days.length), days.first)


def last_year(days: Days) -> Days:
    """The same dates a year earlier (同比); for 29 February the day before stands in. InputError as in `previous`."""
    _require_days(days)
    leap = Days(date(days.first.year - 1, 2, 28), date(days.end.year - 1, 3, 1))
    return Days(_year_back(days.first, leap.first), _year_back(days.end, leap.end))


def _require_days(days: Days) -> None:
    if days.length < 1:
        raise InputError(f"The period {days.first} to {days.end} holds no day: give an end after its first day.")


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months_back(first_of_month: date, months: int) -> date:
    year, month = divmod(_month_number(first_of_month) - months, 12)
    return date(year, month + 1, 1)


def _year_back(day: date, on_leap_day: date) -> date:
    return on_leap_day if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _is_part(k: Floats, n: Floats) -> bool:
    return bool(((k >= 0) & (k <= n)).all())
