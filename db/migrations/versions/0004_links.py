"""Same-matter links: what people decided, and keys by which reports are found."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
SQL = Path(__file__).parent.parent / "sql"
ACTOR = "coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')"
KEYS = ("room", "building")


def upgrade() -> None:
    """Address keys of reports, decisions, shared phones; visits and meeting lines belong to a report.

    The keys of reports that are there are filled by `manage.py matter relink`.
    """
    op.create_table(
        "matter_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("a_incident", sa.BigInteger(), nullable=False),
        sa.Column("b_incident", sa.BigInteger(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), server_default=sa.text(ACTOR), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("a_incident <> b_incident", name=op.f("ck_matter_decision_two_reports")),
        sa.CheckConstraint("source IN ('person', 'source')", name=op.f("ck_matter_decision_source")),
        sa.ForeignKeyConstraint(["a_incident"], ["incident.id"], name=op.f("fk_matter_decision_a_incident")),
        sa.ForeignKeyConstraint(["b_incident"], ["incident.id"], name=op.f("fk_matter_decision_b_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_decision")),
    )
    op.create_index("ix_matter_decision_a_incident", "matter_decision", ["a_incident"])
    op.create_index("ix_matter_decision_b_incident", "matter_decision", ["b_incident"])
    op.create_table(
        "shared_phone",
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("named", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("phone_hash", name=op.f("pk_shared_phone")),
    )
    for name in (*KEYS, "district_named"):
        op.add_column("incident", sa.Column(name, sa.Text(), nullable=True))
    for name in KEYS:
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_incident_{name}", "incident", [name, "reported_at"], postgresql_where=there)
    for table in ("visit", "meeting_matter"):
        op.add_column(table, sa.Column("incident_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_incident_id"), table, "incident", ["incident_id"], ["id"])
        op.create_index(f"ix_{table}_incident_id", table, ["incident_id"])
    op.execute(sa.text((SQL / "0004_links.sql").read_text().replace(":", r"\:")))
    op.alter_column("meeting_matter", "incident_id", nullable=False)
    op.drop_constraint("pk_meeting_matter", "meeting_matter", type_="primary")
    op.create_primary_key("pk_meeting_matter", "meeting_matter", ["meeting_id", "incident_id"])


def downgrade() -> None:
    """One line a meeting and matter again; what was decided about links is lost."""
    op.execute(
        "DELETE FROM meeting_matter l USING meeting_matter o WHERE o.meeting_id = l.meeting_id"
        " AND o.matter_id = l.matter_id AND o.incident_id < l.incident_id"
    )
    op.drop_constraint("pk_meeting_matter", "meeting_matter", type_="primary")
    op.create_primary_key("pk_meeting_matter", "meeting_matter", ["meeting_id", "matter_id"])
    for table in ("visit", "meeting_matter"):
        op.drop_index(f"ix_{table}_incident_id", table_name=table)
        op.drop_constraint(f"fk_{table}_incident_id", table, type_="foreignkey")
        op.drop_column(table, "incident_id")
    for name in KEYS:
        op.drop_index(f"ix_incident_{name}", table_name="incident")
    for name in (*KEYS, "district_named"):
        op.drop_column("incident", name)
    op.drop_table("shared_phone")
    op.drop_table("matter_decision")
    op.execute("DROP FUNCTION decisions_are_only_added()")
