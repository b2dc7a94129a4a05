"""/styleguide for whoever is signed in; it shows made-up figures only."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.pages.missing import language_of, remember
from dashboard.pages.styleguide.render import THEMES, guide


def router() -> APIRouter:
    """The one address."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/styleguide")
    def styleguide(request: Request) -> Response:
        theme = request.query_params.get("theme")
        return remember(request, HTMLResponse(guide(language_of(request), theme if theme in THEMES else None)))

    return routes
