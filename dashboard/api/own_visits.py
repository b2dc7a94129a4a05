"""POST visits/own: visits that the asker made, row by row, safe to send again."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from dashboard.api.answers import WRITING, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.bodies import LimitedRoute
from dashboard.api.texts import Code, Degrees, Instant, Key, Line
from dashboard.reading.desk import Desk
from dashboard.refusals import in_words
from db.engine import begin
from db.own_visits import MOST, record_own_visits
from db.tables.work import VISIT_KINDS

Kind: Any = Literal[VISIT_KINDS]


class OwnVisit(BaseModel):
    """A visit, or several alike. Where: a cell, lon and lat (WGS-84), or an address."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[Key, Field(description="Your own mark of this visit: sent again with it, it is taken once.")]
    at: Instant
    kind: Kind
    cell: Code | None = None
    lon: Degrees | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    address: Line | None = None
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    minutes: Annotated[float, Field(ge=0, le=44_640, allow_inf_nan=False)] | None = None
    note: Line | None = None
    matter: Annotated[Code | None, Field(description="channel:number of the case that it was about.")] = None


class OwnVisits(BaseModel):
    """Visits of the asker."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "key": "0b6f1c2e-visit", "at": "2026-03-04T15:00:00+08:00", "kind": "household",
                            "cell": "G0123", "count": 3,
                        }
                    ]
                }
            ]
        }
    )  # fmt: skip

    items: Annotated[list[OwnVisit], Field(min_length=1, max_length=MOST)]


class OwnVisitResult(BaseModel):
    """What became of one visit, by its place in the list (from 0)."""

    index: int
    status: Literal["inserted", "updated", "unchanged", "rejected"]
    cell: str | None
    reasons: list[str]
    reasons_zh: list[str] = []


def in_chinese(reasons: list[str]) -> list[str]:
    """The reasons as a Chinese page shows them."""
    return [in_words(reason, "zh") for reason in reasons]


def router(desk: Desk) -> APIRouter:
    """The one route."""
    routes = APIRouter(
        prefix="/api/v1", tags=["visits"], responses=problems(*WRITING), dependencies=[Depends(plain_address)],
        route_class=LimitedRoute,
    )  # fmt: skip

    @routes.post("/visits/own", description="Record one's own visits; a bad one is rejected and holds up no other.")
    def take(told: OwnVisits) -> list[OwnVisitResult]:
        me = asker("work")
        items = [{**item.model_dump(exclude={"key"}, exclude_none=True), "source_no": item.key} for item in told.items]
        with begin(desk.engine, me) as conn:
            found = record_own_visits(conn, desk.keys, me, items)
        return [OwnVisitResult.model_validate(each | {"reasons_zh": in_chinese(each["reasons"])}) for each in found]

    return routes
