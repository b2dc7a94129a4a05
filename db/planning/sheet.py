"""The printable sheet for the station chief: before and after, what it costs and brings, the reason for each move."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection

from db.city import city
from db.planning.board import Boards, Sitting
from db.planning.costs import Cost, cost_of
from db.planning.drafts import events
from db.planning.handing import handover_of
from db.planning.problems import Problem, problems
from db.planning.reasons import reasons
from db.planning.replaying import containment_under
from db.readmodel import View
from grids.policies import Policy


@dataclass(frozen=True)
class Sheet:
    """All that the page needs. reasons: db.planning.reasons.COLUMNS; handover: handover_of; containment: one row of
    containment_under; events: what was done and said. Shapes stand in sitting.board.cells, beats before and after in
    sitting.before and sitting.after."""

    city: str
    zone: str
    made_at: datetime
    sitting: Sitting
    cost: Cost
    problems: list[Problem]
    reasons: pd.DataFrame
    handover: dict[str, pd.DataFrame]
    containment: pd.DataFrame
    events: pd.DataFrame


def chief_sheet(conn: Connection, boards: Boards, view: View, code: str, policy: Policy) -> Sheet:
    """The sheet of a plan. Raises NotFound for one that is not there."""
    sitting, told = boards.sit(conn, view, code), city(conn)
    return Sheet(
        told.name, told.zone, datetime.now(UTC), sitting, cost_of(sitting), problems(sitting), reasons(sitting),
        handover_of(conn, sitting.plan), containment_under(conn, view, sitting, policy), events(conn, sitting.plan),
    )  # fmt: skip
