"""the whole life of a matter

Revision ID: 20261126
Revises: 20261125
Create Date: 2026-11-25 13:08:54.274128

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126'
down_revision = '20261125'
branch_labels = None
depends_on = None


ACTS = "'accept', 'assign', 'confirm', 'correct', 'escalate', 'explain', 'extend', 'invite', 'merge', 'progress', 'raise', 'reopen', 'resolve', 'return', 'unachieve', 'withdraw'"


def _change_events():
    """More acts, a resident without an account, reasons and ratings. SQLite copies the table for it: that comes
    first, while nothing refers to an event yet."""
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('rating', sa.String(length=16), nullable=True))
        batch_op.alter_column('actor_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.drop_constraint(op.f('ck_events_act_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_events_act_known'), f"act IN ({ACTS})")
        batch_op.create_check_constraint(op.f('ck_events_reason_known'), "reason IN ('beyond_power', 'needs_information', 'not_ours')")
        batch_op.create_check_constraint(op.f('ck_events_rating_known'), "rating IN ('partly', 'satisfied', 'unsatisfied')")


def _add_responsibility_to_matters():
    """SQLite adds a column that refers to another table without copying the table that others refer to."""
    name = 'fk_matters_responsibility_id_responsibilities'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE matters ADD COLUMN responsibility_id CHAR(32) CONSTRAINT {name} REFERENCES responsibilities (id)')
        return
    op.add_column('matters', sa.Column('responsibility_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(name), 'matters', 'responsibilities', ['responsibility_id'], ['id'])


def upgrade():
    _change_events()
    op.create_table('tally_cells',
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('axis', sa.String(length=8), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('raised', sa.Integer(), nullable=False),
    sa.Column('reopened', sa.Integer(), nullable=False),
    sa.Column('moved_in', sa.Integer(), nullable=False),
    sa.Column('moved_out', sa.Integer(), nullable=False),
    sa.Column('resolved', sa.Integer(), nullable=False),
    sa.Column('resolved_on_the_spot', sa.Integer(), nullable=False),
    sa.Column('explained', sa.Integer(), nullable=False),
    sa.Column('unachieved', sa.Integer(), nullable=False),
    sa.Column('late_in', sa.Integer(), nullable=False),
    sa.Column('late_out', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('confirmed', sa.Integer(), nullable=False),
    sa.Column('beyond_power', sa.Integer(), nullable=False),
    sa.CheckConstraint("axis IN ('category', 'days', 'kind', 'unit')", name=op.f('ck_tally_cells_axis_known')),
    sa.PrimaryKeyConstraint('area_code', 'axis', 'key', 'month', name=op.f('pk_tally_cells')),
    sqlite_with_rowid=False
    )
    op.create_table('tally_deltas',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('category', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('days_taken', sa.Integer(), nullable=True),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('raised', sa.Integer(), nullable=False),
    sa.Column('reopened', sa.Integer(), nullable=False),
    sa.Column('moved_in', sa.Integer(), nullable=False),
    sa.Column('moved_out', sa.Integer(), nullable=False),
    sa.Column('resolved', sa.Integer(), nullable=False),
    sa.Column('resolved_on_the_spot', sa.Integer(), nullable=False),
    sa.Column('explained', sa.Integer(), nullable=False),
    sa.Column('unachieved', sa.Integer(), nullable=False),
    sa.Column('late_in', sa.Integer(), nullable=False),
    sa.Column('late_out', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('confirmed', sa.Integer(), nullable=False),
    sa.Column('beyond_power', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tally_deltas'))
    )
    op.create_table('callback_draws',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('seed', sa.String(length=32), nullable=False),
    sa.Column('settled', sa.Integer(), nullable=False),
    sa.Column('population', sa.LargeBinary(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['areas.code'], name=op.f('fk_callback_draws_area_code_areas')),
    sa.ForeignKeyConstraint(['drawn_by'], ['users.id'], name=op.f('fk_callback_draws_drawn_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback_draws')),
    sa.UniqueConstraint('area_code', 'first_day', 'last_day', name=op.f('uq_callback_draws_area_code_first_day_last_day'))
    )
    op.create_table('responsibilities',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('county_code', sa.String(length=12), nullable=False),
    sa.Column('category', sa.String(length=16), nullable=False),
    sa.Column('level', sa.String(length=16), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('days_allowed', sa.Integer(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('township_may_settle', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('ended_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("category IN ('dispute', 'education', 'environment', 'health', 'housing', 'land', 'livelihood', 'other', 'power', 'road', 'water', 'welfare')", name=op.f('ck_responsibilities_category_known')),
    sa.CheckConstraint("level IN ('county', 'prefecture', 'province', 'township')", name=op.f('ck_responsibilities_level_known')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_responsibilities_ends_after_it_begins')),
    sa.CheckConstraint('(valid_until IS NULL) = (ended_by_id IS NULL)', name=op.f('ck_responsibilities_ended_by_somebody')),
    sa.CheckConstraint("(level = 'township') = (unit_id IS NULL)", name=op.f('ck_responsibilities_townships_settle_themselves')),
    sa.CheckConstraint("level = 'township' OR NOT township_may_settle", name=op.f('ck_responsibilities_only_townships_may_settle')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_responsibilities_ended_by_id_users')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_responsibilities_author_id_users')),
    sa.ForeignKeyConstraint(['county_code'], ['areas.code'], name=op.f('fk_responsibilities_county_code_areas')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_responsibilities_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responsibilities'))
    )
    with op.batch_alter_table('responsibilities', schema=None) as batch_op:
        batch_op.create_index('ix_responsibilities_county_code_valid_from', ['county_code', 'valid_from'], unique=False)
        batch_op.create_index('ix_responsibilities_now', ['county_code', 'category', 'level'], unique=True, sqlite_where=sa.text('valid_until IS NULL'), postgresql_where=sa.text('valid_until IS NULL'))
        batch_op.create_index(batch_op.f('ix_responsibilities_unit_id'), ['unit_id'], unique=False)

    op.create_table('cases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('category', sa.String(length=16), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('deed', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("category IN ('dispute', 'education', 'environment', 'health', 'housing', 'land', 'livelihood', 'other', 'power', 'road', 'water', 'welfare')", name=op.f('ck_cases_category_known')),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_cases_made_by_users')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_cases_matter_id_matters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('matter_id', name=op.f('uq_cases_matter_id'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cases_changed_at'), ['changed_at'], unique=False)

    op.create_table('late_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('measure', sa.String(length=24), nullable=False),
    sa.Column('change', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('received_day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_late_changes_matter_id_matters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_changes'))
    )
    with op.batch_alter_table('late_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_late_changes_matter_id'), ['matter_id'], unique=False)
        batch_op.create_index('ix_late_changes_received_day_day', ['received_day', 'day'], unique=False)
        batch_op.create_index('ix_late_changes_village_code_day', ['village_code', 'day'], unique=False)

    op.create_table('legs',
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('category', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('began', sa.String(length=16), nullable=False),
    sa.Column('due_day', sa.Date(), nullable=False),
    sa.Column('late_day', sa.Date(), nullable=True),
    sa.Column('until_day', sa.Date(), nullable=True),
    sa.Column('ended', sa.String(length=16), nullable=True),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.Column('on_the_spot', sa.Boolean(), nullable=False),
    sa.Column('days_taken', sa.Integer(), nullable=True),
    sa.Column('asked', sa.Boolean(), nullable=False),
    sa.Column('answered_day', sa.Date(), nullable=True),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.Column('beyond_power_day', sa.Date(), nullable=True),
    sa.CheckConstraint("began IN ('moved', 'raised', 'redated', 'reopened')", name=op.f('ck_legs_began_known')),
    sa.CheckConstraint("category IN ('dispute', 'education', 'environment', 'health', 'housing', 'land', 'livelihood', 'other', 'power', 'road', 'water', 'welfare')", name=op.f('ck_legs_category_known')),
    sa.CheckConstraint("ended IN ('explained', 'moved', 'redated', 'resolved', 'unachieved')", name=op.f('ck_legs_ended_known')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_legs_matter_id_matters')),
    sa.ForeignKeyConstraint(['settled_by'], ['events.id'], name=op.f('fk_legs_settled_by_events')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_legs_unit_id_units')),
    sa.PrimaryKeyConstraint('matter_id', 'position', name=op.f('pk_legs'))
    )
    with op.batch_alter_table('legs', schema=None) as batch_op:
        batch_op.create_index('ix_legs_answered_day', ['answered_day', 'village_code'], unique=False, sqlite_where=sa.text('answered_day IS NOT NULL'), postgresql_where=sa.text('answered_day IS NOT NULL'))
        batch_op.create_index('ix_legs_beyond_power_day', ['beyond_power_day', 'village_code'], unique=False, sqlite_where=sa.text('beyond_power_day IS NOT NULL'), postgresql_where=sa.text('beyond_power_day IS NOT NULL'))
        batch_op.create_index('ix_legs_began', ['began', 'from_day', 'village_code'], unique=False)
        batch_op.create_index('ix_legs_due_day', ['due_day', 'matter_id', 'position'], unique=False)
        batch_op.create_index('ix_legs_ended', ['ended', 'until_day', 'village_code'], unique=False)
        batch_op.create_index('ix_legs_late_day', ['late_day', 'village_code', 'until_day', 'unit_id', 'due_day', 'matter_id', 'position'], unique=False, sqlite_where=sa.text('late_day IS NOT NULL'), postgresql_where=sa.text('late_day IS NOT NULL'))
        batch_op.create_index('ix_legs_unit_id', ['unit_id', 'from_day'], unique=False)
        batch_op.create_index('ix_legs_until_day', ['until_day', 'village_code'], unique=False)
        batch_op.create_index('ix_legs_village_code', ['village_code', 'until_day', 'from_day', 'due_day'], unique=False)

    op.create_table('callbacks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('draw_id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('caller_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.Column('text', sa.LargeBinary(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("outcome IN ('declined', 'partly', 'satisfied', 'unreachable', 'unsatisfied')", name=op.f('ck_callbacks_outcome_known')),
    sa.CheckConstraint('(outcome IS NULL) = (answered_at IS NULL)', name=op.f('ck_callbacks_answered_together')),
    sa.ForeignKeyConstraint(['caller_id'], ['users.id'], name=op.f('fk_callbacks_caller_id_users')),
    sa.ForeignKeyConstraint(['draw_id'], ['callback_draws.id'], name=op.f('fk_callbacks_draw_id_callback_draws')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_callbacks_event_id_events')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_callbacks_matter_id_matters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callbacks')),
    sa.UniqueConstraint('draw_id', 'event_id', name=op.f('uq_callbacks_draw_id_event_id'))
    )
    with op.batch_alter_table('callbacks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_callbacks_caller_id'), ['caller_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_callbacks_matter_id'), ['matter_id'], unique=False)

    op.create_table('rating_links',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_rating_links_event_id_events')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_rating_links_matter_id_matters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating_links')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_rating_links_code_hash'))
    )
    with op.batch_alter_table('rating_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_links_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_links_matter_id'), ['matter_id'], unique=False)

    op.create_table('ratings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=True),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('value', sa.String(length=16), nullable=False),
    sa.Column('comment', sa.LargeBinary(), nullable=True),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rated_day', sa.Date(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address_hash', sa.String(length=64), nullable=True),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('set_aside_reason', sa.String(length=16), nullable=True),
    sa.Column('set_aside_text', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("set_aside_reason IN ('out_of_scope', 'unreasonable')", name=op.f('ck_ratings_set_aside_reason_known')),
    sa.CheckConstraint("source IN ('callback', 'link')", name=op.f('ck_ratings_source_known')),
    sa.CheckConstraint("value IN ('partly', 'satisfied', 'unsatisfied')", name=op.f('ck_ratings_value_known')),
    sa.CheckConstraint('(set_aside_reason IS NULL) = (set_aside_text IS NULL)', name=op.f('ck_ratings_set_aside_with_a_reason')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_ratings_decided_by_users')),
    sa.ForeignKeyConstraint(['entry_id'], ['events.id'], name=op.f('fk_ratings_entry_id_events')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_ratings_event_id_events')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_ratings_matter_id_matters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ratings'))
    )
    with op.batch_alter_table('ratings', schema=None) as batch_op:
        batch_op.create_index('ix_ratings_address_hash_rated_at', ['address_hash', 'rated_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ratings_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_ratings_word', ['event_id'], unique=True, sqlite_where=sa.text('set_aside_reason IS NULL'), postgresql_where=sa.text('set_aside_reason IS NULL'))
        batch_op.create_index(batch_op.f('ix_ratings_held'), ['held'], unique=False)
        batch_op.create_index(batch_op.f('ix_ratings_matter_id'), ['matter_id'], unique=False)

    op.add_column('matters', sa.Column('beyond_power_day', sa.Date(), nullable=True))
    _add_responsibility_to_matters()
    op.add_column('sessions', sa.Column('browser', sa.Text(), server_default='', nullable=False))



def downgrade():
    """There is none: what was recorded since would be lost (P4). Go back to the backup from before the upgrade."""
    raise NotImplementedError
