"""GET incidents: reports that the asker may see, by filter and page by page; nothing personal."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel

from dashboard.api import paging
from dashboard.api.answers import ALWAYS, plain_address, problems
from dashboard.api.asking import asker
from dashboard.reading.desk import Desk
from db import reports
from db.engine import begin
from db.facts import Filter

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
State = Literal["registered", "handling", "settled", "closed"]


class IncidentOut(BaseModel):
    """A report, where it was placed, and how its matter stands."""

    number: str
    channel: str
    source_no: str
    reported_at: datetime
    category: str
    category_name: str
    severity: int
    address: str | None
    lon: float | None
    lat: float | None
    cell: str | None
    beat: str | None
    placed_by: str
    ambiguous: bool
    state: State
    lead_level: str | None
    closed_at: datetime | None


class IncidentPage(BaseModel):
    """Reports, newest first; `next` is the address of the following page, null on the last."""

    items: list[IncidentOut]
    next: str | None


Place = Annotated[
    str | None,
    Query(description="Only there: KIND:CODE with district, street, community, station, beat or cell.", max_length=200),
]
Texts = Annotated[list[str], Query(max_length=50)]
After = Annotated[str | None, Query(description="Leave out; taken from `next`.", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=1_000)]


def router(desk: Desk) -> APIRouter:
    """A page of reports, and one by its number."""
    routes = APIRouter(
        prefix="/api/v1/incidents", tags=["reports"], responses=problems(*ALWAYS),
        dependencies=[Depends(plain_address)],
    )  # fmt: skip

    @routes.get("", description="Reports that the asker may see, newest first, nothing personal.")
    def page(
        request: Request,
        place: Place = None,
        channel: Texts = [],  # noqa: B006 - FastAPI copies it
        category: Texts = [],  # noqa: B006
        since: Annotated[datetime | None, Query(description="Reported at or after; city time without a zone.")] = None,
        until: Annotated[datetime | None, Query(description="Reported before.")] = None,
        state: State | None = None,
        after: After = None,
        limit: Limit = 100,
    ) -> IncidentPage:
        zone = ZoneInfo(desk.facts().city.zone)
        flt = Filter(aware(since, zone) or FIRST, aware(until, zone) or LAST, place, tuple(category), tuple(channel))
        with begin(desk.engine, asker("cases")) as conn:
            found, reached = reports.reports(conn, flt, state, _position(after), limit)
        cursor = paging.packed(reached.reported_at.isoformat(), reached.id) if reached else None
        return IncidentPage(items=[IncidentOut(**row) for row in found], next=paging.following(request, cursor))

    @routes.get("/{channel}/{number:path}", description="One report by its channel and its own number.")
    def one(channel: str, number: Annotated[str, Path(description="The report's own number.")]) -> IncidentOut:
        with begin(desk.engine, asker("cases")) as conn:
            return IncidentOut(**reports.report(conn, channel, number))

    return routes


def aware(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant with its zone, within what the record can hold."""
    if at is None:
        return None
    known = at if at.tzinfo else at.replace(tzinfo=zone)
    return min(max(known, FIRST), LAST)


def _position(after: str | None) -> reports.Position | None:
    if after is None:
        return None
    at, number = paging.unpacked(after, str, int)
    return reports.Position(paging.instant(at), number)
