"""Searches of the optimiser: what was asked and what has been found, kept with the plan."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
ACTOR = "coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')"


def upgrade() -> None:
    """Add the table, then say who may read and write it."""
    op.create_table(
        "plan_search",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), server_default=sa.text(ACTOR), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("found", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("complete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_search_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_search")),
    )
    op.create_index("ix_plan_search_plan_id", "plan_search", ["plan_id"])
    op.execute(sa.text((SQL / "0008_plan_searches.sql").read_text()))


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("plan_search")
