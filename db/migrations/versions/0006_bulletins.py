"""Bulletins, frozen and numbered."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
ACTOR = "coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')"


def upgrade() -> None:
    """The table of issued bulletins, and who may read it and add to it."""
    op.create_table('bulletin',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.Column('policy', sa.Text(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('issued_by', sa.Text(), server_default=sa.text(ACTOR), nullable=False),
    sa.Column('replaces', sa.BigInteger(), nullable=True),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=False),
    sa.CheckConstraint('no > 0', name=op.f('ck_bulletin_no')),
    sa.CheckConstraint('last >= first', name=op.f('ck_bulletin_period')),
    sa.ForeignKeyConstraint(['replaces'], ['bulletin.id'], name=op.f('fk_bulletin_replaces')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    sa.UniqueConstraint('place', 'year', 'no', name=op.f('uq_bulletin_place_year_no'))
    )
    op.create_index('ix_bulletin_replaces', 'bulletin', ['replaces'], unique=False)
    op.execute(sa.text((SQL / "0006_bulletins.sql").read_text().replace(":", r"\:")))


def downgrade() -> None:
    """Take the table away, with every bulletin in it."""
    op.drop_table('bulletin')
    op.execute("DROP FUNCTION issued_is_issued()")
    op.execute("DROP FUNCTION cells_of(text)")
