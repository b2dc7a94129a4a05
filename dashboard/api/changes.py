"""GET changes: what became of a channel's reports since the feed last asked."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from dashboard.api import paging
from dashboard.api.answers import ALWAYS, plain_address, problems
from dashboard.api.incidents import After, Limit, State
from dashboard.auth.current import who
from dashboard.reading.desk import Desk
from db.changes import Position, changes
from db.engine import begin


class Change(BaseModel):
    """A handling step of a report's matter, and the state in which the matter now stands."""

    number: str
    kind: str
    at: datetime
    level: str | None
    unit: str | None
    state: State
    recorded_at: datetime


class ChangePage(BaseModel):
    """Steps in the order in which they were recorded.

    `after` goes into the next request, now when `more` is true, else a minute later; keep it beside your own data.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "number": "110:J20260304-0017", "kind": "take_lead", "at": "2026-03-04T05:30:00Z",
                            "level": "beat", "unit": "PS01", "state": "handling",
                            "recorded_at": "2026-03-04T05:31:12Z",
                        }
                    ],
                    "after": "WzgxMiw5MSw0MF0", "more": False, "next": "http://127.0.0.1:8050/api/v1/changes?after=…",
                }
            ]
        }
    )  # fmt: skip

    items: list[Change]
    after: str
    more: bool
    next: str


def router(desk: Desk) -> APIRouter:
    """The one route; without `after` it begins at the beginning."""
    routes = APIRouter(
        prefix="/api/v1/changes", tags=["push"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )

    @routes.get("", description="What became of your reports: every step once, none twice, none left out.")
    def page(
        request: Request,
        after: After = None,
        limit: Limit = 500,
        channel: Annotated[str | None, Query(description="Only for who may read several.", max_length=200)] = None,
    ) -> ChangePage:
        start = Position(*paging.unpacked(after, int, int, int)) if after else Position()
        with begin(desk.engine, who()) as conn:
            found = changes(conn, who(), start, limit, channel)
        cursor = paging.packed(found.reached.xact, found.reached.step, found.reached.report)
        items = [Change(**row) for row in found.rows]
        return ChangePage(items=items, after=cursor, more=found.more, next=str(paging.following(request, cursor)))

    return routes
