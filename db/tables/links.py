"""Same-matter links: what was said about two reports, and phones that are nobody's own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import ACTOR, Base, Id, link, one_of

DECISION_SOURCES = ("person", "source")


class MatterDecision(Base):
    """Somebody said of two reports that they are of one matter or of two; only added, the latest of a pair counts.

    same: true joins, false splits, null takes back what was said before. source: a person (a_incident is the smaller
    id), or the system that the report a_incident came from.
    """

    __tablename__ = "matter_decision"
    __table_args__ = (
        CheckConstraint("a_incident <> b_incident", name="two_reports"),
        CheckConstraint(one_of("source", DECISION_SOURCES), name="source"),
        Index("ix_matter_decision_a_incident", "a_incident"),
        Index("ix_matter_decision_b_incident", "b_incident"),
    )

    id: Mapped[Id]
    a_incident: Mapped[int] = link("incident.id")
    b_incident: Mapped[int] = link("incident.id")
    same: Mapped[bool | None]
    source: Mapped[str]
    actor: Mapped[str] = mapped_column(server_default=ACTOR)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    reason: Mapped[str | None]


class SharedPhone(Base):
    """The keyed hash of a phone that links nothing: found by its use, or `named` by a person (a front desk)."""

    __tablename__ = "shared_phone"

    phone_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    named: Mapped[bool] = mapped_column(server_default=text("false"))
