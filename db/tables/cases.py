"""Incidents, matters and their append-only handling steps."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.tables.base import ACTOR, Base, Id, link, one_of, shape
from grids.levels import LEVELS
from grids.steps import STEP_KINDS

PLACED_BY = ("point", "snap", "address", "click", "none")
STEP_ROLES = ("lead", "assist", "mediate", "respond")
SEVERITY = SmallInteger
PARTS = ("lead", "offered", "kept", "diverted", "whistled")


class Matter(Base):
    """A matter 事项: the reports about one thing. All but its origin follows from its steps."""

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint(one_of("lead_level", LEVELS), name="lead_level"),
        Index("ix_matter_opened_at_cell", "opened_at", "cell_id"),
        Index("ix_matter_cell_id", "cell_id"),
        Index("ix_matter_open", "due_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_matter_tagged", "opened_at", postgresql_where=text("tags <> '{}'")),
    )

    id: Mapped[Id]
    incident_id: Mapped[int | None] = mapped_column(
        ForeignKey("incident.id", deferrable=True, initially="DEFERRED", use_alter=True)
    )
    channel: Mapped[str] = mapped_column(ForeignKey("channel.code"))
    category_id: Mapped[int] = link("category.id", index=True)
    opened_at: Mapped[datetime]
    cell_id: Mapped[int | None] = link("cell.id")
    due_at: Mapped[datetime | None]
    severity_initial: Mapped[int] = mapped_column(SEVERITY)
    severity: Mapped[int] = mapped_column(SEVERITY)
    severity_at: Mapped[datetime | None]
    severity_now: Mapped[int] = mapped_column(SEVERITY)
    lead_level: Mapped[str | None]
    lead_unit_id: Mapped[int | None] = link("unit.id")
    reached_cell: Mapped[datetime | None]
    reached_beat: Mapped[datetime | None]
    reached_community: Mapped[datetime | None]
    reached_street: Mapped[datetime | None]
    reached_district: Mapped[datetime | None]
    reached_city: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    steps: Mapped[int] = mapped_column(server_default=text("0"))
    recorded_minutes: Mapped[float | None]
    # What people at work look for; like the rest, replayed from the steps.
    offered_level: Mapped[str | None]
    offered_unit_id: Mapped[int | None] = link("unit.id")
    grade_asked: Mapped[int | None] = mapped_column(SEVERITY)
    settled_at: Mapped[datetime | None]
    revisit_due_at: Mapped[datetime | None]
    supervised_at: Mapped[datetime | None]
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class Closure(Base):
    """A matter stood closed from `closed_at` until `reopened_at` (null: still)."""

    __tablename__ = "closure"
    __table_args__ = (Index("ix_closure_closed_at", "closed_at"),)

    matter_id: Mapped[int] = link("matter.id", primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(primary_key=True)
    reopened_at: Mapped[datetime | None]


class Incident(Base):
    """One report 警情, as it came and where it was placed; never a beat: that follows from cell and date."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(one_of("placed_by", PLACED_BY), name="placed_by"),
        Index("ix_incident_reported_at_cell", "reported_at", "cell_then"),
        Index("ix_incident_cell_now", "cell_now"),
        Index("ix_incident_geom", "geom", postgresql_using="gist"),
        Index("ix_incident_waiting", "reported_at", postgresql_where=text("ambiguous OR cell_then IS NULL")),
        Index("ix_incident_room", "room", "reported_at", postgresql_where=text("room IS NOT NULL")),
        Index("ix_incident_building", "building", "reported_at", postgresql_where=text("building IS NOT NULL")),
    )

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(ForeignKey("channel.code"))
    source_no: Mapped[str]
    reported_at: Mapped[datetime]
    category_id: Mapped[int] = link("category.id", index=True)
    matter_id: Mapped[int] = link("matter.id", index=True)
    severity: Mapped[int | None] = mapped_column(SEVERITY)
    address: Mapped[str | None]
    cell_label: Mapped[str | None]
    beat_label: Mapped[str | None]
    geom: Mapped[Any | None] = shape("POINT")
    cell_then: Mapped[int | None] = link("cell.id")
    cell_now: Mapped[int | None] = link("cell.id")
    placed_by: Mapped[str]
    snapped_m: Mapped[float | None]
    radius_m: Mapped[float | None]
    score: Mapped[float | None]
    matched: Mapped[str | None]
    ambiguous: Mapped[bool] = mapped_column(server_default=text("false"))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    run_id: Mapped[int] = link("load_run.id")
    # Keys of the address (grids.repeats.rooms), by which reports about one door are found.
    room: Mapped[str | None]
    building: Mapped[str | None]
    district_named: Mapped[str | None]


