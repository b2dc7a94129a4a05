"""Every reading and writing route under /api/v1, put on a server in one call."""

from fastapi import FastAPI

from dashboard.api import cases, changes, features, incidents, links, outcomes, pushing, roster, tiles
from dashboard.api.describing import describe
from dashboard.reading.desk import Desk


def mount(server: FastAPI, desk: Desk) -> None:
    """Add the feeds, the reports, the outcomes, the cases, the roster, the features and the maps of `desk`."""
    for part in (pushing, incidents, changes, links, outcomes, cases, roster, features, tiles):
        server.include_router(part.router(desk))
    describe(server)
