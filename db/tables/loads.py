"""Runs of the loaders and the rows they could not take."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.tables.base import Base, Id, link, one_of

RUN_STATES = ("running", "done", "interrupted", "failed")


class LoadRun(Base):
    """One run 批次 of one file. Always: read = inserted + updated + unchanged + rejected."""

    __tablename__ = "load_run"
    __table_args__ = (
        CheckConstraint(one_of("state", RUN_STATES), name="state"),
        CheckConstraint("read = inserted + updated + unchanged + rejected", name="adds_up"),
        Index("ix_load_run_kind_fingerprint", "kind", "fingerprint"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    path: Mapped[str]
    fingerprint: Mapped[str]
    profile: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    actor: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="running")
    read: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    inserted: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    updated: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    rejected: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    unplaced: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    message: Mapped[str | None]


class RejectedRow(Base):
    """A row that was not taken: its line, every reason, and its raw content (encrypted)."""

    __tablename__ = "rejected_row"

    run_id: Mapped[int] = link("load_run.id", primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
