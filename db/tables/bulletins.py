"""Bulletins 通报 as they were issued: their figures frozen, numbered per place and year."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import ACTOR, Base, Id, link


class Bulletin(Base):
    """One issued bulletin of a place ("kind:code") and period (local days, both included).

    figures: the canonical text of everything it says; digest: its SHA-256. Never changed, never removed; another one
    for the same place and period names it in `replaces`.
    """

    __tablename__ = "bulletin"
    __table_args__ = (
        UniqueConstraint("place", "year", "no"),
        CheckConstraint("no > 0", name="no"),
        CheckConstraint("last >= first", name="period"),
        Index("ix_bulletin_replaces", "replaces"),
    )

    id: Mapped[Id]
    place: Mapped[str]
    year: Mapped[int]
    no: Mapped[int]
    first: Mapped[date]
    last: Mapped[date]
    policy: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    issued_by: Mapped[str] = mapped_column(server_default=ACTOR)
    replaces: Mapped[int | None] = link("bulletin.id")
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    figures: Mapped[str]
