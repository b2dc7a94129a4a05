"""Plans that get into each other's way: cells moved meanwhile, and other plans under way for the same cells."""

from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection

from db.planning.drafts import PlanRow, draft_of, living
from db.planning.places import assignment_at
from grids.planning.life import Collision, collisions


def collides(conn: Connection, plan: PlanRow) -> list[Collision]:
    """What others have moved or redrawn since a plan began, among the cells that it moves."""
    draft = draft_of(conn, plan)
    there = assignment_at(conn, max(plan.began_at, datetime.now(UTC)), plan.place)
    return collisions(draft.base, there, draft.assignment)


def others(conn: Connection, plan: PlanRow) -> pd.DataFrame:
    """Other plans under way, or published for a later day, that move cells which this one moves too.

    plan, name, state, effective_at, cells (codes, as a list); those that the actor may see, newest first.
    """
    own, now, rows = draft_of(conn, plan).moves.keys(), datetime.now(UTC), []
    for other in living(conn, now):
        if other.id == plan.id:
            continue
        shared = sorted(own & draft_of(conn, other).moves.keys())
        if shared:
            rows.append((other.code, other.name, other.state, other.effective_at, shared))
    return pd.DataFrame(rows, columns=["plan", "name", "state", "effective_at", "cells"])
