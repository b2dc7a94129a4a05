"""A bulletin's key figures: counts and shares of the period beside the one before and last year's."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.bulletin.figures import records
from dashboard.bulletin.key_figures import Pair, count_row, share_row
from db.facts import Filter
from db.measures.change import change
from db.measures.periods import other
from db.measures.repeats import reports

if TYPE_CHECKING:
    from dashboard.bulletin.gathering import Wanted

Row = dict[str, Any]
COUNTS = ("reports", "matters")
SHARES = {"contained": "containment"} | {
    code: code
    for code in (
        "stayed_in_street", "on_spot", "mediation", "closing", "on_time", "satisfaction", "revisit", "held", "repeat",
        "accepted", "done", "regraded",
    )
}  # fmt: skip


def rows(wanted: "Wanted") -> list[Row]:
    """One row a key figure: code, kind, k, n, low, high, wanted, and k, n, z, direction of before_ and year_."""
    return [*_counts(wanted), *_shares(wanted), *_one_community(wanted)]


def _counts(wanted: "Wanted") -> list[Row]:
    found = []
    for code in COUNTS:
        now, before, year = _compared(
            change(wanted.conn, wanted.view, wanted.flt, code), "now", "before", "per_now", "per_before"
        )
        found.append(count_row(code, now, before if before[1] else None, year if year[1] else None))
    return found


def _shares(wanted: "Wanted") -> list[Row]:
    found = []
    for code, measure in SHARES.items():
        told = change(wanted.conn, wanted.view, wanted.flt, measure, policy=wanted.policy)
        found.append(share_row(code, *_compared(told, "k_now", "k_before", "n_now", "n_before")))
    return found


def _compared(told: pd.DataFrame, now: str, before: str, per_now: str, per_before: str) -> tuple[Pair, Pair, Pair]:
    """(k, n) of the period, of the one before and of last year, from the two rows of `change`."""
    rows = {row["against"]: row for row in records(told)}
    then = [(rows[against][before], rows[against][per_before]) for against in ("previous", "last_year")]
    return (rows["previous"][now], rows["previous"][per_now]), then[0], then[1]


def by_community(wanted: "Wanted", flt: Filter) -> dict[str | None, tuple[str | None, int]]:
    """Name and reports of each community by its code; None for what lies in none."""
    found = reports(wanted.conn, wanted.view, flt, by="community")
    return {row["key"]: (row["label"], row["reports"]) for row in records(found)}


def _one_community(wanted: "Wanted") -> list[Row]:
    """The community with most reports now, and its share of the same place in the other periods."""
    now = by_community(wanted, wanted.flt)
    named = {key: value for key, value in now.items() if key is not None}
    if not named:
        return []
    most = max(named, key=lambda key: (named[key][1], key))
    pairs = []
    for against in ("previous", "last_year"):
        then = by_community(wanted, other(wanted.flt, wanted.view.about.zone, against))
        pairs.append((then.get(most, (None, 0))[1], sum(n for _, n in then.values())))
    row = share_row("one_community", (named[most][1], sum(n for _, n in now.values())), *pairs)
    return [row | {"name": named[most][0]}]
