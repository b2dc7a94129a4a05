"""Plans 调整方案: their edits, what became of them, and the notices that a published one sends."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.tables.base import ACTOR, Base, Id, link, one_of
from grids.planning.drafts import EDIT_KINDS
from grids.planning.life import PLAN_STATES


class Plan(Base):
    """A plan for the cells of `place` (none: everywhere), begun from what was in force at `began_at`.

    `base`: that assignment, cell → beat. `effective_at` is set when it is published. Who submitted it does not approve.
    """

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint(one_of("state", PLAN_STATES), name="state"))

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'draft'"))
    place: Mapped[str | None]
    began_at: Mapped[datetime]
    base: Mapped[dict[str, str]] = mapped_column(JSONB)
    allow_outside: Mapped[bool] = mapped_column(server_default=text("false"))
    effective_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str] = mapped_column(server_default=ACTOR)
    submitted_by: Mapped[str | None]
    approved_by: Mapped[str | None]
    rolls_back: Mapped[int | None] = link("plan.id")


class PlanEdit(Base):
    """One edit of a draft, in the order in which it was taken; never changed, undone by another edit."""

    __tablename__ = "plan_edit"
    __table_args__ = (CheckConstraint(one_of("kind", EDIT_KINDS), name="kind"),)

    plan_id: Mapped[int] = link("plan.id", primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(server_default=ACTOR)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    kind: Mapped[str]
    cells: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    beat: Mapped[str | None]
    target: Mapped[int | None]
    reason: Mapped[str | None]


class PlanEvent(Base):
    """What was done to a plan as a whole, and comments on it or on one of its cells."""

    __tablename__ = "plan_event"
    __table_args__ = (Index("ix_plan_event_plan_id", "plan_id"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = link("plan.id")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[str] = mapped_column(server_default=ACTOR)
    what: Mapped[str]
    cell: Mapped[str | None]
    note: Mapped[str | None]


class PlanSearch(Base):
    """A search of the optimiser for a plan as it stood after `edit`. asked: moves, seconds, seed, sliders; found: the
    points so far (db.planning.optimising.Proposal.kept). `over` stays false when the process that sought has gone."""

    __tablename__ = "plan_search"
    __table_args__ = (Index("ix_plan_search_plan_id", "plan_id"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = link("plan.id")
    by: Mapped[str] = mapped_column(server_default=ACTOR)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    edit: Mapped[int]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    over: Mapped[bool] = mapped_column(server_default=text("false"))
    complete: Mapped[bool] = mapped_column(server_default=text("false"))
    error: Mapped[str | None]


class CellLink(Base):
    """Two cells that count as neighbours although no border is shared: a bridge, a ferry, an island's quay."""

    __tablename__ = "cell_link"
    __table_args__ = (CheckConstraint("one < other", name="order"),)

    one: Mapped[str] = mapped_column(primary_key=True)
    other: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str | None]


class Notice(Base):
    """A word to a beat that something was handed to it or taken from it, from `since` on."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_beat_id_since", "beat_id", "since"),)

    id: Mapped[Id]
    plan_id: Mapped[int | None] = link("plan.id", index=True)
    beat_id: Mapped[int] = link("beat.id")
    since: Mapped[datetime]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
