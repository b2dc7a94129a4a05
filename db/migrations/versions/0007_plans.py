"""Plans: drafted, approved, published on a date, with links over water and notices to beats."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
ACTOR = "coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')"
STATES = "state IN ('draft', 'submitted', 'approved', 'published', 'superseded', 'withdrawn')"
KINDS = "kind IN ('assign', 'lock_cells', 'unlock_cells', 'lock_beat', 'unlock_beat', 'undo', 'redo')"


def _by() -> sa.Column:  # type: ignore[type-arg]
    return sa.Column("by", sa.Text(), server_default=sa.text(ACTOR), nullable=False)


def _at(name: str = "at") -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    """Add the tables, then say who may read and write them."""
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'draft'"), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("allow_outside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        _at("created_at"),
        sa.Column("created_by", sa.Text(), server_default=sa.text(ACTOR), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("rolls_back", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_plan_state")),
        sa.ForeignKeyConstraint(["rolls_back"], ["plan.id"], name=op.f("fk_plan_rolls_back")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_table(
        "plan_edit",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        _by(),
        _at(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("beat", sa.Text(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_plan_edit_kind")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_edit_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "no", name=op.f("pk_plan_edit")),
    )
    op.create_table(
        "plan_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        _at(),
        _by(),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_event_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
    )
    op.create_index("ix_plan_event_plan_id", "plan_event", ["plan_id"])
    op.create_table(
        "cell_link",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("one < other", name=op.f("ck_cell_link_order")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_cell_link")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("beat_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_notice_beat_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_notice_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_beat_id_since", "notice", ["beat_id", "since"])
    op.create_index(op.f("ix_notice_plan_id"), "notice", ["plan_id"])
    op.execute(sa.text((SQL / "0007_plans.sql").read_text().replace(":", r"\:")))


def downgrade() -> None:
    """Take it all away again."""
    for name in ("notice", "cell_link", "plan_event", "plan_edit", "plan"):
        op.drop_table(name)
    for name in ("plans_of(text)", "covers(text)"):
        op.execute(f"DROP FUNCTION {name}")
