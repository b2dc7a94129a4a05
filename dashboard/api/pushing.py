"""POST incidents, steps and visits: one object or up to 1,000, a result for each, safe to send again."""

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from dashboard.api.answers import WRITING, plain_address, problems
from dashboard.api.bodies import LimitedRoute, TooLarge
from dashboard.auth.current import who
from dashboard.reading.desk import Desk
from loaders.intake import AT_ONCE, take

AGAIN = (
    "Takes one object or a list of up to 1,000 and always answers 200 with a result for each item: a bad item is"
    " rejected with all its reasons and holds up no other. An item is known by its channel and number, so that a push"
    " that was not answered can be sent again: what was taken in is then unchanged."
)


def _said(kind: str, description: str, example: Any = None) -> Any:
    """A field of a pushed item: documented here, checked item by item like a row of a file."""
    extra: dict[str, Any] = {"type": kind} | ({} if example is None else {"examples": [example]})
    return Field(default=None, description=description, json_schema_extra=extra)


class Pushed(BaseModel):
    """Any object; what is wrong with its fields is said in its result."""

    model_config = ConfigDict(extra="allow")


class IncidentIn(Pushed):
    """A report. Needed: source_no and reported_at. Times without a zone are Asia/Shanghai."""

    source_no: Any = _said("string", "The report's own number in its channel.", "J20260304-0017")
    channel: Any = _said("string", "Left out, or the feed's own channel.", "110")
    reported_at: Any = _said("string", "When it was reported.", "2026-03-04T05:06:07+08:00")
    category: Any = _said("string", "Code or name in the catalogue.", "邻里纠纷")
    lon: Any = _said("number", "Degrees; WGS-84 unless `crs` says another.", 120.382)
    lat: Any = _said("number", "Degrees.", 36.066)
    radius_m: Any = _said("number", "How far off the point may be.", 15)
    address: Any = _said("string", "Where no point is given, the place is sought by it.", "海滨路12号")
    reporter: Any = _said("string", "Kept encrypted.")
    phone: Any = _said("string", "Kept encrypted.")
    narrative: Any = _said("string", "Kept encrypted.")
    severity: Any = _said("integer", "1, 2 or 3.", 1)
    matter: Any = _said("string", "channel:number of the first report of the same matter.", "110:J20260303-0102")


class StepIn(Pushed):
    """A handling step of a report that was pushed before. Needed: source_no, step_no, at and kind."""

    source_no: Any = _said("string", "Number of the report.", "J20260304-0017")
    channel: Any = _said("string", "Left out, or the feed's own channel.", "110")
    step_no: Any = _said("integer", "The step's number within the report, below 100,000.", 1)
    at: Any = _said("string", "When it was done.", "2026-03-04T05:30:00+08:00")
    kind: Any = _said("string", "What was done: take_lead, handle, mediate, settle, close …", "take_lead")
    level: Any = _said("string", "cell, beat, community, street, district or city.", "beat")
    unit: Any = _said("string", "Code of the unit.")
    officer: Any = _said("string", "Code of the member of staff.")
    minutes: Any = _said("number", "Minutes of work.", 30)
    result: Any = _said("string", "Outcome in a few words, nothing personal.")
    note: Any = _said("string", "Kept encrypted.")


class VisitIn(Pushed):
    """A visit, or several alike. Needed: source_no, at, officer and kind."""

    source_no: Any = _said("string", "The visit's own number.", "V-881")
    source: Any = _said("string", "Left out, or the feed's own channel.", "patrol")
    at: Any = _said("string", "When.", "2026-03-04T15:00:00+08:00")
    officer: Any = _said("string", "Code of the member of staff.", "P017")
    cell: Any = _said("string", "Code of the cell.", "G0123")
    kind: Any = _said("string", "household, venue, firm, school, patrol …", "household")
    count: Any = _said("integer", "How many alike.", 1)
    minutes: Any = _said("number", "Minutes of work.", 20)


class ItemResult(BaseModel):
    """What became of one item, by its place in the push (from 0)."""

    index: int
    status: Literal["inserted", "updated", "unchanged", "rejected"]
    number: str | None
    reasons: list[str]


class PushResult(BaseModel):
    """Counts and a result for each item, in the order of the push."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "read": 2, "inserted": 1, "updated": 0, "unchanged": 0, "rejected": 1,
                    "results": [
                        {"index": 0, "status": "inserted", "number": "110:J20260304-0017", "reasons": []},
                        {"index": 1, "status": "rejected", "number": None, "reasons": ["source_no is missing"]},
                    ],
                }
            ]
        }
    )  # fmt: skip

    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    results: list[ItemResult]


Crs = Annotated[
    Literal["EPSG:4326", "EPSG:4490", "gcj02", "bd09"], Query(description="What lon and lat of these items are in.")
]


def router(desk: Desk) -> APIRouter:
    """The three ways in; the asker's channel and right are checked where the items are taken."""
    told = problems(*WRITING)
    routes = APIRouter(
        prefix="/api/v1", tags=["push"], responses=told, dependencies=[Depends(plain_address)],
        route_class=LimitedRoute,
    )  # fmt: skip

    def pushed(items: Any, kind: str, crs: str | None = None) -> PushResult:
        listed = items if isinstance(items, list) else [items]
        if len(listed) > AT_ONCE:
            raise TooLarge(f"At most {AT_ONCE:,} items fit into one push, not {len(listed):,}: send fewer at once.")
        rows = [item.model_dump(exclude_unset=True) for item in listed]
        results = take(desk.engine, desk.keys, who(), rows, kind, crs)
        counts = Counter(each["status"] for each in results)
        named = ("inserted", "updated", "unchanged", "rejected")
        found = [ItemResult(**each) for each in results]
        return PushResult(read=len(results), results=found, **{name: counts[name] for name in named})

    @routes.post("/incidents", description=f"Push reports. {AGAIN}")
    def incidents(items: Annotated[IncidentIn | list[IncidentIn], Body()], crs: Crs = "EPSG:4326") -> PushResult:
        return pushed(items, "incidents", crs)

    @routes.post("/steps", description=f"Push handling steps of reports that were pushed before. {AGAIN}")
    def steps(items: Annotated[StepIn | list[StepIn], Body()]) -> PushResult:
        return pushed(items, "steps")

    @routes.post("/visits", description=f"Push visits. {AGAIN}")
    def visits(items: Annotated[VisitIn | list[VisitIn], Body()]) -> PushResult:
        return pushed(items, "visits")

    return routes
