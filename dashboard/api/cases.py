"""Cases: lists, one with its whole story, and a route for each use-case of casework."""

import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Depends, Path, Query, Request

from dashboard.api import paging
from dashboard.api.answers import ALWAYS, WRITING, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.bodies import LimitedRoute
from dashboard.api.case_answers import CaseOut, CasePage, CaseRow, Unmasked
from dashboard.api.case_bodies import BODIES, Reason, Reported, Told
from dashboard.api.incidents import After, Place, aware
from dashboard.auth.current import who
from dashboard.reading.desk import Desk
from db import cases
from db.cases.listing import CaseState
from db.engine import begin
from db.personal import unmask
from geo.errors import InputError
from grids.moves import MOVES
from grids.rights import RIGHT_NAMES

KEY = re.compile(r"[0-9]{1,16}-[0-9]{1,18}")
Number = Annotated[str, Path(description="channel:number of a report of the case.", examples=["110:J20260304-0017"])]
Text = Annotated[str | None, Query(max_length=200)]


def router(desk: Desk) -> APIRouter:
    """Every route of cases; row-level security and each use-case itself decide what the asker may."""
    routes = APIRouter(
        prefix="/api/v1/cases", tags=["cases"], dependencies=[Depends(plain_address)], route_class=LimitedRoute,
    )  # fmt: skip
    _reading(routes, desk)
    _registering(routes, desk)
    for code in BODIES:
        _use_case(routes, desk, code)
    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", description="Cases that the asker may see, newest first.", responses=problems(*ALWAYS))
    def page(
        request: Request,
        place: Place = None,
        state: CaseState = "all",
        channel: Text = None,
        category: Text = None,
        tag: Text = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: After = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> CasePage:
        me, zone = asker("cases"), ZoneInfo(desk.facts().city.zone)
        with begin(desk.engine, me) as conn:
            units = cases.acts_for(conn, me) if state == "mine" else ()
            where = cases.CaseFilter(
                place, state, channel, category, tag, aware(since, zone), aware(until, zone), tuple(units or ()),
            )  # fmt: skip
            found = cases.listing(conn, where, _key(after), limit + 1)
        cursor = paging.packed(found[limit - 1]["key"]) if len(found) > limit else None
        items = [CaseRow(**row) for row in found[:limit]]
        return CasePage(items=items, next=paging.following(request, cursor))

    @routes.get("/{number:path}", description="A case and its whole story, masked.", responses=problems(*ALWAYS))
    def one(number: Number) -> CaseOut:
        me = asker("cases")
        with begin(desk.engine, me) as conn:
            return CaseOut(**cases.read(conn, desk.keys, me, number).as_dict())


def _registering(routes: APIRouter, desk: Desk) -> None:
    @routes.post("", description="Register a report and open its case, or join one.", responses=problems(*WRITING))
    def register(report: Reported) -> CaseOut:
        with begin(desk.engine, who()) as conn:
            told = cases.Report(**report.model_dump())
            return CaseOut(**cases.register(conn, desk.keys, who(), told).as_dict())

    @routes.post(
        "/{number:path}/unmask",
        description="Reporter, phone and narrative of a report, for a reason that the audit keeps.",
        responses=problems(*WRITING),
    )
    def shown(number: Number, why: Reason) -> Unmasked:
        with begin(desk.engine, who()) as conn:
            found = unmask(conn, desk.keys, who(), number, why.reason)
        return Unmasked(**{name: found.get(name) for name in Unmasked.model_fields})


def _use_case(routes: APIRouter, desk: Desk, code: str) -> None:
    """The route of one use-case, its body made from the move's own fields."""
    move, model = MOVES[code], BODIES[code]
    rights = " or ".join(f'"{right}" ({RIGHT_NAMES[right].zh})' for right in move.rights)

    def act(number: Number, told: Told) -> CaseOut:
        fields = told.model_dump(exclude={"version", "at", "key"}, exclude_none=True)
        with begin(desk.engine, who()) as conn:
            done: Any = cases.USE_CASES[code](
                conn, desk.keys, who(), number, version=told.version, at=told.at, key=told.key, **fields
            )
            return CaseOut(**done.as_dict())

    act.__annotations__["told"] = Annotated[model, Body()]
    routes.post(
        f"/{{number:path}}/{code}",
        name=code,
        operation_id=f"case_{code}",
        description=f"{move.zh}: {move.en}. Asks for the right {rights}.",
        responses=problems(*WRITING),
    )(act)


def _key(after: str | None) -> str | None:
    """The key of the last case of the page before, out of a cursor."""
    if after is None:
        return None
    (key,) = paging.unpacked(after, str)
    if not KEY.fullmatch(key):
        raise InputError(paging.FOREIGN)
    return str(key)
