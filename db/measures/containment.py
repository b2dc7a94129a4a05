"""Did matters stay within their level? Of those decided in a period, or of those opened in it (a cohort)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, get_args

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.ladders import ladders
from db.measures.counted import Counted
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel import containment as decided_in
from db.readmodel.asking import Asked
from db.readmodel.columns import EPOCH, Array
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
    return cohort_of(asked).table()


def cohort_of(asked: Question) -> Counted:
    """The containable matters opened in the period and how each stands when judged."""
    matters = asked.ask("matter")
    matters = matters.where(asked.contains(matters["category"]))
    return Counted(matters, standing_of(asked, matters.rows)[0])


def decided_of(asked: Question) -> Counted:
    """The containable matters opened before the period's end: those decided in it, and those that are pending.

    Row by row what the scan `db.readmodel.containment` counts at once, by the masks of `cohort_of`.
    """
    ticks, matters = asked.view.about.ticks, opened_before_end(asked)
    matters = matters.where(asked.contains(matters["category"]))
    if asked.by == "severity":  # as the scan has it: the grade that counted when judged
        matters = matters.keyed(asked.severity(matters.rows), matters.names)
    flags, decided = standing_of(asked, matters.rows)
    within = (decided >= ticks.first_from(asked.flt.start)) & (decided < ticks.end_before(asked.flt.end))
    told = {"contained": flags["contained"] & within, "escaped": flags["escaped"] & within}
    return Counted(matters, told | {"pending": flags["pending"]})


def opened_before_end(asked: Question) -> Asked:
    """Matters opened before the period's end, however long ago."""
    ticks, opened = asked.view.about.ticks, asked.view.rows("matter")["opened"][:1]
    first = min([asked.flt.start, *(EPOCH + timedelta(microseconds=int(tick) * ticks.us) for tick in opened)])
    return replace(asked, flt=replace(asked.flt, start=first)).ask("matter")


def standing_of(asked: Question, rows: Array) -> tuple[dict[str, Array], Array]:
    """contained, escaped and pending of these matters (rows) when judged, and the tick of the decision."""
    crossed = asked.first_beyond(rows, asked.policy.ceilings)
    closing = asked.standing()[rows]
    escaped, closed = crossed <= asked.looked, closing <= asked.looked
    flags = {"contained": closed & ~escaped, "escaped": escaped, "pending": ~closed & ~escaped}
    return flags, np.where(escaped, crossed, closing)
