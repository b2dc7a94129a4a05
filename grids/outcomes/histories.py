"""What the handling steps say of a matter: settled on the spot, mediated."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import InputError
from grids.step_columns import KIND, NEVER, Ints

# Whoever answered did not settle it alone once one of these stands in its history.
PASSED_ON = ("transfer", "escalate", "divert", "whistle", "mediate")
SETTLED = ("settle", "close")


def settlement_flags(steps: pd.DataFrame) -> pd.DataFrame:
    """settled, settled_on_spot, mediated, mediated_settled (bool) and settled_at of each matter (index, sorted).

    `steps`: matter, at (aware), no, kind; any order. settled_at is the first `settle` or `close`; on the spot means
    that none of PASSED_ON came before it. mediated_settled: a `settle` came after the first `mediate`. InputError for
    unknown kinds and times without a zone.
    """
    told = _read(steps)
    settled, passed, mediated = (told.first(kinds) for kinds in (SETTLED, PASSED_ON, ("mediate",)))
    is_settled = settled < NEVER
    settled_at = np.append(told.at, np.datetime64("NaT", "us"))[np.where(is_settled, settled, len(told.at))]
    flags = {"settled": is_settled, "settled_on_spot": is_settled & ~(passed < settled)}
    flags |= {"mediated": mediated < NEVER, "mediated_settled": told.last(("settle",)) > mediated}
    table = pd.DataFrame(flags, index=told.matters)
    return table.assign(settled_at=pd.DatetimeIndex(settled_at).tz_localize("UTC"))


class _Told(NamedTuple):
    """The steps of kinds that decide anything here, sorted by matter, time, number and the order of STEP_KINDS."""

    matters: pd.Index
    matter: Ints  # position in `matters`
    kind: Ints
    at: "np.ndarray[tuple[int], np.dtype[np.datetime64]]"

    def first(self, kinds: Sequence[str]) -> Ints:
        """Position of each matter's first step of these kinds; never where there is none."""
        place = self._places(kinds)[::-1]
        found = np.full(len(self.matters), NEVER)
        found[self.matter[place]] = place  # of repeated indices the last wins
        return found

    def last(self, kinds: Sequence[str]) -> Ints:
        """Position of each matter's last step of these kinds; -1 where there is none."""
        place = self._places(kinds)
        found = np.full(len(self.matters), -1)
        found[self.matter[place]] = place
        return found

    def _places(self, kinds: Sequence[str]) -> Ints:
        return np.flatnonzero(np.isin(self.kind, [KIND[kind] for kind in kinds]))


def _read(steps: pd.DataFrame) -> _Told:
    codes, matters = pd.factorize(steps["matter"], sort=True)
    kinds = _kinds(steps)
    kept = np.isin(kinds, [KIND[kind] for kind in (*SETTLED, *PASSED_ON)])
    at = _instants(steps).to_numpy(dtype="datetime64[us]")[kept]
    codes, kinds = codes[kept], kinds[kept]
    order = np.lexsort((kinds, steps["no"].to_numpy()[kept], at, codes))
    return _Told(pd.Index(matters, name="matter"), codes[order], kinds[order], at[order])


def _kinds(steps: pd.DataFrame) -> Ints:
    """The kind of each step as its number in STEP_KINDS; InputError for an unknown one."""
    codes, distinct = pd.factorize(steps["kind"])
    unknown = [kind for kind in distinct if kind not in KIND]
    if unknown or (codes < 0).any():
        raise InputError(f"A step has the unknown kind {(unknown or [None])[0]!r}: use one of {', '.join(KIND)}.")
    return np.array([KIND[kind] for kind in distinct], dtype=np.int64)[codes]


def _instants(steps: pd.DataFrame) -> pd.Series:
    """When each step happened, in UTC; InputError where the times have no zone."""
    at = steps["at"]
    if at.isna().all():
        return pd.Series(pd.NaT, index=steps.index, dtype="datetime64[us, UTC]")
    if not isinstance(at.dtype, pd.DatetimeTZDtype):
        raise InputError("The times of 'at' have no time zone: give them one.")
    return at.dt.tz_convert("UTC").dt.as_unit("us")
