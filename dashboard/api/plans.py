"""Plans: lists, one as it stands, what it is judged by, and whatever is done to it (plan_edits, _life, _searches)."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query

from dashboard.api import plan_edits, plan_life, plan_searches, plan_sheets
from dashboard.api.answers import ALWAYS, WRITING, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.bodies import LimitedRoute
from dashboard.api.plan_answers import Board, PlanHead, PlanRow, Revision, Standing
from dashboard.api.plan_bodies import Begun
from dashboard.auth.current import who
from dashboard.planning import standing as told
from dashboard.planning.room import Room
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain, rows
from db.engine import begin
from db.planning import drafts
from db.planning.searching import last_search
from grids.planning.life import PLAN_STATES
from grids.policies import policy

Plan = Annotated[str, Path(description="Code of the plan.", examples=["P2026-001"])]
State = Annotated[str | None, Query(json_schema_extra={"enum": list(PLAN_STATES)}, max_length=40)]
ON_BOUNDARIES = "What a year's containment would have been under the plan: counts before and after, with shares."


def router(room: Room) -> APIRouter:
    """Every route of plans. Whoever may neither plan nor approve sees none of them: row-level security says so."""
    routes = APIRouter(
        prefix="/api/v1/plans", tags=["plans"], dependencies=[Depends(plain_address)], route_class=LimitedRoute,
    )  # fmt: skip
    _lists(routes, room)
    _one(routes, room)
    for part in (plan_edits, plan_searches, plan_sheets, plan_life):
        part.add(routes, room)
    return routes


def communities(desk: Desk) -> dict[str, str]:
    """Cell → name of its community."""
    facts = desk.facts()
    index = desk.geometry().index
    return {row.cell: facts.name(f"community:{row.community}") for row in rows(index[["cell", "community"]].dropna())}


def _lists(routes: APIRouter, room: Room) -> None:
    @routes.get("", description="Plans that the asker may see, newest first.", responses=problems(*ALWAYS))
    def page(state: State = None) -> list[PlanRow]:
        with begin(room.desk.engine, asker("cases")) as conn:
            found = drafts.plans(conn, state)
        return [PlanRow.model_validate(row) for row in plain(found)]

    @routes.post("", description="Begin a draft from what is in force.", responses=problems(*WRITING))
    def new(begun: Begun) -> PlanHead:
        me, zone = who(), ZoneInfo(room.desk.facts().city.zone)
        since = datetime.combine(begun.since, time(), zone) if begun.since else None
        with begin(room.desk.engine, me) as conn:
            plan = drafts.begin_plan(conn, me, begun.name, since, begun.place, begun.allow_outside)
        return PlanHead.model_validate(told.head(plan))


def _one(routes: APIRouter, room: Room) -> None:
    @routes.get("/{code}", description="A plan as its edits have it now.", responses=problems(*ALWAYS))
    def one(code: Plan) -> Standing:
        me = asker("cases")
        with room.sitting(code) as (_, sitting):
            return Standing.model_validate(told.standing(sitting, me))

    @routes.get("/{code}/board", description="What never changes while it is edited.", responses=problems(*ALWAYS))
    def board(code: Plan) -> Board:
        asker("cases")
        with room.sitting(code) as (_, sitting):
            return Board.model_validate(told.board_of(sitting, communities(room.desk)))

    @routes.get("/{code}/revision", description="Asked often: has anything changed?", responses=problems(*ALWAYS))
    def revision(code: Plan) -> Revision:
        with begin(room.desk.engine, asker("cases")) as conn:
            edit, state, event = drafts.revision(conn, code)
            return Revision(edit=edit, state=state, event=event, search=last_search(conn, code))

    @routes.get("/{code}/story", description="What was done to it and said of it.", responses=problems(*ALWAYS))
    def story(code: Plan) -> list[dict[str, Any]]:
        with begin(room.desk.engine, asker("cases")) as conn:
            return list(plain(drafts.events(conn, drafts.read_plan(conn, code))))

    @routes.get("/{code}/containment", description=ON_BOUNDARIES, responses=problems(*ALWAYS))
    def containment(
        code: Plan, policy_code: Annotated[str, Query(alias="policy", description="QD, JM or ZS.")] = "QD"
    ) -> Any:
        from db.planning.replaying import containment_under

        asker("cases")
        chosen = policy(policy_code)
        with room.sitting(code) as (conn, sitting):
            return plain(containment_under(conn, room.desk.view(), sitting, chosen))
