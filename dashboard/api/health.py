"""/healthz for whoever restarts things and /metrics for Prometheus: a few plain lines."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text

from dashboard.api.answers import problems
from dashboard.auth.current import visitor
from dashboard.live.freshness import judged
from dashboard.reading.desk import COMMON, Desk
from dashboard.reading.records import rows
from geo.errors import Unavailable


def router(desk: Desk) -> APIRouter:
    """Both endpoints; neither raises, whatever the database does."""
    routes = APIRouter(tags=["health"], responses=problems(401))

    @routes.get(
        "/healthz",
        description="200 when the database answers, else 503.",
        responses={
            503: {"description": "It does not.", "content": {"application/json": {"schema": {"type": "object"}}}}
        },
    )
    def healthz() -> JSONResponse:
        reason = trouble(desk)
        return JSONResponse(
            {"status": "ok"} if not reason else {"status": "down", "reason": reason}, 503 if reason else 200
        )

    @routes.get("/metrics", description="Prometheus text format.", response_class=PlainTextResponse)
    def metrics() -> PlainTextResponse:
        return PlainTextResponse("\n".join(lines(desk)) + "\n")

    return routes


def trouble(desk: Desk) -> str | None:
    """Why the database cannot be read, or None."""
    try:
        with desk.under(COMMON).connection() as conn:
            conn.execute(text("SELECT 1"))
    except Unavailable as error:
        return str(error)
    return None


def lines(desk: Desk) -> list[str]:
    """Whether the database answers; to who may see figures the age of every channel's data in seconds, and whether
    the figures of measures are behind the record."""
    up = trouble(desk) is None
    found = ["# TYPE beatgrid_database_up gauge", f"beatgrid_database_up {int(up)}"]
    reader = visitor()
    if up and reader is not None and reader.who.may("figures"):
        found.append("# TYPE beatgrid_figures_behind gauge")
        found.append(f"beatgrid_figures_behind {int(desk.figures.is_behind())}")
        found.append("# TYPE beatgrid_channel_age_seconds gauge")
        now = desk.now()
        for row in rows(judged(desk.freshness(), now)):
            age = (now - row.last_reported_at).total_seconds()
            found.append(f'beatgrid_channel_age_seconds{{channel="{row.channel}"}} {age:.0f}')
    return found
