"""By which boundaries and as of when a view is judged: what its address says, and which plans it may name."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dashboard.reading.desk import Desk
from dashboard.reading.view import PLAN, View
from db.planning.drafts import draft_of, living, read_plan


def boundaries_of(conn: Connection, asked: View) -> str | Mapping[str, str]:
    """ "then", "now", or the draft of the view's plan: cell code → beat code. NotFound where there is none."""
    if not asked.boundaries.startswith(PLAN):
        return asked.boundaries
    return draft_of(conn, read_plan(conn, asked.boundaries.removeprefix(PLAN))).assignment


def instant_of(asked: View, desk: Desk) -> datetime | None:
    """The instant of judging; None: the period's end."""
    if asked.as_of in (None, "now"):
        return desk.now() if asked.as_of else None
    return datetime.fromisoformat(str(asked.as_of)).replace(tzinfo=ZoneInfo(desk.facts().city.zone))


def plans_of(desk: Desk) -> Mapping[str, str]:
    """Code → name of the plans under way or published for a later day, newest first, that who acts may see."""
    who = desk.who()
    if not (who.may("plan") or who.may("approve_plan")):
        return {}
    with desk.connection() as conn:
        return {plan.code: plan.name for plan in living(conn, desk.now())}
