"""Which matters changed in which transaction, for readers that keep a copy of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Id


class MatterChange(Base):
    """Matters that a statement changed, written by triggers on what the read model is made of.

    matters null: a mark that says that what transactions before `xact` changed has been removed from here.
    """

    __tablename__ = "matter_change"
    __table_args__ = (Index("ix_matter_change_xact", "xact"),)

    id: Mapped[Id]
    xact: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text::bigint)"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    matters: Mapped[list[Any] | None] = mapped_column(ARRAY(BigInteger))
