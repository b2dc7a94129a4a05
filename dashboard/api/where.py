"""GET where: the cell and beat of a point, and who answers for it today."""

from typing import Annotated, Any, Literal

import pandas as pd
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from dashboard.api.answers import ALWAYS, plain_address, problems
from dashboard.api.asking import asker
from dashboard.reading.beat_day import told_team
from dashboard.reading.desk import Desk
from dashboard.reading.records import plain
from db.engine import begin
from db.where import where

Crs = Annotated[
    Literal["EPSG:4326", "EPSG:4490", "gcj02", "bd09"], Query(description="What lon and lat are in: as the phone says.")
]


class Answering(BaseModel):
    """Somebody who answers for the place, nearest first; duty: the shift they are on, null when off."""

    role: str
    post_name: str | None
    duty: str | None
    name: str | None
    phone: str | None


class WhereOut(BaseModel):
    """The point in WGS-84 degrees, and what holds it; null where nothing does."""

    lon: float
    lat: float
    cell: str | None
    cell_name: str | None
    beat: str | None
    beat_name: str | None
    station_name: str | None
    people: list[Answering]


def router(desk: Desk) -> APIRouter:
    """The one route."""
    routes = APIRouter(
        prefix="/api/v1", tags=["places"], responses=problems(*ALWAYS), dependencies=[Depends(plain_address)]
    )

    @routes.get("/where", description="Cell and beat of a point, and who answers for it; names by the right to them.")
    def here(
        lon: Annotated[float, Query(ge=-180, le=180, openapi_examples={"a point": {"value": 120.89}})],
        lat: Annotated[float, Query(ge=-90, le=90, openapi_examples={"a point": {"value": 35.895}})],
        crs: Crs = "EPSG:4326",
    ) -> WhereOut:
        me = asker("cases")
        with begin(desk.engine, me) as conn:
            found = where(conn, lon, lat, crs, desk.now())
        people = told_team(desk, me, found.team) if found.team is not None else pd.DataFrame()
        told: dict[str, Any] = {name: getattr(found, name) for name in WhereOut.model_fields if name != "people"}
        return WhereOut(**told, people=[_answering(row) for row in plain(people)])

    return routes


def _answering(row: dict[str, Any]) -> Answering:
    return Answering(**{name: row[name] for name in Answering.model_fields})
