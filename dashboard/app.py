"""The web application: pages, API, health, put together in one function and nothing built at import."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dash import Dash
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import problems
from dashboard.api import boundaries, health, measures, mounting
from dashboard.auth import current
from dashboard.auth.first_run import FirstRun
from dashboard.auth.middleware import Guard
from dashboard.document import index_string
from dashboard.live.snapshot import Snapshots
from dashboard.live.stamp import Stamps
from dashboard.pages import frame, missing
from dashboard.pages.beat import routes as beat
from dashboard.pages.overview import callbacks as overview
from dashboard.pages.sign_in import account_routes as account
from dashboard.pages.sign_in import routes as sign_in
from dashboard.pages.styleguide import routes as styleguide
from dashboard.pages.wall import callbacks as wall
from dashboard.reading.desk import Desk
from dashboard.reading.figures import Figures
from db.engine import make_engine
from db.settings import Settings

HERE = Path(__file__).parent
Clock = Callable[[], datetime]
DASH_PATHS = ("/wall",)  # pages beside "/" that Dash draws; it decides by the address in the browser


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
    mounting.mount(server, desk)
    server.include_router(sign_in.router(desk, first_run or FirstRun()))
    server.include_router(account.router(desk))
    server.include_router(beat.router(desk))
    server.include_router(styleguide.router())
    server.state.dash = pages(server, desk, snapshots)
    server.include_router(missing.router())
    return Guard(DashPaths(server), settings, desk.engine, lambda: desk.keys)


def pages(server: FastAPI, desk: Desk, snapshots: Snapshots) -> Dash:
    """Dash on the same server, with every page's callbacks; all its files come from this host."""
    dash = Dash(
        "beatgrid",
        server=server,  # type: ignore[arg-type]  # Dash's hint names Flask only
        assets_folder=str(HERE / "assets"),
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
    wall.register(dash, desk, snapshots)
    return dash


class DashPaths:
    """Hands Dash's own start page to each address of DASH_PATHS; everything else passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") in DASH_PATHS:
            scope = {**scope, "path": "/", "raw_path": b"/"}
        await self.app(scope, receive, send)
