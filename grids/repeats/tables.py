"""What was settled, as tables of keys: matters, the links that explain them, suggestions, conflicts."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grids.repeats import kernels
from grids.repeats.blocks import Pairs, buildings_of, pairs
from grids.repeats.reports import NEVER, Longs, Reals, Reports
from grids.repeats.rules import DAY_US, Rules

if TYPE_CHECKING:
    from grids.repeats.matters import Settled


def matter_table(reports: Reports, matter: Longs) -> pd.DataFrame:
    """key, matter, kind of every report: the first, and what came before or from the first end of its handling."""
    ended = np.full(len(reports), NEVER)
    np.minimum.at(ended, matter, reports.ended_at)
    later = np.where(reports.at < ended[matter], "duplicate", "repeat")
    kind = np.where(matter == np.arange(len(reports)), "first", later)
    return pd.DataFrame({"key": reports.key, "matter": reports.key[matter], "kind": kind.astype(object)})


def link_table(settled: "Settled", kind: np.ndarray, rules: Rules) -> pd.DataFrame:
    """a, b, rule, metres, days, kind: every join that was kept, and the reduced pairs of each rule."""
    reports, matter = settled.reports, settled.matter
    everyone = np.ones(len(reports), np.bool_)
    found = dict(pairs(reports, settled.blocks, matter, everyone, rules.window_us, reduced=True))
    joins = settled.joins[matter[settled.joins[:, 0]] == matter[settled.joins[:, 1]]]
    told = {"join": Pairs(joins[:, 0], joins[:, 1], metres_between(reports, joins[:, 0], joins[:, 1])), **found}
    parts = [_pair_table(reports, pair).assign(rule=rule, kind=kind[pair.second]) for rule, pair in told.items()]
    frame = pd.concat(parts, ignore_index=True)
    order = np.lexsort((np.concatenate([p.first for p in told.values()]), _seconds(list(told.values()))))
    return frame.iloc[order].reset_index(drop=True)[["a", "b", "rule", "metres", "days", "kind"]]


def suggestion_table(settled: "Settled", rules: Rules) -> pd.DataFrame:
    """a, b, metres, days: the nearest in time of each two matters that share a building and group, undecided."""
    reports, matter = settled.reports, settled.matter
    first, second = kernels.others(*buildings_of(reports), reports.at, matter, rules.window_us)
    one, other = (np.minimum(matter[first], matter[second]), np.maximum(matter[first], matter[second]))
    order = np.lexsort((second, first, reports.at[second] - reports.at[first], other, one))
    first, second, pair_of = first[order], second[order], one[order] * len(reports) + other[order]
    closest = np.ones(len(order), np.bool_)
    closest[1:] = pair_of[1:] != pair_of[:-1]
    closest &= ~np.isin(pair_of, _decided_apart(settled))
    found = Pairs(first[closest], second[closest], metres_between(reports, first[closest], second[closest]))
    by_time = np.lexsort((found.first, found.second))
    return _pair_table(reports, found).iloc[by_time].reset_index(drop=True)


def conflict_table(settled: "Settled") -> pd.DataFrame:
    """a, b of joins that a split forbids."""
    key = settled.reports.key
    return pd.DataFrame({"a": key[settled.refused[:, 0]], "b": key[settled.refused[:, 1]]})


def metres_between(reports: Reports, first: Longs, second: Longs) -> Reals:
    """Metres between the points of each pair, NaN where one has none."""
    metres = np.empty(len(first), np.float64)
    kernels.distances(reports.lon, reports.lat, np.ascontiguousarray(first), np.ascontiguousarray(second), metres)
    return metres


def _decided_apart(settled: "Settled") -> Longs:
    """Codes of the pairs of matters between which a person said no."""
    matter = settled.matter
    one, other = matter[settled.splits[:, 0]], matter[settled.splits[:, 1]]
    return np.minimum(one, other) * len(matter) + np.maximum(one, other)


def _pair_table(reports: Reports, pair: Pairs) -> pd.DataFrame:
    days = (reports.at[pair.second] - reports.at[pair.first]) / DAY_US
    return pd.DataFrame(
        {"a": reports.key[pair.first], "b": reports.key[pair.second], "metres": pair.metres, "days": days}
    )


def _seconds(told: list[Pairs]) -> Longs:
    return np.concatenate([pair.second for pair in told])
