"""Placing with doubt: standard addresses, candidate cells with probabilities, and what a matter's first report is."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACTS = "(SELECT current_setting('beatgrid.actor', true)) <> ''"


def upgrade() -> None:
    """Add the tables and columns; matters learn which incident opened them."""
    op.create_table(
        "address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("community", sa.Text(), nullable=True),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("learned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("address", name=op.f("uq_address_address")),
    )
    op.create_index("ix_address_geom", "address", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "incident_candidate",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("cell_id", sa.BigInteger(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.CheckConstraint("probability > 0 AND probability <= 1", name=op.f("ck_incident_candidate_probability")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_incident_candidate_cell_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_candidate_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "cell_id", name=op.f("pk_incident_candidate")),
    )
    op.add_column("incident", sa.Column("score", sa.Double(), nullable=True))
    op.add_column("incident", sa.Column("matched", sa.Text(), nullable=True))
    op.add_column("incident", sa.Column("ambiguous", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index(
        "ix_incident_waiting", "incident", ["reported_at"], unique=False,
        postgresql_where=sa.text("ambiguous OR cell_then IS NULL"),
    )  # fmt: skip
    op.drop_constraint(op.f("ck_incident_placed_by"), "incident", type_="check")
    op.create_check_constraint(
        op.f("ck_incident_placed_by"), "incident", "placed_by IN ('point', 'snap', 'address', 'click', 'none')"
    )
    op.add_column("matter", sa.Column("incident_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_matter_incident_id"), "matter", "incident", ["incident_id"], ["id"], deferrable=True, initially="DEFERRED")
    op.execute(
        """UPDATE matter m SET incident_id = o.id FROM (
               SELECT DISTINCT ON (matter_id) matter_id, id FROM incident ORDER BY matter_id, reported_at, id) o
           WHERE o.matter_id = m.id"""
    )
    for table in ("address", "incident_candidate"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO beatgrid_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY somebody_acts ON {table} TO beatgrid_app USING ({ACTS}) WITH CHECK ({ACTS})")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app")


def downgrade() -> None:
    """Take the columns and tables away again; what was learned is lost."""
    op.drop_column("matter", "incident_id")
    op.drop_index("ix_incident_waiting", "incident")
    for column in ("ambiguous", "matched", "score"):
        op.drop_column("incident", column)
    op.drop_table("incident_candidate")
    op.drop_table("address")
