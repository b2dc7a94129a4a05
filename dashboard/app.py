"""The web application: pages, API, health, put together in one function and nothing built at import."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dash import Dash
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import problems
from dashboard.api import boundaries, health, live, measures, mounting
from dashboard.auth import current
from dashboard.auth.first_run import FirstRun
from dashboard.auth.middleware import Guard
from dashboard.compressed import Compressed
from dashboard.document import index_string
from dashboard.live.pulse import Pulse
from dashboard.live.snapshot import Snapshots
from dashboard.live.stamp import Stamps
from dashboard.pages import frame, missing
from dashboard.pages.analysis import callbacks as analysis
from dashboard.pages.analysis import exporting, registry
from dashboard.pages.analysis.hotspots import callbacks as hotspots
from dashboard.pages.beat import files as beat_files
from dashboard.pages.beat import routes as beat
from dashboard.pages.bulletins import routes as bulletins
from dashboard.pages.overview import callbacks as overview
from dashboard.pages.plan import callbacks as plan
from dashboard.pages.plan import routes as plan_sheets
from dashboard.pages.rows import routes as rows
from dashboard.pages.sign_in import account_routes as account
from dashboard.pages.sign_in import routes as sign_in
from dashboard.pages.styleguide import routes as styleguide
from dashboard.pages.wall import routes as wall
from dashboard.planning.room import open_room
from dashboard.reading.desk import Desk
from dashboard.reading.figures import Figures
from db.engine import make_engine
from db.settings import Settings

HERE = Path(__file__).parent
Clock = Callable[[], datetime]
PLAN_PATH = re.compile("/plan/[^/]+")  # the workbench of one plan, which Dash draws too
DASH_PATHS = ("/plan", *registry.PATHS)  # pages beside "/" that Dash draws; it decides by the address in the browser


def create_app(
    settings: Settings,
    engine: Engine | None = None,
    clock: Clock | None = None,
    first_run: FirstRun | None = None,
    figures: Figures | None = None,
) -> Guard:
    """The ASGI application of this record, with the guard around all of it (dashboard.auth).

    `engine` and `clock` (what time it is) let a test hand in its own; `first_run` holds the first administrator's code;
    `figures` is the read model, kept up by whoever serves (default: brought up to the record by each question).
    """
    desk = Desk(settings, engine or make_engine(settings), clock, current.who, figures)
    stamps = Stamps(desk)
    snapshots = Snapshots(desk, stamps)
    server = FastAPI(title="beatgrid", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    problems.install(server)
    server.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=3)
    server.include_router(health.router(desk))
    server.include_router(boundaries.router(desk))
    server.include_router(measures.router(desk, stamps, snapshots))
    server.include_router(live.router(Pulse(desk.engine, desk.figures.refresh, stamps.fresh)))
    server.include_router(wall.router(desk))
    room = open_room(desk)
    mounting.mount(server, desk, room)
    server.include_router(sign_in.router(desk, first_run or FirstRun()))
    server.include_router(account.router(desk))
    server.include_router(beat.router(desk))
    server.include_router(plan_sheets.router(room))
    server.include_router(exporting.router(desk))
    server.include_router(rows.router(desk))
    server.include_router(bulletins.router(desk))
    server.include_router(beat_files.router(settings.home))
    server.include_router(styleguide.router())
    server.state.dash = pages(server, desk)
    server.include_router(missing.router())
    return Guard(Compressed(DashPaths(server)), settings, desk.engine, lambda: desk.keys)


def pages(server: FastAPI, desk: Desk) -> Dash:
    """Dash on the same server, with every page's callbacks; all its files come from this host."""
    dash = Dash(
        "beatgrid",
        server=server,  # type: ignore[arg-type]  # Dash's hint names Flask only
        assets_folder=str(HERE / "assets"),
        assets_ignore="wall.*",  # the wall fetches its own
        pages_folder="",
        serve_locally=True,
        suppress_callback_exceptions=True,
        title="警格通 beatgrid",
        update_title="",
        enable_mcp=False,
        index_string=index_string(),
    )
    dash.layout = frame.document()
    frame.register(dash, desk)
    overview.register(dash, desk)
    plan.register(dash)
    analysis.register(dash, desk)
    hotspots.register(dash)
    return dash


def is_of_dash(path: str) -> bool:
    """Whether Dash draws the page at an address."""
    return path in DASH_PATHS or PLAN_PATH.fullmatch(path) is not None


class DashPaths:
    """Hands Dash's own start page to each address that it draws; everything else passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_of_dash(scope["path"].rstrip("/")):
            scope = {**scope, "path": "/", "raw_path": b"/"}
        await self.app(scope, receive, send)
