"""How matters travelled: from level to level, and from grade to grade."""

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.question import Boundaries, Question
from db.readmodel import View
from grids.containment import with_shares
from grids.outcomes.travelled import flow_counts, flow_shares


def flow(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, as_of: datetime | None = None,
    boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label, source, target, numerator, denominator, share, low, high: matters opened in the period.

    How many went from a level straight to another (or stand closed or open there), of all that reached it: the
    shares of a source sum to 1 (grids.outcomes.travelled.flow).
    """
    asked = Question(conn, view, flt, by, as_of, boundaries=boundaries)
    matters = asked.ask("matter")
    closed = asked.standing()[matters.rows] <= asked.looked
    counts = flow_counts(asked.reached(matters.rows), closed, matters.key.astype(np.int64), len(matters.names))
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
    matters = asked.ask("matter", at="severity_at")
    matters = matters.where(matters["severity_at"] <= asked.looked)
    pair = (matters["grades"] >> 2 & 15).astype(np.int64)
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
