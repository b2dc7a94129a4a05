"""OGC API Features, Part 1: areas, beats and cells as QGIS and other map programmes open them."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from dashboard.api import features_words as words
from dashboard.api.answers import ALWAYS, plain_address, problems, told_as
from dashboard.api.asking import asker
from dashboard.api.features_document import document
from dashboard.reading.desk import Desk
from db import features
from db.engine import begin
from db.geography import extent
from geo.errors import InputError, NotFound

PREFIX = "/api/v1/features"
MOST = 10_000
FARTHEST = 2**31 - 1

Bbox = Annotated[
    str | None,
    Query(
        description="west,south,east,north in degrees (WGS-84).",
        max_length=200,
        openapi_examples={"Qingdao": {"value": "120.3,36.0,120.5,36.2"}},
    ),
]
At = Annotated[
    str | None,
    Query(
        alias="datetime",
        max_length=100,
        description="Boundaries as of this instant (RFC 3339; of an interval a/b its end, .. for now). Default: now.",
    ),
]
Limit = Annotated[int, Query(ge=1, json_schema_extra={"maximum": MOST})]
Offset = Annotated[int, Query(ge=0, le=FARTHEST)]
Collection = Annotated[str, Path(description="areas, beats or cells")]


def router(desk: Desk) -> APIRouter:
    """Landing page, conformance, collections and their items."""
    routes = APIRouter(
        prefix=PREFIX, tags=["features"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )

    @routes.get("", description="Landing page: give this address to QGIS (Layer, Add WFS / OGC API Features layer).")
    @routes.get("/", include_in_schema=False)
    def landing(request: Request) -> dict[str, Any]:
        return words.landing(_base(request), desk.facts().city.name)

    @routes.get(
        "/api",
        response_class=Response,
        responses=told_as(words.OPENAPI),
        description="This service as an OpenAPI 3.0 document.",
    )
    def api(request: Request) -> Any:
        return JSONResponse(document(_base(request), MOST), media_type=words.OPENAPI)

    @routes.get("/conformance", description="What of the standard is there.")
    def conformance() -> dict[str, Any]:
        return {"conformsTo": list(words.CONFORMS)}

    @routes.get("/collections", description="The three collections.")
    def collections(request: Request) -> dict[str, Any]:
        box = _extent()
        listed = [words.collection(_base(request), name, box) for name in features.COLLECTIONS]
        return {"collections": listed, "links": [words.link(request.url, "self", words.JSON, "this list")]}

    @routes.get("/collections/{collection}", description="One collection.")
    def collection(collection: Collection, request: Request) -> dict[str, Any]:
        return words.collection(_base(request), _known(collection), _extent())

    @routes.get(
        "/collections/{collection}/items",
        response_class=Response,
        responses=told_as(words.GEOJSON),
        description="Features of a collection as GeoJSON, longitude first, page by page: follow the link `next`.",
    )
    def items(
        request: Request,
        collection: Collection,
        bbox: Bbox = None,
        at: At = None,
        limit: Limit = 1_000,
        offset: Offset = 0,
    ) -> Any:
        box, when, most = _box(bbox), _instant(at, desk.now()), min(limit, MOST)
        with begin(desk.engine, asker("figures")) as conn:
            page = features.features(conn, collection, when, box, most, offset)
        return JSONResponse(
            words.page(request, page, most, offset, _base(request), collection), media_type=words.GEOJSON
        )

    @routes.get(
        "/collections/{collection}/items/{code:path}",
        response_class=Response,
        responses=told_as(words.GEOJSON),
        description="One feature by its id.",
    )
    def item(request: Request, collection: Collection, code: str, at: At = None) -> Any:
        with begin(desk.engine, asker("figures")) as conn:
            found = features.feature(conn, collection, code, _instant(at, desk.now()))
        links = words.item_links(request, _base(request), collection)
        return JSONResponse(found | {"links": links}, media_type=words.GEOJSON)

    def _extent() -> features.Box | None:
        with begin(desk.engine, asker("figures")) as conn:
            return extent(conn)

    return routes


def _known(collection: str) -> str:
    if collection not in features.COLLECTIONS:
        raise NotFound(f"There is no collection {collection!r}: ask for one of {', '.join(features.COLLECTIONS)}.")
    return collection


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{PREFIX}"


def _box(text: str | None) -> features.Box | None:
    """west, south, east, north of a bbox of four numbers, or of six with heights. InputError for another."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(abs(number) <= 360 for number in numbers) or numbers[1] > numbers[3]:
        raise InputError("bbox is west,south,east,north in degrees, for example 120.3,36.0,120.5,36.2.")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _instant(text: str | None, now: datetime) -> datetime:
    """The instant of an RFC 3339 text, or the end of an interval; `now` for none and for an open end."""
    if text is None:
        return now
    last = text.rpartition("/")[2].strip()
    if "/" in text and last in ("", ".."):
        return now
    try:
        found = datetime.fromisoformat(last)
    except ValueError:
        raise InputError("datetime is an instant such as 2026-03-04T00:00:00Z, or an interval a/b.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
