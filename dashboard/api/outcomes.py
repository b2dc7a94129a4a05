"""GET /api/v1/outcomes: every share of outcomes of a view, from the same functions as `manage.py report outcomes`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from dashboard.api.answers import ALWAYS, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.measures import CONTAINMENT_BY, FILTERED, FILTERS, checked, view_of
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from dashboard.reporting.measured import Reading
from dashboard.reporting.outcomes import outcomes_table
from dashboard.reporting.suppressed import fewest_of

BY = ("", *CONTAINMENT_BY, "district")
OWN = ("by", "outcome")


def router(desk: Desk) -> APIRouter:
    """The endpoint of outcomes."""
    routes = APIRouter(
        prefix="/api/v1", tags=["figures"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )
    By = Annotated[str, Query(description="What the rows are.")]
    Outcome = Annotated[list[str] | None, Query(description="Only these formulas (docs/metrics.md); may repeat.")]

    @routes.get(
        "/outcomes",
        description="Shares of outcomes with numerator, denominator and 95 % interval; counts below 5 are left out for "
        f"who may see neither cases nor staff. {FILTERS}",
        openapi_extra=FILTERED,
    )
    def outcomes(request: Request, by: By = "", outcome: Outcome = None) -> Any:
        who, view = asker("figures"), view_of(request, *OWN)
        checked(by, BY)
        counted = desk.view()
        with desk.connection() as conn:
            told = Reading(desk, conn, counted, desk.filter(view), desk.policy(view), fewest=fewest_of(who))
            return plain(outcomes_table(told, by or None, tuple(outcome or ())))

    return routes
