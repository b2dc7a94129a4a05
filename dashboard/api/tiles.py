"""What maps are drawn from: their style, and tiles of a base map, fetched by us so that no browser asks elsewhere."""

import urllib.error
import urllib.request
from functools import lru_cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from dashboard.api.answers import ALWAYS, plain_address, problems, told_as
from dashboard.figures.basemap import BaseMap
from dashboard.figures.ground import style_document
from dashboard.reading.desk import Desk
from geo.errors import NotFound, Unavailable

A_WEEK = {"Cache-Control": "private, max-age=604800"}
PATIENCE_S = 8.0
LARGEST = 4_000_000  # bytes of a tile
KEPT = 2_000  # tiles, some 40 MB
PNG = {"type": "string", "format": "binary"}


def router(desk: Desk) -> APIRouter:
    """Styles and tiles."""
    routes = APIRouter(
        prefix="/api/v1", tags=["geometry"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )
    base_map = BaseMap.told(desk.settings.base_map, desk.settings.base_map_by)

    @routes.get("/style/{version}/{theme}.json", description="A MapLibre style of boundaries in a theme.")
    def style(
        version: str,
        theme: Literal["light", "dark", "wall"],
        label: Annotated[float, Query(ge=6, le=96, description="Size of a beat's name in pixels.")] = 12,
    ) -> dict[str, Any]:
        return style_document(version, theme, label, base_map)

    @routes.get(
        "/tiles/{layer}/{z}/{x}/{y}",
        description="A tile of the base map that settings name; 404 without one.",
        response_class=Response,
        responses=told_as("image/*", PNG),
    )
    def tile(layer: int, z: int, x: int, y: int) -> Response:
        address = base_map.tile(layer, z, x, y)
        if address is None:
            raise NotFound("There is no such tile: settings name no base map there.")
        content, kind = fetched(address)
        return Response(content, media_type=kind, headers=A_WEEK)

    return routes


@lru_cache(KEPT)
def fetched(address: str) -> tuple[bytes, str]:
    """A tile and its media type. Raises NotFound where its owner has none, Unavailable when nobody answers."""
    asked = urllib.request.Request(address, headers={"User-Agent": "beatgrid"})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            kind, content = answer.headers.get_content_type(), answer.read(LARGEST)
    except urllib.error.HTTPError as error:
        raise NotFound(f"The base map has no such tile ({error.code}).") from error
    except OSError as error:
        raise Unavailable("The base map does not answer: see BEATGRID_BASE_MAP.") from error
    if not kind.startswith("image/"):
        raise Unavailable(f"The base map answers with {kind} instead of a picture: see BEATGRID_BASE_MAP.")
    return content, kind
