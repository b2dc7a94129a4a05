"""The optimiser over HTTP: begun, asked how far it is, stopped with the best so far, a point taken into the draft."""

from typing import Annotated

from fastapi import APIRouter, Path

from dashboard.api.answers import ALWAYS, WRITING, problems
from dashboard.api.asking import asker
from dashboard.api.plan_answers import SearchOut, Standing
from dashboard.api.plan_bodies import Sought, Taken
from dashboard.auth.current import who
from dashboard.planning.room import Room
from dashboard.planning.seeking import seek
from dashboard.planning.standing import standing
from db.engine import begin
from db.planning import searching
from geo.errors import Refused

Plan = Annotated[str, Path(description="Code of the plan.", examples=["P2026-001"])]
FIRST_SECONDS = 3.0
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def add(routes: APIRouter, room: Room) -> None:
    """Begin, ask, stop, take; and a first plan."""
    _beginning(routes, room)
    _using(routes, room)
    _first(routes, room)


def _beginning(routes: APIRouter, room: Room) -> None:
    @routes.post(
        "/{code}/searches",
        description="Seek the front: for each number of moved cells the best balance that can be had.",
        responses=problems(*WRITING),
    )
    def begun(code: Plan, sought: Sought) -> SearchOut:
        me = asker("plan")
        with room.sitting(code) as (_, sitting):
            pass  # the search runs for seconds, without a transaction
        if sitting.plan.state != "draft":
            raise Refused(f"Plan {code} is no draft any more: take it back first.")
        return _told(room, code, seek(room, me, sitting, sought.model_dump()).number)

    @routes.get(
        "/{code}/searches/{number}",
        description="How far a search is, and its points so far.",
        responses=problems(*ALWAYS),
    )
    def asked(code: Plan, number: Number) -> SearchOut:
        asker("cases")
        return _told(room, code, number)


def _using(routes: APIRouter, room: Room) -> None:
    @routes.post("/{code}/searches/{number}/stop", description="Stop, keep the best.", responses=problems(*WRITING))
    def stop(code: Plan, number: Number) -> SearchOut:
        asker("plan")
        told = _told(room, code, number)
        running = room.searches.running(number)
        if running is not None:
            running.stopped.set()
        return told

    @routes.post(
        "/{code}/searches/{number}/take",
        description="Lay a point of the front into the draft, in the place of what is moved there now.",
        responses=problems(*WRITING),
    )
    def take(code: Plan, number: Number, taken: Taken) -> Standing:
        from db.planning import optimising

        me = asker("plan")
        with begin(room.desk.engine, me) as conn:
            kept = searching.search_of(conn, code, number)
            if not kept.found:
                raise Refused("This search has found nothing yet: wait for its first point.")
            optimising.take(conn, me, code, kept.proposal, taken.moves)
            return Standing.model_validate(standing(room.sit(conn, code), me))


def _first(routes: APIRouter, room: Room) -> None:
    @routes.post(
        "/{code}/first",
        description="Lay a first plan over the beats that have a lead, for a place that nobody has drawn yet.",
        responses=problems(*WRITING),
    )
    def first(code: Plan) -> Standing:
        from db.planning.drafts import lay_all
        from db.planning.staffing import FIRST, first_plan_for

        me = asker("plan")
        with room.sitting(code) as (_, sitting):
            pass  # it is sought for some seconds, without a transaction
        wanted = first_plan_for(sitting, FIRST_SECONDS)
        with begin(room.desk.engine, me) as conn:
            lay_all(conn, me, code, wanted, FIRST)
            return Standing.model_validate(standing(room.sit(conn, code), me))


def _told(room: Room, code: str, number: int) -> SearchOut:
    """A search as the record has it, and how far it is while it runs here. Raises NotFound."""
    running = room.searches.running(number)
    with begin(room.desk.engine, who()) as conn:
        kept = searching.search_of(conn, code, number)
    told = {name: getattr(kept, name) for name in ("by", "at", "edit", "asked", "error")}
    of = len(kept.asked.get("moves", ())) or 1
    far = (running.done, max(running.of, of), running.moves) if running else (len(kept.found), of, 0)
    told |= dict(zip(("done", "of", "moves"), far, strict=True))
    over = kept.over or running is None
    return SearchOut(
        number=number, **told, over=over, complete=kept.complete if over else None,
        broken_off=over and not kept.over, points=kept.found,
    )  # fmt: skip
