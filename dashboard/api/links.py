"""Which reports are one matter: why, and a person's word about two of them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from dashboard.api.answers import ALWAYS, WRITING, plain_address, problems
from dashboard.api.asking import asker
from dashboard.api.bodies import LimitedRoute
from dashboard.api.texts import Code, Line
from dashboard.auth.current import who
from dashboard.reading.desk import Desk
from db import linking
from db.engine import begin
from db.linking.telling import explain

Number = Annotated[str, Path(description="channel:number of a report.", examples=["110:J20260304-0017"])]


class Pair(BaseModel):
    """The other report."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"other": "12345:20260305-02", "reason": "同一家人反映"}]}
    )

    other: Code = Field(description="channel:number of the other report.")


class Word(Pair):
    """The other report, and why; nothing personal belongs into the reason."""

    reason: Line


class Said(BaseModel):
    """Where the two reports stand now. moved: how many reports changed their matter."""

    number: str
    other: str
    one_matter: bool
    moved: int


class Reported(BaseModel):
    """A report of the matter. kind: first, duplicate (before the first handling ended) or repeat (since)."""

    number: str
    at: datetime
    kind: str


class Link(BaseModel):
    """Two reports that a rule ties together (a the earlier one); metres null where a point is unknown."""

    a: str
    b: str
    rule: str
    metres: float | None
    days: float
    kind: str


class Suggestion(BaseModel):
    """Two reports of one building and category group in different matters, nobody having decided."""

    a: str
    b: str
    metres: float | None
    days: float


class Conflict(BaseModel):
    """A join that a split forbids."""

    a: str
    b: str


class Decision(BaseModel):
    """What a person or a source said of two reports; same null: taken back."""

    a: str
    b: str
    same: bool | None
    source: str
    actor: str
    at: datetime
    reason: str | None


class WhyOut(BaseModel):
    """Why the reports of a matter are one."""

    number: str
    reports: list[Reported]
    links: list[Link]
    suggestions: list[Suggestion]
    conflicts: list[Conflict]
    decisions: list[Decision]


def router(desk: Desk) -> APIRouter:
    """The routes of links; they stand before those of cases, whose addresses take in any number."""
    routes = APIRouter(
        prefix="/api/v1/cases", tags=["cases"], dependencies=[Depends(plain_address)], route_class=LimitedRoute,
    )  # fmt: skip

    @routes.get(
        "/{number:path}/why", description="Why the reports of a case are one matter.", responses=problems(*ALWAYS)
    )
    def why(number: Number) -> WhyOut:
        me = asker("cases")
        with begin(desk.engine, me) as conn:
            return WhyOut(**explain(conn, me, number).as_dict())

    @routes.post(
        "/{number:path}/join", description="Say that two reports are of one matter.", responses=problems(*WRITING)
    )
    def join(number: Number, said: Word) -> Said:
        with begin(desk.engine, who()) as conn:
            moves = linking.join(conn, desk.keys, who(), number, said.other, said.reason)
            return _said(number, said.other, moves)

    @routes.post(
        "/{number:path}/split", description="Say that two reports are of two matters.", responses=problems(*WRITING)
    )
    def split(number: Number, said: Word) -> Said:
        with begin(desk.engine, who()) as conn:
            moves = linking.split(conn, desk.keys, who(), number, said.other, said.reason)
            return _said(number, said.other, moves)

    @routes.post(
        "/{number:path}/undecide",
        description="Take back what people said about two reports: rules and sources decide again.",
        responses=problems(*WRITING),
    )
    def undecide(number: Number, said: Pair) -> Said:
        with begin(desk.engine, who()) as conn:
            return _said(number, said.other, linking.undecide(conn, desk.keys, who(), number, said.other))

    return routes


def _said(number: str, other: str, moves: linking.Moves) -> Said:
    return Said(number=number, other=other, one_matter=moves.together, moved=len(moves.moved))
