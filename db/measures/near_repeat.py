"""Near repeats: do reports follow one another nearby and soon more often than by chance?"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd
from pyproj import Transformer
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.instants import times
from db.measures.question import Question
from db.readmodel.asking import Asked, Draft, ask
from db.readmodel.columns import Array
from db.readmodel.scope import View
from geo.crs import WGS84, metric_crs
from geo.hotspots.near_repeat import in_pairs, near_repeats

SPACE_M = (0.0, 100.0, 200.0, 400.0)
TIME_DAYS = (7.0, 14.0, 28.0)
PERMUTATIONS, SEED, MOST = 99, 0, 3_000
COLUMNS = ["metres", "days", "observed", "expected", "ratio", "p", "reports", "since"]


def near_repeat(
    _conn: Connection, view: View, flt: Filter, *, space_m: Sequence[float] = SPACE_M,
    time_days: Sequence[float] = TIME_DAYS, permutations: int = PERMUTATIONS, seed: int = SEED, most: int = MOST,
    boundaries: str | Draft = "then",
) -> pd.DataFrame:  # fmt: skip
    """COLUMNS, one row a band of metres and one of days: the Knox test over matters by their first reports.

    Only first reports count: duplicates and repeats of one matter are no near repeats. Of more than `most` the last
    ones of the period are taken, without a gap: reports says how many, since the first of them. The same seed gives
    the same answer. InputError as geo.hotspots.near_repeat.near_repeats.
    """
    asked = _sample(ask(view, "report", flt, boundaries=boundaries), most)
    x, y = _metres(asked["lon"], asked["lat"])
    at = times(asked["at"], view.about.ticks)
    found = near_repeats(x, y, at, space_m, time_days, permutations, seed)
    bands = [(metres, days) for metres in _named(space_m) for days in _named(time_days)]
    table = pd.DataFrame(bands, columns=["metres", "days"])
    told = {name: getattr(found, name).ravel() for name in ("observed", "expected", "ratio", "p")}
    table = table.assign(**told, reports=len(asked))
    table["since"] = pd.Series([at.min()] * len(table), dtype="datetime64[us, UTC]")
    return table[COLUMNS]


def by_band(asked: Question) -> Asked:
    """The first reports that make a pair in a band, keyed "METRES m, DAYS d" as in `near_repeat`, once in each band."""
    first = _sample(asked.ask("report"), MOST)
    x, y = _metres(first["lon"], first["lat"])
    incident, band = in_pairs(x, y, times(first["at"], first.view.about.ticks), SPACE_M, TIME_DAYS)
    names = [f"{metres} m, {days} d" for metres in _named(SPACE_M) for days in _named(TIME_DAYS)]
    return first.where(incident).keyed(band, [(name, name) for name in names])


def _sample(asked: Asked, most: int) -> Asked:
    first = asked.where((asked["kind"] == 0) & np.isfinite(asked["lon"]))
    return first.where(np.arange(len(first)) >= len(first) - most)


def _metres(lon: Array, lat: Array) -> tuple[Array, Array]:
    if not len(lon):
        return lon, lat
    x, y = _to_metres(metric_crs(lon, lat).to_wkt()).transform(lon, lat)
    return x, y


@lru_cache(maxsize=16)
def _to_metres(crs: str) -> Transformer:
    return Transformer.from_crs(WGS84, crs, always_xy=True)


def _named(edges: Sequence[float]) -> list[str]:
    """Each band by its ends; the first reaches from 0."""
    bands = [f"0–{edges[0]:g}" if edges[0] else "0"]
    return bands + [f"{low:g}–{high:g}" for low, high in pairwise(edges)]
