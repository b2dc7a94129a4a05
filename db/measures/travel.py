"""How matters travelled: from level to level, and from grade to grade."""

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.counted import Counted
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel.asking import Asked
from db.readmodel.columns import Array
from grids.containment import with_shares
from grids.grading import SEVERITIES
from grids.levels import LEVELS, Level
from grids.outcomes.travelled import TARGETS, flow_counts, flow_shares, moves


def flow(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, as_of: datetime | None = None,
    boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label, source, target, numerator, denominator, share, low, high: matters opened in the period.

    How many went from a level straight to another (or stand closed or open there), of all that reached it: the
    shares of a source sum to 1 (grids.outcomes.travelled).
    """
    asked = Question(conn, view, flt, by, as_of, boundaries=boundaries)
    matters, reached, closed = _travelled(asked)
    counts = flow_counts(reached, closed, matters.key.astype(np.int64), len(matters.names))
    parts = [
        flow_shares(each).assign(key=key, label=label)
        for each, (key, label) in zip(counts, matters.names, strict=True)
        if each.any()
    ]
    found = pd.concat(parts, ignore_index=True) if parts else flow_shares(counts.sum(axis=0)).assign(key=[], label=[])
    return found[["key", "label", "source", "target", "numerator", "denominator", "share", "low", "high"]]


def regrades(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, as_of: datetime | None = None,
    boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label, severity, severity_now, numerator, denominator, share, low, high.

    Matters whose grade was fixed in the period: how many of each grade that counts stand at which grade now. It
    changes no other figure; whoever is off the diagonal was regraded.
    """
    asked = Question(conn, view, flt, by, as_of, boundaries=boundaries)
    matters, pair = _graded(asked)
    counts = np.bincount(matters.key * 16 + pair, minlength=len(matters.names) * 16).reshape(-1, 4, 4)
    key, last, fixed = np.nonzero(counts)
    order = np.lexsort((last, fixed, key))
    key, last, fixed = key[order], last[order], fixed[order]
    numerator, denominator = counts[key, last, fixed], counts.sum(axis=1)[key, fixed]
    shares = with_shares(pd.DataFrame({"contained": numerator, "escaped": denominator - numerator}))
    told: dict[str, Any] = {
        name: pd.Series([matters.names[k][n] for k in key], dtype=object) for n, name in enumerate(("key", "label"))
    }
    told |= {"severity": fixed, "severity_now": last, "numerator": numerator, "denominator": denominator}
    return pd.DataFrame(told).join(shares[["share", "low", "high"]])


def flow_of(asked: Question, source: Level, target: str) -> Counted:
    """The matters opened in the period; "moved": went straight from that level to that of grids' TARGETS."""
    matters, reached, closed = _travelled(asked)
    moved = np.zeros(len(matters), np.bool_)
    for here, left, came in moves(reached, closed):
        moved[here[(left == LEVELS.index(source)) & (came == TARGETS.index(target))]] = True
    return Counted(matters, {"moved": moved})


def regrades_of(asked: Question) -> Counted:
    """The matters whose grade was fixed in the period, flagged "counts-now" by both grades."""
    matters, pair = _graded(asked)
    return Counted(matters, {f"{fixed}-{now}": pair == fixed + 4 * now for fixed in SEVERITIES for now in SEVERITIES})


def _travelled(asked: Question) -> tuple[Asked, Array, Array]:
    """The matters opened in the period, the ticks at which they reached each level, whether they stand closed."""
    matters = asked.ask("matter")
    return matters, asked.reached(matters.rows), asked.standing()[matters.rows] <= asked.looked


def _graded(asked: Question) -> tuple[Asked, Array]:
    """The matters whose grade was fixed in the period; of each the grade that counts + 4 × the last one."""
    matters = asked.ask("matter", at="severity_at")
    matters = matters.where(matters["severity_at"] <= asked.looked)
    return matters, (matters["grades"] >> 2 & 15).astype(np.int64)
