"""GET /api/v1: figures of a view, from the same functions as the pages. Filters are those of a page's address."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import ALWAYS, plain_address, problems, told_as
from dashboard.figures import heat
from dashboard.live.freshness import data_through, judged
from dashboard.live.looking import PERIODS, Wanted
from dashboard.live.snapshot import Snapshots
from dashboard.live.stamp import Stamps
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from dashboard.reading.view import View
from geo.errors import InputError

CONTAINMENT_BY = ("cell", "beat", "community", "street", "station", "severity", "channel", "category")
WORKLOAD_BY = ("cell", "beat", "community", "station", "severity", "channel", "officer")
FILTERS = (
    "Filters as in a page's address: period (today, 7d, 30d, month, year, custom with from and to), "
    "place (KIND:CODE), group, category, channel (each may repeat), policy (QD, JM, ZS), shares (1: a matter in doubt "
    "between cells counts in each by its probability)."
)


def _filter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


_DAY, _TEXTS = {"type": "string", "format": "date"}, {"type": "array", "items": {"type": "string"}}
# The view reads a page's address as it is; its names are written down here for the OpenAPI document.
FILTERED = {
    "parameters": [
        _filter("period", {"type": "string", "enum": ["today", "7d", "30d", "month", "year", "custom"]}),
        _filter("from", _DAY), _filter("to", _DAY), _filter("place", {"type": "string"}), _filter("group", _TEXTS),
        _filter("category", _TEXTS), _filter("channel", _TEXTS),
        _filter("policy", {"type": "string", "enum": ["QD", "JM", "ZS"]}),
    ]
}  # fmt: skip


CHOSEN = {"parameters": [each for each in FILTERED["parameters"] if each["name"] in ("place", "policy")]}


def view_of(request: Request, *own: str) -> View:
    """The view that a request's query asks for, without the endpoint's own parameters."""
    query = request.query_params.multi_items()
    kept = [(name, text) for name, text in query if name not in own]
    return View.parse("&".join(f"{name}={_quoted(text)}" for name, text in kept))


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def router(desk: Desk, stamps: Stamps, snapshots: Snapshots) -> APIRouter:
    """Every reading endpoint of figures."""
    routes = APIRouter(
        prefix="/api/v1", tags=["figures"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )
    By = Annotated[str, Query(description="What the rows are.")]

    @routes.get("/totals", description=FILTERS, openapi_extra=FILTERED)
    def totals(request: Request) -> Any:
        return plain(desk.totals(view_of(request)))

    @routes.get("/values", description=f"One row a cell. {FILTERS}", openapi_extra=FILTERED)
    def values(request: Request) -> Any:
        return plain(desk.cells(view_of(request)))

    @routes.get("/containment", description=f"Outcomes with share and 95 % interval. {FILTERS}", openapi_extra=FILTERED)
    def containment(request: Request, by: By = "") -> Any:
        return plain(desk.containment(view_of(request, "by"), checked(by, ("", *CONTAINMENT_BY)) or None))

    @routes.get("/workload", description=f"Minutes worked and available. {FILTERS}", openapi_extra=FILTERED)
    def workload(request: Request, by: By = "beat") -> Any:
        return plain(desk.workload(view_of(request, "by"), checked(by, WORKLOAD_BY)))

    @routes.get(
        "/heat.png",
        description=f"The heat surface of the view over the whole city. {FILTERS}",
        response_class=Response,
        responses=told_as("image/png", {"type": "string", "format": "binary"}),
        openapi_extra=FILTERED,
    )
    def heat_picture(request: Request) -> Response:
        points = desk.lattice(view_of(request, "v"), heat.STEP_M)
        picture = heat.picture(points, desk.geometry().extent)
        return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})

    @routes.get("/freshness", description="Per channel the last report and load, and whether that is too long ago.")
    def freshness() -> dict[str, Any]:
        rows = desk.freshness()
        return {"data_through": plain(data_through(rows)), "channels": plain(judged(rows, desk.now()))}

    @routes.get("/stamp", description="Changes when a screen should read again.")
    def stamp() -> dict[str, str]:
        return {"stamp": stamps.current(), "boundaries": desk.facts().version}

    @routes.get(
        "/wall",
        description=f"What a wall shows, read once for all that show the same. period: {', '.join(PERIODS)}.",
        openapi_extra=CHOSEN,
    )
    def wall(request: Request, period: str = Wanted.period) -> Response:
        asked = view_of(request)
        picture = snapshots.latest(Wanted(asked.policy, asked.place, checked(period, PERIODS, "period")))
        packs = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"} if packs else {}
        body = picture.packed if packs else picture.body
        return Response(body, media_type="application/json", headers=headers)

    return routes


def checked(told: str, allowed: tuple[str, ...], name: str = "by") -> str:
    """`told` when it is allowed; InputError lists what is."""
    if told not in allowed:
        raise InputError(f"{name} must be one of {', '.join(filter(None, allowed))}, not {told!r}.")
    return told
