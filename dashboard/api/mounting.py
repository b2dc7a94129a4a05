"""Every reading and writing route under /api/v1, put on a server in one call."""

from fastapi import FastAPI

from dashboard.api import (
    cases,
    changes,
    features,
    incidents,
    links,
    outcomes,
    own_visits,
    plans,
    pushing,
    roster,
    rows,
    tiles,
    where,
)
from dashboard.api.describing import describe
from dashboard.planning.room import Room, open_room
from dashboard.reading.desk import Desk


def mount(server: FastAPI, desk: Desk, room: Room | None = None) -> None:
    """Add the feeds, the reports, the outcomes, the cases, the roster, the features, maps and plans of `desk`."""
    for part in (pushing, own_visits, incidents, changes, links, outcomes, cases, roster, rows, where, features, tiles):
        server.include_router(part.router(desk))
    server.include_router(plans.router(room or open_room(desk)))
    describe(server)
