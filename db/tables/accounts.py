"""Accounts, their sessions, tokens of programmes, what each role may do, and the audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.tables.base import ACTOR, Base, Id, link, one_of

TOKEN_KINDS = ("wall", "feed")


class RoleRight(Base):
    """A role holds a right: the table in grids.rights, where row-level security can read it."""

    __tablename__ = "role_right"

    role: Mapped[str] = mapped_column(primary_key=True)
    right: Mapped[str] = mapped_column("holds", primary_key=True)


class Account(Base):
    """A person who signs in: what they may do (roles) and where (places, KIND:CODE or *)."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    places: Mapped[list[str]] = mapped_column(ARRAY(Text))
    officer_id: Mapped[int | None] = link("officer.id")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    must_change: Mapped[bool] = mapped_column(server_default=text("false"))
    demo: Mapped[bool] = mapped_column(server_default=text("false"))
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str] = mapped_column(server_default=ACTOR)


class Session(Base):
    """A sign-in that lasts; only the SHA-256 of its token is kept."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("num_nonnulls(account_id, token_id) = 1", name="one_owner"),
        Index("ix_session_account_id", "account_id"),
    )

    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[int | None] = link("account.id")
    token_id: Mapped[int | None] = link("token.id")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None]
    agent: Mapped[str | None]


class Token(Base):
    """A key for a programme: a wall (aggregates of some places) or a feed (one channel)."""

    __tablename__ = "token"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        UniqueConstraint("name"),
        CheckConstraint(one_of("kind", TOKEN_KINDS), name="kind"),
        CheckConstraint("(kind = 'feed') = (channel IS NOT NULL)", name="feed_has_channel"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    places: Mapped[list[str]] = mapped_column(ARRAY(Text))
    channel: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str] = mapped_column(server_default=ACTOR)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Audit(Base):
    """Who did what by which right: only added, each row sealed to the one before it."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"), Index("ix_audit_actor", "actor"))

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    roles: Mapped[str]
    action: Mapped[str]
    object: Mapped[str | None]
    reason: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    seal: Mapped[bytes] = mapped_column(LargeBinary)
