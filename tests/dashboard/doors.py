"""The API alone, with a given person at every request: what routers answer before any guard stands around them."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import problems
from dashboard.api import mounting
from dashboard.auth import current
from dashboard.auth.current import acting
from dashboard.reading.desk import Desk
from db.record import Record
from grids.rights import Who

FEED = Who("feed 110", ("feed",), channel="110")
OFFICER = Who("an officer", ("officer",))
APPROVER = Who("an approver", ("approver", "officer"))


class Acting:
    """ASGI: `who` acts in every request."""

    def __init__(self, app: ASGIApp, who: Who) -> None:
        self._app, self._who = app, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with acting(self._who):
            await self._app(scope, receive, send)


def api(settings, record: Record, who: Who) -> FastAPI:
    """The API on a record, always acted on by `who`."""
    server = FastAPI(title="beatgrid", openapi_url="/api/v1/openapi.json")
    problems.install(server)
    mounting.mount(server, Desk(settings, record.engine, None, current.who))
    server.add_middleware(Acting, who=who)
    return server