class IncidentCandidate(Base):
    """A cell that an incident in doubt may lie in, and how likely; the likeliest is its cell_then."""

    __tablename__ = "incident_candidate"
    __table_args__ = (CheckConstraint("probability > 0 AND probability <= 1", name="probability"),)

    incident_id: Mapped[int] = link("incident.id", primary_key=True)
    cell_id: Mapped[int] = link("cell.id", primary_key=True)
    probability: Mapped[float]


class SourceKey(Base):
    """(channel, its own number) → incident: the one place where incidents are unique."""

    __tablename__ = "source_key"

    channel: Mapped[str] = mapped_column(primary_key=True)
    source_no: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = link("incident.id", unique=True)


class IncidentPersonal(Base):
    """Reporter's name, phone and narrative: one encrypted token, the phone also as keyed hash for matching."""

    __tablename__ = "incident_personal"

    incident_id: Mapped[int] = link("incident.id", primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)


class Step(Base):
    """One handling step 处置流转: added, never edited or removed."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("incident_id", "no"),
        CheckConstraint(one_of("kind", tuple(STEP_KINDS)), name="kind"),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("role", STEP_ROLES), name="role"),
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity"),
        Index("ix_step_matter_id_at", "matter_id", "at"),
        Index("ix_step_officer_id_at", "officer_id", "at", postgresql_where=text("officer_id IS NOT NULL")),
        Index("ix_step_xact_id", "xact", "id"),
    )

    id: Mapped[Id]
    matter_id: Mapped[int] = link("matter.id")
    incident_id: Mapped[int] = link("incident.id")
    no: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    level: Mapped[str | None]
    unit_id: Mapped[int | None] = link("unit.id")
    officer_id: Mapped[int | None] = link("officer.id")
    role: Mapped[str | None]
    severity: Mapped[int | None] = mapped_column(SEVERITY)
    minutes: Mapped[float | None]
    result: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    run_id: Mapped[int | None] = link("load_run.id")
    actor: Mapped[str] = mapped_column(server_default=ACTOR)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # The transaction that wrote it: readers of changes go by it, since ids are not committed in their order.
    xact: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text::bigint)"))


class MatterUnit(Base):
    """A unit that has a part in a matter, beside the place where it lies: its people may see it."""

    __tablename__ = "matter_unit"
    __table_args__ = (CheckConstraint(one_of("part", PARTS), name="part"), Index("ix_matter_unit_unit_id", "unit_id"))

    matter_id: Mapped[int] = link("matter.id", primary_key=True)
    unit_id: Mapped[int] = link("unit.id", primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)


class Diversion(Base):
    """One line of the diversion ledger 分流台账, replayed from steps; `step_no` is that of the sending step."""

    __tablename__ = "diversion"
    __table_args__ = (Index("ix_diversion_sent_at", "sent_at"), Index("ix_diversion_to_unit_id", "to_unit_id"))

    matter_id: Mapped[int] = link("matter.id", primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(primary_key=True)
    step_no: Mapped[int] = mapped_column(primary_key=True)
    from_unit_id: Mapped[int | None] = link("unit.id")
    to_unit_id: Mapped[int | None] = link("unit.id")
    accepted_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    kept: Mapped[bool] = mapped_column(server_default=text("false"))


class Whistle(Base):
    """A department called to a matter 吹哨 and when it reported in 报到, replayed from steps."""

    __tablename__ = "whistle"
    __table_args__ = (Index("ix_whistle_unit_id", "unit_id"),)

    matter_id: Mapped[int] = link("matter.id", primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    step_no: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = link("unit.id", primary_key=True)
    report_by: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
