"""Did matters stay within their level? Of those decided in a period, or of those opened in it (a cohort)."""

from datetime import datetime
from typing import Literal, get_args

import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.ladders import ladders
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel import containment as decided_in
from geo.errors import InputError
from grids.policies import POLICIES, Policy

Dating = Literal["decided", "cohort"]
COUNTS = ["contained", "escaped", "pending"]


def containment(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, policy: Policy = POLICIES["QD"],
    dating: str = "decided", as_of: datetime | None = None, boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label, contained, escaped, pending (docs/metrics.md, "Containment of a period").

    dating "decided": matters whose decision fell in the period, pending those opened before its end; "cohort": the
    matters opened in the period, however they stand. InputError for another dating.
    """
    if dating not in get_args(Dating):
        raise InputError(f"Matters are dated by {' or '.join(get_args(Dating))}, not {dating!r}.")
    if dating == "cohort":
        return _cohort(Question(conn, view, flt, by, as_of, policy, boundaries))
    found = decided_in(view, flt, policy, by, ladders(conn), as_of, boundaries)
    return found.loc[(found[COUNTS] > 0).any(axis=1)].reset_index(drop=True) if by else found


def side_by_side(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, dating: str = "decided",
    as_of: datetime | None = None, boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """policy and the columns of `containment`: one row a policy and key, the policies in their order."""
    each = {
        code: containment(conn, view, flt, by=by, policy=one, dating=dating, as_of=as_of, boundaries=boundaries)
        for code, one in POLICIES.items()
    }
    found = pd.concat([frame.assign(policy=code) for code, frame in each.items()], ignore_index=True)
    return found.reindex(columns=["policy", "key", "label", *COUNTS])


def _cohort(asked: Question) -> pd.DataFrame:
    matters = asked.ask("matter")
    matters = matters.where(asked.contains(matters["category"]))
    escaped = asked.first_beyond(matters.rows, asked.policy.ceilings) <= asked.looked
    closed = asked.standing()[matters.rows] <= asked.looked
    flags = {"contained": closed & ~escaped, "escaped": escaped, "pending": ~closed & ~escaped}
    return matters.table(flags)
