"""Ticks of the model as seconds and as times."""

import numpy as np
import pandas as pd

from db.readmodel.columns import Array, Ticks
from db.readmodel.record_rows import microseconds_1970


def seconds_1970(instants: Array, ticks: Ticks) -> Array:
    """Whole seconds since 1970, fractions cut off."""
    found: Array = microseconds_1970(instants.astype(np.int64) * ticks.us) // 1_000_000
    return found


def times(instants: Array, ticks: Ticks) -> pd.Series:
    """Aware times, to the microsecond."""
    micros = microseconds_1970(instants.astype(np.int64) * ticks.us)
    return pd.Series(micros.view("datetime64[us]")).dt.tz_localize("UTC")
