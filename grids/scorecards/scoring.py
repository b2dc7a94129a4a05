"""Scores by the rules of a card: every line with its counts and why, sums per unit, types earned, monthly stars."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.datums import FloatArray
from geo.errors import InputError
from grids.scorecards.rules import Rule, Scorecard
from grids.scorecards.wording import Why, why_en, why_zh


def score(counts: pd.DataFrame, card: Scorecard, *, why: bool = True) -> pd.DataFrame:
    """One row a unit and rule: unit, rule, group, numerator, denominator, value, bound, threshold, met, points, of,
    why_zh, why_en.

    `counts`: index the units, one column each count that the rules name; a missing count is NaN. met is missing,
    and points and `of` are 0, where a count is missing or fewer than the rule's `fewest` stand below the line: not
    judged is neither full marks nor none. A rule without a denominator has none in its row either. `why`: whether
    the sentences are wanted. Raises InputError when a column is missing, a count is below 0, or a unit stands twice.
    """
    _check(counts, card)
    lines = [_lines(counts, rule) for rule in card.rules]
    table = pd.concat(lines).sort_index(kind="stable").rename_axis("unit").reset_index()
    if not why:
        return table
    reasons = _reasons(table, card)
    return table.assign(why_zh=[why_zh(each) for each in reasons], why_en=[why_en(each) for each in reasons])


def totals(scored: pd.DataFrame) -> pd.DataFrame:
    """points, of, percent (NaN when nothing was judged), met, judged, rules; index unit, sorted."""
    units = scored.groupby("unit")
    sums = units[["points", "of"]].sum()
    table = pd.DataFrame({"met": units["met"].sum(), "judged": units["met"].count(), "rules": units.size()})
    percent = 100 * sums["points"] / sums["of"].where(sums["of"] > 0)
    return sums.assign(percent=percent).join(table.astype("int64"))


def earned(scored: pd.DataFrame) -> pd.DataFrame:
    """met, judged, rules, earned of each unit and group (index, sorted): earned when every rule was judged and met."""
    groups = scored.groupby(["unit", "group"])["met"]
    table = pd.DataFrame({"met": groups.sum(), "judged": groups.count(), "rules": groups.size()}).astype("int64")
    return table.assign(earned=table["met"] == table["rules"])


def stars(summed: pd.DataFrame, stations: pd.Series, least_judged: float = 0.5) -> pd.DataFrame:
    """`summed` (of `totals`) with station, rank (1 = best of its station, ties share it, missing if not ranked), star.

    `stations`: index unit. Ranked by percent are units with at least the share `least_judged` of their rules
    judged, so that one lucky figure wins nothing. The first with more than 0 points are stars.
    """
    ranked = summed["percent"].where(summed["judged"] >= least_judged * summed["rules"])
    station = stations.reindex(summed.index)
    rank = ranked.groupby(station).rank(method="min", ascending=False).astype("Int64")
    first = (rank == 1).fillna(False).astype(bool)
    return summed.assign(station=station, rank=rank, star=first & (summed["points"] > 0))


def _check(counts: pd.DataFrame, card: Scorecard) -> None:
    named = list(dict.fromkeys(name for rule in card.rules for name in (*rule.above, *rule.below)))
    absent = [name for name in named if name not in counts]
    if absent:
        raise InputError(f"The scorecard {card.code!r} needs the counts {', '.join(absent)}: add these columns.")
    if not counts.index.is_unique:
        raise InputError(f"The unit {counts.index[counts.index.duplicated()][0]} stands twice: give one row a unit.")
    if (counts[named] < 0).to_numpy().any():
        raise InputError("A count is below 0: give how many there were, which is 0 or more.")


def _lines(counts: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The rows of one rule; index unit."""
    above, below = _sum(counts, rule.above), _sum(counts, rule.below)
    whole = below if rule.below else np.ones(len(counts))
    fit = (whole > 0) & (whole >= (rule.fewest if rule.below else 0))
    value = np.divide(above, whole, out=np.full(len(counts), np.nan), where=fit)
    judged = ~np.isnan(value)
    met = judged & (value <= rule.threshold if rule.bound == "at_most" else value >= rule.threshold)
    told = {
        "rule": rule.code, "group": rule.group, "numerator": above, "denominator": below if rule.below else np.nan,
        "value": value, "bound": rule.bound, "threshold": rule.threshold,
        "met": pd.arrays.BooleanArray(met, ~judged), "points": met * float(rule.points),
        "of": judged * rule.points,
    }  # fmt: skip
    return pd.DataFrame(told, index=counts.index)


def _sum(counts: pd.DataFrame, names: Sequence[str]) -> FloatArray:
    """NaN where any of the counts is missing."""
    columns = [counts[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in names]
    return np.sum(columns, axis=0, dtype=np.float64) if columns else np.zeros(len(counts))


def _reasons(table: pd.DataFrame, card: Scorecard) -> list[Why]:
    """What the sentences need, of each row."""
    names = ["rule", "numerator", "denominator", "bound", "threshold", "met", "points", "of"]
    without = {rule.code for rule in card.rules if not rule.below}
    return [
        Why(numerator, None if code in without else denominator, bound, threshold, _plain(met), points, of)
        for code, numerator, denominator, bound, threshold, met, points, of in table[names].to_numpy(dtype=object)
    ]


def _plain(met: object) -> bool | None:
    return None if met is pd.NA else bool(met)
