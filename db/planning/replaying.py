"""Containment of the past year replayed under a plan: the same matters, had the beats been drawn so."""

import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.containment import containment
from db.planning.board import Sitting
from db.planning.ground import DEMAND_PERIOD
from db.readmodel import View
from grids.containment import with_shares
from grids.policies import Policy

COLUMNS = ["contained", "escaped", "pending", "decided", "share", "low", "high"]


def containment_under(
    conn: Connection, view: View, sitting: Sitting, policy: Policy, by: str | None = None
) -> pd.DataFrame:
    """key, label and COLUMNS with _before and _after, one row a `by` or one in all, of the year before the board.

    before: had the beats always been as the plan found them; after: as it would have them. A matter's levels were
    written when it was handled, so what changes is whose it is, and the ladder where it comes to another station.
    """
    flt = Filter(sitting.board.at - DEMAND_PERIOD, sitting.board.at, place=_place(sitting))
    before, after = (
        with_shares(containment(conn, view, flt, by=by, policy=policy, boundaries=held))[["key", "label", *COLUMNS]]
        for held in (sitting.draft.base, sitting.draft.assignment)
    )
    return before.merge(after, how="outer", on=["key", "label"], suffixes=("_before", "_after"))


def _place(sitting: Sitting) -> str | None:
    """Where the figures are taken: a beat gives and takes, so a plan of one is judged by the whole city."""
    place = sitting.plan.place
    return None if place is None or place.startswith("beat:") else place
