"""keys of users, phones that are taken away, and what they hand in

Revision ID: 20261130
Revises: 20261126
Create Date: 2026-11-30 09:10:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261130'
down_revision = '20261126'
branch_labels = None
depends_on = None


def _add_taken_in_by_to_events():
    """SQLite adds a column that refers to another table without copying the table that others refer to."""
    name = 'fk_events_taken_in_by_id_users'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE events ADD COLUMN taken_in_by_id CHAR(32) CONSTRAINT {name} REFERENCES users (id)')
        return
    op.add_column('events', sa.Column('taken_in_by_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(name), 'events', 'users', ['taken_in_by_id'], ['id'])


def upgrade():
    op.add_column('devices', sa.Column('browser', sa.Text(), server_default='', nullable=False))
    op.add_column('devices', sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True))
    _add_taken_in_by_to_events()
    with op.batch_alter_table('sessions', schema=None) as batch_op:  # nothing refers to a session
        batch_op.add_column(sa.Column('device_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_sessions_device_id_user_id_devices'), 'devices', ['device_id', 'user_id'], ['id', 'user_id'])
    op.create_table('user_keys',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_keys_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_keys'))
    )
    op.create_table('handed_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('mutation_id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('said', sa.LargeBinary(), nullable=True),
    sa.Column('clock_offset_s', sa.BigInteger(), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("outcome IN ('accepted', 'dropped')", name=op.f('ck_handed_in_outcome_known')),
    sa.CheckConstraint("(outcome IS NULL) = (decided_by_id IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)", name=op.f('ck_handed_in_decided_by_somebody')),
    sa.CheckConstraint("(COALESCE(outcome, '') = 'dropped') = (reason IS NOT NULL)", name=op.f('ck_handed_in_dropped_with_a_reason')),
    sa.CheckConstraint("said IS NOT NULL OR COALESCE(outcome, '') = 'accepted'", name=op.f('ck_handed_in_emptied_when_taken_in')),
    sa.ForeignKeyConstraint(['area_code'], ['areas.code'], name=op.f('fk_handed_in_area_code_areas')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_handed_in_decided_by_id_users')),
    sa.ForeignKeyConstraint(['device_id', 'user_id'], ['devices.id', 'devices.user_id'], name=op.f('fk_handed_in_device_id_user_id_devices')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_handed_in_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handed_in')),
    sa.UniqueConstraint('user_id', 'mutation_id', name=op.f('uq_handed_in_user_id_mutation_id'))
    )
    with op.batch_alter_table('handed_in', schema=None) as batch_op:
        batch_op.create_index('ix_handed_in_area_code_outcome', ['area_code', 'outcome'], unique=False)


def downgrade():
    """There is none: what was recorded since would be lost (P4). Go back to the backup from before the upgrade."""
    raise NotImplementedError
