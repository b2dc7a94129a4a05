"""Standard addresses: what the gazetteer is built from, and what people taught it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Id, shape


class StandardAddress(Base):
    """An address with its place; `learned` ones were placed by a person who clicked the map."""

    __tablename__ = "address"
    __table_args__ = (Index("ix_address_geom", "geom", postgresql_using="gist"),)

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    district: Mapped[str | None]
    street: Mapped[str | None]
    community: Mapped[str | None]
    geom: Mapped[Any] = shape("POINT", nullable=False)
    learned: Mapped[bool] = mapped_column(server_default=text("false"))
    actor: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
