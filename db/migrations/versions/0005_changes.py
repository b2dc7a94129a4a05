"""Which matters changed, for the read model."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Add the table, and the triggers that write it."""
    op.create_table(
        "matter_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("xact", sa.BigInteger(), server_default=sa.text("(pg_current_xact_id()::text::bigint)"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("matters", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_change")),
    )
    op.create_index("ix_matter_change_xact", "matter_change", ["xact"])
    op.create_index("ix_matter_tagged", "matter", ["opened_at"], postgresql_where=sa.text("tags <> '{}'"))
    op.execute(sa.text((SQL / "0005_changes.sql").read_text().replace(":", r"\:")))


def downgrade() -> None:
    """Remove them."""
    op.execute(sa.text((SQL / "0005_changes_down.sql").read_text().replace(":", r"\:")))
    op.drop_index("ix_matter_tagged", table_name="matter")
    op.drop_index("ix_matter_change_xact", table_name="matter_change")
    op.drop_table("matter_change")
