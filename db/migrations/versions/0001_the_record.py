"""The record: every table, its exclusion constraints, row-level security, append-only rules and first rows."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SQL = Path(__file__).parent.parent / "sql"


def shape(kind: str) -> Geometry:
    """A geometry column in EPSG:4326, as this migration made it."""
    return Geometry(kind, srid=4326, spatial_index=False)


def upgrade() -> None:
    """Make everything."""
    make_tables()
    for name in ("0001_rules.sql", "0001_rights.sql", "0001_first_rows.sql"):
        op.execute(sa.text((SQL / name).read_text().replace(":", r"\:")))


def downgrade() -> None:
    """There is nothing before the record."""
    raise NotImplementedError("The first migration is not undone: drop the database instead.")


def make_tables() -> None:
    """The tables of db.tables as they were first."""
    op.create_table(
        "area",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        sa.Column("geom", shape("MULTIPOLYGON"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("level"), "="),
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_area_code",
        ),
        sa.CheckConstraint(
            "level IN ('city', 'district', 'street', 'community')", name=op.f("ck_area_level")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    op.create_index("ix_area_geom", "area", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_area_parent_id"), "area", ["parent_id"], unique=False)
    op.create_table(
        "backdrop",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), server_default=sa.text("2"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("geom", shape("GEOMETRY"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sea', 'water', 'road', 'park', 'building')", name=op.f("ck_backdrop_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backdrop")),
        sa.UniqueConstraint("key", name=op.f("uq_backdrop_key")),
    )
    op.create_index("ix_backdrop_geom", "backdrop", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("police", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("containable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("first_answer", sa.Text(), nullable=True),
        sa.Column("lead_department", sa.Text(), nullable=True),
        sa.Column("default_severity", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("minutes", sa.Double(), server_default=sa.text("30"), nullable=False),
        sa.Column("deadline_hours", sa.Double(), nullable=True),
        sa.Column("known", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "first_answer IN ('case_team', 'community_police')", name=op.f("ck_category_first_answer")
        ),
        sa.CheckConstraint("default_severity BETWEEN 1 AND 3", name=op.f("ck_category_severity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("code", name=op.f("uq_category_code")),
    )
    op.create_table(
        "channel",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_channel")),
    )
    op.create_table(
        "city",
        sa.Column("id", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), server_default="Asia/Shanghai", nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("boundary_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("data_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("key_fingerprint", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_city_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city")),
    )
    op.create_table(
        "load_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column(
            "options", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("read", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("inserted", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("unplaced", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'interrupted', 'failed')", name=op.f("ck_load_run_state")
        ),
        sa.CheckConstraint(
            "read = inserted + updated + unchanged + rejected", name=op.f("ck_load_run_adds_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load_run")),
    )
    op.create_index("ix_load_run_kind_fingerprint", "load_run", ["kind", "fingerprint"], unique=False)
    op.create_table(
        "cell",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="basic", nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        sa.Column("geom", shape("MULTIPOLYGON"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="), (sa.column("valid"), "&&"), using="gist", name="ex_cell_code"
        ),
        sa.CheckConstraint("kind IN ('basic', 'dedicated')", name=op.f("ck_cell_kind")),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name=op.f("fk_cell_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell")),
    )
    op.create_index(op.f("ix_cell_community_id"), "cell", ["community_id"], unique=False)
    op.create_index("ix_cell_geom", "cell", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "rejected_row",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["load_run.id"], name=op.f("fk_rejected_row_run_id")),
        sa.PrimaryKeyConstraint("run_id", "line", name=op.f("pk_rejected_row")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("lead_for", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("geom", shape("POINT"), nullable=True),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('station', 'street_centre', 'department', 'mediation_room', 'court', 'industry')",
            name=op.f("ck_unit_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('cell', 'beat', 'community', 'street', 'district', 'city')", name=op.f("ck_unit_level")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_unit_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_table(
        "beat",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=True),
        sa.Column("community_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name=op.f("fk_beat_community_id")),
        sa.ForeignKeyConstraint(["station_id"], ["unit.id"], name=op.f("fk_beat_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
        sa.UniqueConstraint("code", name=op.f("uq_beat_code")),
    )
    op.create_index(op.f("ix_beat_community_id"), "beat", ["community_id"], unique=False)
    op.create_index(op.f("ix_beat_station_id"), "beat", ["station_id"], unique=False)
    op.create_table(
        "cell_lineage",
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["cell.id"], name=op.f("fk_cell_lineage_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["cell.id"], name=op.f("fk_cell_lineage_parent_id")),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name=op.f("pk_cell_lineage")),
    )
    op.create_table(
        "ladder_rung",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        postgresql.ExcludeConstraint(
            (sa.text("coalesce(station_id, 0)"), "="),
            (sa.column("level"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_ladder_rung",
        ),
        sa.CheckConstraint(
            "level IN ('cell', 'beat', 'community', 'street', 'district', 'city')",
            name=op.f("ck_ladder_rung_level"),
        ),
        sa.ForeignKeyConstraint(["station_id"], ["unit.id"], name=op.f("fk_ladder_rung_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_rung")),
    )
    op.create_table(
        "matter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cell_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("severity_initial", sa.SmallInteger(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("severity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("severity_now", sa.SmallInteger(), nullable=False),
        sa.Column("lead_level", sa.Text(), nullable=True),
        sa.Column("lead_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("reached_cell", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_beat", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_community", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_street", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_district", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_city", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("recorded_minutes", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "lead_level IN ('cell', 'beat', 'community', 'street', 'district', 'city')",
            name=op.f("ck_matter_lead_level"),
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_matter_category_id")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_matter_cell_id")),
        sa.ForeignKeyConstraint(["channel"], ["channel.code"], name=op.f("fk_matter_channel")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_matter_lead_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
    )
    op.create_index(op.f("ix_matter_category_id"), "matter", ["category_id"], unique=False)
    op.create_index("ix_matter_cell_id", "matter", ["cell_id"], unique=False)
    op.create_index(
        "ix_matter_open", "matter", ["due_at"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index("ix_matter_opened_at_cell", "matter", ["opened_at", "cell_id"], unique=False)
    op.create_table(
        "officer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('police', 'auxiliary', 'grid_lead', 'grid_worker', 'mediator', 'lawyer', 'counsellor', 'volunteer')",
            name=op.f("ck_officer_kind"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_officer_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("code", name=op.f("uq_officer_code")),
    )
    op.create_index(op.f("ix_officer_phone_hash"), "officer", ["phone_hash"], unique=False)
    op.create_table(
        "beat_cell",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cell_id", sa.BigInteger(), nullable=False),
        sa.Column("beat_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("cell_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_beat_cell_one_beat",
        ),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_beat_cell_beat_id")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_beat_cell_cell_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat_cell")),
    )
    op.create_index(op.f("ix_beat_cell_beat_id"), "beat_cell", ["beat_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_closure_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", "closed_at", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_closed_at", "closure", ["closed_at"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source_no", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("cell_label", sa.Text(), nullable=True),
        sa.Column("beat_label", sa.Text(), nullable=True),
        sa.Column("geom", shape("POINT"), nullable=True),
        sa.Column("cell_then", sa.BigInteger(), nullable=True),
        sa.Column("cell_now", sa.BigInteger(), nullable=True),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("snapped_m", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Double(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("placed_by IN ('point', 'snap', 'none')", name=op.f("ck_incident_placed_by")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_incident_category_id")),
        sa.ForeignKeyConstraint(["cell_now"], ["cell.id"], name=op.f("fk_incident_cell_now")),
        sa.ForeignKeyConstraint(["cell_then"], ["cell.id"], name=op.f("fk_incident_cell_then")),
        sa.ForeignKeyConstraint(["channel"], ["channel.code"], name=op.f("fk_incident_channel")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_incident_matter_id")),
        sa.ForeignKeyConstraint(["run_id"], ["load_run.id"], name=op.f("fk_incident_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_category_id"), "incident", ["category_id"], unique=False)
    op.create_index("ix_incident_cell_now", "incident", ["cell_now"], unique=False)
    op.create_index("ix_incident_geom", "incident", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_incident_matter_id"), "incident", ["matter_id"], unique=False)
    op.create_index("ix_incident_reported_at_cell", "incident", ["reported_at", "cell_then"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("beat_id", sa.BigInteger(), nullable=True),
        sa.Column("cell_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("weekly_minutes", sa.Integer(), server_default=sa.text("2400"), nullable=False),
        sa.Column(
            "valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False
        ),
        postgresql.ExcludeConstraint(
            (sa.column("beat_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("role = 'beat_lead'"),
            using="gist",
            name="ex_posting_one_lead",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("officer_id"), "="),
            (sa.column("role"), "="),
            (sa.text("coalesce(beat_id, 0)"), "="),
            (sa.text("coalesce(cell_id, 0)"), "="),
            (sa.text("coalesce(unit_id, 0)"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_posting_once",
        ),
        sa.CheckConstraint(
            "role IN ('beat_lead', 'police', 'auxiliary', 'grid_lead', 'grid_worker', 'mediator', 'lawyer', 'counsellor', 'volunteer')",
            name=op.f("ck_posting_role"),
        ),
        sa.CheckConstraint("num_nonnulls(beat_id, cell_id, unit_id) = 1", name=op.f("ck_posting_one_place")),
        sa.CheckConstraint("weekly_minutes >= 0", name=op.f("ck_posting_weekly_minutes")),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_posting_beat_id")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_posting_cell_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_posting_officer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_posting_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_beat_id"), "posting", ["beat_id"], unique=False)
    op.create_index(op.f("ix_posting_cell_id"), "posting", ["cell_id"], unique=False)
    op.create_index(op.f("ix_posting_officer_id"), "posting", ["officer_id"], unique=False)
    op.create_index(op.f("ix_posting_unit_id"), "posting", ["unit_id"], unique=False)
    op.create_table(
        "incident_personal",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_personal_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_personal")),
    )
    op.create_index(
        op.f("ix_incident_personal_phone_hash"), "incident_personal", ["phone_hash"], unique=False
    )
    op.create_table(
        "source_key",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source_no", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_source_key_incident_id")),
        sa.PrimaryKeyConstraint("channel", "source_no", name=op.f("pk_source_key")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_source_key_incident_id")),
    )
    op.create_table(
        "step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("officer_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("severity", sa.SmallInteger(), nullable=True),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('register', 'grade', 'dispatch', 'receive', 'respond', 'take_lead', 'handle', 'assist', 'whistle', 'attend', 'mediate', 'divert', 'divert_accept', 'divert_bounce', 'supervise', 'urge', 'settle', 'close', 'revisit', 'reopen')",
            name=op.f("ck_step_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('cell', 'beat', 'community', 'street', 'district', 'city')", name=op.f("ck_step_level")
        ),
        sa.CheckConstraint("role IN ('lead', 'assist', 'mediate', 'respond')", name=op.f("ck_step_role")),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("ck_step_severity")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_step_incident_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_step_matter_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_step_officer_id")),
        sa.ForeignKeyConstraint(["run_id"], ["load_run.id"], name=op.f("fk_step_run_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_step_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("incident_id", "no", name=op.f("uq_step_incident_id_no")),
    )
    op.create_index("ix_step_matter_id_at", "step", ["matter_id", "at"], unique=False)
    op.create_index(
        "ix_step_officer_id_at",
        "step",
        ["officer_id", "at"],
        unique=False,
        postgresql_where=sa.text("officer_id IS NOT NULL"),
    )
