"""The radius of an answer: learned by leaving out each address of the base, so that 9 of 10 truths lie inside.

One quantile regression per method on the logarithm of the error (Koenker & Bassett 1978, solved by the MM algorithm
of Hunter & Lange 2000), then a factor per method from predictions out of fold, as in conformal prediction (Romano,
Patterson & Candès 2019). A method too rarely seen gets the cautious rule of `_unlearned`.
"""

from collections.abc import Sequence

import numpy as np

from geo.datums import FloatArray
from geo.gazetteer.kriging import IntArray

LEVEL = 0.9
_ENOUGH, _FEW, _FOLDS, _TURNS = 40, 15, 5, 60
_RIDGE = 1e-3
_LEAST_M, _MOST_M = 10.0, 60_000.0


class Radii:
    """Learned from (method code, features, error in metres) of addresses placed without themselves.

    `families` are methods alike. Column 0 of the features is the logarithm of the scale in metres that the method
    itself expects.
    """

    def __init__(
        self, method: IntArray, features: FloatArray, error_m: FloatArray, families: Sequence[Sequence[int]]
    ) -> None:
        self._of: dict[int, FloatArray] = {}
        log_error = np.log(error_m + 1.0)
        for family in families:
            together = np.isin(method, family)
            for code in family:
                # A method too rarely seen is judged by its relatives.
                rows = method == code if (method == code).sum() >= _ENOUGH else together
                if rows.sum() >= _FEW:
                    self._of[code] = _learned(features[rows], log_error[rows])

    def radius_m(self, method: IntArray, features: FloatArray) -> FloatArray:
        """Metres for each answer."""
        found = _unlearned(features)
        for code, model in self._of.items():
            rows = method == code
            found[rows] = np.exp(_columns(features[rows]) @ model) - 1.0
        return np.clip(found, _LEAST_M, _MOST_M)


def _unlearned(features: FloatArray) -> FloatArray:
    return 2.5 * np.exp(features[:, 0]) + 100.0


def _learned(features: FloatArray, log_error: FloatArray) -> FloatArray:
    columns = _columns(features)
    # Few errors can carry few coefficients.
    columns[:, 1 + len(columns) // _ENOUGH :] = 0.0
    fold = np.random.default_rng(0).permutation(len(columns)) % _FOLDS
    off = np.empty(len(columns))
    for k in range(_FOLDS):
        kept, asked = fold != k, fold == k
        off[asked] = log_error[asked] - columns[asked] @ _quantile_regression(columns[kept], log_error[kept])
    model = _quantile_regression(columns, log_error)
    level = min(1.0, LEVEL * (len(off) + 1) / len(off))
    model[0] += np.quantile(off, level)
    return model


def _columns(features: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(features)), features])


def _quantile_regression(columns: FloatArray, target: FloatArray) -> FloatArray:
    """Coefficients of the LEVEL quantile of `target`, with a little ridge on all but the constant."""
    ridge = _RIDGE * len(target) * np.diag(np.r_[0.0, columns[:, 1:].var(axis=0) + 1e-6])
    found = np.asarray(np.linalg.lstsq(columns, target, rcond=None)[0], np.float64)
    for _ in range(_TURNS):
        off = target - columns @ found
        weight = 1.0 / (np.abs(off) + 1e-3)
        lift = columns.T @ (weight * target + (2 * LEVEL - 1))
        found = np.asarray(np.linalg.solve(columns.T @ (weight[:, None] * columns) + ridge, lift), np.float64)
    return found
