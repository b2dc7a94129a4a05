"""The catalogue of categories, the channels, and the calendar that deadlines in working hours go by."""

from datetime import date

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Id, one_of

SEVERITY = SmallInteger
CLOCKS = ("clock", "working")
DAY_KINDS = ("off", "work")
NO_CATEGORY = "未分类"  # code of what has no category, and the group of categories that no catalogue has named


class Category(Base):
    """A call or dispute type of the catalogue 警情类别目录; `known` is false when a file named it first."""

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("default_severity BETWEEN 1 AND 3", name="severity"),
        CheckConstraint(one_of("first_answer", ("case_team", "community_police")), name="first_answer"),
        CheckConstraint(one_of("deadline_clock", CLOCKS), name="deadline_clock"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    group: Mapped[str] = mapped_column("group_name")
    police: Mapped[bool] = mapped_column(server_default=text("true"))
    containable: Mapped[bool] = mapped_column(server_default=text("false"))
    first_answer: Mapped[str | None]
    lead_department: Mapped[str | None]
    default_severity: Mapped[int] = mapped_column(SEVERITY, server_default=text("1"))
    minutes: Mapped[float] = mapped_column(server_default=text("30"))
    deadline_hours: Mapped[float | None]
    deadline_clock: Mapped[str] = mapped_column(server_default=text("'clock'"))
    known: Mapped[bool] = mapped_column(server_default=text("true"))


class Channel(Base):
    """Where reports come from: 110, 12345, patrol …"""

    __tablename__ = "channel"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Holiday(Base):
    """A day that is not what its weekday says: a weekday off, or a weekend day at work."""

    __tablename__ = "holiday"
    __table_args__ = (CheckConstraint(one_of("kind", DAY_KINDS), name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]
