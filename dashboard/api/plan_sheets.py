"""Assignments in and out as files, two plans side by side, and what more beat leads would buy."""

import tempfile
from pathlib import Path as File
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import ALWAYS, WRITING, problems, told_as
from dashboard.api.asking import asker
from dashboard.api.plan_answers import Standing
from dashboard.auth.current import who
from dashboard.planning.room import Room
from dashboard.planning.standing import head, standing
from dashboard.reading.records import plain
from db import audit
from db.engine import begin
from geo.errors import InputError

Plan = Annotated[str, Path(description="Code of the plan.", examples=["P2026-001"])]
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
}
BINARY = {"type": "string", "format": "binary"}
SENT = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": BINARY}}},
}


def add(routes: APIRouter, room: Room) -> None:
    """Files in and out, comparing, staffing."""
    _out(routes, room)
    _in(routes, room)
    _beside(routes, room)


def _out(routes: APIRouter, room: Room) -> None:
    @routes.get(
        "/{code}/assignment",
        description="The beat of every cell as a file: csv, xlsx or gpkg. The audit keeps who took it.",
        response_class=Response,
        responses=problems(*ALWAYS) | told_as("application/octet-stream", BINARY),
    )
    def taken(code: Plan, form: Annotated[str, Query(description="csv, xlsx or gpkg.")] = "xlsx") -> Response:
        from db.planning.exchange import sheet_of
        from loaders.plan_sheets import write_assignment

        me = asker("export")
        if form not in FORMS:
            raise InputError(f"form must be one of {', '.join(FORMS)}, not {form!r}.")
        with room.sitting(code) as (conn, sitting), tempfile.TemporaryDirectory() as folder:
            out = File(folder) / f"{sitting.plan.code}.{form}"
            write_assignment(sheet_of(sitting, geometry=form == "gpkg"), out)
            audit.note(conn, room.desk.keys, me, "export", f"plan {code}")
            body = out.read_bytes()
        named = {"Content-Disposition": f'attachment; filename="{out.name}"'}
        return Response(body, media_type="application/octet-stream", headers=named)


def _in(routes: APIRouter, room: Room) -> None:
    @routes.post(
        "/{code}/assignment",
        description="Lay a sheet of cells and beats into the draft: the file itself as the body (csv, xlsx or gpkg).",
        responses=problems(*WRITING),
        openapi_extra=SENT,
    )
    async def given(
        request: Request,
        code: Plan,
        form: Annotated[str, Query(description="csv, xlsx or gpkg.")] = "xlsx",
    ) -> dict[str, Any]:
        from starlette.concurrency import run_in_threadpool

        body = await request.body()
        return await run_in_threadpool(_lay, room, code, form, body)


def _lay(room: Room, code: str, form: str, body: bytes) -> dict[str, Any]:
    """standing: the plan afterwards; moved, unchanged: counts; rejected: line → reason."""
    from db.planning.exchange import lay_sheet
    from loaders.plan_sheets import read_assignment

    me = asker("plan")
    if form not in FORMS or not body:
        raise InputError(f"Send a file with cells and beats, its form one of {', '.join(FORMS)}.")
    with tempfile.TemporaryDirectory() as folder:
        file = File(folder) / f"sheet.{form}"
        file.write_bytes(body)
        frame = read_assignment(file)
    with begin(room.desk.engine, me) as conn:
        laid = lay_sheet(conn, me, code, frame)
        now = Standing.model_validate(standing(room.sit(conn, code), me))
    rejected = [{"line": int(line), "reason": why} for line, why in laid.rejected.items()]
    counts = {"moved": len(laid.moved) if hasattr(laid.moved, "__len__") else laid.moved}
    counts["unchanged"] = len(laid.unchanged) if hasattr(laid.unchanged, "__len__") else laid.unchanged
    return {"standing": now.model_dump(mode="json"), **counts, "rejected": rejected}


def _beside(routes: APIRouter, room: Room) -> None:
    @routes.get("/{code}/compare/{other}", description="Two plans side by side.", responses=problems(*ALWAYS))
    def compared(code: Plan, other: Plan) -> dict[str, Any]:
        from db.planning.comparing import compare

        asker("cases")
        with begin(room.desk.engine, who()) as conn:
            found = compare(conn, room.boards, room.desk.view(), code, other)
        sides = {"one": head(found.one.plan), "other": head(found.other.plan)}
        return {**sides, **{name: plain(getattr(found, name)) for name in ("totals", "cells", "beats")}}

    @routes.get("/{code}/leads", description="Where one more beat lead helps most.", responses=problems(*ALWAYS))
    def leads(code: Plan) -> list[dict[str, Any]]:
        from db.planning.staffing import where_a_lead_helps

        asker("plan")
        with room.sitting(code) as (_, sitting):
            pass
        return list(plain(where_a_lead_helps(sitting)))
