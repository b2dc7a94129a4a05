"""Cases on the way out."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class CaseOut(BaseModel):
    """A matter and its whole story, personal fields masked.

    version: how many steps it has; hand it back with the next use-case. allowed: use-cases the asker may take next.
    """

    number: str
    version: int
    facts: dict[str, Any]
    reports: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    diversions: list[dict[str, Any]]
    whistles: list[dict[str, Any]]
    allowed: list[str]


class CaseRow(BaseModel):
    """A case in a list."""

    number: str
    opened_at: datetime
    channel: str
    category: str
    category_name: str
    severity_now: int
    cell: str | None
    beat: str | None
    lead_level: str | None
    lead_unit: str | None
    offered_level: str | None
    offered_unit: str | None
    due_at: datetime | None
    overdue: bool | None
    supervised_at: datetime | None
    settled_at: datetime | None
    revisit_due_at: datetime | None
    closed_at: datetime | None
    grade_asked: int | None
    tags: list[str]
    steps: int


class CasePage(BaseModel):
    """Cases, newest first; `next` is the address of the following page, null on the last."""

    items: list[CaseRow]
    next: str | None


class Unmasked(BaseModel):
    """Personal data of a report."""

    reporter: str | None
    phone: str | None
    narrative: str | None
