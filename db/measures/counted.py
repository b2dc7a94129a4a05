"""What a figure counts: rows under keys, and flags that say which of them count as what.

A measure sums the flags by key, a drill lists the rows for which they hold: both from the same masks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from db.readmodel.asking import Asked
from db.readmodel.columns import Array


@dataclass(frozen=True)
class Counted:
    """rows: those that the question is about; flags: by name of a count one flag a row."""

    rows: Asked
    flags: Mapping[str, Array]

    def table(self) -> pd.DataFrame:
        """key, label and every count, as `Asked.table`."""
        return self.rows.table(self.flags)

    def where(self, names: Iterable[str]) -> Asked:
        """The rows that count as any of these."""
        return self.rows.where(np.logical_or.reduce([self.flags[name] for name in names]))

    def without(self, names: Iterable[str]) -> "Counted":
        """The same counts of the rows that count as none of these."""
        kept = ~np.logical_or.reduce([self.flags[name] for name in names])
        return Counted(self.rows.where(kept), {name: flag[kept] for name, flag in self.flags.items()})


def every(rows: Asked) -> Array:
    """A flag that holds for all rows."""
    return np.ones(len(rows), np.bool_)
