"""Searches of the optimiser in the record: begun, what each has found so far, and over; a restart loses none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from db.planning.drafts import read_plan
from db.planning.optimising import Proposal, as_kept
from db.tables import PlanSearch
from geo.errors import NotFound
from grids.rights import Who

COLUMNS = ("id", "by", "at", "edit", "asked", "found", "over", "complete", "error")


@dataclass(frozen=True)
class KeptSearch:
    """A search as it is kept; see db.tables.PlanSearch."""

    id: int
    by: str
    at: datetime
    edit: int
    asked: Mapping[str, Any]
    found: list[dict[str, Any]]
    over: bool
    complete: bool
    error: str | None

    @property
    def proposal(self) -> Proposal:
        """What it has found, to take a point of."""
        return as_kept(self.found, self.complete)


def begin_search(conn: Connection, who: Who, code: str, edit: int, asked: Mapping[str, Any]) -> int:
    """Note that a search for a plan begins; its number. Raises Denied without the right to plan, NotFound."""
    who.demand("plan")
    values = {"plan_id": read_plan(conn, code).id, "by": who.name, "edit": edit, "asked": dict(asked)}
    return int(conn.execute(insert(PlanSearch).values(**values).returning(PlanSearch.id)).scalar_one())


def keep_found(conn: Connection, number: int, found: Proposal) -> None:
    """Keep the points that a search has so far."""
    conn.execute(update(PlanSearch).where(PlanSearch.id == number).values(found=found.kept()))


def end_search(conn: Connection, number: int, complete: bool, error: str | None = None) -> None:
    """Note that a search is over, and what went wrong."""
    values = {"over": True, "complete": complete, "error": error}
    conn.execute(update(PlanSearch).where(PlanSearch.id == number).values(**values))


def search_of(conn: Connection, code: str, number: int) -> KeptSearch:
    """A search of a plan by number. Raises NotFound."""
    columns = [getattr(PlanSearch, name) for name in COLUMNS]
    asked = select(*columns).where(PlanSearch.id == number, PlanSearch.plan_id == read_plan(conn, code).id)
    row = conn.execute(asked).first()
    if row is None:
        raise NotFound(f"There is no search {number} of plan {code}: begin a new one.")
    return KeptSearch(*row)


def last_search(conn: Connection, code: str) -> int | None:
    """The number of the last search of a plan; None before the first."""
    asked = select(func.max(PlanSearch.id)).where(PlanSearch.plan_id == read_plan(conn, code).id)
    return conn.execute(asked).scalar_one()
