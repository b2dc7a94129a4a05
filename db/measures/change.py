"""More, less or unchanged: a figure of a period against the one before and the same a year earlier; and by month."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.figures import COUNTS, figure
from db.measures.periods import AGAINST, length, months, other, reaches_back_to
from db.measures.question import Boundaries, Question
from db.readmodel import View
from grids.containment import with_shares
from grids.policies import POLICIES, Policy
from grids.trends import with_changes, with_share_changes

OF_COUNTS = ["now", "per_now", "before", "per_before", "rate_now", "rate_before", "z", "direction"]
OF_SHARES = ["k_now", "n_now", "k_before", "n_before", "share_now", "share_before", "z", "direction"]


def change(
    conn: Connection, view: View, flt: Filter, code: str = "reports", *, by: str | None = None,
    against: tuple[str, ...] = AGAINST, policy: Policy = POLICIES["QD"], boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """A figure (db.measures.figures) of the period against others: one row a comparison and key.

    Counts: against, key, label, now, per_now (days), before, per_before, rate_now, rate_before (a day), z, direction.
    Shares: against, key, label, k_now, n_now, k_before, n_before, share_now, share_before, z, direction. Each period
    is judged at its own end. A count of a time that the record does not reach back to is unknown, never 0 before.
    """
    asked = Question(conn, view, flt, by, policy=policy, boundaries=boundaries)
    now, parts = figure(asked, code), []
    for each in against:
        flt_before = other(flt, view.about.zone, each)
        before = figure(replace(asked, flt=flt_before), code)
        per_before = length(flt_before) if flt_before.start >= reaches_back_to(view) else 0.0
        changed = _of_counts(now, before, length(flt), per_before) if code in COUNTS else _of_shares(now, before)
        parts.append(changed.assign(against=each))
    columns = ["against", "key", "label", *(OF_COUNTS if code in COUNTS else OF_SHARES)]
    return pd.concat(parts, ignore_index=True)[columns]


def trend(
    conn: Connection, view: View, flt: Filter, code: str = "reports", *, by: str | None = None,
    as_of: datetime | None = None, policy: Policy = POLICIES["QD"], boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """A figure month by month: month (its first local day), key, label, days, then count, or numerator, denominator,
    share, low, high. Each month is judged at its own end, or at `as_of`.
    """
    asked, parts = Question(conn, view, flt, by, as_of, policy, boundaries), []
    for month, of_month in months(flt, view.about.zone):
        told = figure(replace(asked, flt=of_month), code)
        parts.append(told.assign(month=month, days=length(of_month)))
    found = pd.concat(parts, ignore_index=True)
    if code in COUNTS:
        return found[["month", "key", "label", "days", "count"]]
    rest = found["denominator"] - found["numerator"]
    shares = with_shares(pd.DataFrame({"contained": found["numerator"], "escaped": rest}))
    return found.join(shares[["share", "low", "high"]])[
        ["month", "key", "label", "days", "numerator", "denominator", "share", "low", "high"]
    ]


def _of_counts(now: pd.DataFrame, before: pd.DataFrame, per_now: float, per_before: float) -> pd.DataFrame:
    both = _beside(now.rename(columns={"count": "now"}), before.rename(columns={"count": "before"}))
    return with_changes(both.assign(per_now=per_now, per_before=per_before))


def _of_shares(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    names = [{"numerator": f"k_{when}", "denominator": f"n_{when}"} for when in ("now", "before")]
    return with_share_changes(_beside(now.rename(columns=names[0]), before.rename(columns=names[1])))


def _beside(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Both periods by key; what has no row in one of them counted nothing there."""
    both = now.merge(before, on="key", how="outer", suffixes=("", "_before"), sort=False)
    both["label"] = both["label"].where(both["label"].notna(), both["label_before"])
    both = both.drop(columns="label_before")
    counts = [str(name) for name in both if name not in ("key", "label")]
    both[counts] = both[counts].fillna(0).astype("int64")
    order = pd.Series([(key is None or key != key, str(key)) for key in both["key"]], index=both.index)
    return both.loc[order.sort_values().index].reset_index(drop=True)
