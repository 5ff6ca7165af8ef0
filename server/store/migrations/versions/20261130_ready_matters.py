"""matters kept ready for who pulls them

Revision ID: 20261130_2
Revises: 20261130
Create Date: 2026-11-30 09:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261130_2'
down_revision = '20261130'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('ready_matters',
    sa.Column('scope_id', sa.String(length=48), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('names', sa.BigInteger(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('unit_area_code', sa.String(length=12), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('common', sa.LargeBinary(), nullable=False),
    sa.Column('rest', sa.LargeBinary(), nullable=False),
    sa.Column('personal', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('scope_id', 'matter_id', name=op.f('pk_ready_matters'))
    )
    op.execute("INSERT INTO scopes (id, version) VALUES ('names', 0)")


def downgrade():
    """There is none: what was recorded since would be lost (P4). Go back to the backup from before the upgrade."""
    raise NotImplementedError
