"""Every share of outcomes as data: which counts stand above and below the line."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import InputError, NotFound
from grids.containment import with_shares
from grids.levels import Name


class Formula(NamedTuple):
    """share = sum of the `above` counts / sum of the `below` counts; a case is counted once above and once below."""

    name: Name
    above: tuple[str, ...]
    below: tuple[str, ...]


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "on_spot": Formula(Name("现场化解率", "settled on the spot"), ("settled_on_spot",), ("settled",)),
        "mediation": Formula(Name("调解成功率", "mediation success"), ("mediated_settled",), ("mediated",)),
        "closing": Formula(Name("办结率", "closing rate"), ("closed",), ("registered",)),
        "on_time": Formula(Name("按期办结率", "closed on time"), ("closed_on_time",), ("due",)),
        "satisfaction": Formula(Name("满意率", "satisfaction"), ("satisfied",), ("answered",)),
        "revisit": Formula(Name("回访覆盖率", "revisit coverage"), ("revisited",), ("revisit_due",)),
        "held": Formula(Name("化解稳固率", "settlement held"), ("held",), ("closed_long_ago",)),
        "accepted": Formula(Name("分流接收率", "diversions accepted"), ("diverted_accepted",), ("diverted",)),
        "bounced": Formula(Name("分流退回率", "diversions bounced"), ("diverted_bounced",), ("diverted",)),
        "done": Formula(Name("分流办结率", "diversions done"), ("diverted_done",), ("diverted",)),
        "relieved": Formula(
            Name("非警务分流化解率", "non-police calls taken off the police"),
            ("settled_by_mediators", "diverted"),
            ("non_police",),
        ),
        "regraded": Formula(Name("改级率", "regrade rate"), ("regraded",), ("grade_fixed",)),
        "stayed_in_street": Formula(
            Name("上行不出街道", "of those that left the beat, stayed in the street"),
            ("left_beat_in_street",),
            ("left_beat",),
        ),
        "repeat": Formula(Name("重复警情率", "repeat rate"), ("repeats",), ("reports",)),
        "one_community": Formula(
            Name("单一社区警情占比", "calls from one community"), ("community_calls",), ("calls",)
        ),
    }
)


def formula(code: str) -> Formula:
    """The formula of that code; NotFound lists the codes there are."""
    found = FORMULAS.get(code)
    if found is None:
        raise NotFound(f"There is no outcome {code!r}: choose one of {', '.join(FORMULAS)}.")
    return found


def outcome(counts: pd.DataFrame, code: str) -> pd.DataFrame:
    """numerator, denominator (int64), share and its Wilson interval low, high; one row for each row of `counts`.

    `counts` holds the columns that the formula names, one row a place, person or period. Share, low and high are
    NaN where the denominator is 0. Raises InputError when a column is missing, a count is missing, or more stand
    above the line than below.
    """
    return shared(parts(counts, code))


def parts(counts: pd.DataFrame, code: str) -> pd.DataFrame:
    """numerator and denominator alone; raises as `outcome`."""
    above, below = _sums(counts, code)
    return pd.DataFrame({"numerator": above, "denominator": below})


def shared(told: pd.DataFrame) -> pd.DataFrame:
    """A frame with numerator and denominator, with share, low and high added. InputError where more stand above."""
    above, below = told["numerator"], told["denominator"]
    shares = with_shares(pd.DataFrame({"contained": above, "escaped": below - above}))
    return told.join(shares[["share", "low", "high"]])


def _sums(counts: pd.DataFrame, code: str) -> tuple[pd.Series, pd.Series]:
    wanted = formula(code)
    absent = [name for name in (*wanted.above, *wanted.below) if name not in counts]
    if absent:
        raise InputError(f"The outcome {code!r} needs the counts {', '.join(absent)}: add these columns.")
    return _sum(counts, wanted.above), _sum(counts, wanted.below)


def _sum(counts: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    chosen = np.stack([counts[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in names])
    if np.isnan(chosen).any():
        raise InputError(f"A count of {', '.join(names)} is missing: write 0 where there were none.")
    return pd.Series(chosen.sum(axis=0).astype(np.int64), index=counts.index)
