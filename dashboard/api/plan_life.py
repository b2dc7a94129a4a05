"""A plan's life over HTTP: submitted, taken back, returned, approved, published, rolled back; and its handover."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path

from dashboard.api.answers import ALWAYS, WRITING, problems
from dashboard.api.asking import asker
from dashboard.api.plan_answers import PlanHead
from dashboard.api.plan_bodies import Dated, Noted
from dashboard.auth.current import who
from dashboard.planning.room import Room
from dashboard.planning.standing import head
from dashboard.reading.records import plain
from db.engine import begin
from db.planning import colliding, drafts, publishing
from db.planning.handing import handover_of, notices_of
from grids.planning.life import STEPS
from grids.rights import RIGHT_NAMES

Plan = Annotated[str, Path(description="Code of the plan.", examples=["P2026-001"])]
ADVANCED = ("submit", "take_back", "withdraw", "return", "approve")


def add(routes: APIRouter, room: Room) -> None:
    """A route for each step, those of collisions, handover and notices."""
    for what in ADVANCED:
        _step(routes, room, what)
    _publishing(routes, room)
    _anew(routes, room)
    _handover(routes, room)


def _step(routes: APIRouter, room: Room, what: str) -> None:
    step = STEPS[what]

    def act(code: Plan, noted: Noted) -> PlanHead:
        with begin(room.desk.engine, who()) as conn:
            plan = publishing.advance(conn, room.desk.keys, who(), code, what, noted.note)
        return PlanHead.model_validate(head(plan))

    routes.post(
        f"/{{code}}/{what}",
        name=what,
        operation_id=f"plan_{what}",
        description=f'{step.name.zh}: {step.name.en}. Needs the right "{step.right}" ({RIGHT_NAMES[step.right].zh}).',
        responses=problems(*WRITING),
    )(act)


def _publishing(routes: APIRouter, room: Room) -> None:
    @routes.post("/{code}/publish", description="Let it hold from a day on.", responses=problems(*WRITING))
    def publish(code: Plan, dated: Dated) -> PlanHead:
        midnight = datetime.combine(dated.day, time(), ZoneInfo(room.desk.facts().city.zone))
        with begin(room.desk.engine, who()) as conn:
            plan = publishing.publish(conn, room.desk.keys, who(), code, midnight, room.desk.now())
        return PlanHead.model_validate(head(plan))


def _anew(routes: APIRouter, room: Room) -> None:
    @routes.post("/{code}/roll_back", description="Draft the plan that undoes it.", responses=problems(*WRITING))
    def roll_back(code: Plan) -> PlanHead:
        with begin(room.desk.engine, who()) as conn:
            return PlanHead.model_validate(head(publishing.roll_back(conn, who(), code)))

    @routes.post(
        "/{code}/refresh",
        description="Begin it anew from what is in force now, its edits kept; what others moved meanwhile.",
        responses=problems(*WRITING),
    )
    def refresh(code: Plan) -> list[str]:
        with begin(room.desk.engine, who()) as conn:
            return [each.sentence for each in publishing.refresh(conn, who(), code)]

    @routes.get("/{code}/others", description="Living plans that move the same cells.", responses=problems(*ALWAYS))
    def others(code: Plan) -> dict[str, Any]:
        with begin(room.desk.engine, asker("cases")) as conn:
            plan = drafts.read_plan(conn, code)
            crossed = colliding.collides(conn, plan)
            told = {"collisions": [each.sentence for each in crossed], "collisions_zh": [each.zh for each in crossed]}
            return {"plans": plain(colliding.others(conn, plan)), **told}


def _handover(routes: APIRouter, room: Room) -> None:
    @routes.get("/{code}/handover", description="Who gives and takes what.", responses=problems(*ALWAYS))
    def handover(code: Plan) -> dict[str, list[dict[str, Any]]]:
        with begin(room.desk.engine, asker("cases")) as conn:
            lists = handover_of(conn, drafts.read_plan(conn, code))
        return {name: plain(frame) for name, frame in lists.items()}

    @routes.get(
        "/{code}/notices",
        description="Which beats are told that they give or take cells, and since when they know.",
        responses=problems(*ALWAYS),
    )
    def notices(code: Plan) -> list[dict[str, Any]]:
        with begin(room.desk.engine, asker("cases")) as conn:
            return list(plain(notices_of(conn, drafts.read_plan(conn, code))))
