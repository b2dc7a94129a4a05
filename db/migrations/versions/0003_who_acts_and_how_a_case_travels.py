"""Who acts and how a case travels: accounts and audit, rights by role and place, the ledgers of casework, the roster."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
ACTOR = "coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')"
KINDS_BEFORE = (
    "register", "grade", "dispatch", "receive", "respond", "take_lead", "handle", "assist", "whistle", "attend",
    "mediate", "divert", "divert_accept", "divert_bounce", "supervise", "urge", "settle", "close", "revisit", "reopen",
)  # fmt: skip
KINDS_SINCE = (
    "register", "verify", "dismiss", "grade_ask", "grade", "grade_refuse", "dispatch", "receive", "respond",
    "transfer", "escalate", "take_lead", "handle", "assist", "whistle", "attend", "mediate", "divert",
    "divert_accept", "divert_bounce", "divert_done", "keep", "refer", "supervise", "urge", "meet", "tag",
    "untag", "settle", "confirm", "close", "revisit", "reopen",
)  # fmt: skip


def allow_kinds(kinds: tuple[str, ...]) -> None:
    """Say which kinds of step there are."""
    op.drop_constraint(op.f("ck_step_kind"), "step", type_="check")
    op.create_check_constraint(op.f("ck_step_kind"), "step", f"kind IN ({', '.join(map(repr, kinds))})")


def upgrade() -> None:
    """Add the tables and columns, then say who may read and write what."""
    op.create_table('audit',
    sa.Column('no', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('roles', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_audit'))
    )
    op.create_index('ix_audit_actor', 'audit', ['actor'], unique=False)
    op.create_index('ix_audit_at', 'audit', ['at'], unique=False)
    op.create_table('holiday',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.CheckConstraint("kind IN ('off', 'work')", name=op.f('ck_holiday_kind')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_holiday'))
    )
    op.create_table('role_right',
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('holds', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('role', 'holds', name=op.f('pk_role_right'))
    )
    op.create_table('token',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('places', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Text(), server_default=sa.text(ACTOR), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'feed') = (channel IS NOT NULL)", name=op.f('ck_token_feed_has_channel')),
    sa.CheckConstraint("kind IN ('wall', 'feed')", name=op.f('ck_token_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_token')),
    sa.UniqueConstraint('name', name=op.f('uq_token_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_token_token_hash'))
    )
    op.create_table('plate',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('cell_id', sa.BigInteger(), nullable=True),
    sa.Column('geom', Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
    sa.Column('valid', postgresql.TSTZRANGE(), server_default=sa.text('tstzrange(NULL, NULL)'), nullable=False),
    sa.ForeignKeyConstraint(['cell_id'], ['cell.id'], name=op.f('fk_plate_cell_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plate')),
    sa.UniqueConstraint('code', name=op.f('uq_plate_code'))
    )
    op.create_index(op.f('ix_plate_cell_id'), 'plate', ['cell_id'], unique=False)
    op.create_index('ix_plate_geom', 'plate', ['geom'], unique=False, postgresql_using='gist')
    op.create_table('register_count',
    sa.Column('cell_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('addresses', 'people', 'households', 'houses', 'units', 'small_venues', 'firms', 'malls', 'schools')", name=op.f('ck_register_count_kind')),
    sa.CheckConstraint('count >= 0', name=op.f('ck_register_count_count')),
    sa.ForeignKeyConstraint(['cell_id'], ['cell.id'], name=op.f('fk_register_count_cell_id')),
    sa.PrimaryKeyConstraint('cell_id', 'kind', 'day', name=op.f('pk_register_count'))
    )
    op.create_table('absence',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('officer_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), server_default=sa.text("'leave'"), nullable=False),
    sa.Column('cover_id', sa.BigInteger(), nullable=True),
    sa.Column('during', postgresql.TSTZRANGE(), nullable=False),
    postgresql.ExcludeConstraint((sa.column('officer_id'), '='), (sa.column('during'), '&&'), using='gist', name='ex_absence_once'),
    sa.CheckConstraint("kind IN ('leave', 'sick', 'training', 'other')", name=op.f('ck_absence_kind')),
    sa.CheckConstraint('cover_id <> officer_id', name=op.f('ck_absence_cover')),
    sa.ForeignKeyConstraint(['cover_id'], ['officer.id'], name=op.f('fk_absence_cover_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_absence_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    op.create_index('ix_absence_cover_id', 'absence', ['cover_id'], unique=False)
    op.create_table('account',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('roles', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('places', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('officer_id', sa.BigInteger(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('must_change', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('demo', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('failures', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Text(), server_default=sa.text(ACTOR), nullable=False),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_account_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name'))
    )
    op.create_table('diversion',
    sa.Column('matter_id', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('step_no', sa.Integer(), nullable=False),
    sa.Column('from_unit_id', sa.BigInteger(), nullable=True),
    sa.Column('to_unit_id', sa.BigInteger(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('bounced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('kept', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['from_unit_id'], ['unit.id'], name=op.f('fk_diversion_from_unit_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_diversion_matter_id')),
    sa.ForeignKeyConstraint(['to_unit_id'], ['unit.id'], name=op.f('fk_diversion_to_unit_id')),
    sa.PrimaryKeyConstraint('matter_id', 'sent_at', 'step_no', name=op.f('pk_diversion'))
    )
    op.create_index('ix_diversion_sent_at', 'diversion', ['sent_at'], unique=False)
    op.create_index('ix_diversion_to_unit_id', 'diversion', ['to_unit_id'], unique=False)
    op.create_table('matter_unit',
    sa.Column('matter_id', sa.BigInteger(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.CheckConstraint("part IN ('lead', 'offered', 'kept', 'diverted', 'whistled')", name=op.f('ck_matter_unit_part')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_matter_unit_matter_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_matter_unit_unit_id')),
    sa.PrimaryKeyConstraint('matter_id', 'unit_id', 'part', name=op.f('pk_matter_unit'))
    )
    op.create_index('ix_matter_unit_unit_id', 'matter_unit', ['unit_id'], unique=False)
    op.create_table('meeting',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beat_id', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('attendees', sa.Integer(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('actor', sa.Text(), server_default=sa.text(ACTOR), nullable=False),
    sa.ForeignKeyConstraint(['beat_id'], ['beat.id'], name=op.f('fk_meeting_beat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('code', name=op.f('uq_meeting_code'))
    )
    op.create_index('ix_meeting_beat_id_at', 'meeting', ['beat_id', 'at'], unique=False)
    op.create_table('shift',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('officer_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), server_default=sa.text("'day'"), nullable=False),
    sa.Column('during', postgresql.TSTZRANGE(), nullable=False),
    postgresql.ExcludeConstraint((sa.column('officer_id'), '='), (sa.column('during'), '&&'), using='gist', name='ex_shift_once'),
    sa.CheckConstraint("kind IN ('day', 'night', 'standby')", name=op.f('ck_shift_kind')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_shift_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift'))
    )
    op.create_index('ix_shift_during', 'shift', ['during'], unique=False, postgresql_using='gist')
    op.create_table('visit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('source_no', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('officer_id', sa.BigInteger(), nullable=False),
    sa.Column('cell_id', sa.BigInteger(), nullable=True),
    sa.Column('matter_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('count', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('records', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('minutes', sa.Double(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('actor', sa.Text(), server_default=sa.text(ACTOR), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('content_hash', sa.LargeBinary(), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("kind IN ('household', 'venue', 'firm', 'school', 'patrol', 'mediation', 'publicity', 'care', 'other')", name=op.f('ck_visit_kind')),
    sa.CheckConstraint('count > 0', name=op.f('ck_visit_count')),
    sa.CheckConstraint('minutes >= 0', name=op.f('ck_visit_minutes')),
    sa.ForeignKeyConstraint(['cell_id'], ['cell.id'], name=op.f('fk_visit_cell_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_visit_matter_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_visit_officer_id')),
    sa.ForeignKeyConstraint(['run_id'], ['load_run.id'], name=op.f('fk_visit_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('source', 'source_no', name=op.f('uq_visit_source_source_no'))
    )
    op.create_index('ix_visit_at', 'visit', ['at'], unique=False)
    op.create_index('ix_visit_cell_id_at', 'visit', ['cell_id', 'at'], unique=False)
    op.create_index(op.f('ix_visit_matter_id'), 'visit', ['matter_id'], unique=False)
    op.create_index('ix_visit_officer_id_at', 'visit', ['officer_id', 'at'], unique=False)
    op.create_table('whistle',
    sa.Column('matter_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('step_no', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('report_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_whistle_matter_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_whistle_unit_id')),
    sa.PrimaryKeyConstraint('matter_id', 'at', 'step_no', 'unit_id', name=op.f('pk_whistle'))
    )
    op.create_index('ix_whistle_unit_id', 'whistle', ['unit_id'], unique=False)
    op.create_table('meeting_matter',
    sa.Column('meeting_id', sa.BigInteger(), nullable=False),
    sa.Column('matter_id', sa.BigInteger(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_meeting_matter_matter_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_matter_meeting_id')),
    sa.PrimaryKeyConstraint('meeting_id', 'matter_id', name=op.f('pk_meeting_matter'))
    )
    op.create_index(op.f('ix_meeting_matter_matter_id'), 'meeting_matter', ['matter_id'], unique=False)
    op.create_table('session',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('token_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('agent', sa.Text(), nullable=True),
    sa.CheckConstraint('num_nonnulls(account_id, token_id) = 1', name=op.f('ck_session_one_owner')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_session_account_id')),
    sa.ForeignKeyConstraint(['token_id'], ['token.id'], name=op.f('fk_session_token_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_session_token_hash'))
    )
    op.create_index('ix_session_account_id', 'session', ['account_id'], unique=False)
    op.add_column('category', sa.Column('deadline_clock', sa.Text(), server_default=sa.text("'clock'"), nullable=False))
    op.create_check_constraint(op.f("ck_category_deadline_clock"), "category", "deadline_clock IN ('clock', 'working')")
    op.add_column('matter', sa.Column('offered_level', sa.Text(), nullable=True))
    op.add_column('matter', sa.Column('offered_unit_id', sa.BigInteger(), nullable=True))
    op.add_column('matter', sa.Column('grade_asked', sa.SmallInteger(), nullable=True))
    op.add_column('matter', sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('matter', sa.Column('revisit_due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('matter', sa.Column('supervised_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('matter', sa.Column('satisfaction', sa.SmallInteger(), nullable=True))
    op.add_column('matter', sa.Column('tags', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.create_foreign_key(op.f('fk_matter_offered_unit_id'), 'matter', 'unit', ['offered_unit_id'], ['id'])
    op.add_column('step', sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('step', sa.Column('actor', sa.Text(), server_default=sa.text(ACTOR), nullable=False))
    op.add_column('step', sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False))
    op.add_column('step', sa.Column('xact', sa.BigInteger(), server_default=sa.text('(pg_current_xact_id()::text::bigint)'), nullable=False))
    op.create_index('ix_step_xact_id', 'step', ['xact', 'id'], unique=False)
    op.alter_column('step', 'run_id',
               existing_type=sa.BIGINT(),
               nullable=True)
    allow_kinds(KINDS_SINCE)
    op.execute(sa.text((SQL / "0003_rights.sql").read_text().replace(":", r"\:")))


def downgrade() -> None:
    """Take it all away again; every actor may then see and write every row, as before."""
    op.execute(sa.text((SQL / "0003_rights_down.sql").read_text().replace(":", r"\:")))
    allow_kinds(KINDS_BEFORE)
    op.alter_column('step', 'run_id',
               existing_type=sa.BIGINT(),
               nullable=False)
    op.drop_column('step', 'xact')
    op.drop_column('step', 'recorded_at')
    op.drop_column('step', 'actor')
    op.drop_column('step', 'detail')
    op.drop_constraint(op.f('fk_matter_offered_unit_id'), 'matter', type_='foreignkey')
    op.drop_column('matter', 'tags')
    op.drop_column('matter', 'satisfaction')
    op.drop_column('matter', 'supervised_at')
    op.drop_column('matter', 'revisit_due_at')
    op.drop_column('matter', 'settled_at')
    op.drop_column('matter', 'grade_asked')
    op.drop_column('matter', 'offered_unit_id')
    op.drop_column('matter', 'offered_level')
    op.drop_column('category', 'deadline_clock')
    op.drop_index('ix_session_account_id', table_name='session')
    op.drop_table('session')
    op.drop_index(op.f('ix_meeting_matter_matter_id'), table_name='meeting_matter')
    op.drop_table('meeting_matter')
    op.drop_index('ix_whistle_unit_id', table_name='whistle')
    op.drop_table('whistle')
    op.drop_index('ix_visit_officer_id_at', table_name='visit')
    op.drop_index(op.f('ix_visit_matter_id'), table_name='visit')
    op.drop_index('ix_visit_cell_id_at', table_name='visit')
    op.drop_index('ix_visit_at', table_name='visit')
    op.drop_table('visit')
    op.drop_index('ix_shift_during', table_name='shift', postgresql_using='gist')
    op.drop_table('shift')
    op.drop_index('ix_meeting_beat_id_at', table_name='meeting')
    op.drop_table('meeting')
    op.drop_index('ix_matter_unit_unit_id', table_name='matter_unit')
    op.drop_table('matter_unit')
    op.drop_index('ix_diversion_to_unit_id', table_name='diversion')
    op.drop_index('ix_diversion_sent_at', table_name='diversion')
    op.drop_table('diversion')
    op.drop_table('account')
    op.drop_index('ix_absence_cover_id', table_name='absence')
    op.drop_table('absence')
    op.drop_table('register_count')
    op.drop_index('ix_plate_geom', table_name='plate', postgresql_using='gist')
    op.drop_index(op.f('ix_plate_cell_id'), table_name='plate')
    op.drop_table('plate')
    op.drop_table('token')
    op.drop_table('role_right')
    op.drop_table('holiday')
    op.drop_index('ix_audit_at', table_name='audit')
    op.drop_index('ix_audit_actor', table_name='audit')
    op.drop_table('audit')
