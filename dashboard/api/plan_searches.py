"""The optimiser over HTTP: begun, asked how far it is, stopped with the best so far, a point taken into the draft."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from dashboard.api.answers import ALWAYS, WRITING, problems
from dashboard.api.asking import asker
from dashboard.api.plan_answers import SearchOut, Standing
from dashboard.api.plan_bodies import Sought, Taken
from dashboard.auth.current import who
from dashboard.planning.room import Room
from dashboard.planning.searches import Search
from dashboard.planning.standing import standing
from dashboard.reading.records import plain
from db.engine import begin
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
    from db.planning.optimising import Sliders, propose

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
        sliders = Sliders(sought.balance, sought.few_moves, sought.compactness, sought.travel)

        def work(search: Search) -> Any:
            return propose(
                sitting, tuple(sorted(set(sought.moves))), sought.seconds, sought.seed, sliders,
                on_progress=search.told, stop=search.stopped.is_set,
            )  # fmt: skip

        last = sitting.draft.edits[-1].no if sitting.draft.edits else 0
        return _out(room.searches.begin(code, me.name, last, work))

    @routes.get("/{code}/searches/{number}", description="How far a search is.", responses=problems(*ALWAYS))
    def asked(code: Plan, number: Number) -> SearchOut:
        asker("cases")
        _seen(room, code)
        return _out(room.searches.one(code, number))


def _using(routes: APIRouter, room: Room) -> None:
    @routes.post("/{code}/searches/{number}/stop", description="Stop, keep the best.", responses=problems(*WRITING))
    def stop(code: Plan, number: Number) -> SearchOut:
        asker("plan")
        _seen(room, code)
        search = room.searches.one(code, number)
        search.stopped.set()
        return _out(search)

    @routes.post(
        "/{code}/searches/{number}/take",
        description="Lay a point of the front into the draft, in the place of what is moved there now.",
        responses=problems(*WRITING),
    )
    def take(code: Plan, number: Number, taken: Taken) -> Standing:
        from db.planning import optimising

        me = asker("plan")
        _seen(room, code)
        search = room.searches.one(code, number)
        if not search.over or search.found is None:
            raise Refused("This search has found nothing yet: wait for it, or stop it.")
        with begin(room.desk.engine, me) as conn:
            optimising.take(conn, me, code, search.found, taken.moves)
            return Standing.model_validate(standing(room.sit(conn, code), me))


def _first(routes: APIRouter, room: Room) -> None:
    @routes.post(
        "/{code}/first",
        description="Lay a first plan over the beats that have a lead, for a place that nobody has drawn yet.",
        responses=problems(*WRITING),
    )
    def first(code: Plan) -> Standing:
        from db.planning.drafts import lay_all
        from db.planning.staffing import first_plan_for

        me = asker("plan")
        with room.sitting(code) as (_, sitting):
            pass  # it is sought for some seconds, without a transaction
        wanted = first_plan_for(sitting, FIRST_SECONDS)
        with begin(room.desk.engine, me) as conn:
            lay_all(conn, me, code, wanted, "first plan")
            return Standing.model_validate(standing(room.sit(conn, code), me))


def _seen(room: Room, code: str) -> None:
    """Raise NotFound for a plan that the asker may not see."""
    from db.planning.drafts import read_plan

    with begin(room.desk.engine, who()) as conn:
        read_plan(conn, code)


def _out(search: Search) -> SearchOut:
    found = search.found
    told = {name: getattr(search, name) for name in ("number", "by", "edit", "done", "of", "moves", "over", "error")}
    points = (
        []
        if found is None
        else [plain(row) | {"to": dict(option.moved)} for row, option in zip(found.rows(), found.options, strict=True)]
    )
    return SearchOut(**told, complete=found.complete if found is not None else None, points=points)
