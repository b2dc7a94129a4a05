"""Units, officers and their dated postings."""

from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.tables.base import Base, Id, Validity, link, one_of, shape
from grids.levels import LEVELS

UNIT_KINDS = ("station", "street_centre", "department", "mediation_room", "court", "industry")
OFFICER_KINDS = (
    "police", "auxiliary", "grid_lead", "grid_worker", "mediator", "lawyer", "counsellor", "volunteer",
)  # fmt: skip
ROLES = ("beat_lead", *OFFICER_KINDS)


class Unit(Base):
    """A station, street centre, department, joint-mediation room, court or industry body."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("kind", UNIT_KINDS), name="kind"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    kind: Mapped[str]
    area_id: Mapped[int | None] = link("area.id")
    lead_for: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    phone: Mapped[str | None]
    geom: Mapped[Any | None] = shape("POINT")
    valid: Mapped[Validity]


class Officer(Base):
    """A member of staff; name and phone are one encrypted token, the phone also a keyed hash."""

    __tablename__ = "officer"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint(one_of("kind", OFFICER_KINDS), name="kind"))

    id: Mapped[Id]
    code: Mapped[str]
    kind: Mapped[str]
    unit_id: Mapped[int | None] = link("unit.id")
    personal: Mapped[bytes] = mapped_column(LargeBinary)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)


class Posting(Base):
    """An officer serves a beat, a cell or a unit in a role during `valid`; one beat lead per beat at an instant."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES), name="role"),
        CheckConstraint("num_nonnulls(beat_id, cell_id, unit_id) = 1", name="one_place"),
        CheckConstraint("weekly_minutes >= 0", name="weekly_minutes"),
        ExcludeConstraint(
            ("officer_id", "="),
            ("role", "="),
            (text("coalesce(beat_id, 0)"), "="),
            (text("coalesce(cell_id, 0)"), "="),
            (text("coalesce(unit_id, 0)"), "="),
            ("valid", "&&"),
            using="gist",
            name="ex_posting_once",
        ),
        ExcludeConstraint(
            ("beat_id", "="),
            ("valid", "&&"),
            using="gist",
            where=text("role = 'beat_lead'"),
            name="ex_posting_one_lead",
        ),
    )

    id: Mapped[Id]
    officer_id: Mapped[int] = link("officer.id", index=True)
    role: Mapped[str]
    beat_id: Mapped[int | None] = link("beat.id", index=True)
    cell_id: Mapped[int | None] = link("cell.id", index=True)
    unit_id: Mapped[int | None] = link("unit.id", index=True)
    weekly_minutes: Mapped[int] = mapped_column(server_default=text("2400"))
    valid: Mapped[Validity]
