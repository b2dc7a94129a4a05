"""Edits of a draft, each written at once; who has not seen what somebody else did to the same cells is told so."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from dashboard.api.answers import ALWAYS, WRITING, problems
from dashboard.api.asking import asker
from dashboard.api.plan_answers import Standing
from dashboard.api.plan_bodies import Edited, Said
from dashboard.auth.current import who
from dashboard.planning.room import Room, refuse_crossing
from dashboard.planning.standing import standing
from dashboard.reading.records import plain
from db.engine import begin
from db.planning import drafts
from geo.errors import InputError

Plan = Annotated[str, Path(description="Code of the plan.", examples=["P2026-001"])]
Cell = Annotated[str, Path(description="Code of a cell.")]


def add(routes: APIRouter, room: Room) -> None:
    """Edit, undo, redo, comment, and why a cell is where it is."""
    _editing(routes, room)
    _saying(routes, room)


def _editing(routes: APIRouter, room: Room) -> None:
    @routes.post("/{code}/edits", description="Move or lock cells.", responses=problems(*WRITING))
    def edit(code: Plan, edited: Edited) -> Standing:
        me = who()
        with begin(room.desk.engine, me) as conn:
            refuse_crossing(conn, me, code, edited.after, tuple(edited.cells))
            if edited.kind == "assign":
                if edited.beat is None or not edited.cells:
                    raise InputError("Name the cells and the beat that they go to.")
                draft = drafts.move_cells(conn, me, code, edited.cells, edited.beat, edited.reason)
            else:
                draft = drafts.set_lock(conn, me, code, edited.kind == "lock", edited.cells, edited.beat)
            return Standing.model_validate(standing(room.sit(conn, code).with_draft(draft), me))

    @routes.post("/{code}/undo", description="Take back one's own last edit.", responses=problems(*WRITING))
    def undo(code: Plan) -> Standing:
        return _turn(room, code, drafts.undo)

    @routes.post("/{code}/redo", description="Lay again what one undid last.", responses=problems(*WRITING))
    def redo(code: Plan) -> Standing:
        return _turn(room, code, drafts.redo)


def _turn(room: Room, code: str, turn: Any) -> Standing:
    me = who()
    with begin(room.desk.engine, me) as conn:
        draft = turn(conn, me, code)
        return Standing.model_validate(standing(room.sit(conn, code).with_draft(draft), me))


def _saying(routes: APIRouter, room: Room) -> None:
    @routes.post("/{code}/comments", description="Say something of it.", responses=problems(*WRITING))
    def comment(code: Plan, said: Said) -> list[dict[str, Any]]:
        me = who()
        with begin(room.desk.engine, me) as conn:
            drafts.comment(conn, me, code, said.note, said.cell)
            return list(plain(drafts.events(conn, drafts.read_plan(conn, code))))

    @routes.get(
        "/{code}/why/{cell}",
        description="Why a cell is where it is, what that does to loads, and where it could not go.",
        responses=problems(*ALWAYS),
    )
    def why(code: Plan, cell: Cell) -> dict[str, Any]:
        from db.planning.reasons import explain

        asker("cases")
        with room.sitting(code) as (_, sitting):
            return dict(plain(vars(explain(sitting, cell))))
