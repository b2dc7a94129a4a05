"""GET /api/v1/boundaries/<version>/<layer>.geojson: geometry that browsers keep for good, by its version."""

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from dashboard.api.answers import ALWAYS, plain_address, problems, told_as
from dashboard.reading.desk import Desk

FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}


def router(desk: Desk) -> APIRouter:
    """Cells, beats and backdrop as GeoJSON (EPSG:4326)."""
    routes = APIRouter(
        prefix="/api/v1/boundaries",
        tags=["geometry"],
        responses=problems(*ALWAYS),
        dependencies=[Depends(plain_address)],
    )

    @routes.get(
        "/{version}/{layer}.geojson",
        description="layer: cells, beats or backdrop. 307 leads from another version to the one in force.",
        response_class=Response,
        responses={**told_as("application/geo+json"), 307: {"description": "The version in force is another."}},
    )
    def layer(version: str, layer: str) -> Response:
        geometry = desk.geometry()
        text = geometry.layer(layer)
        if version != geometry.version:
            return RedirectResponse(f"/api/v1/boundaries/{geometry.version}/{layer}.geojson", 307)
        return Response(text, media_type="application/geo+json", headers=FOR_GOOD)

    return routes
