"""GET roster/on-now: who is on duty for a place, and how to reach them."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from dashboard.api.answers import ALWAYS, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.incidents import aware
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from db.engine import begin
from db.roster import on_now


class OnDuty(BaseModel):
    """Somebody on duty: in which role, for which post, until when, and whom they stand in for."""

    officer: str | None
    holder: str
    role: str
    post_kind: str
    post: str
    post_name: str | None
    duty: str
    since: datetime | None
    until: datetime | None
    name: str | None
    phone: str | None


def router(desk: Desk) -> APIRouter:
    """The one route."""
    routes = APIRouter(
        prefix="/api/v1/roster", tags=["people"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )

    @routes.get("/on-now", description="Who is on duty for a place, nearest first.")
    def now(
        place: Annotated[
            str,
            Query(
                description="KIND:CODE, for example beat:B01.",
                max_length=200,
                openapi_examples={"a beat": {"value": "beat:B01"}},
            ),
        ],
        at: Annotated[datetime | None, Query(description="Default: now.")] = None,
    ) -> list[OnDuty]:
        me = asker("people")
        zone = ZoneInfo(desk.facts().city.zone)
        with begin(desk.engine, me) as conn:
            rows = on_now(conn, place, aware(at, zone) or desk.now()).to_dict("records")
        sealed = [row.pop("personal", None) for row in rows]
        told = [desk.keys.open(token) if token is not None else {} for token in sealed]
        shown = [{**plain(row), "name": said.get("name"), "phone": said.get("phone")}
                 for row, said in zip(rows, told, strict=True)]  # fmt: skip
        return [OnDuty.model_validate({name: row.get(name) for name in OnDuty.model_fields}) for row in shown]

    return routes
