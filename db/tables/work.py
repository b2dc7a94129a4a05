"""People and beats at work: roster, absences and cover, visits, registers, joint meetings, door plates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import ACTOR, Base, Id, Validity, link, one_of, shape

SHIFT_KINDS = ("day", "night", "standby")
ABSENCE_KINDS = ("leave", "sick", "training", "other")
VISIT_KINDS = ("household", "venue", "firm", "school", "patrol", "mediation", "publicity", "care", "other")
REGISTERS = ("addresses", "people", "households", "houses", "units", "small_venues", "firms", "malls", "schools")


class Shift(Base):
    """An officer is on duty during `during`; never on two shifts at once."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint(one_of("kind", SHIFT_KINDS), name="kind"),
        ExcludeConstraint(("officer_id", "="), ("during", "&&"), using="gist", name="ex_shift_once"),
        Index("ix_shift_during", "during", postgresql_using="gist"),
    )

    id: Mapped[Id]
    officer_id: Mapped[int] = link("officer.id")
    kind: Mapped[str] = mapped_column(server_default=text("'day'"))
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Absence(Base):
    """An officer is away during `during`; `cover_id` stands in for all that they hold meanwhile."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint(one_of("kind", ABSENCE_KINDS), name="kind"),
        CheckConstraint("cover_id <> officer_id", name="cover"),
        ExcludeConstraint(("officer_id", "="), ("during", "&&"), using="gist", name="ex_absence_once"),
        Index("ix_absence_cover_id", "cover_id"),
    )

    id: Mapped[Id]
    officer_id: Mapped[int] = link("officer.id")
    kind: Mapped[str] = mapped_column(server_default=text("'leave'"))
    cover_id: Mapped[int | None] = link("officer.id")
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Visit(Base):
    """A visit 走访, or several alike in one line: counted, about places, no file on a person."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("source", "source_no"),
        CheckConstraint(one_of("kind", VISIT_KINDS), name="kind"),
        CheckConstraint("count > 0", name="count"),
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_visit_at", "at"),
        Index("ix_visit_officer_id_at", "officer_id", "at"),
        Index("ix_visit_cell_id_at", "cell_id", "at"),
        Index("ix_visit_incident_id", "incident_id"),
    )

    id: Mapped[Id]
    source: Mapped[str]
    source_no: Mapped[str]
    at: Mapped[datetime]
    officer_id: Mapped[int] = link("officer.id")
    cell_id: Mapped[int | None] = link("cell.id")
    matter_id: Mapped[int | None] = link("matter.id", index=True)
    kind: Mapped[str]
    count: Mapped[int] = mapped_column(server_default=text("1"))
    records: Mapped[int] = mapped_column(server_default=text("0"))
    minutes: Mapped[float | None]
    address: Mapped[str | None]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    actor: Mapped[str] = mapped_column(server_default=ACTOR)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    run_id: Mapped[int | None] = link("load_run.id")
    # The report that it was about; matter_id follows that report.
    incident_id: Mapped[int | None] = link("incident.id")


class RegisterCount(Base):
    """How much of a kind a cell held on a day: registers 一标三实, small venues, firms. Counts only."""

    __tablename__ = "register_count"
    __table_args__ = (
        CheckConstraint(one_of("kind", REGISTERS), name="kind"),
        CheckConstraint("count >= 0", name="count"),
    )

    cell_id: Mapped[int] = link("cell.id", primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class Meeting(Base):
    """A joint meeting of beat and cells 警格+网格例会."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("code"), Index("ix_meeting_beat_id_at", "beat_id", "at"))

    id: Mapped[Id]
    code: Mapped[str]
    at: Mapped[datetime]
    beat_id: Mapped[int] = link("beat.id")
    place: Mapped[str | None]
    attendees: Mapped[int | None]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    actor: Mapped[str] = mapped_column(server_default=ACTOR)


class MeetingMatter(Base):
    """A report that a meeting spoke about, what it decided, and the matter that the report is of now."""

    __tablename__ = "meeting_matter"
    __table_args__ = (Index("ix_meeting_matter_incident_id", "incident_id"),)

    meeting_id: Mapped[int] = link("meeting.id", primary_key=True)
    matter_id: Mapped[int] = link("matter.id", index=True)
    decision: Mapped[str | None]
    incident_id: Mapped[int] = link("incident.id", primary_key=True)


class Plate(Base):
    """A door plate 门牌 with its own code, in a cell: whoever scans it is led to the people of that door."""

    __tablename__ = "plate"
    __table_args__ = (UniqueConstraint("code"), Index("ix_plate_geom", "geom", postgresql_using="gist"))

    id: Mapped[Id]
    code: Mapped[str]
    address: Mapped[str]
    cell_id: Mapped[int | None] = link("cell.id", index=True)
    geom: Mapped[Any | None] = shape("POINT")
    valid: Mapped[Validity]
